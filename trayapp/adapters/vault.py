"""The OS keyring through `keyring`: off the loop, one call at a time, each with a deadline."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from trayapp.adapters.vault_backend import State, chosen, state
from trayapp.adapters.vault_thread import KeyringThread
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

#: The library's errors, by what their name contains. Their text may hold what was asked for and is not passed on.
_REASONS = {
    "Locked": "the keyring is locked",
    "Dismissed": "the keyring is locked",
    "NotAvailable": "no keyring service answers on this machine",
    "NoKeyring": "no keyring service answers on this machine",
}


class KeyringVault:
    """Implements `model.ports.Vault`. With `person` a prompt to unlock may be shown and waited for."""

    def __init__(self, *, person: bool = False, deadline_s: float | None = None) -> None:
        self._person = person
        self._deadline_s = deadline_s or (_PERSON_S if person else _BACKGROUND_S)
        self._thread = KeyringThread()
        self._where = "not looked for yet"

    async def get(self, provider: str) -> Secret | None:
        """Return the key, None when there is none. Raises Refused."""

        def read(backend: KeyringBackend) -> Secret | None:
            found = backend.get_password(SERVICE, provider)
            return Secret(found) if found else None

        return await self._call(read, None)

    async def put(self, provider: str, secret: Secret, host: str) -> None:
        """Store the key, bound to `host`, and read both back. Raises Refused."""
        if not await self._run(lambda backend: store(backend, provider, secret, host)):
            raise Refused("the keyring took the key and does not give it back; it is not kept")

    async def delete(self, provider: str) -> bool:
        """Remove the key; False when there was none. Raises Refused."""

        def remove(backend: KeyringBackend) -> bool:
            had = _remove(backend, SERVICE, provider)
            _remove(backend, HOST_SERVICE, provider)
            return had

        return await self._call(remove, False)

    async def host(self, provider: str) -> str | None:
        """Return the host the key was entered for; None when there is no key, or another program put it there."""
        return await self._call(lambda backend: backend.get_password(HOST_SERVICE, provider), None)

    def describe(self) -> str:
        """Return in one line where keys are kept, or why they cannot be, as the last call found it."""
        return self._where

    async def _call(self, work: Callable[[KeyringBackend], T], nothing: T) -> T:
        """Return what `work` finds, `nothing` where no key was ever kept. Raises Refused."""

        def careful(backend: KeyringBackend) -> T:
            return nothing if state(backend) is State.EMPTY else work(backend)

        return await self._run(careful)

    async def _run(self, work: Callable[[KeyringBackend], T]) -> T:
        try:
            return await self._thread.call(lambda: self._work(work), self._deadline_s)
        except TimeoutError:
            raise Refused(f"the keyring gave no answer within {self._deadline_s:.0f} s") from None

    def _work(self, work: Callable[[KeyringBackend], T]) -> T:
        """Run in the thread."""
        try:
            backend, self._where = chosen()
        except Refused as reason:
            self._where = str(reason)
            raise
        try:
            if not self._person and state(backend) is State.LOCKED:
                raise Refused("the keyring is locked")
            return work(backend)
        except Refused:
            raise
        except Exception as error:
            kind = type(error).__name__
            known = (why for part, why in _REASONS.items() if part in kind)
            raise Refused(next(known, f"the keyring failed ({kind})")) from None


def store(backend: KeyringBackend, provider: str, secret: Secret, host: str) -> bool:
    """Write key and host, and return whether both come back. At no moment does a key stand beside another's host."""
    if backend.get_password(HOST_SERVICE, provider) != host:
        _remove(backend, SERVICE, provider)
        backend.set_password(HOST_SERVICE, provider, host)
    backend.set_password(SERVICE, provider, secret.reveal())
    kept = (backend.get_password(SERVICE, provider), backend.get_password(HOST_SERVICE, provider))
    return kept == (secret.reveal(), host)


def _remove(backend: KeyringBackend, service: str, provider: str) -> bool:
    if backend.get_password(service, provider) is None:
        return False
    backend.delete_password(service, provider)
    return True
