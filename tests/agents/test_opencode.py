"""OpenCode: files merged in their order, and the place of its key."""

from __future__ import annotations

import json

import pytest

from tests.agents.agent_homes import here, reasons, stopping, target, texts, use
from trayapp.agents import Uneditable, agents

AGENT = agents()["opencode"]
OWN, COMMENTED = ".config/opencode/opencode.json", ".config/opencode/opencode.jsonc"
TO = target("chat", clear_key="sk-clear")


def test_later_files_go_over_earlier_ones_and_the_environment_over_the_projects() -> None:
    order = [
        ".config/opencode/config.json", OWN, COMMENTED, "/srv/oc.json", "a/opencode.json", "a/b/opencode.jsonc",
        "a/b/.opencode/opencode.json",
    ]  # fmt: skip
    held = {at: {"model": f"x/m{number}"} for number, at in enumerate(order)}
    place = here("/home/me/a/b", OPENCODE_CONFIG="/srv/oc.json")
    assert (
        use(
            "opencode",
            here("/home/me/a/b", OPENCODE_CONFIG="/srv/oc.json", OPENCODE_CONFIG_CONTENT='{"model": "x/c"}'),
            held,
        ).model
        == "c"
    )
    for number, at in reversed(list(enumerate(order))):
        assert use("opencode", place, held).model == f"m{number}"
        del held[at]
    assert use("opencode", place, {"/etc/opencode/opencode.json": {"model": "x/m"}, OWN: {"model": "x/n"}}).model == "m"


def test_a_provider_is_merged_from_several_files() -> None:
    held = {
        OWN: {"provider": {"p": {"options": {"baseURL": "https://p", "apiKey": "{env:P}"}}}},
        COMMENTED: {"model": "p/a/b"},
    }
    said = use("opencode", here(), held)
    assert (said.base_url, said.model, said.credential) == ("https://p", "a/b", "P in the environment")


def test_it_is_written_where_it_wins() -> None:
    for held, place, expected in (
        ({}, here(), OWN),
        ({COMMENTED: "{}"}, here(), COMMENTED),
        ({COMMENTED: "{}"}, here(OPENCODE_CONFIG="~/x.json"), "x.json"),
        ({}, here(XDG_CONFIG_HOME="/srv"), "/srv/opencode/opencode.json"),
    ):
        (edit,) = AGENT.edit(place, texts(place, AGENT, held), TO)
        assert str(edit.path).endswith(expected)


def test_what_goes_over_it_is_said() -> None:
    assert reasons("opencode", here("/home/me/a"), {"a/opencode.json": {"model": "x/y"}}, TO) == {
        "/home/me/a/opencode.json chooses the model x/y": False
    }
    assert stopping("opencode", here(), {"/etc/opencode/opencode.jsonc": {"model": "x/y"}}, TO)
    assert stopping("opencode", here(OPENCODE_CONFIG_CONTENT='{"model": "x/y"}'), {}, TO)
    assert stopping("opencode", here(), {OWN: {"enabled_providers": ["openai"]}}, TO)
    assert stopping("opencode", here(), {OWN: {"disabled_providers": ["uptray-deepseek"]}}, TO)
    assert not stopping(
        "opencode", here(OPENCODE_CONFIG_CONTENT="[1]"), {OWN: {"agent": {"plan": {"model": "x/y"}}}}, TO
    )


def test_a_session_keeps_what_the_variable_said() -> None:
    session = AGENT.session(here(OPENCODE_CONFIG_CONTENT='{"share": "disabled"}'), TO, "sk-secret")
    assert session is not None
    said = json.loads(session.environ["OPENCODE_CONFIG_CONTENT"] or "")
    assert said["share"] == "disabled" and said["model"] == "uptray-deepseek/deepseek-v4-pro"
    assert said["provider"]["uptray-deepseek"]["options"]["apiKey"] == "sk-secret"
    assert AGENT.session(here(), target("chat", models={}), "k") is None


def test_a_key_that_would_be_taken_for_a_reference_is_refused() -> None:
    with pytest.raises(Uneditable, match="reference"):
        AGENT.edit(here(), texts(here(), AGENT, {}), target("chat", clear_key="{env:HOME}"))
    with pytest.raises(Uneditable, match="no model"):
        AGENT.edit(here(), texts(here(), AGENT, {}), target("chat", clear_key="k", models={}))
