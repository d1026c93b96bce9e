"""A clock that runs faster than the world, but not while something real is under way."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal


class FastClock:
    """Time that runs `speed` times as fast as real time, and as fast as real time while it is held.

    A ping of five milliseconds made between `hold` and `release` therefore lasts five milliseconds here too. For the
    loop's thread only. `steady` is the real time in seconds, which never goes back.
    """

    def __init__(self, start: datetime, speed: float, steady: Callable[[], float] = time.monotonic) -> None:
        if start.tzinfo is None or not (speed > 0 and math.isfinite(speed)):
            raise ValueError("an aware start and a finite speed above 0 were expected")
        self._start = start
        self._speed = speed
        self._steady = steady
        self._holds = 0
        #: The simulated seconds that had passed at the real moment `_since`, when the pace last changed.
        self._passed = 0.0
        self._since = steady()
        self._faster = asyncio.Event()

    def now(self) -> datetime:
        """Return the simulated moment as aware UTC."""
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Return the simulated seconds since the start."""
        return self._passed + (self._steady() - self._since) * self._pace

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        """Return True as soon as `event` is set, False when `seconds` simulated seconds have passed without it."""
        due = self.monotonic() + seconds
        rung = asyncio.create_task(event.wait())
        try:
            while not event.is_set():
                left = due - self.monotonic()
                if left <= 0:
                    return False
                await self._real(rung, left / self._pace)
            return True
        finally:
            rung.cancel()

    def hold(self) -> None:
        """Run at real time from now on, until every hold is released."""
        self._change(self._holds + 1)

    def release(self) -> None:
        """End one hold. Raises RuntimeError when there is none."""
        if self._holds == 0:
            raise RuntimeError("the clock is not held")
        self._change(self._holds - 1)
        if self._holds == 0:
            # Who waits has set a timer for the slower pace.
            self._faster.set()
            self._faster = asyncio.Event()

    @property
    def _pace(self) -> float:
        return 1.0 if self._holds else self._speed

    def _change(self, holds: int) -> None:
        real = self._steady()
        self._passed += (real - self._since) * self._pace
        self._since = real
        self._holds = holds

    async def _real(self, rung: asyncio.Task[Literal[True]], seconds: float) -> None:
        """Wait for `rung`, for a faster pace, or for real seconds; the caller looks which."""
        faster = asyncio.create_task(self._faster.wait())
        try:
            await asyncio.wait({rung, faster}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            faster.cancel()
