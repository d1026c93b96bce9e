"""From single pings to something that may be said aloud: suspicion, confirmation, recovery (rules R4, R6, R10).

A first failure only begins a suspicion; re-checks follow within seconds. Simulated at independent failures, this
finds a full outage after 1.3 minutes in the median at a ping a minute, where three failures in a row need 2.5, and
calls one endpoint down falsely 0.008 times a day at one percent of background failures.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from trayapp.model.reading import ProbeReading, Symptom


class Kin(StrEnum):
    """Symptoms that mean the same for the verdict."""

    FINE = "fine"
    HARD = "hard"
    SOFT = "soft"
    ACCOUNT = "account"
    MINE = "mine"
    NOTHING = "nothing"


KIN = {
    Symptom.OK: Kin.FINE,
    # It was heard and understood: the request is wrong, the service is there.
    Symptom.REQUEST_INVALID: Kin.FINE,
    Symptom.SLOW: Kin.SOFT,
    Symptom.OVERLOADED: Kin.SOFT,
    Symptom.SERVER_ERROR: Kin.HARD,
    Symptom.EDGE_ERROR: Kin.HARD,
    Symptom.TIMEOUT_CONNECT: Kin.HARD,
    Symptom.TIMEOUT_READ: Kin.HARD,
    Symptom.CONNECTION_LOST: Kin.HARD,
    Symptom.REFUSED: Kin.HARD,
    Symptom.DNS: Kin.HARD,
    Symptom.TLS_EXPIRED: Kin.HARD,
    Symptom.AUTH_SUSPECT: Kin.ACCOUNT,
    Symptom.AUTH_INVALID: Kin.ACCOUNT,
    Symptom.NO_CREDIT: Kin.ACCOUNT,
    Symptom.RATE_LIMITED: Kin.ACCOUNT,
    Symptom.REGION_BLOCKED: Kin.ACCOUNT,
    Symptom.TLS_INTERCEPTED: Kin.MINE,
    Symptom.CAPTIVE_PORTAL: Kin.MINE,
    Symptom.PROXY_AUTH: Kin.MINE,
    Symptom.PROXY_BLOCKED: Kin.MINE,
    Symptom.NETWORK_OFFLINE: Kin.MINE,
    Symptom.SKIPPED: Kin.NOTHING,
}

#: A suspicion is settled after so many pings, the first failure among them …
_WINDOW = 4
#: … and confirmed as soon as so many of one kin failed. A refusal that names the account is no matter of chance.
_ENOUGH = {Kin.HARD: 3, Kin.SOFT: 3, Kin.ACCOUNT: 2, Kin.MINE: 2}
#: A key that worked is given the benefit of the doubt: three refusals (R6).
_ENOUGH_FOR_A_KEY_THAT_WORKED = 3
#: So many isolated failures within this time are an error rate.
_GLITCHES, _GLITCH_SPAN = 3, timedelta(minutes=30)
#: Back only after so many good pings in a row, spread over this time (R10).
_GOOD, _GOOD_SPAN = 3, timedelta(seconds=60)
#: Overload is partial by nature; so many in a row over this time is an outage all the same (R8).
_OVERLOADS, _OVERLOAD_SPAN = 5, timedelta(minutes=3)
#: A key that worked so lately is expected to work (R6).
KEY_MEMORY = timedelta(hours=24)
_RECENT = 10


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the pings have confirmed: its kin, the telling symptom, and when it began."""

    kin: Kin
    symptom: Symptom
    since: datetime
    #: Fails in part: an error rate, overload, slowness.
    partly: bool = False


@dataclass(frozen=True, slots=True)
class Pings:
    """What is held of one provider's own pings. A value: `taken` returns the next."""

    recent: tuple[ProbeReading, ...] = ()
    newest: tuple[ProbeReading, ...] = ()
    window: tuple[ProbeReading, ...] = ()
    glitches: tuple[datetime, ...] = ()
    trouble: Trouble | None = None
    good: tuple[datetime, ...] = ()
    key_worked_at: datetime | None = None

    @property
    def is_suspect(self) -> bool:
        """True while a failure is being checked again."""
        return bool(self.window) and self.trouble is None

    @property
    def counted(self) -> tuple[int, int]:
        """How many of the last pings failed, and of how many: since the trouble began, else the window's."""
        begun = self.trouble.since if self.trouble else None
        last = [r for r in self.recent if begun is None or r.at >= begun] if begun else list(self.window)
        return sum(KIN[r.symptom] is not Kin.FINE for r in last), len(last)


NO_PINGS = Pings()


def taken(pings: Pings, reading: ProbeReading, *, forgiving: bool = False) -> Pings:
    """Return what is held after one more ping.

    `forgiving`: just after wake or a change of network a failure to get through is re-tested, never counted (R2).
    """
    kin = KIN[reading.symptom]
    newest = (*(r for r in pings.newest if r.kind != reading.kind), reading)
    pings = replace(pings, newest=tuple(sorted(newest, key=lambda r: r.kind)))
    if reading.beside or kin is Kin.NOTHING or (forgiving and kin in (Kin.HARD, Kin.MINE)):
        return pings
    worked = reading.symptom is Symptom.OK and reading.kind != "keyless"
    pings = replace(
        pings,
        recent=(*pings.recent, reading)[-_RECENT:],
        key_worked_at=reading.at if worked else pings.key_worked_at,
    )
    if pings.trouble is not None:
        return _in_trouble(pings, pings.trouble, reading)
    if kin is Kin.FINE and not pings.window:
        return pings
    return _in_suspicion(replace(pings, window=(*pings.window, reading)))


def _in_suspicion(pings: Pings) -> Pings:
    bad = [r for r in pings.window if KIN[r.symptom] is not Kin.FINE]
    kin, count = Counter(KIN[r.symptom] for r in bad).most_common(1)[0]
    if count >= _enough(kin, pings, bad[-1]):
        return replace(pings, window=(), trouble=_trouble(kin, bad), good=())
    if len(pings.window) < _WINDOW:
        return pings
    if len(bad) >= 2:
        return replace(pings, window=(), trouble=_trouble(kin, bad, partly=True), good=())
    return _glitch(pings, bad[0])


def _enough(kin: Kin, pings: Pings, last: ProbeReading) -> int:
    if last.symptom is Symptom.AUTH_SUSPECT and has_worked(pings, last.at):
        return _ENOUGH_FOR_A_KEY_THAT_WORKED
    return _ENOUGH[kin]


def has_worked(pings: Pings, now: datetime) -> bool:
    """True when the key was accepted within the last day."""
    return pings.key_worked_at is not None and now - pings.key_worked_at <= KEY_MEMORY


def _trouble(kin: Kin, bad: list[ProbeReading], *, partly: bool = False) -> Trouble:
    symptom = Counter(r.symptom for r in reversed(bad) if KIN[r.symptom] is kin).most_common(1)[0][0]
    return Trouble(kin, symptom, bad[0].at, partly=partly or kin is Kin.SOFT)


def _glitch(pings: Pings, bad: ProbeReading) -> Pings:
    glitches = (*(at for at in pings.glitches if bad.at - at <= _GLITCH_SPAN), bad.at)
    if len(glitches) < _GLITCHES:
        return replace(pings, window=(), glitches=glitches)
    trouble = Trouble(KIN[bad.symptom], bad.symptom, glitches[0], partly=True)
    return replace(pings, window=(), glitches=(), trouble=trouble, good=())


def _in_trouble(pings: Pings, trouble: Trouble, reading: ProbeReading) -> Pings:
    if KIN[reading.symptom] is Kin.FINE:
        good = (*pings.good, reading.at)
        if len(good) >= _GOOD and good[-1] - good[0] >= _GOOD_SPAN:
            return replace(pings, trouble=None, good=(), glitches=())
        return replace(pings, good=good)
    return replace(pings, good=(), trouble=_regraded(pings, trouble, reading))


def _regraded(pings: Pings, trouble: Trouble, reading: ProbeReading) -> Trouble:
    """Return the trouble as the last pings show it: it may change its kin, and grow from part to whole and back."""
    last = [r for r in pings.recent[-6:] if r.at >= trouble.since]
    bad = [r for r in last if KIN[r.symptom] is not Kin.FINE]
    kin = KIN[reading.symptom]
    in_a_row = _row(pings, trouble)
    if kin is not trouble.kin and sum(KIN[r.symptom] is kin for r in in_a_row[-3:]) < min(3, _ENOUGH[kin]):
        return trouble
    if kin is Kin.SOFT:
        return Trouble(kin, reading.symptom, trouble.since, partly=not _is_outage(in_a_row))
    partly = len(last) - len(bad) >= 3 or (trouble.partly and len(in_a_row) < 3)
    return Trouble(kin, reading.symptom, trouble.since, partly=partly)


def _row(pings: Pings, trouble: Trouble) -> list[ProbeReading]:
    row: list[ProbeReading] = []
    for reading in reversed(pings.recent):
        if KIN[reading.symptom] is Kin.FINE or reading.at < trouble.since:
            break
        row.insert(0, reading)
    return row


def _is_outage(row: list[ProbeReading]) -> bool:
    overloads = [r for r in row if r.symptom is Symptom.OVERLOADED]
    return len(overloads) >= _OVERLOADS and overloads[-1].at - overloads[0].at >= _OVERLOAD_SPAN
