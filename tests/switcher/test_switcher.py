"""Agents found, pointed elsewhere and back, on a disk in memory."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import PurePath, PurePosixPath

import pytest

from tests.fakes import FakeDisk
from trayapp.model.pointing import Here
from trayapp.model.provider import Api, Provider, Route
from trayapp.model.refused import Refused
from trayapp.switcher import FAREWELL, Switcher

HOME = PurePosixPath("/home/a")
CLAUDE, CODEX = HOME / ".claude/settings.json", HOME / ".codex/config.toml"
ODD = b'{\r\n\t"env": {"FOO":"1",  "ANTHROPIC_API_KEY" : "sk-ant-canary"},\r\n  "hooks": {} }'


def provider(id: str, *protocols: str, host: str = "", key: bool = True) -> Provider:
    host = host or f"api.{id}.test"
    routes = tuple(
        Route(each, f"https://{host}/{each}", models={"default": "large", "haiku": "tiny"}) for each in protocols
    )
    return Provider(
        id, id.title(), api=Api(f"https://{host}", (host,), key_env="A_KEY" if key else None), routes=routes
    )


PROVIDERS = {
    each.id: each
    for each in (
        provider("anthropic", "anthropic", host="api.anthropic.com"),
        provider("openai", "responses", "chat", host="api.openai.com"),
        provider("acme", "anthropic", "responses"),
        provider("chatty", "chat"),
    )
}


class Desk:
    def __init__(self, files: dict[PurePath, bytes] | None = None, *, path: tuple[str, ...] = ()) -> None:
        self.disk = FakeDisk({CLAUDE: ODD} if files is None else files)
        self.running: set[str] = set()
        self.switcher = Switcher(
            Here(HOME, "linux", {}),
            self.disk,
            PROVIDERS,
            ("/opt/uptray", "key", "print"),
            path.__contains__,
            self.running.__contains__,
            lambda: datetime(2026, 11, 23, tzinfo=UTC),
        )

    def switch(self, agent: str, provider: str) -> None:
        self.switcher.commit(self.switcher.plan(agent, provider))


def test_an_agent_is_here_when_its_settings_are_or_its_program_is() -> None:
    assert [each.id for each in Desk({}).switcher.found()] == []
    assert "claude-code" in [each.id for each in Desk().switcher.found()]
    assert "codex" in [each.id for each in Desk({}, path=("codex",)).switcher.found()]


def test_what_an_agent_uses_is_its_vendor_until_it_is_pointed_elsewhere() -> None:
    desk = Desk()
    [before] = [each for each in desk.switcher.found() if each.id == "claude-code"]
    assert (before.provider, before.standing) == ("anthropic", None)
    desk.switch("claude-code", "acme")
    [after] = [each for each in desk.switcher.found() if each.id == "claude-code"]
    assert after.provider == "acme"
    assert after.standing is not None
    assert not after.is_changed


def test_it_can_be_pointed_at_what_speaks_its_protocol_and_its_own_upstream_is_called_so() -> None:
    [found] = [each for each in Desk().switcher.found() if each.id == "claude-code"]
    assert {aim.provider: aim.same_upstream for aim in found.aims} == {"anthropic": True, "acme": False}


def test_a_relay_at_an_address_of_ones_own_is_no_vendor() -> None:
    text = json.dumps({"env": {"ANTHROPIC_BASE_URL": "http://127.0.0.1:4000"}}).encode()
    [found] = [each for each in Desk({CLAUDE: text}).switcher.found() if each.id == "claude-code"]
    assert (found.provider, found.use.base_url) == (None, "http://127.0.0.1:4000")


def test_a_switch_and_back_gives_the_same_bytes() -> None:
    desk = Desk()
    desk.switch("claude-code", "acme")
    said = json.loads(desk.disk.files[CLAUDE])
    assert said["env"]["ANTHROPIC_BASE_URL"] == "https://api.acme.test/anthropic"
    assert said["apiKeyHelper"] == "/opt/uptray key print acme"
    assert b"sk-ant-canary" not in desk.disk.files[CLAUDE]
    desk.switcher.restore("claude-code")
    assert desk.disk.files[CLAUDE] == ODD
    assert desk.switcher.restorable() == ()


def test_absent_becomes_absent_again() -> None:
    desk = Desk({}, path=("codex",))
    desk.switch("codex", "acme")
    assert CODEX in desk.disk.files
    desk.switcher.restore("codex")
    assert CODEX not in desk.disk.files


def test_a_second_switch_leaves_nothing_of_the_first_and_goes_back_to_the_users_own() -> None:
    desk = Desk()
    desk.switch("claude-code", "acme")
    desk.switch("claude-code", "anthropic")
    assert b"acme" not in desk.disk.files[CLAUDE]
    desk.switcher.restore("claude-code")
    assert desk.disk.files[CLAUDE] == ODD


def test_what_was_edited_since_stays_and_only_ours_goes() -> None:
    desk = Desk()
    desk.switch("claude-code", "acme")
    desk.disk.files[CLAUDE] = desk.disk.files[CLAUDE].replace(b'"FOO":"1"', b'"FOO":"2"')
    [changed] = [each for each in desk.switcher.found() if each.id == "claude-code"]
    assert changed.is_changed
    desk.switcher.restore("claude-code")
    assert desk.disk.files[CLAUDE] == ODD.replace(b'"FOO":"1"', b'"FOO":"2"')


def test_a_running_session_is_told_goodbye_first_and_the_exact_bytes_follow() -> None:
    desk = Desk()
    desk.switch("claude-code", "acme")
    desk.running.add("claude")
    _, kept = desk.switcher.restore("claude-code")
    assert "no Claude Code session is left" in kept[0]
    assert json.loads(desk.disk.files[CLAUDE])["env"]["ANTHROPIC_BASE_URL"] != "https://api.acme.test/anthropic"
    assert [switch.note for switch in desk.disk.standing()] == [FAREWELL]
    assert desk.switcher.settle() == ()
    desk.running.clear()
    assert desk.switcher.settle() == ("Claude Code has its own settings back",)
    assert desk.disk.files[CLAUDE] == ODD


def test_a_dry_run_changes_nothing() -> None:
    desk = Desk()
    desk.switch("claude-code", "acme")
    switched = desk.disk.files[CLAUDE]
    edits, _ = desk.switcher.restore("claude-code", dry_run=True)
    assert [edit.after for edit in edits] == [ODD]
    assert desk.disk.files[CLAUDE] == switched


def test_the_diff_covers_the_secret() -> None:
    [(path, text)] = Desk().switcher.plan("claude-code", "acme").diffs()
    assert path == str(CLAUDE)
    assert "sk-ant-canary" not in text
    assert "https://api.acme.test/anthropic" in text


@pytest.mark.parametrize(
    ("agent", "target", "reason"),
    [
        ("claude-cod", "acme", "is no agent that Uptray knows"),
        ("claude-code", "nobody", "is no provider that Uptray knows"),
        ("claude-code", "chatty", "does not speak what Claude Code can be pointed to"),
    ],
)
def test_what_cannot_be_planned_is_refused_with_its_reason(agent: str, target: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        Desk().switcher.plan(agent, target)


def test_a_file_that_cannot_be_edited_safely_is_refused_with_its_name() -> None:
    desk = Desk({CLAUDE: b'{"env": {}, // mine\n}'})
    with pytest.raises(Refused, match=r"settings\.json"):
        desk.switcher.plan("claude-code", "acme")
    [found] = [each for each in desk.switcher.found() if each.id == "claude-code"]
    assert found.error is not None


def test_without_a_switch_there_is_nothing_to_put_back() -> None:
    with pytest.raises(Refused, match="nothing to put back"):
        Desk().switcher.restore("claude-code")


def test_an_agent_that_no_file_can_point_elsewhere_may_be_started_elsewhere() -> None:
    desk = Desk()
    agent, target = desk.switcher.target("copilot-cli", "acme")
    assert agent.session(desk.switcher.here(), target, "k") is not None
    with pytest.raises(Refused, match="cannot be switched"):
        desk.switcher.plan("copilot-cli", "acme")
    with pytest.raises(Refused, match="cannot be started elsewhere"):
        desk.switcher.target("cursor-cli", "acme")
