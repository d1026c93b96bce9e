"""Claude Code: what goes over what, what stands against a switch, one session, and the way back in two steps."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.agents.agent_homes import here, reasons, stopping, target, texts, use
from trayapp.agents import SaysFarewell, agents, undone

AGENT = agents()["claude-code"]
OWN, PROJECT, LOCAL = ".claude/settings.json", "work/.claude/settings.json", "work/.claude/settings.local.json"
MANAGED = "/etc/claude-code/managed-settings.json"
TO = target("anthropic", base_url="https://api.deepseek.com/anthropic")


def says(url: str) -> dict[str, Any]:
    return {"env": {"ANTHROPIC_BASE_URL": url}}


def test_managed_goes_over_local_over_project_over_user_over_environment() -> None:
    place = here("/home/me/work", ANTHROPIC_BASE_URL="https://shell")
    held = {
        MANAGED: says("https://managed"),
        LOCAL: says("https://local"),
        PROJECT: says("https://project"),
        OWN: says("https://user"),
    }
    for name, url in ((MANAGED, "managed"), (LOCAL, "local"), (PROJECT, "project"), (OWN, "user")):
        assert use("claude-code", place, held).base_url == f"https://{url}"
        del held[name]
    assert use("claude-code", place, held).base_url == "https://shell"


def test_an_empty_variable_in_a_file_unsets_that_of_the_shell() -> None:
    place = here(ANTHROPIC_BASE_URL="https://shell", ANTHROPIC_API_KEY="sk-shell")
    said = use("claude-code", place, {OWN: {"env": {"ANTHROPIC_BASE_URL": "", "ANTHROPIC_API_KEY": ""}}})
    assert said.base_url is None
    assert said.credential == "its own sign-in"


@pytest.mark.parametrize(
    ("said", "environ", "expected"),
    [
        (
            {"env": {"ANTHROPIC_AUTH_TOKEN": "t", "ANTHROPIC_API_KEY": "k"}, "apiKeyHelper": "x"},
            {},
            "ANTHROPIC_AUTH_TOKEN in",
        ),
        ({"apiKeyHelper": "x"}, {"ANTHROPIC_API_KEY": "k"}, "ANTHROPIC_API_KEY in the environment"),
        ({"apiKeyHelper": "x"}, {"CLAUDE_CODE_OAUTH_TOKEN": "o"}, "apiKeyHelper in"),
        ({}, {"CLAUDE_CODE_OAUTH_TOKEN": "o"}, "CLAUDE_CODE_OAUTH_TOKEN in the environment"),
        ({"env": {"CLAUDE_CODE_USE_BEDROCK": "1", "ANTHROPIC_AUTH_TOKEN": "t"}}, {}, "the cloud's own sign-in"),
        ({"env": {"CLAUDE_CODE_USE_VERTEX": "0"}}, {}, "its own sign-in"),
    ],
)
def test_credentials_are_taken_in_their_order(said: dict[str, Any], environ: dict[str, str], expected: str) -> None:
    credential = use("claude-code", here(**environ), {OWN: said}).credential
    assert credential is not None and credential.startswith(expected)


def test_the_variable_for_the_model_goes_over_the_key_and_aliases_are_looked_up() -> None:
    assert use("claude-code", here(), {OWN: {"model": "opus"}}).model == "opus"
    said = {"model": "opus[1m]", "env": {"ANTHROPIC_DEFAULT_OPUS_MODEL": "glm-5.3"}}
    assert use("claude-code", here(), {OWN: said}).model == "glm-5.3"
    assert use("claude-code", here(ANTHROPIC_MODEL="kimi-k3"), {OWN: said}).model == "kimi-k3"


def test_a_project_file_that_does_not_parse_is_skipped_as_the_agent_skips_it() -> None:
    assert (
        use("claude-code", here("/home/me/work"), {PROJECT: "{ // no", OWN: says("https://user")}).base_url
        == "https://user"
    )


def test_its_folder_may_be_elsewhere() -> None:
    assert str(AGENT.files(here(CLAUDE_CONFIG_DIR="~/c"))[0].path) == "/home/me/c/settings.json"
    assert str(AGENT.files(here(CLAUDE_CONFIG_DIR=""))[0].path) == "/home/me/.claude/settings.json"


def test_no_file_that_holds_a_login_is_ever_read() -> None:
    names = {file.path.name for file in AGENT.files(here("/home/me/work"))}
    assert names <= {"settings.json", "settings.local.json", "managed-settings.json"}


def test_managed_settings_stop_a_switch() -> None:
    assert stopping("claude-code", here(), {MANAGED: {"forceLoginOrgUUID": "x"}}, TO)
    assert stopping("claude-code", here(), {MANAGED: says("https://company")}, TO)
    assert stopping("claude-code", here(), {MANAGED: {"env": {"CLAUDE_CODE_USE_BEDROCK": "1"}}}, TO)
    assert not stopping("claude-code", here(), {MANAGED: {"forceLoginMethod": "claudeai", "permissions": {}}}, TO)


def test_project_settings_limit_it_to_other_folders() -> None:
    said = reasons("claude-code", here("/home/me/work"), {LOCAL: {"apiKeyHelper": "x"} | says("https://project")}, TO)
    assert [stops for reason, stops in said.items() if "/home/me/work" in reason] == [False]
    assert any("ANTHROPIC_BASE_URL, apiKeyHelper" in reason for reason in said)


def test_headers_and_keys_of_the_users_never_go_to_the_new_address() -> None:
    place = here(ANTHROPIC_API_KEY="sk-ant-mine", ANTHROPIC_CUSTOM_HEADERS="Authorization: mine")
    (edit,) = AGENT.edit(place, texts(place, AGENT, {}), TO)
    env = json.loads(edit.after or b"")["env"]
    assert env["ANTHROPIC_API_KEY"] == env["ANTHROPIC_AUTH_TOKEN"] == env["ANTHROPIC_CUSTOM_HEADERS"] == ""


def test_a_session_goes_over_the_files_and_has_no_key_among_its_arguments() -> None:
    session = AGENT.session(here(), TO, "sk-secret")
    assert session is not None and session.arguments[0] == "--settings"
    said = json.loads(session.arguments[1])
    assert said["env"]["ANTHROPIC_BASE_URL"] == "https://api.deepseek.com/anthropic"
    assert said["apiKeyHelper"] == "/opt/uptray/uptray key print deepseek"
    assert said["env"]["CLAUDE_CODE_USE_BEDROCK"] == ""
    assert "sk-secret" not in str(session.arguments)
    assert AGENT.session(here(), target("anthropic", helper=None), "sk-secret") is None
    assert AGENT.session(here(), target("chat"), None) is None


@pytest.mark.parametrize(
    "held", [None, "{}", '{"env": {"ANTHROPIC_API_KEY": "sk-ant-mine"},\n "model":"opus"}', '{ "env":{} }']
)
def test_a_running_session_comes_back_in_the_first_step_and_the_bytes_in_the_second(held: str | None) -> None:
    assert isinstance(AGENT, SaysFarewell)
    before = texts(here(), AGENT, {} if held is None else {OWN: held})
    (edit,) = AGENT.edit(here(), before, TO)
    first = AGENT.farewell(here(), {edit.path: edit.after}, (edit,))
    assert first is not None
    said = json.loads(first[0].after or b"")
    assert said["env"]["ANTHROPIC_BASE_URL"] == "https://api.anthropic.com"
    assert said["env"]["ANTHROPIC_DEFAULT_OPUS_MODEL"] == ""
    assert said["env"]["ANTHROPIC_API_KEY"] == ("sk-ant-mine" if held and "mine" in held else "")
    assert "apiKeyHelper" not in said
    assert undone(first[0], first[0].after) == (edit.original, ())
    # A second first step finds the same to say, and nothing of what has become another's.
    assert AGENT.farewell(here(), {edit.path: b"{}"}, (edit,)) is None
    assert AGENT.farewell(here(), {edit.path: None}, (edit,)) is None


def test_a_command_with_spaces_is_quoted_for_the_shell() -> None:
    place = here()
    (edit,) = AGENT.edit(place, texts(place, AGENT, {}), target("anthropic", helper=("/opt/my apps/it's", "key")))
    assert json.loads(edit.after or b"")["apiKeyHelper"] == "'/opt/my apps/it'\"'\"'s' key"
