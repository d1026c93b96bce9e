"""What was, as `uptray history` tells it: measured by our pings beside what the page said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trayapp.model.level import Cause, Level


@dataclass(frozen=True, slots=True)
class Outage:
    """A stretch in which a verdict was not well. `ended_at` None: it still lasts."""

    provider: str
    level: Level
    cause: Cause
    started_at: datetime
    ended_at: datetime | None
    summary: str


@dataclass(frozen=True, slots=True)
class OfficialIncident:
    """An incident as the page told it."""

    provider: str
    id: str
    name: str
    impact: str
    started_at: datetime | None
    first_seen_at: datetime
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Uptime:
    """How much of the watched time a provider worked. Unwatched time (asleep, offline) is neither up nor down."""

    provider: str
    watched_s: float
    well_s: float
    degraded_s: float
    down_s: float
    blocked_s: float
    #: Pings made and failed, and the median time to an answer in ms (None: none answered).
    pings: int
    failed: int
    median_ms: float | None

    @property
    def percent(self) -> float | None:
        """Watched time that was not down, in percent; None when nothing was watched."""
        return None if self.watched_s <= 0 else 100.0 * (1 - self.down_s / self.watched_s)


@dataclass(frozen=True, slots=True)
class History:
    """Everything `uptray history` shows for a span of days."""

    since: datetime
    until: datetime
    uptimes: tuple[Uptime, ...] = ()
    outages: tuple[Outage, ...] = ()
    incidents: tuple[OfficialIncident, ...] = ()
