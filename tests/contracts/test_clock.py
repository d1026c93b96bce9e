"""What every Clock promises: run on the system's and on the fake."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from tests.fakes import FakeClock
from trayapp.adapters.clock import SystemClock
from trayapp.model.ports import Clock


class ClockContract:
    """Subclass it and give `make` and `pass_time`; a Test class then inherits the promises."""

    def make(self) -> Clock:
        raise NotImplementedError

    async def pass_time(self, clock: Clock, seconds: float) -> None:
        """Let time pass for this clock."""
        raise NotImplementedError

    async def test_now_is_utc_and_says_so(self) -> None:
        assert self.make().now().utcoffset() == timedelta(0)

    async def test_both_clocks_go_on(self) -> None:
        clock = self.make()
        now, seconds = clock.now(), clock.monotonic()
        await self.pass_time(clock, 0.05)
        assert clock.now() > now
        assert clock.monotonic() - seconds >= 0.05

    async def test_a_wait_ends_without_its_event_when_the_time_is_up(self) -> None:
        clock = self.make()
        begin = clock.monotonic()
        waiting = asyncio.create_task(clock.wait(asyncio.Event(), 0.05))
        await asyncio.sleep(0)
        await self.pass_time(clock, 0.06)
        assert not await waiting
        assert clock.monotonic() - begin >= 0.05

    async def test_a_wait_ends_with_its_event_before_the_time_is_up(self) -> None:
        clock, event = self.make(), asyncio.Event()
        waiting = asyncio.create_task(clock.wait(event, 3600.0))
        await self.pass_time(clock, 0.01)
        assert not waiting.done()
        event.set()
        async with asyncio.timeout(1):
            assert await waiting

    async def test_an_event_that_is_set_already_is_not_waited_for(self) -> None:
        event = asyncio.Event()
        event.set()
        async with asyncio.timeout(1):
            assert await self.make().wait(event, 3600.0)

    async def test_a_wait_can_be_cancelled(self) -> None:
        clock = self.make()
        waiting = asyncio.create_task(clock.wait(asyncio.Event(), 3600.0))
        await self.pass_time(clock, 0.01)
        waiting.cancel()
        assert isinstance((await asyncio.gather(waiting, return_exceptions=True))[0], asyncio.CancelledError)

    async def test_several_wait_at_once_each_for_its_own_time(self) -> None:
        clock = self.make()
        order: list[float] = []

        async def wait(seconds: float) -> None:
            await clock.wait(asyncio.Event(), seconds)
            order.append(seconds)

        tasks = [asyncio.create_task(wait(seconds)) for seconds in (0.15, 0.02, 0.08)]
        await asyncio.sleep(0)
        await self.pass_time(clock, 0.2)
        await asyncio.gather(*tasks)
        assert order == [0.02, 0.08, 0.15]


class TestSystemClock(ClockContract):
    def make(self) -> Clock:
        return SystemClock()

    async def pass_time(self, clock: Clock, seconds: float) -> None:
        await asyncio.sleep(seconds + 0.01)


class TestFakeClock(ClockContract):
    def make(self) -> Clock:
        return FakeClock()

    async def pass_time(self, clock: Clock, seconds: float) -> None:
        assert isinstance(clock, FakeClock)
        await clock.advance(seconds)
