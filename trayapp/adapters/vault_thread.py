"""One thread for all calls to the keyring: a prompt or a hung service blocks such a call without limit.

It is a daemon, since a pool's worker would keep the process from ending. One call at a time, so that prompts do not
pile up; a call that nobody waits for any more is not begun.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

Job = tuple[Callable[[], Any], Callable[[], bool], Callable[[Any, BaseException | None], None]]


class KeyringThread:
    """Starts with its first call and stays."""

    def __init__(self) -> None:
        self._jobs: queue.Queue[Job] = queue.Queue()
        self._thread: threading.Thread | None = None

    async def call(self, work: Callable[[], T], deadline_s: float) -> T:
        """Return what `work` returns, or raise what it raises. Raises TimeoutError after the deadline."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def settle(result: T, error: BaseException | None) -> None:
            if future.done():
                return
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

        def reply(result: T, error: BaseException | None) -> None:
            # The loop may be closed by the time a hung keyring answers.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(settle, result, error)

        self._jobs.put((work, future.done, reply))
        self._start()
        async with asyncio.timeout(deadline_s):
            return await future

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="keyring", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            work, is_given_up, reply = self._jobs.get()
            if is_given_up():
                continue
            try:
                result = work()
            except Exception as error:
                reply(None, error)
            else:
                reply(result, None)
            # What was read is a key: it does not wait here for the next call.
            del work, is_given_up, reply
            result = None
