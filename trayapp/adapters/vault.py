"""The OS keyring through `keyring`: one call at a time, off the loop, each with a deadline.

A prompt or a hung service blocks such a call without limit, and a pool's worker would keep the process from ending;
so the calls run in a daemon thread that may be left behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from trayapp.adapters.vault_backend import chosen, is_locked
from trayapp.model.refused import Refused
from trayapp.model.secret import Secret

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

#: The key itself, under the provider's id; other programs may read it there.
SERVICE = "uptray"
#: The host the key was entered for, under the provider's id.
HOST_SERVICE = "uptray-host"

#: Seconds for a read in the background, and for one that may show a prompt to a person.
_BACKGROUND_S = 5.0
_PERSON_S = 120.0


class KeyringVault:
    """Implements `model.ports.Vault`. With `person` a prompt to unlock may be shown and waited for."""

    def __init__(self, *, person: bool = False, deadline_s: float | None = None) -> None:
        self._person = person
        self._deadline_s = deadline_s or (_PERSON_S if person else _BACKGROUND_S)
        self._turn = asyncio.Lock()
        self._name = "not looked for yet"

    async def get(self, provider: str) -> Secret | None:
        """Return the key, None when there is none. Raises Refused."""
        found = await self._call(lambda backend: backend.get_password(SERVICE, provider))
        return Secret(found) if found else None

    async def put(self, provider: str, secret: Secret, host: str) -> None:
        """Store the key, bound to `host`, and read it back. Raises Refused."""

        def store(backend: KeyringBackend) -> bool:
            backend.set_password(SERVICE, provider, secret.reveal())
            backend.set_password(HOST_SERVICE, provider, host)
            return backend.get_password(SERVICE, provider) == secret.reveal()

        if not await self._call(store):
            raise Refused("the keyring took the key and does not give it back; it is not kept")

    async def delete(self, provider: str) -> bool:
        """Remove the key; False when there was none. Raises Refused."""

        def remove(backend: KeyringBackend) -> bool:
            had = backend.get_password(SERVICE, provider) is not None
            for service in (SERVICE, HOST_SERVICE):
                if backend.get_password(service, provider) is not None:
                    backend.delete_password(service, provider)
            return had

        return await self._call(remove)

    async def host(self, provider: str) -> str | None:
        """Return the host the key was entered for; None when there is no key, or another program put it there."""
        return await self._call(lambda backend: backend.get_password(HOST_SERVICE, provider))

    def describe(self) -> str:
        """Return in one line where keys are kept."""
        return self._name

    async def _call(self, work: Callable[[KeyringBackend], T]) -> T:
        async with self._turn:
            future = _in_daemon_thread(lambda: self._work(work))
            try:
                async with asyncio.timeout(self._deadline_s):
                    return await future
            except TimeoutError:
                raise Refused(f"the keyring gave no answer within {self._deadline_s:.0f} s") from None

    def _work(self, work: Callable[[KeyringBackend], T]) -> T:
        """Run in the thread. The library's errors may hold what was asked for, so only their kind is passed on."""
        backend, self._name = chosen()
        try:
            if not self._person and is_locked(backend):
                raise Refused("the keyring is locked")
            return work(backend)
        except Refused:
            raise
        except Exception as error:
            kind = type(error).__name__
            raise Refused("the keyring is locked" if "Locked" in kind else f"the keyring failed ({kind})") from None


def _in_daemon_thread(work: Callable[[], T]) -> asyncio.Future[T]:
    """Return the future of `work`, which runs in a thread that does not keep the process alive."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]  # without an error there is a result

    def run() -> None:
        outcome: tuple[Any, BaseException | None]
        try:
            outcome = (work(), None)
        except Exception as error:
            outcome = (None, error)
        # The loop may be closed by the time a hung keyring answers.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, *outcome)

    threading.Thread(target=run, name="keyring", daemon=True).start()
    return future
