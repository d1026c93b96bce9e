"""When to look again: often after a failure, seldom while all is well, never in step with the others (R3, R4, R10)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from trayapp.judge.evidence import contradictions_due
from trayapp.judge.gate import NO_WAY_THROUGH
from trayapp.judge.watched import Watched
from trayapp.model.level import Level
from trayapp.model.reading import Symptom
from trayapp.model.settings import MonitorSettings

#: While trouble lasts a ping every so many seconds, the longer it lasts the seldomer.
_IN_TROUBLE = ((timedelta(minutes=10), 30.0), (timedelta(hours=1), 60.0), (timedelta.max, 120.0))
#: What several providers may fail with for one reason, and how old in seconds a ping may be that still tells of now.
_PERHAPS_SHARED, _JUST_NOW_S = NO_WAY_THROUGH | {Symptom.EDGE_ERROR, Symptom.SLOW}, 10.0
#: Seconds between paid pings after a first failure, and while the trouble lasts (R10).
_PAID_RECHECK_S, _PAID_IN_TROUBLE_S = 30.0, 120.0
#: Shares of an interval by which it is stretched or shortened: regular looks, and re-checks.
JITTER, RECHECK_JITTER = 0.1, 0.2

#: Seconds between two questions to a third party: its numbers are those of five minutes, so oftener tells little.
ELSEWHERE_S, ELSEWHERE_CALM_S = 120.0, 900.0

_CALM = (Level.OPERATIONAL, Level.MAINTENANCE)
_TROUBLED = (Level.DEGRADED, Level.DOWN, Level.BLOCKED)


def feed_after_s(held: Watched, settings: MonitorSettings, chance: float) -> float:
    """Return the seconds until the next look at the page; `chance` is between 0 and 1."""
    calm = held.verdict.level in _CALM
    interval = settings.feed_interval_s if calm else min(settings.feed_interval_trouble_s, settings.feed_interval_s)
    return _jittered(interval, JITTER, chance)


def ping_after_s(held: Watched, settings: MonitorSettings, now: datetime, chance: float, *, saving: bool) -> float:
    """Return the seconds until the next unbilled ping."""
    pings = held.pings
    interval = settings.probe_interval_saving_s if saving else settings.probe_interval_s
    if pings.is_suspect and settings.recheck_after_s:
        # Whoever is still in doubt after the last re-check begins with the first again.
        step = (len(pings.window) - 1) % len(settings.recheck_after_s)
        return _jittered(settings.recheck_after_s[step], RECHECK_JITTER, chance)
    if pings.trouble is not None:
        lasted = now - pings.trouble.since
        in_trouble = next(seconds for limit, seconds in _IN_TROUBLE if lasted <= limit)
        return _jittered(min(in_trouble, interval), JITTER, chance)
    asked = pings.recent[-1].retry_after_s if pings.recent else None
    return max(_jittered(interval, JITTER, chance), asked or 0.0)


def paid_after_s(held: Watched, settings: MonitorSettings, chance: float) -> float:
    """Return the seconds until the next paid ping: sooner while it fails, but never in a hurry, for it costs."""
    interval = settings.paid_interval_s
    if held.paid.is_suspect or contradictions_due(held.paid, held.reported_at):
        interval = min(interval, _PAID_RECHECK_S)
    elif held.paid.trouble is not None:
        interval = min(interval, _PAID_IN_TROUBLE_S)
    return _jittered(interval, JITTER, chance)


def is_troubled(held: Watched) -> bool:
    """True while a failure is being checked, something is known to be wrong, or an open incident on the page counts."""
    view = held.verdict.feed
    page = view.reading.page if view and view.reading else None
    counts = view.counts if view else frozenset[str]()
    reported = page is not None and any(incident.is_open and incident.id in counts for incident in page.incidents)
    suspects = any(pings.is_suspect for pings in (held.pings, held.paid, held.real))
    return suspects or held.verdict.level in _TROUBLED or reported


def elsewhere_after_s(held: Watched, settings: MonitorSettings, chance: float) -> float:
    """Return the seconds between two questions to a third party about the provider; infinite: do not ask."""
    if held.provider.elsewhere is None or settings.elsewhere == "never":
        return float("inf")
    if is_troubled(held):
        return _jittered(ELSEWHERE_S, JITTER, chance)
    return _jittered(ELSEWHERE_CALM_S, JITTER, chance) if settings.elsewhere == "always" else float("inf")


def prompted(before: Watched, after: Watched, others: Iterable[Watched], now: datetime) -> tuple[str, ...]:
    """Return who is to be looked at at once because of what a look at one provider found.

    The provider itself when its page tells of something new that counts (R13); and the others when it begins to fail
    in a way that may be the network's or a shared edge's: who else fails tells whose it is (R5).
    """
    is_new = after.counted is not before.counted and bool(_told(after) - _told(before))
    names = [after.provider.id] if is_new else []
    window = after.pings.window
    if window and not before.pings.is_suspect and window[-1].symptom in _PERHAPS_SHARED:
        names += [each.provider.id for each in others if each.provider != after.provider and _is_dated(each, now)]
    return tuple(names)


def _told(held: Watched) -> frozenset[str]:
    page = held.page.page if held.page else None
    return frozenset(i.id for i in page.incidents if i.is_open and i.id in held.counted.ids) if page else frozenset()


def _is_dated(held: Watched, now: datetime) -> bool:
    return bool(held.newest) and all((now - reading.at).total_seconds() > _JUST_NOW_S for reading in held.newest)


def first_after_s(index: int, count: int, chance: float) -> float:
    """Return the seconds before the first look at the provider at place `index`: soon, but not all at once."""
    return (index + chance) / max(count, 1) * 0.3


def _jittered(interval_s: float, share: float, chance: float) -> float:
    return interval_s * (1 + share * (2 * chance - 1))
