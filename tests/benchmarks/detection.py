"""How early, how right and how much about the user: `python3 dev.py bench detection [--quick] [ROW …]`.

Recorded and made-up worlds run through the real line on virtual time, once for each set of evidence, and past three
simple monitors. Each set is measured on what it goes through; beside it stands which part of all incidents it saw.
With names of rows only those are measured.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import _figures as figures
from tests.benchmarks._baselines import BASELINES, changes
from tests.benchmarks._figures import Heeded
from tests.benchmarks._reducer import reducer_ms
from tests.benchmarks._worlds import WORLDS
from trayapp.main.play import play
from trayapp.simulator.evidence import Evidence
from trayapp.simulator.recorded import Record, read
from trayapp.simulator.scenario import Scenario

_RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings" / "incidents.json"
#: World to its size, in incidents or days: in full, and for `--quick`.
_SIZES: dict[str, tuple[float, float]] = {
    "full": (90, 15),
    "partly": (45, 6),
    "generation": (30, 6),
    "generation_partly": (24, 4),
    "noise": (60, 6),
    "year": (60, 6),
    "mishaps": (135, 18),
    "accounts": (40, 4),
    "foreign": (40, 5),
    "week": (7, 3),
}
#: Days of noise for what ships: less than one false alarm in a year takes long to see.
_LONG = 120
#: Defects told of, of one world.
_SHOWN = 3
_WHO = (*(evidence.value for evidence in Evidence), *BASELINES)


@dataclass(frozen=True, slots=True)
class Job:
    """One world for one monitor; `world` is the name of one that is made, or the number of a recorded one."""

    world: str
    size: float
    who: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: the worlds it is measured in, and how."""

    name: str
    goal: str
    worlds: tuple[str, ...]
    figure: str
    who: tuple[str, ...] = _WHO


_PINGING = tuple(who for who in _WHO if who not in (Evidence.PAGE, BASELINES[0]))
_ROWS = (
    Row("onset, edge or sign-in fails wholly", "90 s / 120 s", ("full",), "onset"),
    Row("onset, 30 % of it fails", "5 min", ("partly",), "onset"),
    Row("onset, generation fails wholly", "90 s / 120 s", ("generation",), "onset"),
    Row("onset, 30 % of generations fail", "5 min", ("generation_partly",), "onset"),
    Row("lead over the page, recorded", "15 min", ("recorded",), "lead"),
    Row("lead over the page, made-up year", "15 min", ("year",), "lead"),
    Row("works again before resolved, recorded", "20 min", ("recorded",), "recovery"),
    Row("works again before resolved, made-up", "20 min", ("year", "full"), "recovery"),
    Row("told of (alarmed), recorded", "high", ("recorded",), "seen"),
    Row("told of (alarmed), made-up year", "high", ("year",), "seen"),
    Row("false down a year, 1 % noise", "< 1", ("noise",), "false_downs", _PINGING),
    Row("own network called an outage", "0", ("mishaps",), "own_fault"),
    Row("account called an outage", "0", ("accounts",), "account_as_outage"),
    Row("outage called account after 10 min", "0", ("full", "year"), "outage_as_account"),
    Row("others' trouble shown red", "0", ("foreign",), "foreign_red"),
    Row("notices a day at most, busy week", "3", ("week",), "toasts"),
)
#: Figures of one world; the others are of several together.
_OF_MANY = ("lead", "recovery", "seen", "outage_as_account")


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    began, is_quick = time.monotonic(), "--quick" in arguments
    wanted = [word for word in arguments if not word.startswith("-")]
    rows = [row for row in _ROWS if not wanted or any(word in row.name for word in wanted)]
    if not _RECORDINGS.exists():
        print("recorded incidents: skipped, shared/recordings is not beside this repository")
    jobs = _jobs(rows, is_quick)
    print(f"{len(jobs)} worlds to live through …", flush=True)
    with ProcessPoolExecutor(min(len(jobs), os.cpu_count() or 1)) as pool:
        found = dict(zip(jobs, pool.map(_heed, jobs, chunksize=1), strict=True))
    by_world: dict[tuple[str, str], list[Heeded]] = {}
    for job, heeded in found.items():
        by_world.setdefault(("recorded" if job.world.isdecimal() else job.world, job.who), []).append(heeded)
    _print(rows, by_world)
    _print_cost(found)
    for defect in dict.fromkeys(defect for heeded in found.values() for defect in heeded.defects):
        print(f"DEFECT, the figures are worth nothing: {defect}")
    print(f"measured in {time.monotonic() - began:.0f} s{', quick: small worlds, rough figures' if is_quick else ''}")


def _jobs(rows: Sequence[Row], is_quick: bool) -> list[Job]:
    """Return what is to be run, each once, the longest first."""
    jobs = dict[Job, None]()
    for row in rows:
        for who in row.who:
            for world in row.worlds:
                if world == "recorded":
                    step = 6 if is_quick else 1
                    names = [str(n) for n, record in enumerate(_records()) if record.scenario][::step]
                    jobs.update({Job(name, 0, who): None for name in names})
                else:
                    is_whole = (world, who, is_quick) == ("noise", Evidence.DEFAULT, False)
                    jobs[Job(world, _LONG if is_whole else _SIZES[world][is_quick], who)] = None
    return sorted(jobs, key=lambda job: job.size, reverse=True)


def _records() -> tuple[Record, ...]:
    return read(_RECORDINGS.read_text(encoding="utf-8"), _RECORDINGS.name) if _RECORDINGS.exists() else ()


def _world(job: Job) -> Scenario:
    if job.world.isdecimal():
        scenario = _records()[int(job.world)].scenario
        assert scenario is not None, "only rows with a scenario become jobs"
        return scenario
    return WORLDS[job.world](job.size)


def _heed(job: Job) -> Heeded:
    scenario, began = _world(job), time.process_time()
    if job.who in BASELINES:
        return Heeded(scenario, job.who, changes(job.who, scenario), (), time.process_time() - began)
    played = play(scenario, Evidence(job.who))
    shown = tuple((toast.at, toast.notice.key, toast.notice.title) for toast in played.toasts)
    return Heeded(
        scenario, job.who, played.changes(), shown, time.process_time() - began, tuple(played.defects[:_SHOWN])
    )


def _print(rows: Sequence[Row], by_world: dict[tuple[str, str], list[Heeded]]) -> None:
    for row in rows:
        print(f"\n{row.name}   (goal: {row.goal})")
        for who in row.who:
            print(f"  {who:<20} {_cell(row, who, by_world)}")


def _cell(row: Row, who: str, by_world: dict[tuple[str, str], list[Heeded]]) -> str:
    found = [heeded for world in row.worlds for heeded in by_world.get((world, who), [])]
    if not found:
        return "skipped"
    if row.figure == "toasts" and who in BASELINES:
        return figures.alarms_a_day(found[0])
    figure = getattr(figures, row.figure)
    return str(figure(found) if row.figure in _OF_MANY else figure(found[0]))


def _print_cost(found: dict[Job, Heeded]) -> None:
    whole = max(
        (job for job in found if job.who == Evidence.DEFAULT and not job.world.isdecimal()),
        key=lambda job: job.size,
        default=None,
    )
    if whole is not None:
        days = (found[whole].scenario.end - found[whole].scenario.start).total_seconds() / 86400
        print(f"\na provider-year through the whole line   {365 * found[whole].cpu_s / days:.0f} s CPU (goal: 60 s)")
    print(f"a provider-day through the reducer       {reducer_ms():.0f} ms CPU (goal: under 100 ms)")


if __name__ == "__main__":
    main(sys.argv[1:])
