"""A few threads, started as they are needed, and none that anybody waits for."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import wait

import pytest

from trayapp.desktop.workers import Workers


def test_the_result_or_the_error_comes_back() -> None:
    workers = Workers()
    assert workers.submit(lambda a, *, b: a + b, 1, b=2).result(5) == 3
    with pytest.raises(ZeroDivisionError):
        workers.submit(lambda: 1 / 0).result(5)


def test_there_are_never_more_threads_than_agreed() -> None:
    workers, gate, seen = Workers(2), threading.Event(), set[str]()

    def work() -> None:
        seen.add(threading.current_thread().name)
        gate.wait(5)

    futures = [workers.submit(work) for _ in range(8)]
    gate.set()
    assert not wait(futures, 5).not_done
    assert len(seen) <= 2


def test_a_free_thread_is_used_again() -> None:
    workers = Workers(4)
    names = {workers.submit(lambda: threading.current_thread().name).result(5) for _ in range(3)}
    assert len(names) <= 2


def test_what_was_cancelled_is_not_called() -> None:
    workers, gate, called = Workers(1), threading.Event(), list[int]()
    first = workers.submit(gate.wait, 5)
    second = workers.submit(called.append, 1)
    assert second.cancel()
    gate.set()
    third = workers.submit(called.append, 2)
    first.result(5)
    third.result(5)
    assert called == [2]


def test_the_program_ends_while_a_thread_still_works() -> None:
    program = (
        "import threading; from trayapp.desktop.workers import Workers\n"
        "with Workers() as workers: workers.submit(threading.Event().wait, 60)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=10, check=False).returncode == 0
