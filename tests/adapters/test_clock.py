"""The system's clock beyond its contract: long waits, and real seconds."""

from __future__ import annotations

import asyncio

from trayapp.adapters.clock import SystemClock


async def test_a_wait_lasts_its_seconds_and_not_less() -> None:
    clock = SystemClock()
    begin = clock.monotonic()
    assert not await clock.wait(asyncio.Event(), 0.1)
    assert 0.1 <= clock.monotonic() - begin < 1.0


async def test_a_wait_longer_than_a_timer_can_be_still_hears_its_event() -> None:
    clock, event = SystemClock(), asyncio.Event()
    waiting = asyncio.create_task(clock.wait(event, 1e9))
    await asyncio.sleep(0)
    event.set()
    async with asyncio.timeout(1):
        assert await waiting


async def test_a_wait_that_is_over_lets_others_run() -> None:
    turns = 0

    async def other() -> None:
        nonlocal turns
        while turns < 5:
            turns += 1
            await asyncio.sleep(0)

    clock, task = SystemClock(), asyncio.create_task(other())
    for seconds in (0.0, 0.0, -1.0, 0.0, 0.0, 0.0):
        assert not await clock.wait(asyncio.Event(), seconds)
    assert task.done()
