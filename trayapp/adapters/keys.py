"""Where the line gets a provider's key: the environment first, then the vault, and only for the host it is for."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from trayapp.model.ports import Vault
from trayapp.model.provider import Api, Provider
from trayapp.model.refused import Refused
from trayapp.model.secret import Credential, Secret

#: A key that was found is asked for again after so many seconds, one that was not sooner: it may be set meanwhile.
_KNOWN_S, _UNKNOWN_S = 900.0, 60.0


@dataclass(frozen=True, slots=True)
class _Found:
    """What the vault said last: the key and the host it was entered for, or why it said nothing."""

    ask_again_at: float
    secret: Secret | None = None
    host: str | None = None
    reason: str | None = None


class EnvironmentThenVault:
    """Implements `model.ports.Keys`; remembers what it found, so that a ping a minute is no prompt a minute.

    A key of the vault goes only to the host it was entered for. A variable of the environment is not bound: who sets
    it beside a changed `api.base_url` means that base, as every vendor's own tools have it.
    """

    def __init__(
        self, vault: Vault, environ: Mapping[str, str], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._vault = vault
        self._environ = environ
        self._monotonic = monotonic
        self._found: dict[str, _Found] = {}

    async def credential(self, provider: Provider) -> Credential | None:
        """Return the credential for `provider.api`, None when there is none or it cannot be had now."""
        api = provider.api
        if api is None:
            return None
        given = self._given(api)
        if given:
            return Credential(Secret(given), api.auth, api.hosts)
        found = self._found.get(provider.id)
        if found is None or self._monotonic() >= found.ask_again_at:
            found = self._found[provider.id] = await self._ask(provider.id, found)
        if found.secret is None or _is_foreign(found, api):
            return None
        return Credential(found.secret, api.auth, (found.host,) if found.host else api.hosts)

    def forget(self, name: str) -> None:
        """Ask again at the next ping."""
        self._found.pop(name, None)

    def complaint(self, provider: Provider) -> str | None:
        """Return why no key could be had, None when one was, or when there simply is none."""
        found, api = self._found.get(provider.id), provider.api
        if found is None or api is None or self._given(api):
            return None
        if found.secret is not None and _is_foreign(found, api):
            return f"the key was entered for {found.host}; enter it again for {', '.join(api.hosts)}"
        return found.reason if found.secret is None else None

    def _given(self, api: Api) -> str:
        return self._environ.get(api.key_env, "").strip() if api.key_env else ""

    async def _ask(self, name: str, before: _Found | None) -> _Found:
        """Ask the vault. A keyring that was locked meanwhile takes no key away that is at hand."""
        try:
            secret = await self._vault.get(name)
            host = await self._vault.host(name) if secret is not None else None
        except Refused as reason:
            again_at = self._monotonic() + _UNKNOWN_S
            if before is not None and before.secret is not None:
                return _Found(again_at, before.secret, before.host)
            return _Found(again_at, reason=str(reason))
        return _Found(self._monotonic() + (_KNOWN_S if secret else _UNKNOWN_S), secret, host)


def _is_foreign(found: _Found, api: Api) -> bool:
    return found.host is not None and found.host not in api.hosts
