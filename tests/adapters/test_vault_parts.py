"""The parts of the vault that need no keyring: its thread, its choice on other systems, the order of its writes."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable

import pytest
from keyring.backend import KeyringBackend

from trayapp.adapters.vault import HOST_SERVICE, SERVICE, store
from trayapp.adapters.vault_backend import State, chosen, state
from trayapp.adapters.vault_thread import KeyringThread
from trayapp.model.ports import Refused
from trayapp.model.secret import Secret

# ---- the thread


async def test_what_a_call_returns_and_raises_comes_back() -> None:
    def fail() -> None:
        raise LookupError("of the keyring")

    thread = KeyringThread()
    assert await thread.call(lambda: 7, 5) == 7
    with pytest.raises(LookupError, match="of the keyring"):
        await thread.call(fail, 5)
    assert await thread.call(threading.current_thread, 5) is not threading.current_thread()


async def test_calls_are_made_one_at_a_time_in_their_order() -> None:
    thread, running, order = KeyringThread(), threading.Semaphore(1), list[int]()

    def work(number: int) -> Callable[[], None]:
        def note() -> None:
            assert running.acquire(blocking=False)
            order.append(number)
            running.release()

        return note

    await asyncio.gather(*(thread.call(work(number), 5) for number in range(20)))
    assert order == list(range(20))


async def test_a_call_that_nobody_waits_for_any_more_is_not_begun() -> None:
    thread, prompt, begun = KeyringThread(), threading.Event(), list[str]()
    with pytest.raises(TimeoutError):
        await thread.call(lambda: prompt.wait(10), 0.05)
    with pytest.raises(TimeoutError):
        await thread.call(lambda: begun.append("given up"), 0.05)
    waiting = asyncio.create_task(thread.call(lambda: begun.append("waited for"), 5))
    await asyncio.sleep(0)
    prompt.set()
    await waiting
    assert begun == ["waited for"]


def test_an_answer_that_comes_when_the_loop_is_gone_disturbs_nobody() -> None:
    thread, prompt, answered = KeyringThread(), threading.Event(), threading.Event()

    def hang() -> None:
        prompt.wait(10)
        answered.set()

    with pytest.raises(TimeoutError):
        asyncio.run(thread.call(hang, 0.05))
    prompt.set()
    assert answered.wait(5)
    assert asyncio.run(thread.call(lambda: "still there", 5)) == "still there"


async def test_the_loop_goes_on_while_the_keyring_is_waited_for() -> None:
    ticks, started = 0, time.monotonic()
    waiting = asyncio.create_task(KeyringThread().call(lambda: threading.Event().wait(0.2), 5))
    while not waiting.done():
        await asyncio.sleep(0.01)
        ticks += 1
    assert ticks >= 5
    assert time.monotonic() - started < 2


# ---- the choice


@pytest.mark.parametrize("platform", ["darwin", "win32", "linux", "freebsd14"])
def test_a_backend_of_another_system_or_without_a_service_is_refused(platform: str) -> None:
    import sys

    if platform == sys.platform != "linux":
        pytest.skip("this is that system")
    with pytest.raises(Refused, match="no keyring service answers on this machine"):
        chosen(platform)


def test_a_backend_that_cannot_be_asked_counts_as_open() -> None:
    assert state(Forgetful()) is State.OPEN


# ---- the order of the writes


class Forgetful(KeyringBackend):
    """A keyring in memory that fails at its `fails_at`-th write, and remembers every state that it was in."""

    priority = 1

    def __init__(self, fails_at: int = 1000) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring gives it no types
        self.kept: dict[tuple[str, str], str] = {}
        self.states: list[tuple[str | None, str | None]] = []
        self.writes_left = fails_at

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._write()
        self.kept[service, username] = password
        self._note()

    def delete_password(self, service: str, username: str) -> None:
        self._write()
        del self.kept[service, username]
        self._note()

    def _write(self) -> None:
        if self.writes_left == 0:
            raise OSError("the keyring broke")
        self.writes_left -= 1

    def _note(self) -> None:
        self.states.append((self.kept.get((SERVICE, "acme")), self.kept.get((HOST_SERVICE, "acme"))))


@pytest.mark.parametrize("fails_at", range(4))
def test_at_no_moment_and_after_no_failure_does_a_key_stand_beside_another_ones_host(fails_at: int) -> None:
    backend = Forgetful()
    assert store(backend, "acme", Secret("old"), "old.test")
    backend.writes_left = fails_at
    with contextlib.suppress(OSError):
        assert store(backend, "acme", Secret("new"), "new.test")
    assert not {("old", "new.test"), ("new", "old.test")} & set(backend.states)


def test_the_same_host_keeps_the_old_key_until_the_new_one_is_written() -> None:
    backend = Forgetful()
    store(backend, "acme", Secret("old"), "acme.test")
    backend.writes_left = 0
    with pytest.raises(OSError, match="broke"):
        store(backend, "acme", Secret("new"), "acme.test")
    assert backend.get_password(SERVICE, "acme") == "old"


def test_a_keyring_that_does_not_give_back_what_it_took_is_noticed() -> None:
    class Null(Forgetful):
        def set_password(self, service: str, username: str, password: str) -> None:
            """Keep nothing."""

    assert not store(Null(), "acme", Secret("new"), "acme.test")
