"""The simple monitors that ours is measured beside do what their names say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.benchmarks._baselines import BASELINES, changes
from trayapp.model.level import Level
from trayapp.simulator.mishap import Mine, Mishap
from trayapp.simulator.scenario import Fault, Incident, Path, Post, Scenario

START = datetime(2026, 1, 1, 10, tzinfo=UTC)
PAGE, THREE, FIRST = BASELINES


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


POSTS = (Post(at(30), "investigating", "major"), Post(at(80), "resolved", "major"))
DOWN = Scenario(
    "w", "w", START, at(120),
    (Incident("it", "anthropic", "It", Path.EDGE, at(10), at(50), Fault(status=502), posts=POSTS),),
)  # fmt: skip


def told(name: str, world: Scenario = DOWN) -> list[tuple[float, Level]]:
    return [((change.at - START).total_seconds() / 60, change.level) for change in changes(name, world)]


def test_the_page_is_read_every_five_minutes() -> None:
    (down, first), (up, second) = told(PAGE)
    assert (first, second) == (Level.DOWN, Level.OPERATIONAL)
    assert 30 <= down < 35 and 80 <= up < 85


def test_three_failures_in_a_row_take_two_minutes_and_one_success_ends_it() -> None:
    (down, _), (up, _) = told(THREE)
    assert 12 <= down < 13 and 50 <= up < 51


def test_the_first_failure_is_told_at_once() -> None:
    assert 10 <= told(FIRST)[0][0] < 11


def test_what_sleeps_asks_nothing() -> None:
    asleep = Scenario("w", "w", START, at(120), DOWN.incidents, mine=(Mine(Mishap.SLEEP, at(5), at(60)),))
    assert told(THREE, asleep) == []
