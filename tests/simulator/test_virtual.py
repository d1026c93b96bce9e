"""Virtual time: an hour passes at once, in order, and a closed lid moves only the wall clock."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from trayapp.simulator.virtual import VirtualClock, run

START = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_day_passes_at_once() -> None:
    async def day() -> tuple[bool, datetime, float]:
        clock = VirtualClock(START)
        rung = await clock.wait(asyncio.Event(), 86_400)
        return rung, clock.now(), clock.monotonic()

    began = time.monotonic()
    assert run(day()) == (False, START + timedelta(days=1), 86_400.0)
    assert time.monotonic() - began < 5


def test_who_waits_shorter_is_first() -> None:
    order: list[int] = []

    async def wait(seconds: int) -> None:
        await asyncio.sleep(seconds)
        order.append(seconds)

    async def all_of_them() -> None:
        await asyncio.gather(*(wait(seconds) for seconds in (30, 10, 20)))

    run(all_of_them())
    assert order == [10, 20, 30]


def test_an_event_ends_the_waiting_and_leaves_no_timer_behind() -> None:
    async def waits() -> tuple[bool, bool, float]:
        clock, event = VirtualClock(START), asyncio.Event()
        asyncio.get_running_loop().call_later(5, event.set)
        first = await clock.wait(event, 60)
        at = clock.monotonic()
        return first, await clock.wait(event, 60), at

    assert run(waits()) == (True, True, 5.0)


def test_who_is_cancelled_while_waiting_is_cancelled() -> None:
    async def waits() -> None:
        waiting = asyncio.create_task(VirtualClock(START).wait(asyncio.Event(), 60))
        await asyncio.sleep(1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    run(waits())


def test_sleep_moves_the_wall_clock_alone() -> None:
    async def nap() -> tuple[datetime, float]:
        clock = VirtualClock(START)
        await clock.wait(asyncio.Event(), 10)
        assert clock.now() == START + timedelta(seconds=10)
        clock.sleep_until(START + timedelta(hours=8))
        return clock.now(), clock.monotonic()

    assert run(nap()) == (START + timedelta(hours=8), 10.0)


def test_work_for_an_executor_is_done_in_line() -> None:
    async def work() -> tuple[int, float]:
        return await asyncio.to_thread(lambda: 42), asyncio.get_running_loop().time()

    assert run(work()) == (42, 0.0)


def test_nobody_waits_for_ever_unnoticed() -> None:
    async def forever() -> None:
        await asyncio.Event().wait()

    with pytest.raises(RuntimeError, match="everybody waits"):
        run(forever())
