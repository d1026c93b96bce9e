"""From what was said in the worlds to the figures of the table. A time that never came counts as endless."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf, isinf

from trayapp.main.onlooker import is_at_work
from trayapp.main.play import asked_model
from trayapp.model.level import Cause, Level
from trayapp.simulator.evidence import Evidence, exercises, is_told
from trayapp.simulator.report import Change
from trayapp.simulator.scenario import Incident, Path, Scenario
from trayapp.simulator.score import Heard, heard, unfounded


@dataclass(frozen=True, slots=True)
class Heeded:
    """One world as one monitor told of it."""

    scenario: Scenario
    #: An evidence set, or the name of a baseline.
    who: str
    changes: tuple[Change, ...]
    #: When a notice was shown, about what, and with which title.
    toasts: tuple[tuple[datetime, str, str], ...] = ()
    cpu_s: float = 0.0
    #: Defects of ours that the line survived meanwhile.
    defects: tuple[str, ...] = ()

    def sees(self, each: Heard) -> bool:
        """True when this evidence goes through what broke; the page alone sees what it was told of."""
        if self.who in (Evidence.PAGE, "page every 5 min"):
            return is_told(each.incident)
        evidence = Evidence(self.who) if self.who in tuple(Evidence) else Evidence.DEFAULT
        if evidence is Evidence.PASSIVE and not is_at_work(each.incident.start):
            return exercises(Evidence.DEFAULT, each.incident, "")
        return exercises(evidence, each.incident, asked_model(evidence, each.incident.provider))


def onset(found: Heeded) -> str:
    """Median and p90 of the time to the verdict, of what the evidence goes through."""
    times = [inf if each.onset_s is None else each.onset_s for each in _heard(found) if found.sees(each)]
    if not times:
        return "-"
    missed = sum(map(isinf, times))
    return f"{_time(_median(times))} / {_time(_p90(times))}" + (f", {missed} of {len(times)} missed" if missed else "")


def onset_seconds(found: Heeded) -> tuple[float, float]:
    """The same, as numbers."""
    times = [inf if each.onset_s is None else each.onset_s for each in _heard(found) if found.sees(each)]
    return (_median(times), _p90(times)) if times else (inf, inf)


def lead(all_found: Sequence[Heeded]) -> str:
    """The median lead over the page, of what the evidence goes through and the page told of."""
    told = [each for found in all_found for each in _heard(found) if found.sees(each) and is_told(each.incident)]
    return _leads([each.lead_s for each in told])


def recovery(all_found: Sequence[Heeded]) -> str:
    """The median of the time by which "works again" came before the page's last word."""
    told = [each for found in all_found for each in _heard(found) if found.sees(each) and is_told(each.incident)]
    return _leads([each.recovery_lead_s for each in told if each.recovered_at])


def seen(all_found: Sequence[Heeded]) -> str:
    """How many of the incidents that touch the user were told of at all, and how many raised an alarm."""
    all_heard = [each for found in all_found for each in _heard(found)]
    if not all_heard:
        return "-"
    told, alarmed = (sum(bool(part) for part in parts) / len(all_heard) for parts in _parts(all_heard))
    return f"{told:.0%} ({alarmed:.0%})"


def false_downs(found: Heeded) -> str:
    """How often it was called down without cause, in a year."""
    downs = [change for change in unfounded(found.scenario, found.changes) if change.level is Level.DOWN]
    partly = [change for change in unfounded(found.scenario, found.changes) if change.level is Level.DEGRADED]
    years = (found.scenario.end - found.scenario.start).total_seconds() / 86400 / 365
    return f"{len(downs) / years:.1f} ({len(partly) / years:.0f} degraded)"


def own_fault(found: Heeded) -> str:
    """How often the user's own trouble was called the provider's."""
    wrong = [c for c in found.changes if c.level in (Level.DOWN, Level.DEGRADED) and not c.works]
    return f"{len(wrong)} of {len([m for m in found.scenario.mine if m.kind != 'wifi' or m.share < 1])}"


def account_as_outage(found: Heeded) -> str:
    """How often the account's trouble was called an outage."""
    wrong = [c for c in found.changes if c.level in (Level.DOWN, Level.DEGRADED) and c.cause is not Cause.ACCOUNT]
    return f"{len(wrong)} of {len(found.scenario.mine)}"


def outage_as_account(all_found: Sequence[Heeded]) -> str:
    """How many outages were still called the account's trouble after ten minutes."""
    all_heard = [each for found in all_found for each in _heard(found)]
    return f"{sum(each.blamed_account for each in all_heard)} of {len(all_heard)}"


def foreign_red(found: Heeded) -> str:
    """How many incidents that do not touch the user were shown as trouble of theirs."""
    all_heard = heard(found.scenario, found.changes)
    return f"{sum(each.alarm is not None for each in all_heard)} of {len(all_heard)}"


def toasts(found: Heeded) -> str:
    """The most notices on one day, and how many said what the one before had said."""
    days = Counter(at.date() for at, _, _ in found.toasts)
    repeated = sum(one[1:] == other[1:] for one, other in zip(found.toasts, found.toasts[1:], strict=False))
    mean = len(found.toasts) / max((found.scenario.end - found.scenario.start).days, 1)
    return f"{max(days.values(), default=0)} (mean {mean:.1f}, {repeated} repeated)"


def alarms_a_day(found: Heeded) -> str:
    """The most alarms and all-clears on one day: a baseline tells of each."""
    days = Counter(change.at.date() for change in found.changes)
    return f"{max(days.values(), default=0)}"


def _heard(found: Heeded) -> tuple[Heard, ...]:
    """Return what came of the incidents that touch the user; of others nothing is to be told."""
    return tuple(each for each in heard(found.scenario, found.changes) if _concerns(found.scenario, each.incident))


def _concerns(scenario: Scenario, incident: Incident) -> bool:
    """True unless it breaks other models than the user's, subscribers' log-in alone, or nothing but the page itself."""
    if incident.path is Path.MODEL:
        scope = scenario.scopes.get(incident.provider)
        wanted = scope.models if scope else ()
        return not wanted or any(one in other.lower() for one in wanted for other in incident.models)
    return incident.path not in (Path.LOG_IN, Path.PAGE)


def _parts(all_heard: Iterable[Heard]) -> tuple[list[object], list[object]]:
    rows = list(all_heard)
    return [each.told for each in rows], [each.alarm for each in rows]


def _leads(seconds: Sequence[float | None]) -> str:
    if not seconds:
        return "-"
    median = _median([-inf if each is None else each for each in seconds])
    return f"{_time(median)}, n {len(seconds)}"


def _median(values: Sequence[float]) -> float:
    return statistics.median_low(values)


def _p90(values: Sequence[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(0.9 * len(values)))]


def _time(seconds: float) -> str:
    if isinf(seconds):
        return "never"
    return f"{seconds:.0f} s" if abs(seconds) < 300 else f"{seconds / 60:.1f} min"


Figure = Callable[[Heeded], str]
