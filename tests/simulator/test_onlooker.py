"""The agent of a replay: it asks its own model in working hours, records errors alone, and sleeps with the machine."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from trayapp.main.onlooker import Onlooker, agent_model
from trayapp.main.play import KEY, catalogue
from trayapp.model.reading import PassiveReading, Symptom
from trayapp.model.settings import DEFAULT_TARGETS
from trayapp.simulator.inside import InsideNetwork
from trayapp.simulator.scenario import Fault, Incident, Path, Scenario
from trayapp.simulator.virtual import VirtualClock, run

ANTHROPIC = catalogue()["anthropic"]


def errors(hour: int, models: tuple[str, ...], path: Path = Path.MODEL, nap: float = 0) -> list[PassiveReading]:
    """Return what is recorded in an hour of which the second half is an incident; `nap`: so many minutes of it."""
    start = datetime(2026, 1, 5, hour, tzinfo=UTC)
    half, end = start + timedelta(minutes=30), start + timedelta(hours=1)
    fault = Fault(status=529, code="overloaded_error")
    scenario = Scenario("w", "w", start, end, (Incident("i", "anthropic", "It", path, half, end, fault, 1.0, models),))

    async def hour_of_work() -> list[PassiveReading]:
        clock = VirtualClock(start)
        onlooker = Onlooker(InsideNetwork(scenario, KEY, [ANTHROPIC], DEFAULT_TARGETS), clock, [ANTHROPIC], KEY)
        met: list[PassiveReading] = []
        while clock.now() < end:
            if nap and clock.now() == half:
                clock.sleep_until(half + timedelta(minutes=nap))
            met += await onlooker.poll()
            await clock.wait(asyncio.Event(), 5)
        return met

    return run(hour_of_work())


def test_an_error_is_recorded_with_its_code_and_its_model() -> None:
    met = errors(10, ("sonnet",))
    assert met and {(r.symptom, r.code, r.model) for r in met} == {
        (Symptom.OVERLOADED, "overloaded_error", agent_model(ANTHROPIC))
    }
    assert min(reading.at.minute for reading in met) >= 30


@pytest.mark.parametrize(("hour", "models"), [(10, ("opus",)), (3, ("sonnet",))])
def test_another_model_and_the_night_leave_no_record(hour: int, models: tuple[str, ...]) -> None:
    assert errors(hour, models) == []


def test_who_sleeps_asks_nothing() -> None:
    met = errors(10, ("sonnet",), nap=20)
    assert met and min(reading.at.minute for reading in met) >= 50
