"""Time without waiting: a loop on which a minute passes as soon as nobody has anything to do in it."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Generator
from datetime import datetime, timedelta
from types import coroutine
from typing import Any, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class _Skipping(selectors.SelectSelector):
    """Instead of waiting for a file it lets the loop's own time pass: what runs on that loop waits for no file."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        """Return at once, `timeout` later. Raises RuntimeError when everybody would wait for ever."""
        if timeout is None:
            raise RuntimeError("on virtual time everybody waits for somebody else")
        self.seconds += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop with its own time. No sockets, no threads: what is given to an executor is done at once, in line."""

    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)

    def time(self) -> float:
        """Return the virtual seconds since the loop was made."""
        return self._skipping.seconds

    def run_in_executor(self, executor: Any, func: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        """Do it now; so two runs are alike."""
        done: asyncio.Future[T] = self.create_future()
        done.set_result(func(*args))
        return done


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` to its end on virtual time, and return what it returns."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


class VirtualClock:
    """The port Clock on a VirtualLoop. `start` is the wall clock's time when the clock is made."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        #: The answer at the moment that was last asked for: a look asks several times.
        self._asked, self._now = self._began, start

    def now(self) -> datetime:
        """Return the wall clock as aware UTC."""
        seconds = self._loop.time()
        if seconds != self._asked:
            self._asked, self._now = seconds, self._start + timedelta(seconds=seconds - self._began)
        return self._now

    def monotonic(self) -> float:
        """Return the steady seconds."""
        return self._loop.time()

    def sleep_until(self, wake: datetime) -> None:
        """Be a laptop with its lid closed until `wake`: the wall clock goes on, the steady one stands still."""
        missed = max(wake - self.now(), timedelta())
        self._start += missed
        self._now += missed

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        """Return True as soon as `event` is set, False when `seconds` have passed without it."""
        if event.is_set():
            return True
        return await _first(event, self._loop, self._loop.time() + max(seconds, 0.0))


@coroutine
def _first(event: asyncio.Event, loop: asyncio.AbstractEventLoop, when: float) -> Generator[Any, Any, bool]:
    """Wait for the event with a timer that cancels only this waiting.

    `asyncio.timeout` does the same by cancelling the task, which took a tenth of a replayed year.
    """
    waiting, over = event.wait(), [False]
    future = waiting.send(None)

    def end() -> None:
        over[0] = future.cancel()

    timer = loop.call_at(when, end)
    try:
        yield future
    except asyncio.CancelledError:
        waiting.close()
        if not over[0]:
            raise
        return False
    finally:
        timer.cancel()
    waiting.close()
    return True
