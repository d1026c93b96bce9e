"""What came of a replay: the truth, the status page and Uptray side by side, and the minutes between them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trayapp.model.level import Cause, Level
from trayapp.simulator.scenario import Incident, Path, Scenario

TRUTH = "truth"
PAGE = "status page"
UPTRAY = "Uptray"

ALARMS = (Level.BLOCKED, Level.DEGRADED, Level.DOWN)
_WELL = (Level.OPERATIONAL, Level.MAINTENANCE)

_BREAKS = {
    Path.EDGE: "every request fails",
    Path.SIGN_IN: "valid keys are refused",
    Path.INFERENCE: "generation fails with every model",
    Path.MODEL: "generation fails with some models",
    Path.LOG_IN: "subscribers cannot log in",
    Path.PAGE: "the status page cannot be read",
}

HEADING = ("", "truth", "status page", "Uptray", "lead")


@dataclass(frozen=True, slots=True)
class Change:
    """A verdict unlike the one before. `works`: the page reports trouble, but the user's own pings are answered."""

    at: datetime
    provider: str
    level: Level
    cause: Cause
    summary: str
    works: bool = False
    #: The verdict's story, a word of `model.verdict.Case`.
    case: str = ""

    @property
    def is_alarm(self) -> bool:
        """True when it says that something is broken for this user."""
        return self.level in ALARMS and not self.works


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the timeline."""

    at: datetime
    provider: str
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Lap:
    """When a turn of events was true, and when each said so; None: never."""

    name: str
    truth: datetime
    page: datetime | None
    uptray: datetime | None

    @property
    def lead(self) -> timedelta | None:
        """How long Uptray was ahead of the page; below zero when it was behind."""
        return self.page - self.uptray if self.page is not None and self.uptray is not None else None


@dataclass(frozen=True, slots=True)
class Closing:
    """What is to be said of one incident at the end."""

    incident: Incident
    onset: Lap
    recovery: Lap
    #: The first alarm for each cause that was named, in the order of time.
    blamed: tuple[Change, ...]


def timeline(scenario: Scenario, changes: Iterable[Change]) -> tuple[Row, ...]:
    """Return everything that happened, and everything that was said, in the order of time."""
    rows = [row for incident in scenario.incidents for row in _facts(incident)]
    for change in changes:
        cause = "" if change.cause is Cause.NONE else f" ({change.cause})"
        rows.append(Row(change.at, change.provider, UPTRAY, f"{change.level}{cause}: {change.summary}"))
    # Of what happened at the same moment the truth comes first.
    return tuple(sorted(rows, key=lambda row: (row.at, (TRUTH, PAGE, UPTRAY).index(row.who))))


def closings(scenario: Scenario, changes: Sequence[Change]) -> tuple[Closing, ...]:
    """Return the end of the story for each incident, in the order of the scenario."""
    return tuple(_closing(incident, _about(scenario, incident, changes)) for incident in scenario.incidents)


def table(closing: Closing) -> tuple[tuple[str, ...], ...]:
    """Return the closing table under `HEADING`: times of day (UTC), each with how far behind the truth it is."""
    return tuple(
        (
            lap.name,
            _clock(lap.truth),
            _said(lap.page, lap.truth),
            _said(lap.uptray, lap.truth),
            "-" if lap.lead is None else span(lap.lead),
        )
        for lap in (closing.onset, closing.recovery)
    )


def blame(closing: Closing) -> tuple[tuple[str, str], ...]:
    """Return for each cause that Uptray named in an alarm when it first did, and how far behind the truth."""
    onset = closing.onset.truth
    return tuple((change.cause.value, _said(change.at, onset)) for change in closing.blamed)


def span(delta: timedelta) -> str:
    """Return the time as "7 min", "1 min 5 s", "-40 s", to the second."""
    seconds = round(delta.total_seconds())
    minutes, rest = divmod(abs(seconds), 60)
    parts = [f"{minutes} min"] if minutes else []
    parts += [f"{rest} s"] if rest or not minutes else []
    return ("-" if seconds < 0 else "") + " ".join(parts)


def _facts(incident: Incident) -> Iterable[Row]:
    provider, fault = incident.provider, incident.fault
    if incident.path is Path.LOG_IN:
        how = ""
    elif fault.manner != "error":
        how = f" ({fault.manner})"
    else:
        how = f" (HTTP {fault.status}{f' {fault.code}' if fault.code else ''})"
    part = "" if incident.share == 1 else f", {incident.share:.0%} of requests"
    yield Row(incident.start, provider, TRUTH, f"{_BREAKS[incident.path]}{how}{part}")
    yield Row(incident.end, provider, TRUTH, "works again")
    for post in incident.posts:
        yield Row(post.at, provider, PAGE, f"{post.status}: {post.text or incident.name}")


def _about(scenario: Scenario, incident: Incident, changes: Iterable[Change]) -> list[Change]:
    """Return the provider's changes from this incident's start to the start of its next."""
    later = [
        each.start for each in scenario.incidents if each.provider == incident.provider and each.start > incident.start
    ]
    until = min(later, default=None)
    mine = (change for change in changes if change.provider == incident.provider and change.at >= incident.start)
    return sorted((change for change in mine if until is None or change.at < until), key=lambda change: change.at)


def _closing(incident: Incident, changes: list[Change]) -> Closing:
    alarms = [change for change in changes if change.is_alarm]
    first: dict[Cause, Change] = {}
    for alarm in alarms:
        first.setdefault(alarm.cause, alarm)
    posts = incident.posts
    spoke = posts[0].at if posts else None
    over = next((post.at for post in reversed(posts) if post.status == "resolved"), None)
    return Closing(
        incident,
        Lap("onset", incident.start, spoke, alarms[0].at if alarms else None),
        Lap("recovery", incident.end, over, _recovered(changes, alarms)),
        tuple(first.values()),
    )


def _recovered(changes: list[Change], alarms: list[Change]) -> datetime | None:
    """Return when it was last said to work again: a recovery taken back by a further alarm was none."""
    if not alarms:
        return None
    after = changes[changes.index(alarms[-1]) + 1 :]
    return next((change.at for change in after if change.works or change.level in _WELL), None)


def _clock(at: datetime) -> str:
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"


def _said(at: datetime | None, truth: datetime) -> str:
    if at is None:
        return "never"
    behind = span(at - truth)
    return f"{_clock(at)} ({behind if behind.startswith('-') else f'+{behind}'})"
