"""The time of this machine. The real adapter of the port `Clock`."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

#: Qt's timers, which run the loop under the tray, take at most 2^31 ms; an hour is far below and costs nothing.
_LONGEST_S = 3600.0


class SystemClock:
    """The system's wall clock and its steady one. On Linux and macOS the steady one stands still while asleep."""

    def now(self) -> datetime:
        """Return the wall clock as aware UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds since some moment; never goes back."""
        return time.monotonic()

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        """Return True as soon as `event` is set, False when `seconds` have passed without it.

        Qt's timers may ring early (up to 10 ms in 200 were seen), so the clock decides and not the timer.
        """
        end = self.monotonic() + seconds
        while not event.is_set():
            left = end - self.monotonic()
            if left <= 0:
                await asyncio.sleep(0)
                return event.is_set()
            try:
                async with asyncio.timeout(min(left, _LONGEST_S)):
                    await event.wait()
            except TimeoutError:
                continue
        return True
