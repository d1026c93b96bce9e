"""What every Vault keeps, the system's keyring and the fake alike."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator

import pytest

from tests.fakes import FakeVault
from trayapp.adapters.vault import KeyringVault
from trayapp.model.ports import Refused, Vault
from trayapp.model.secret import Secret

KEY, OTHER = Secret("canary-1"), Secret("canary-2")


class VaultContract:
    """Subclass it, give `make` and `make_absent`; a Test class then inherits the promises."""

    def make(self) -> Vault:
        raise NotImplementedError

    def make_absent(self) -> Vault:
        """Return a vault on a machine that has no keyring."""
        raise NotImplementedError

    async def test_what_was_never_put_is_not_there(self) -> None:
        vault = self.make()
        assert await vault.get("nobody") is None
        assert await vault.host("nobody") is None
        assert await vault.delete("nobody") is False

    async def test_a_key_comes_back_with_the_host_it_was_entered_for(self) -> None:
        vault = self.make()
        await vault.put("acme", KEY, "api.acme.test:8443")
        assert await vault.get("acme") == KEY
        assert await vault.host("acme") == "api.acme.test:8443"

    async def test_each_provider_has_its_own_key(self) -> None:
        vault = self.make()
        await vault.put("acme", KEY, "api.acme.test")
        await vault.put("other", OTHER, "api.other.test")
        assert [await vault.get(name) for name in ("acme", "other")] == [KEY, OTHER]
        assert [await vault.host(name) for name in ("acme", "other")] == ["api.acme.test", "api.other.test"]

    async def test_a_key_that_is_put_again_takes_the_place_of_the_first_with_its_host(self) -> None:
        vault = self.make()
        await vault.put("acme", KEY, "api.acme.test")
        await vault.put("acme", OTHER, "gateway.test")
        assert (await vault.get("acme"), await vault.host("acme")) == (OTHER, "gateway.test")

    async def test_a_key_that_was_deleted_is_gone_with_its_host(self) -> None:
        vault = self.make()
        await vault.put("acme", KEY, "api.acme.test")
        assert await vault.delete("acme") is True
        assert (await vault.get("acme"), await vault.host("acme")) == (None, None)
        assert await vault.delete("acme") is False

    async def test_it_tells_in_one_line_where_keys_are_kept(self) -> None:
        vault = self.make()
        await vault.put("acme", KEY, "api.acme.test")
        told = vault.describe()
        assert told
        assert "\n" not in told
        assert "canary" not in told

    async def test_without_a_keyring_everything_is_refused_and_the_reason_is_told(self) -> None:
        vault = self.make_absent()
        for call in (vault.get("a"), vault.host("a"), vault.delete("a"), vault.put("a", KEY, "h")):
            with pytest.raises(Refused, match="no keyring") as refusal:
                await call
            assert "canary" not in str(refusal.value)
        assert "no keyring" in vault.describe()


class TestFakeVault(VaultContract):
    def make(self) -> Vault:
        return FakeVault()

    def make_absent(self) -> Vault:
        return FakeVault("no keyring service answers on this machine")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where a private, unlocked gnome-keyring listens."""
    from tests.desktop_session import DesktopSession

    with DesktopSession(display=False) as session:
        session.start_keyring()
        yield session.env["DBUS_SESSION_BUS_ADDRESS"]


@pytest.mark.skipif(sys.platform != "linux", reason="the private keyring is made of Linux parts")
class TestKeyringVaultOnGnomeKeyring(VaultContract):
    @pytest.fixture(autouse=True)
    def on_its_bus(self, address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """Unlike Qt and others, the Secret Service's client looks the address up at each connection."""
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        self.monkeypatch = monkeypatch
        yield
        asyncio.run(self._clear(address))

    async def _clear(self, address: str) -> None:
        self.monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        for name in ("acme", "other"):
            await KeyringVault().delete(name)

    def make(self) -> Vault:
        return KeyringVault()

    def make_absent(self) -> Vault:
        self.monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/uptray-tests")
        return KeyringVault()
