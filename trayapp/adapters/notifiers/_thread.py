"""Calls that block, kept off the loop: each in a daemon thread, so that none can hold up the program's end.

Not the loop's executor: `loop.close()` and the interpreter's exit wait for its threads, however long they hang.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_daemon_thread(work: Callable[[], T]) -> T:
    """Return what `work` returns, raise what it raises. When cancelled, the thread is left to itself."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(settled: Callable[[], None]) -> None:
        if not answer.done():
            settled()

    def run() -> None:
        def hand_over(settled: Callable[[], None]) -> None:
            # The loop may be closed by the time a slow call returns.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(settle, settled)

        try:
            result = work()
        except Exception as error:  # whatever it is belongs to the caller, on the loop
            failure = error
            hand_over(lambda: answer.set_exception(failure))
        else:
            hand_over(lambda: answer.set_result(result))

    threading.Thread(target=run, name="notifier", daemon=True).start()
    return await answer
