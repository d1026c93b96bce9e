"""How well a thing works, and whose fault it is when it does not."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Level(StrEnum):
    """How well something works for this user. UNKNOWN is not a rank, see `worst`."""

    OPERATIONAL = "operational"
    MAINTENANCE = "maintenance"
    DEGRADED = "degraded"
    DOWN = "down"
    UNKNOWN = "unknown"
    OFFLINE = "offline"
    BLOCKED = "blocked"


class Cause(StrEnum):
    """Whose fault it is."""

    NONE = "none"
    PROVIDER = "provider"
    ACCOUNT = "account"
    NETWORK = "network"
    UNKNOWN = "unknown"


#: From worst to best, as the exit code of `uptray status` ranks them. Nothing known stands between what
#: fails and what works: it neither hides a failure nor passes for health.
_WORST_FIRST = (
    Level.DOWN,
    Level.DEGRADED,
    Level.BLOCKED,
    Level.OFFLINE,
    Level.UNKNOWN,
    Level.MAINTENANCE,
    Level.OPERATIONAL,
)

EXIT_CODES = {
    Level.OPERATIONAL: 0,
    Level.MAINTENANCE: 0,
    Level.DEGRADED: 1,
    Level.DOWN: 2,
    Level.UNKNOWN: 3,
    Level.OFFLINE: 3,
    Level.BLOCKED: 4,
}


def rank(level: Level) -> int:
    """Return the place of `level` in a list that starts with the worst."""
    return _WORST_FIRST.index(level)


def worst(levels: Iterable[Level]) -> Level:
    """Return the worst of `levels`, UNKNOWN when there are none."""
    return min(levels, key=rank, default=Level.UNKNOWN)
