"""Keys for the commands: into the keyring, out of it, and tried once."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from trayapp.adapters.http import HttpFetcher
from trayapp.adapters.keys import EnvironmentThenVault
from trayapp.adapters.paths import private_folder
from trayapp.adapters.vault import KeyringVault
from trayapp.judge import ping
from trayapp.judge.classify import classify
from trayapp.model.ports import Refused
from trayapp.model.provider import Api, ProbeKind, Provider
from trayapp.model.reading import Symptom
from trayapp.model.secret import Secret

if TYPE_CHECKING:
    from trayapp.main.house import House


def put(house: House, name: str, secret: Secret) -> str:
    """Store the key, bound to the host it is for; return in one line where it went."""
    api = _api(house, name)[1]
    host = urlsplit(api.base_url).netloc
    vault = KeyringVault(person=True)
    asyncio.run(vault.put(name, secret, host))
    _tell(house)
    return f"kept in {vault.describe()}; it is sent to {host} and nowhere else"


def get(house: House, name: str) -> Secret | None:
    """Return the key: the environment's when it is set there, else the keyring's."""
    api = _api(house, name)[1]
    given = os.environ.get(api.key_env) if api.key_env else None
    return Secret(given) if given else asyncio.run(KeyringVault(person=True).get(name))


def delete(house: House, name: str) -> bool:
    """Remove the key from the keyring; False when there was none."""
    _api(house, name)
    had = asyncio.run(KeyringVault(person=True).delete(name))
    _tell(house)
    return had


def _tell(house: House) -> None:
    """Have a running app notice at its next ping that the keys are others."""
    private_folder(house.places.data)
    house.places.keys.touch(mode=0o600)


def test(house: House, name: str) -> tuple[bool, str]:
    """Make the provider's free keyed ping once; return whether the key was accepted, and one line about it."""
    return asyncio.run(_test(_api(house, name)[0]))


async def _test(provider: Provider) -> tuple[bool, str]:
    probe = provider.probe(ProbeKind.FREE)
    if probe is None:
        raise Refused(f"{provider.name} has no request that tries a key for free")
    keys = EnvironmentThenVault(KeyringVault(person=True), os.environ)
    request = ping.request(provider, probe, await keys.credential(provider))
    if request is None:
        reason = keys.complaint(provider) or f"there is no key for {provider.name}: uptray key set {provider.id}"
        raise Refused(reason)
    fetcher = HttpFetcher()
    try:
        symptom, detail = classify(provider, probe, await fetcher.fetch(request))
    finally:
        await fetcher.close()
    if symptom in (Symptom.OK, Symptom.SLOW):
        return True, f"{provider.name} accepts the key ({detail})"
    return False, f"{provider.name}: {symptom.value.replace('_', ' ')} ({detail})"


def _api(house: House, name: str) -> tuple[Provider, Api]:
    provider = house.store.catalogue().get(name)
    if provider is None:
        raise Refused(f"{name}: no such provider; known are {', '.join(house.store.names())}")
    if provider.api is None:
        raise Refused(f"{provider.name} takes no key")
    return provider, provider.api
