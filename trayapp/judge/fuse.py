"""One verdict from what our pings show and what the page says (rule R12). The table is the idea of the product."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from trayapp.model.level import Cause, Level, worst
from trayapp.model.verdict import Case


class Own(StrEnum):
    """What our own pings show."""

    #: Generation was answered, by a paid ping or to an agent of the user's; or what failed before works again.
    WORKS = "works"
    KEYED_OK = "keyed_ok"
    DOOR_OK = "door_ok"
    PARTLY = "partly"
    FAILS = "fails"
    SUSPECT = "suspect"
    KEY_REFUSED = "key_refused"
    ACCOUNT = "account"
    MINE = "mine"
    CUT_OFF = "cut_off"
    NOT_RUNNING = "not_running"
    NOTHING = "nothing"


class Says(StrEnum):
    """What the page says, as far as it counts for this user."""

    WELL = "well"
    MAINTENANCE = "maintenance"
    BAD = "bad"
    UNREAD = "unread"
    ABSENT = "absent"


class Finding(NamedTuple):
    """What is true, whose fault it is, and which story it makes. Level None: the page's own."""

    level: Level | None
    cause: Cause
    case: Case


_OK, _MAINT, _DEGR, _DOWN = Level.OPERATIONAL, Level.MAINTENANCE, Level.DEGRADED, Level.DOWN
_UNKN, _OFFL, _BLOCK, _PAGE = Level.UNKNOWN, Level.OFFLINE, Level.BLOCKED, None
_NONE, _PROV, _ACC, _NET, _WHO = Cause.NONE, Cause.PROVIDER, Cause.ACCOUNT, Cause.NETWORK, Cause.UNKNOWN

_MINE = Finding(_OFFL, _NET, Case.NETWORK)
_CUT = Finding(_OFFL, _NET, Case.CUT_OFF)
_IDLE = Finding(_UNKN, _NONE, Case.NOT_RUNNING)
_MONEY = Finding(_BLOCK, _ACC, Case.ACCOUNT)
_NO_KEY = Finding(_BLOCK, _WHO, Case.KEY_REFUSED)
_WELL = Finding(_OK, _NONE, Case.WELL)
_BLIND = Finding(_OK, _NONE, Case.WELL_UNREAD)
_WORK = Finding(_MAINT, _NONE, Case.MAINTENANCE)
_ALONE = Finding(_DEGR, _PROV, Case.SILENT_PAGE)
_HARD = Finding(_DOWN, _PROV, Case.SILENT_PAGE)
_BOTH = Finding(_PAGE, _PROV, Case.CONFIRMED)
_TOLD = Finding(_PAGE, _PROV, Case.REPORTED)
_DARK = Finding(_UNKN, _WHO, Case.NOTHING_FRESH)

#: Own pings -> what the page says -> finding. Read a row as a sentence: "the key is refused, and the page is bad:
#: both say so". Only what generates sees inference: a free keyed ping that is answered softens what the page says,
#: a keyless one never contradicts it.
FUSED: dict[Own, dict[Says, Finding]] = {
    own: dict(zip(Says, row, strict=True))
    for own, row in {
        #                 page well  maintenance  bad     unread  absent
        Own.WORKS: (_WELL, _WORK, Finding(_DEGR, _PROV, Case.REPORTED_WORKS), _BLIND, _WELL),
        Own.KEYED_OK: (_WELL, _WORK, Finding(_DEGR, _PROV, Case.REPORTED_ACCEPTED), _BLIND, _WELL),
        Own.DOOR_OK: (_WELL, _WORK, _TOLD, Finding(_UNKN, _WHO, Case.DOOR_ONLY), _WELL),
        Own.PARTLY: (_ALONE, Finding(_DEGR, _PROV, Case.CONFIRMED), _BOTH, _ALONE, _ALONE),
        Own.FAILS: (_HARD, Finding(_DOWN, _PROV, Case.CONFIRMED), Finding(_DOWN, _PROV, Case.CONFIRMED), _HARD, _HARD),
        Own.SUSPECT: (_DARK, _DARK, _BOTH, _DARK, _DARK),
        Own.KEY_REFUSED: (_NO_KEY, _NO_KEY, _BOTH, _NO_KEY, _NO_KEY),
        Own.ACCOUNT: (_MONEY,) * 5,
        Own.MINE: (_MINE,) * 5,
        # A page that can be read and is bad explains it otherwise.
        Own.CUT_OFF: (_CUT, _CUT, _BOTH, _CUT, _CUT),
        Own.NOT_RUNNING: (_IDLE,) * 5,
        Own.NOTHING: (Finding(_OK, _NONE, Case.PAGE_ONLY), _WORK, _TOLD, _DARK, _DARK),
    }.items()
}


def fuse(own: Own, page: Level | None) -> Finding:
    """Return the finding for our pings and the page's level (None: the provider has no page)."""
    finding = FUSED[own][says(page)]
    if finding.level is not None:
        return finding
    assert page is not None
    return finding._replace(level=worst((page, Level.DEGRADED)))


def says(page: Level | None) -> Says:
    """Return the column of the table for a page's level."""
    return _SAYS.get(page, Says.UNREAD) if page is not None else Says.ABSENT


_SAYS = {
    Level.OPERATIONAL: Says.WELL,
    Level.MAINTENANCE: Says.MAINTENANCE,
    Level.DEGRADED: Says.BAD,
    Level.DOWN: Says.BAD,
}
