"""Qwen Code: settings over settings, variables over models, and one entry for one model."""

from __future__ import annotations

import json

from tests.agents.agent_homes import here, reasons, stopping, target, texts, use
from trayapp.agents import agents

AGENT = agents()["qwen-code"]
OWN, PROJECT, MACHINE = ".qwen/settings.json", "a/.qwen/settings.json", "/etc/qwen-code/settings.json"
TO = target("chat", clear_key="sk-clear")
OPENAI = {"security": {"auth": {"selectedType": "openai"}}}


def test_the_machines_settings_go_over_the_projects_over_the_users() -> None:
    held = {MACHINE: {"model": {"name": "m2"}}, PROJECT: {"model": {"name": "m1"}}, OWN: {"model": {"name": "m0"}}}
    for at, model in zip(list(held), ("m2", "m1", "m0"), strict=True):
        assert use("qwen-code", here("/home/me/a"), held).model == model
        del held[at]


def test_a_model_has_the_address_of_its_entry_else_that_of_the_environment() -> None:
    entry = {"id": "m", "baseUrl": "https://entry", "envKey": "K"}
    said = OPENAI | {"model": {"name": "m"}, "modelProviders": {"openai": [entry]}, "env": {"K": "v"}}
    found = use("qwen-code", here(OPENAI_BASE_URL="https://shell"), {OWN: said})
    assert (found.base_url, found.credential) == ("https://entry", "K in settings.json")
    assert use("qwen-code", here(K="v"), {OWN: said}).credential == "K in the environment"
    assert use("qwen-code", here(OPENAI_BASE_URL="https://shell"), {OWN: OPENAI}).base_url == "https://shell"
    assert use("qwen-code", here(), {OWN: OPENAI, ".env": "OPENAI_BASE_URL=https://file\n"}).base_url == "https://file"
    assert use("qwen-code", here(), {}).credential == "its own sign-in"


def test_a_variable_chooses_the_model_over_the_settings() -> None:
    assert use("qwen-code", here(OPENAI_MODEL="x"), {OWN: OPENAI | {"model": {"name": "m"}}}).model == "x"
    assert stopping("qwen-code", here(OPENAI_MODEL="x"), {}, TO)
    assert not stopping("qwen-code", here(OPENAI_MODEL="deepseek-v4-pro"), {}, TO)


def test_what_the_machine_chooses_stops_it_and_what_a_project_chooses_limits_it() -> None:
    said = {"model": {"name": "m"}, "security": {"auth": {"selectedType": "gemini"}}, "modelProviders": {}}
    assert len(stopping("qwen-code", here(), {MACHINE: said}, TO)) == 2
    assert list(reasons("qwen-code", here("/home/me/a"), {PROJECT: said}, TO).values()) == [False] * 3


def test_its_folders_may_be_elsewhere() -> None:
    place = here(QWEN_HOME="/srv/q", QWEN_CODE_SYSTEM_SETTINGS_PATH="/srv/s.json")
    assert [str(file.path) for file in AGENT.files(place)][:2] == ["/srv/q/settings.json", "/srv/s.json"]


def test_a_key_in_clear_has_a_variable_of_its_own() -> None:
    (edit,) = AGENT.edit(here(), texts(here(), AGENT, {OWN: {"env": {"OPENAI_API_KEY": "mine"}}}), TO)
    said = json.loads(edit.after or b"")
    assert said["env"] == {"OPENAI_API_KEY": "mine", "UPTRAY_DEEPSEEK_KEY": "sk-clear"}
    assert said["modelProviders"]["openai"][0]["envKey"] == "UPTRAY_DEEPSEEK_KEY"


def test_a_session_has_its_key_in_a_variable_only() -> None:
    session = AGENT.session(here(), TO, "sk-secret")
    assert session is not None and "sk-secret" not in str(session.arguments)
    assert session.environ["OPENAI_API_KEY"] == "sk-secret"
    assert AGENT.session(here(), target("anthropic"), "k") is None
