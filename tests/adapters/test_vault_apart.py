"""The keyring asked by a process of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from trayapp.adapters.vault import KeyringVault
from trayapp.adapters.vault_apart import VaultApart
from trayapp.model.refused import Refused
from trayapp.model.secret import Secret

CHILD = """
import json, sys
from pathlib import Path
calls = Path({calls!r}); calls.write_text(calls.read_text() + "x")
print(json.dumps({answer!r}))
"""


class Now:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Asked:
    """A vault whose process answers as it is told, and counts how often it is started."""

    def __init__(self, folder: Path, answer: object) -> None:
        self.calls = folder / "calls"
        self.calls.write_text("")
        self.stamp = folder / "changed"
        self.now = Now()
        program = CHILD.format(calls=str(self.calls), answer=answer)
        self.vault = VaultApart(("acme", "other"), self.stamp, (sys.executable, "-c", program), self.now)

    @property
    def count(self) -> int:
        return len(self.calls.read_text())


async def test_every_key_is_read_by_one_process(tmp_path: Path) -> None:
    asked = Asked(tmp_path, {"keys": {"acme": ["sk-canary", "api.acme.test"]}, "name": "the test keyring"})
    assert await asked.vault.get("acme") == Secret("sk-canary")
    assert await asked.vault.host("acme") == "api.acme.test"
    assert await asked.vault.get("other") is None
    assert await asked.vault.host("other") is None
    assert asked.vault.describe() == "the test keyring"
    assert asked.count == 1


async def test_it_is_asked_again_after_a_quarter_of_an_hour_or_when_a_key_was_stored(tmp_path: Path) -> None:
    asked = Asked(tmp_path, {"keys": {}})
    await asked.vault.get("acme")
    asked.now.seconds = 899
    await asked.vault.get("acme")
    assert asked.count == 1
    asked.now.seconds = 901
    await asked.vault.get("acme")
    assert asked.count == 2
    asked.stamp.touch()
    await asked.vault.get("acme")
    assert asked.count == 3


@pytest.mark.parametrize("answer", [{"refused": "the keyring is locked"}])
async def test_a_refusal_is_passed_on_and_remembered_for_minutes(tmp_path: Path, answer: object) -> None:
    asked = Asked(tmp_path, answer)
    for _ in range(2):
        with pytest.raises(Refused, match="locked"):
            await asked.vault.get("acme")
    assert asked.count == 1
    asked.now.seconds = 301
    with pytest.raises(Refused, match="locked"):
        await asked.vault.get("acme")
    assert asked.count == 2


@pytest.mark.parametrize(
    "command",
    [
        ("/nonexistent/program",),
        (sys.executable, "-c", "print('no json')"),
        (sys.executable, "-c", "print('[]')"),
        (sys.executable, "-c", "raise SystemExit(1)"),
    ],
)
async def test_a_process_that_fails_is_a_reason(tmp_path: Path, command: tuple[str, ...]) -> None:
    vault = VaultApart(("acme",), tmp_path / "changed", command)
    with pytest.raises(Refused, match="could not be asked"):
        await vault.get("acme")


@pytest.mark.skipif(sys.platform == "win32", reason="there os.kill cannot ask whether a process is alive")
async def test_a_process_that_hangs_is_ended_at_the_deadline(tmp_path: Path) -> None:
    program = (
        "import os, sys; open(sys.argv[1], 'w').write(str(os.getpid())); sys.stdin.close(); os.read(os.pipe()[0], 1)"
    )
    note = tmp_path / "process"
    vault = VaultApart(("acme",), tmp_path / "changed", (sys.executable, "-c", program, str(note)), deadline_s=1.0)
    with pytest.raises(Refused, match="the keyring gave no answer within 1 s"):
        await vault.get("acme")
    with pytest.raises(ProcessLookupError):
        os.kill(int(await asyncio.to_thread(note.read_text)), 0)


async def test_the_process_reads_the_systems_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "linux":
        pytest.skip("the private keyring is made of Linux parts")
    from tests.desktop_session import DesktopSession

    with DesktopSession(display=False) as session:
        session.start_keyring()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", session.env["DBUS_SESSION_BUS_ADDRESS"])
        await KeyringVault().put("acme", Secret("sk-canary"), "api.acme.test")
        vault = VaultApart(("acme", "other"), tmp_path / "changed")
        assert (await vault.get("acme"), await vault.host("acme")) == (Secret("sk-canary"), "api.acme.test")
        assert (await vault.get("other"), await vault.host("other")) == (None, None)
        assert vault.describe() == "the Secret Service keyring"
        assert "canary" not in f"{vault!r} {vars(vault)!r}"


async def test_storing_is_the_terminals(tmp_path: Path) -> None:
    vault = VaultApart((), tmp_path / "changed")
    with pytest.raises(Refused, match="terminal"):
        await vault.put("acme", Secret("k"), "h")
    with pytest.raises(Refused, match="terminal"):
        await vault.delete("acme")


async def test_the_real_process_says_when_no_keyring_answers(tmp_path: Path) -> None:
    assert "unix:path=/nonexistent" in os.environ["DBUS_SESSION_BUS_ADDRESS"]
    if sys.platform != "linux":
        pytest.skip("elsewhere the system's own keyring answers")
    with pytest.raises(Refused, match="no keyring service answers"):
        await VaultApart(("acme",), tmp_path / "changed").get("acme")
