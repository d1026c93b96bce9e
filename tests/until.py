"""Waiting in tests: look again and again until something holds, with a deadline instead of a fixed sleep."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

#: Seconds between two looks: short beside any deadline, long enough to leave the processor to what is waited for.
_PAUSE_S = 0.02


def until(predicate: Callable[[], T], timeout: float = 10.0) -> T:
    """Return the first true answer of `predicate`; raise TimeoutError with its last answer after `timeout` seconds.

    What is not there yet (LookupError, ConnectionError) counts as not true. Blocks the thread: in a coroutine, use
    `asyncio.to_thread(until, ...)` when the loop has to go on meanwhile.
    """
    end = time.monotonic() + timeout
    while True:
        seen: object
        try:
            answer = predicate()
            if answer:
                return answer
            seen = answer
        except (LookupError, ConnectionError) as error:
            seen = error
        if time.monotonic() > end:
            raise TimeoutError(f"not so within {timeout:g} s; last seen: {seen!r}")
        threading.Event().wait(_PAUSE_S)


async def eventually(predicate: Callable[[], object], seconds: float = 10.0) -> None:
    """Do the same from a coroutine: the loop goes on. `predicate` is called in another thread."""
    await asyncio.to_thread(until, predicate, seconds)
