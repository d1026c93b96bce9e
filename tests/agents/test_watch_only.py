"""Agents that are watched and not switched: what they use is known, and the reason is said."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from trayapp.agents import Uneditable, agents
from trayapp.model.pointing import Here, Target
from trayapp.model.provider import Route

HOME = PurePosixPath("/home/me")
WATCHED = [id for id, agent in agents().items() if agent.WATCH_ONLY]


def here(**environ: str) -> Here:
    return Here(HOME, "linux", environ)


def target(protocol: str = "chat") -> Target:
    return Target("acme", "Acme", Route(protocol, "https://api.acme.test/v1", models={"default": "large"}))


def test_copilot_cursor_and_amp_are_watched() -> None:
    assert {"copilot-cli", "cursor-cli", "amp"} <= set(WATCHED)


@pytest.mark.parametrize("id", WATCHED)
def test_what_is_watched_is_never_edited_and_says_why(id: str) -> None:
    agent = agents()[id]
    with pytest.raises(Uneditable, match=agent.WATCH_ONLY[:20]):
        agent.edit(here(), {}, target())
    assert [each.reason for each in agent.hindrances(here(), {}, target())] == [agent.WATCH_ONLY]
    assert agent.current(here(), {}).base_url is None


def test_copilot_s_session_goes_elsewhere_by_variables() -> None:
    copilot = agents()["copilot-cli"]
    session = copilot.session(here(), target(), "sk-canary")
    assert session is not None
    assert session.environ["COPILOT_PROVIDER_BASE_URL"] == "https://api.acme.test/v1"
    assert (session.environ["COPILOT_PROVIDER_TYPE"], session.environ["COPILOT_MODEL"]) == ("openai", "large")
    assert copilot.session(here(), target("gemini"), None) is None
    use = copilot.current(here(COPILOT_PROVIDER_BASE_URL="https://x.test", COPILOT_MODEL="m"), {})
    assert (use.base_url, use.model) == ("https://x.test", "m")


@pytest.mark.parametrize(
    ("id", "text", "model", "url"),
    [
        ("copilot-cli", b'{ // mine\n "model": "gpt-5"}', "gpt-5", None),
        ("cursor-cli", b'{"model": {"modelId": "auto"}}', "auto", None),
        ("amp", b'{"amp.url": "https://amp.acme.test"}', None, "https://amp.acme.test"),
    ],
)
def test_what_it_uses_is_read(id: str, text: bytes, model: str | None, url: str | None) -> None:
    agent = agents()[id]
    use = agent.current(here(), {agent.files(here())[0].path: text})
    assert (use.model, use.base_url) == (model, url)


@pytest.mark.parametrize(
    ("environ", "folder"),
    [({}, ".cursor"), ({"XDG_CONFIG_HOME": "~/.cfg"}, ".cfg/cursor"), ({"CURSOR_CONFIG_DIR": "~/cur"}, "cur")],
)
def test_cursor_s_folder_is_where_its_variables_say(environ: dict[str, str], folder: str) -> None:
    [file] = agents()["cursor-cli"].files(here(**environ))
    assert file.path == HOME / folder / "cli-config.json"


@pytest.mark.parametrize("id", ["cursor-cli", "amp"])
def test_their_sessions_cannot_go_elsewhere(id: str) -> None:
    assert agents()[id].session(here(), target(), None) is None
