"""The threads behind `asyncio.to_thread` and name look-ups: few, and none that holds up the end of the program.

The standard ThreadPoolExecutor is waited for when the interpreter ends, and a look-up of a name on a dead network takes
ten seconds and more; qasync's own starts ten threads at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")


class Workers(Executor):
    """At most `most` daemon threads, started when there is work and none of them is free."""

    def __init__(self, most: int = 4) -> None:
        self._most = most
        self._work: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._guard = threading.Lock()
        self._threads = 0
        self._free = 0

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Have `fn` called in a thread."""
        future: Future[T] = Future()

        def work() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # whoever awaits the future gets it
                future.set_exception(error)
            else:
                future.set_result(result)

        with self._guard:
            if self._free > 0:
                self._free -= 1
            elif self._threads < self._most:
                self._threads += 1
                threading.Thread(target=self._run, name=f"worker-{self._threads}", daemon=True).start()
        self._work.put(work)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for nobody: the threads end with the program."""

    def _run(self) -> None:
        while True:
            self._work.get()()
            with self._guard:
                self._free += 1
