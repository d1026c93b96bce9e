"""The fast clock: right while it is held, and no wait that ends early."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trayapp.model.request import Outcome, Request
from trayapp.simulator.clock import FastClock
from trayapp.simulator.fetch import HeldFetcher

START = datetime(2026, 4, 28, 17, 25, tzinfo=UTC)


class Hand:
    """Real time as a test moves it."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@given(st.lists(st.tuples(st.floats(0, 1000), st.integers(0, 2)), max_size=30), st.floats(0.1, 10_000))
def test_time_runs_fast_and_while_held_as_it_does(steps: list[tuple[float, int]], speed: float) -> None:
    hand = Hand()
    clock = FastClock(START, speed, hand)
    expected, holds = 0.0, 0
    for real, action in steps:
        hand.seconds += real
        expected += real * (1.0 if holds else speed)
        assert clock.monotonic() == pytest.approx(expected, abs=1e-6)
        if action == 1:
            clock.hold()
            holds += 1
        elif action == 2 and holds:
            clock.release()
            holds -= 1
    assert clock.now() - START == pytest.approx(timedelta(seconds=expected), abs=timedelta(milliseconds=1))
    assert clock.now().utcoffset() == timedelta()


def test_time_never_goes_back_when_the_pace_changes() -> None:
    clock = FastClock(START, 600)
    seen = []
    for _ in range(200):
        clock.hold()
        seen.append(clock.monotonic())
        clock.release()
        seen.append(clock.monotonic())
    assert seen == sorted(seen)


def test_a_clock_wants_a_zone_a_speed_and_as_many_releases_as_holds() -> None:
    with pytest.raises(ValueError, match="aware"):
        FastClock(datetime(2026, 4, 28), 600)  # noqa: DTZ001  # this is what is refused
    for speed in (0, -1, float("inf"), float("nan")):
        with pytest.raises(ValueError, match="speed"):
            FastClock(START, speed)
    with pytest.raises(RuntimeError):
        FastClock(START, 600).release()


@settings(max_examples=25, deadline=None)
@given(st.floats(0, 60), st.lists(st.floats(0, 0.005), max_size=4))
def test_a_wait_never_ends_early_however_often_the_clock_is_held(seconds: float, holds: list[float]) -> None:
    async def story() -> None:
        clock = FastClock(START, 1000)

        async def disturb() -> None:
            for real in holds:
                clock.hold()
                await asyncio.sleep(real)
                clock.release()
                await asyncio.sleep(real)

        begun = clock.monotonic()
        rang, _ = await asyncio.gather(clock.wait(asyncio.Event(), seconds), disturb())
        assert not rang
        assert clock.monotonic() - begun >= seconds

    asyncio.run(story())


async def test_a_wait_begun_while_held_goes_on_fast_after_the_release() -> None:
    clock = FastClock(START, 10_000)
    clock.hold()
    waiting = asyncio.create_task(clock.wait(asyncio.Event(), 1000))
    await asyncio.sleep(0.01)
    clock.release()
    assert await asyncio.wait_for(waiting, 5) is False
    assert clock.monotonic() >= 1000


async def test_a_wait_ends_with_its_event() -> None:
    clock, event = FastClock(START, 1), asyncio.Event()
    asyncio.get_running_loop().call_later(0.01, event.set)
    assert await asyncio.wait_for(clock.wait(event, 1000), 5) is True
    assert await clock.wait(event, 0) is True
    assert await clock.wait(asyncio.Event(), 0) is False


class SlowFetcher:
    """A network that takes its real time, and sometimes breaks."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    async def fetch(self, request: Request) -> Outcome:
        self.calls.append(request.url)
        if request.url == "broken":
            raise RuntimeError("a defect")
        begun = time.monotonic()
        await asyncio.sleep(0.05)
        return Outcome(request.url, 200, seconds=time.monotonic() - begun)

    async def reset(self) -> None:
        self.calls.append("reset")

    async def close(self) -> None:
        self.calls.append("close")


async def test_a_request_lasts_as_long_in_the_replay_as_it_does() -> None:
    clock, inner = FastClock(START, 100_000), SlowFetcher()
    fetcher = HeldFetcher(inner, clock)
    clock.hold()
    begun = clock.monotonic()
    outcomes = await asyncio.gather(fetcher.fetch(Request("a")), fetcher.fetch(Request("b")))
    lasted = clock.monotonic() - begun
    clock.release()
    assert outcomes[0].seconds <= lasted < 30


async def test_the_clock_is_released_also_after_a_defect() -> None:
    clock, inner = FastClock(START, 100), SlowFetcher()
    fetcher = HeldFetcher(inner, clock)
    with pytest.raises(RuntimeError, match="a defect"):
        await fetcher.fetch(Request("broken"))
    with pytest.raises(RuntimeError, match="not held"):
        clock.release()
    await fetcher.reset()
    await fetcher.close()
    assert inner.calls == ["broken", "reset", "close"]
