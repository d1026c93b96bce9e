"""Switching by the real command: exact diffs, the same bytes back, a trial that decides, and sessions of their own."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.command_line import CommandLine
from tests.page_server import PageServer, Reply, page_server
from tests.until import until

ODD = '{\r\n  "permissions" : {"allow":["Bash"]},\r\n\t"env": { "FOO":"1",   "ANTHROPIC_API_KEY" : "sk-ant-canary" },\r\n  "hooks": {}\r\n}'
KEY = "sk-canary-0123456789"


@pytest.fixture
def server() -> Iterator[PageServer]:
    with page_server() as served:
        yield served


@pytest.fixture
def shell(tmp_path: Path, server: PageServer) -> CommandLine:
    (tmp_path / ".claude").mkdir()
    (tmp_path / "bin").mkdir()
    (tmp_path / "up" / "providers").mkdir(parents=True)
    home, up = tmp_path, tmp_path / "up"
    settings(home).write_text(ODD, encoding="utf-8", newline="")
    (up / "providers" / "acme.toml").write_text(
        f"""
name = "Acme"
allow_private = true
[api]
base_url = "{server.url}"
key_env = "ACME_API_KEY"
[[route]]
protocol = "anthropic"
base_url = "{server.url}/anthropic"
auth = "x-api-key"
models = {{ opus = "big", sonnet = "mid", haiku = "tiny" }}
""",
        encoding="utf-8",
    )
    environ = {
        "HOME": str(home),
        "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "ACME_API_KEY": KEY,
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "PYTHONPATH": str(Path(__file__).parent.parent.parent),
    }
    return CommandLine(up, environ)


def settings(home: Path) -> Path:
    return home / ".claude" / "settings.json"


def home(shell: CommandLine) -> Path:
    return shell.home.parent


ANSWER = Reply(b'{"type": "message", "content": []}', headers={"content-type": "application/json"})
FULL = Reply(b'{"type": "error", "error": {"type": "overloaded_error"}}', 529, {"content-type": "application/json"})


def test_a_dry_run_shows_the_exact_change_of_an_oddly_written_file_and_makes_none(shell: CommandLine) -> None:
    said = shell.run("switch", "claude-code", "deepseek", "--dry-run")
    assert said.code == 0
    assert '+  "apiKeyHelper": "' in said.out
    assert "https://api.deepseek.com/anthropic" in said.out
    assert "sk-ant-canary" not in said.out
    changed = [line for line in said.out.splitlines() if line.startswith(("+", "-")) and line[:3] not in ("+++", "---")]
    assert not any('"permissions"' in line for line in changed)
    assert settings(home(shell)).read_bytes() == ODD.encode()


def test_a_switch_is_tried_first_and_back_come_the_same_bytes(shell: CommandLine, server: PageServer) -> None:
    server.replies["/anthropic/v1/messages"] = ANSWER
    done = shell.run("switch", "claude-code", "acme", "--json")
    assert (done.code, done.document["done"], done.document["tried"]["outcome"]) == (0, True, "ok")
    assert (done.document["from"], done.document["to"]) == ("anthropic", "acme")
    assert [path for _, path, _ in server.heard] == ["/anthropic/v1/messages"]
    said = json.loads(settings(home(shell)).read_text(encoding="utf-8"))
    assert said["env"]["ANTHROPIC_BASE_URL"] == f"{server.url}/anthropic"
    assert said["hooks"] == {}
    assert KEY not in settings(home(shell)).read_text(encoding="utf-8")
    [row] = shell.run("agents", "--json").document["agents"]
    assert (row["id"], row["provider"], row["switched"]["to"]) == ("claude-code", "acme", "acme")
    assert shell.run("restore", "claude-code").code == 0
    assert settings(home(shell)).read_bytes() == ODD.encode()


def test_a_target_that_fails_is_refused_and_nothing_is_changed_unless_forced(
    shell: CommandLine, server: PageServer
) -> None:
    server.replies["/anthropic/v1/messages"] = FULL
    said = shell.run("switch", "claude-code", "acme")
    assert (said.code, said.out) == (1, "")
    assert "did not answer" in said.err
    assert "overloaded_error" in said.err
    assert settings(home(shell)).read_bytes() == ODD.encode()
    assert shell.run("switch", "claude-code", "acme", "--force").code == 0
    assert shell.run("restore", "--all").code == 0
    assert settings(home(shell)).read_bytes() == ODD.encode()


def test_the_key_of_the_agent_is_printed_by_the_command_that_was_written(shell: CommandLine) -> None:
    shell.run("switch", "claude-code", "acme", "--force")
    command = json.loads(settings(home(shell)).read_text(encoding="utf-8"))["apiKeyHelper"]
    environ = {**os.environ, **shell.environ, "UPTRAY_HOME": str(shell.home)}
    said = subprocess.run(["/bin/sh", "-c", command], env=environ, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == KEY


def test_settings_of_ours_that_cannot_be_read_keep_nobody_from_restoring(shell: CommandLine) -> None:
    shell.run("switch", "claude-code", "acme", "--force")
    shell.configure("[monitor\n")
    assert shell.run("restore", "--all").code == 0
    assert settings(home(shell)).read_bytes() == ODD.encode()


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (("switch", "claude-code", "nobody"), 64, "is no provider"),
        (("switch", "clod", "acme"), 1, "is no agent"),
        (("switch", "claude-code", "groq"), 1, "does not speak"),
        (("restore", "claude-code"), 1, "nothing to put back"),
        (("restore",), 64, "required"),
        (("default", "clod"), 64, "is no agent"),
    ],
)
def test_what_cannot_be_is_one_line(arguments: tuple[str, ...], code: int, reason: str, shell: CommandLine) -> None:
    said = shell.run(*arguments)
    assert (said.code, said.out) == (code, "")
    assert reason in said.err
    assert len(said.err.strip().splitlines()) == 1


def program(shell: CommandLine, name: str, text: str) -> None:
    file = home(shell) / "bin" / name
    file.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


def test_a_session_elsewhere_touches_no_file_and_its_exit_code_passes_through(shell: CommandLine) -> None:
    program(shell, "claude", 'echo "$ANTHROPIC_BASE_URL|$*"; exit 7')
    said = shell.run("run", "claude-code", "--via", "acme", "--", "-p", "hi")
    assert said.code == 7
    assert said.out.strip().endswith("-p hi")
    assert "/anthropic" in said.out
    assert settings(home(shell)).read_bytes() == ODD.encode()


def test_the_agent_takes_the_place_of_the_command_so_that_signals_reach_it(shell: CommandLine, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    program(shell, "claude", f'trap "exit 9" TERM; touch {ready}; while :; do sleep 0.05; done')
    with shell.running("run", "claude-code", "--via", "acme") as process:
        until(ready.exists, 20)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 9


def test_the_default_agent_is_remembered(shell: CommandLine) -> None:
    assert "claude-code" in shell.run("default").out
    assert "codex" in shell.run("default", "codex").out
    program(shell, "codex", 'echo "codex $*"')
    assert "codex" in shell.run("run", "--via", "openai", OPENAI_API_KEY=KEY).out
