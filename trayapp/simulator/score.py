"""What a replay is worth in figures: for each incident who said what when, and what was said without cause. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trayapp.model.level import Cause, Level
from trayapp.simulator.evidence import is_told
from trayapp.simulator.report import Change
from trayapp.simulator.scenario import Incident, Scenario

#: After the last sign of an incident a verdict may rest on it for so long: recovery is confirmed, not guessed.
_AFTERMATH = timedelta(minutes=5)
#: For so long a refused key may be anybody's fault.
_DOUBT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Heard:
    """One incident as it was heard of. Times are None for what never came."""

    incident: Incident
    #: When the page first told of it while it was open, and when it called it over.
    page_at: datetime | None
    resolved_at: datetime | None
    #: The first alarm, and the first word of any kind that something is reported.
    alarm: Change | None
    told: Change | None
    #: When, after its end, it was first said to work again.
    recovered_at: datetime | None
    #: It was called the account's fault while it lasted, after the time in which that may be doubted.
    blamed_account: bool

    @property
    def onset_s(self) -> float | None:
        """Seconds from the start to the alarm."""
        return (self.alarm.at - self.incident.start).total_seconds() if self.alarm else None

    @property
    def lead_s(self) -> float | None:
        """Seconds by which the alarm came before the page's first word; below zero: after it."""
        return (self.page_at - self.alarm.at).total_seconds() if self.alarm and self.page_at else None

    @property
    def recovery_lead_s(self) -> float | None:
        """Seconds by which "works again" came before the page's last word."""
        both = self.recovered_at and self.resolved_at
        return (self.resolved_at - self.recovered_at).total_seconds() if both else None  # type: ignore[operator]  # both


def heard(scenario: Scenario, changes: Iterable[Change]) -> tuple[Heard, ...]:
    """Return what came of each incident, in the scenario's order."""
    said: dict[str, list[Change]] = {}
    for change in sorted(changes, key=_when):
        said.setdefault(change.provider, []).append(change)
    return tuple(_heard(incident, said.get(incident.provider, [])) for incident in scenario.incidents)


def unfounded(scenario: Scenario, changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return the alarms for which no incident of that provider was on, on the page or in its aftermath."""
    spans = [(i.provider, i.start, _last(i) + _AFTERMATH) for i in scenario.incidents]
    return tuple(
        change
        for change in changes
        if change.is_alarm and not any(who == change.provider and a <= change.at < b for who, a, b in spans)
    )


def _heard(incident: Incident, said: Sequence[Change]) -> Heard:
    over = next((post.at for post in reversed(incident.posts) if post.status == "resolved"), None)
    during = _between(said, incident.start, max(incident.end, over or incident.end))
    alarm = next((change for change in during if change.is_alarm and change.cause is not Cause.NETWORK), None)
    return Heard(
        incident,
        incident.posts[0].at if is_told(incident) else None,
        over if is_told(incident) else None,
        alarm,
        alarm or next((change for change in during if change.works), None),
        _recovered(incident, said) if alarm else None,
        _is_blamed(incident, said),
    )


def _is_blamed(incident: Incident, said: Sequence[Change]) -> bool:
    since = incident.start + _DOUBT
    if since >= incident.end:
        return False
    lasting = _state(said, since)
    later = _between(said, since, incident.end)
    return any(change.cause is Cause.ACCOUNT for change in (*([lasting] if lasting else []), *later))


def _recovered(incident: Incident, said: Sequence[Change]) -> datetime | None:
    """Return when it was first well after the end; None when the alarm was over before, or never ended."""
    at_end = _state(said, incident.end)
    if at_end is None or not at_end.is_alarm:
        return None
    later = said[said.index(at_end) + 1 :]
    return next((change.at for change in later if change.works or change.level is Level.OPERATIONAL), None)


def _state(said: Sequence[Change], at: datetime) -> Change | None:
    index = bisect_right(said, at, key=_when)
    return said[index - 1] if index else None


def _between(said: Sequence[Change], start: datetime, end: datetime) -> Sequence[Change]:
    return said[bisect_right(said, start, key=_when) : bisect_right(said, end, key=_when)]


def _last(incident: Incident) -> datetime:
    return max((incident.end, *(post.at for post in incident.posts)))


def _when(change: Change) -> datetime:
    return change.at
