"""When to look again: often after a failure, seldom while all is well, never in step with the others (R3, R4, R10)."""

from __future__ import annotations

from datetime import datetime, timedelta

from trayapp.judge.watched import Watched
from trayapp.model.level import Level
from trayapp.model.settings import MonitorSettings

#: While trouble lasts a ping every so many seconds, the longer it lasts the seldomer.
_IN_TROUBLE = ((timedelta(minutes=10), 30.0), (timedelta(hours=1), 60.0), (timedelta.max, 120.0))
#: Shares of an interval by which it is stretched or shortened: regular looks, and re-checks.
JITTER, RECHECK_JITTER = 0.1, 0.2

_CALM = (Level.OPERATIONAL, Level.MAINTENANCE)


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
        step = min(len(pings.window), len(settings.recheck_after_s)) - 1
        return _jittered(settings.recheck_after_s[step], RECHECK_JITTER, chance)
    if pings.trouble is not None:
        lasted = now - pings.trouble.since
        in_trouble = next(seconds for limit, seconds in _IN_TROUBLE if lasted <= limit)
        return _jittered(min(in_trouble, interval), JITTER, chance)
    asked = pings.recent[-1].retry_after_s if pings.recent else None
    return max(_jittered(interval, JITTER, chance), asked or 0.0)


def paid_after_s(settings: MonitorSettings, chance: float) -> float:
    """Return the seconds until the next paid ping."""
    return _jittered(settings.paid_interval_s, JITTER, chance)


def first_after_s(index: int, count: int, chance: float) -> float:
    """Return the seconds before the first look at the provider at place `index`: soon, but not all at once."""
    return (index + chance) / max(count, 1) * 0.3


def _jittered(interval_s: float, share: float, chance: float) -> float:
    return interval_s * (1 + share * (2 * chance - 1))
