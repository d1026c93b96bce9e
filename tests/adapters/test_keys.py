"""Where the line gets a provider's key, and where that key may not go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import FakeVault
from trayapp.adapters.keys import EnvironmentThenVault
from trayapp.model.provider import Api, Provider
from trayapp.model.secret import Credential, Secret

API = Api("https://api.acme.test", ("api.acme.test", "eu.acme.test"), "x-api-key", key_env="ACME_API_KEY")
ACME = Provider("acme", "Acme", api=API)
KEY = Secret("canary-of-the-keyring")


class CountingVault(FakeVault):
    """A keyring that counts how often it was asked for a key, and may hold one that another program put there."""

    asked = 0

    async def get(self, provider: str) -> Secret | None:
        self.asked += 1
        return await super().get(provider)

    async def host(self, provider: str) -> str | None:
        return await super().host(provider) or None


class Morning:
    """Keys on a clock that moves when told."""

    def __init__(self, environ: Mapping[str, str] | None = None, refusal: str | None = None) -> None:
        self.vault = CountingVault(refusal)
        self.now = 0.0
        self.keys = EnvironmentThenVault(self.vault, environ or {}, lambda: self.now)

    async def entered(self, host: str = "api.acme.test", secret: Secret = KEY) -> Morning:
        await self.vault.put("acme", secret, host)
        return self


async def test_the_environment_wins_and_is_bound_to_the_providers_hosts() -> None:
    morning = await Morning({"ACME_API_KEY": " from-the-environment\n"}).entered()
    expected = Credential(Secret("from-the-environment"), "x-api-key", API.hosts)
    assert await morning.keys.credential(ACME) == expected
    assert morning.vault.asked == 0


async def test_an_empty_variable_is_none() -> None:
    morning = await Morning({"ACME_API_KEY": " "}).entered()
    assert await morning.keys.credential(ACME) == Credential(KEY, "x-api-key", ("api.acme.test",))


async def test_a_key_of_the_keyring_goes_only_to_the_host_it_was_entered_for() -> None:
    morning = await Morning().entered("eu.acme.test")
    credential = await morning.keys.credential(ACME)
    assert credential is not None
    assert credential.hosts == ("eu.acme.test",)


async def test_a_custom_base_does_not_get_a_key_that_was_entered_for_another_host() -> None:
    morning = await Morning().entered()
    elsewhere = replace(ACME, api=replace(API, base_url="https://gateway.test", hosts=("gateway.test",)))
    assert await morning.keys.credential(elsewhere) is None
    complaint = morning.keys.complaint(elsewhere)
    assert complaint == "the key was entered for api.acme.test; enter it again for gateway.test"
    assert await morning.keys.credential(ACME) is not None
    assert morning.keys.complaint(ACME) is None


async def test_a_base_that_changes_while_the_key_is_remembered_does_not_get_it_either() -> None:
    morning = await Morning().entered()
    assert await morning.keys.credential(ACME) is not None
    elsewhere = replace(ACME, api=replace(API, base_url="https://gateway.test", hosts=("gateway.test",)))
    assert await morning.keys.credential(elsewhere) is None
    assert morning.vault.asked == 1


async def test_a_key_that_another_program_put_there_is_for_the_declared_hosts() -> None:
    morning = await Morning().entered("")
    credential = await morning.keys.credential(ACME)
    assert credential is not None
    assert credential.hosts == API.hosts


async def test_the_keyring_is_not_asked_at_every_ping() -> None:
    morning = await Morning().entered()
    for minute in range(31):
        morning.now = minute * 60
        assert await morning.keys.credential(ACME) is not None
    assert morning.vault.asked == 3


async def test_a_key_that_is_set_meanwhile_is_found_within_a_minute() -> None:
    morning = Morning()
    assert await morning.keys.credential(ACME) is None
    assert morning.keys.complaint(ACME) is None
    await morning.entered()
    assert await morning.keys.credential(ACME) is None
    morning.now = 60
    assert await morning.keys.credential(ACME) is not None


async def test_a_locked_keyring_is_complained_of_and_left_alone_for_a_minute() -> None:
    morning = Morning(refusal="the keyring is locked")
    for now in (0, 30, 59):
        morning.now = now
        assert await morning.keys.credential(ACME) is None
        assert morning.keys.complaint(ACME) == "the keyring is locked"
    assert morning.vault.asked == 1
    morning.vault.refusal = None
    await morning.entered()
    morning.now = 60
    assert await morning.keys.credential(ACME) is not None
    assert morning.keys.complaint(ACME) is None


async def test_a_keyring_that_is_locked_later_takes_no_key_away_that_is_at_hand() -> None:
    morning = await Morning().entered()
    await morning.keys.credential(ACME)
    morning.vault.refusal = "the keyring is locked"
    for morning.now in (900, 960, 2000):
        assert await morning.keys.credential(ACME) is not None
        assert morning.keys.complaint(ACME) is None
    morning.vault.refusal = None
    await morning.vault.delete("acme")
    morning.now = 3000
    assert await morning.keys.credential(ACME) is None


async def test_what_is_forgotten_is_asked_for_again_at_once() -> None:
    morning = await Morning().entered()
    await morning.keys.credential(ACME)
    await morning.entered(secret=Secret("another"))
    morning.keys.forget("acme")
    morning.keys.forget("never known")
    credential = await morning.keys.credential(ACME)
    assert credential is not None
    assert credential.secret == Secret("another")


async def test_a_provider_without_an_api_or_a_variable_is_no_fault() -> None:
    morning = Morning({"": "nothing"})
    assert await morning.keys.credential(replace(ACME, api=None)) is None
    assert await morning.keys.credential(replace(ACME, api=replace(API, key_env=None))) is None
    assert morning.keys.complaint(replace(ACME, api=None)) is None


@given(st.text(min_size=8), st.sampled_from(["api.acme.test", "elsewhere.test", ""]))
def test_no_key_is_in_what_is_said_about_it(text: str, host: str) -> None:
    import asyncio

    async def say() -> str:
        morning = await Morning().entered(host, Secret("\0canary" + text))
        credential = await morning.keys.credential(ACME)
        return f"{credential!r} {morning.keys.complaint(ACME)} {vars(morning.keys)!r}"

    assert "canary" not in asyncio.run(say())
