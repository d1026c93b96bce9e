"""The keyring in every state in which a desktop may have it: locked, empty, absent, late, hung, chosen unwisely."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

if sys.platform != "linux":
    pytest.skip("the private keyring is made of Linux parts", allow_module_level=True)

from tests.desktop_session import SECRETS, DesktopSession, requires

ROOT = Path(__file__).parents[2]
CHILD = Path(__file__).with_name("vault_child.py")
#: Who shows gnome-keyring's prompts.
PROMPTER = "org.gnome.keyring.SystemPrompter"
_PATH = "/org/freedesktop/secrets"
_DEFAULT = f"{_PATH}/aliases/default"
_PUT = ("put", "acme", "canary-key", "api.acme.test")
_ABSENT = "refused: no keyring service answers on this machine"


class Desk:
    """A session without a screen, and a program in it that uses the vault."""

    def __init__(self, session: DesktopSession) -> None:
        self.session = session

    def vault(
        self,
        *calls: tuple[str, ...],
        person: bool = False,
        deadline_s: float = 5.0,
        together: bool = False,
        env: dict[str, str] | None = None,
    ) -> list[Any]:
        """Return what each call gave."""
        told = {"calls": calls, "person": person, "deadline_s": deadline_s, "together": together}
        command = (sys.executable, "-W", "error", CHILD, json.dumps(told))
        done = self.session.run(*command, env={"PYTHONPATH": str(ROOT), **(env or {})})
        assert done.returncode == 0, done.stderr
        assert "canary" not in done.stderr
        answers: list[Any] = json.loads(done.stdout)
        return answers

    def service(self, member: str, signature: str, *body: Any) -> list[Any]:
        return self.session.bus.call(SECRETS, _PATH, "org.freedesktop.Secret.Service", member, signature, *body)

    def lock(self) -> None:
        self.service("Lock", "ao", [_DEFAULT])


@pytest.fixture
def desk() -> Iterator[Desk]:
    with DesktopSession(display=False) as session:
        yield Desk(session)


@pytest.fixture
def unlocked(desk: Desk) -> Desk:
    desk.session.start_keyring()
    return desk


def test_the_key_is_where_other_programs_look_for_it(unlocked: Desk) -> None:
    assert unlocked.vault(_PUT, ("describe",)) == [None, "the Secret Service keyring"]
    command = "import keyring; print(keyring.get_password('uptray', 'acme'))"
    assert unlocked.session.run(sys.executable, "-c", command).stdout == "canary-key\n"


def test_a_key_of_another_program_is_found_and_has_no_host(unlocked: Desk) -> None:
    command = "import keyring; keyring.set_password('uptray', 'acme', 'canary-key')"
    unlocked.session.run(sys.executable, "-c", command)
    assert unlocked.vault(("get", "acme"), ("host", "acme"), ("delete", "acme"), ("get", "acme")) == [
        "canary-key",
        None,
        True,
        None,
    ]


def test_a_locked_keyring_is_not_asked_to_unlock_in_the_background(unlocked: Desk) -> None:
    unlocked.vault(_PUT)
    unlocked.lock()
    # A prompt that came up would stay, and each of the calls wait for it.
    unlocked.session.start_hung(PROMPTER)
    calls = (("get", "acme"), ("host", "acme"), ("delete", "acme"), _PUT)
    assert unlocked.vault(*calls) == ["refused: the keyring is locked"] * 4


def test_a_prompt_that_a_person_leaves_open_ends_with_the_deadline(unlocked: Desk) -> None:
    unlocked.vault(_PUT)
    unlocked.lock()
    unlocked.session.start_hung(PROMPTER)
    answers = unlocked.vault(("get", "acme"), person=True, deadline_s=1.0)
    assert answers == ["refused: the keyring gave no answer within 1 s"]


def test_a_prompt_that_cannot_be_shown_or_is_dismissed_leaves_the_keyring_locked(unlocked: Desk) -> None:
    unlocked.vault(_PUT)
    unlocked.lock()
    assert unlocked.vault(("get", "acme"), person=True) == ["refused: the keyring is locked"]


def test_in_a_keyring_without_a_collection_nothing_is_found_and_none_is_made(desk: Desk) -> None:
    requires("gnome-keyring-daemon")
    desk.session.spawn("gnome-keyring-daemon", "--foreground", "--components=secrets")
    desk.session.wait_name(SECRETS)
    calls = (("get", "acme"), ("host", "acme"), ("delete", "acme"))
    for person in (False, True):
        assert desk.vault(*calls, person=person) == [None, None, False]
    assert desk.service("ReadAlias", "s", "default") == ["/"]


def test_without_a_secret_service_it_is_refused_at_once(desk: Desk) -> None:
    assert desk.vault(("get", "acme"), _PUT, ("describe",)) == [_ABSENT, _ABSENT, _ABSENT.removeprefix("refused: ")]


def test_without_a_session_bus_it_is_refused_at_once(desk: Desk) -> None:
    for address in ("", "unix:path=/nonexistent", "nonsense"):
        assert desk.vault(("get", "acme"), env={"DBUS_SESSION_BUS_ADDRESS": address}) == [_ABSENT]


def test_a_service_that_comes_up_later_is_found(desk: Desk) -> None:
    command = [sys.executable, "-c", _LATE]
    environment = {**desk.session.env, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        assert program.stdout.readline() == "no keyring service answers on this machine\n"
        desk.session.start_keyring()
        program.stdin.write("\n")
        program.stdin.flush()
        assert program.stdout.readline() == "None\n"


_LATE = """
import asyncio
from trayapp.adapters.vault import KeyringVault
from trayapp.model.ports import Refused

async def main():
    vault = KeyringVault()
    try:
        await vault.get("acme")
    except Refused as reason:
        print(reason, flush=True)
    await asyncio.to_thread(input)
    print(await vault.get("acme"), flush=True)

asyncio.run(main())
"""


def test_a_hung_service_costs_the_deadline_and_does_not_keep_the_process(desk: Desk) -> None:
    desk.session.start_hung(SECRETS)
    started = time.monotonic()
    answers = desk.vault(("get", "acme"), _PUT, deadline_s=1.0)
    assert answers == ["refused: the keyring gave no answer within 1 s"] * 2
    assert time.monotonic() - started < 6


def test_calls_that_wait_for_a_hung_service_wait_together(desk: Desk) -> None:
    desk.session.start_hung(SECRETS)
    started = time.monotonic()
    answers = desk.vault(*[("get", str(number)) for number in range(8)], deadline_s=1.0, together=True)
    assert answers == ["refused: the keyring gave no answer within 1 s"] * 8
    assert time.monotonic() - started < 6


@pytest.mark.parametrize(
    ("backend", "why"),
    [
        ("keyrings.alt.file.PlaintextKeyring", "it keeps keys in a file, mostly in clear text"),
        ("keyring.backends.null.Keyring", "it keeps nothing"),
        ("keyring.backends.fail.Keyring", "it keeps nothing"),
        ("somebody.elses.Keyring", "it is not the system's own"),
    ],
)
@pytest.mark.parametrize("by", ["environment", "file"])
def test_a_backend_in_clear_text_or_nowhere_is_refused_with_the_reason(
    unlocked: Desk, backend: str, why: str, by: str
) -> None:
    answers = unlocked.vault(_PUT, ("get", "acme"), ("describe",), env=_choose(unlocked, backend, by))
    reason = f"the keyring '{backend}' is refused: {why}"
    assert answers == [f"refused: {reason}", f"refused: {reason}", reason]
    assert not list(unlocked.session.folder.rglob("*keyring_pass*"))


@pytest.mark.parametrize("by", ["environment", "file"])
@pytest.mark.parametrize(
    "backend", ["keyring.backends.SecretService.Keyring", "keyring.backends.chainer.ChainerBackend", ""]
)
def test_a_backend_that_is_the_systems_own_may_be_chosen(unlocked: Desk, backend: str, by: str) -> None:
    assert unlocked.vault(_PUT, ("get", "acme"), env=_choose(unlocked, backend, by)) == [None, "canary-key"]


def _choose(desk: Desk, backend: str, by: str) -> dict[str, str]:
    if by == "environment":
        return {"PYTHON_KEYRING_BACKEND": backend}
    config = Path(desk.session.env["XDG_CONFIG_HOME"], "python_keyring", "keyringrc.cfg")
    config.parent.mkdir()
    config.write_text(f"[backend]\ndefault-keyring={backend}\nkeyring-path=/nonexistent\n")
    return {}


@pytest.mark.parametrize("content", [b"\xff\xfe", b"no section", b"[backend]\n"])
def test_a_choice_that_cannot_be_read_is_none(unlocked: Desk, content: bytes) -> None:
    _choose(unlocked, "", "file")
    Path(unlocked.session.env["XDG_CONFIG_HOME"], "python_keyring", "keyringrc.cfg").write_bytes(content)
    assert unlocked.vault(_PUT, ("get", "acme")) == [None, "canary-key"]


def test_importing_the_vault_imports_no_keyring_library() -> None:
    command = "import sys, trayapp.adapters.vault; print({'keyring', 'secretstorage'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", command], cwd=ROOT, env=os.environ, capture_output=True, text=True)
    assert done.stdout == "set()\n"
