"""Where the line gets a provider's key: the environment first, then the vault, and only for the host it is for."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from trayapp.model.ports import Vault
from trayapp.model.provider import Api, Provider
from trayapp.model.refused import Refused
from trayapp.model.secret import Credential, Secret

#: A key that was found is asked for again after so many seconds, one that was not sooner: it may be set meanwhile.
_KNOWN_S, _UNKNOWN_S = 900.0, 60.0


class EnvironmentThenVault:
    """Implements `model.ports.Keys`; remembers what it found, so that a ping a minute is no prompt a minute.

    A key of the vault is bound to the host it was entered for. A variable of the environment is not: who sets it
    beside a changed `api.base_url` means that base, as every vendor's own tools have it.
    """

    def __init__(
        self, vault: Vault, environ: Mapping[str, str], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._vault = vault
        self._environ = environ
        self._monotonic = monotonic
        self._known: dict[str, tuple[float, Credential | None]] = {}
        self._complaints: dict[str, str] = {}

    async def credential(self, provider: Provider) -> Credential | None:
        """Return the credential for `provider.api`, None when there is none or it cannot be had now."""
        api = provider.api
        if api is None:
            return None
        given = self._environ.get(api.key_env, "").strip() if api.key_env else ""
        if given:
            return Credential(Secret(given), api.auth, api.hosts)
        known = self._known.get(provider.id)
        if known is not None and self._monotonic() < known[0]:
            return known[1]
        found = await self._from_vault(provider.id, api)
        self._known[provider.id] = (self._monotonic() + (_KNOWN_S if found else _UNKNOWN_S), found)
        return found

    async def _from_vault(self, name: str, api: Api) -> Credential | None:
        self._complaints.pop(name, None)
        try:
            secret = await self._vault.get(name)
            host = await self._vault.host(name) if secret is not None else None
        except Refused as reason:
            self._complaints[name] = str(reason)
            return None
        if secret is None:
            return None
        if host is not None and host not in api.hosts:
            self._complaints[name] = f"the key was entered for {host}; enter it again for {', '.join(api.hosts)}"
            return None
        return Credential(secret, api.auth, (host,) if host else api.hosts)

    def forget(self, name: str) -> None:
        """Ask again at the next ping."""
        self._known.pop(name, None)

    def complaint(self, provider: Provider) -> str | None:
        """Return why no key could be had, None when that is not known."""
        return self._complaints.get(provider.id)
