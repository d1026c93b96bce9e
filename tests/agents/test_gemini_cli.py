"""Gemini CLI: one `.env` of many, variables over settings, and whose key goes where."""

from __future__ import annotations

from tests.agents.agent_homes import here, reasons, stopping, target, texts, use
from trayapp.agents import agents

AGENT = agents()["gemini-cli"]
OWN, PROJECT, MACHINE = ".gemini/settings.json", "a/b/.gemini/settings.json", "/etc/gemini-cli/settings.json"
TO = target("gemini", base_url="https://gateway", clear_key="sk-clear")
URL = "GOOGLE_GEMINI_BASE_URL"


def test_the_first_env_file_from_the_folder_upwards_is_read_and_no_other() -> None:
    place = here("/home/me/a/b")
    order = ["a/b/.gemini/.env", "a/b/.env", "a/.gemini/.env", "a/.env", ".gemini/.env", ".env"]
    held = {at: f"{URL}=https://{number}\n" for number, at in enumerate(order)}
    for number, at in enumerate(order):
        assert use("gemini-cli", place, held).base_url == f"https://{number}"
        del held[at]
    assert use("gemini-cli", place, {order[0]: "A=1\n", order[4]: f"{URL}=https://home\n"}).base_url is None


def test_the_environment_goes_over_env_files_and_settings() -> None:
    place = here(GOOGLE_GEMINI_BASE_URL="https://shell", GEMINI_MODEL="m1")
    said = use("gemini-cli", place, {".gemini/.env": f"{URL}=https://file\n", OWN: {"model": {"name": "m0"}}})
    assert (said.base_url, said.model) == ("https://shell", "m1")


def test_the_machines_settings_go_over_the_projects_over_the_users() -> None:
    place = here("/home/me/a/b")
    held = {MACHINE: {"model": {"name": "m2"}}, PROJECT: {"model": {"name": "m1"}}, OWN: {"model": {"name": "m0"}}}
    for at, model in zip(list(held), ("m2", "m1", "m0"), strict=True):
        assert use("gemini-cli", place, held).model == model
        del held[at]
    elsewhere = here(GEMINI_CLI_SYSTEM_SETTINGS_PATH="/srv/g.json")
    assert use("gemini-cli", elsewhere, {"/srv/g.json": {"model": {"name": "m3"}}}).model == "m3"


def test_a_sign_in_without_a_key_is_named() -> None:
    said = {"security": {"auth": {"selectedType": "oauth-personal"}}}
    assert use("gemini-cli", here(GEMINI_API_KEY="x"), {OWN: said}).credential == "its Google sign-in"
    assert use("gemini-cli", here(), {}).credential == "its own sign-in"


def test_an_environment_that_goes_over_it_stops_a_switch_and_a_projects_env_file_limits_it() -> None:
    assert stopping("gemini-cli", here(GOOGLE_GEMINI_BASE_URL="https://other"), {}, TO)
    assert not stopping("gemini-cli", here(GOOGLE_GEMINI_BASE_URL="https://gateway"), {}, TO)
    said = reasons("gemini-cli", here("/home/me/a/b"), {"a/.env": "A=1\n"}, TO)
    assert [stops for reason, stops in said.items() if "is read instead" in reason] == [False]
    company = {MACHINE: {"security": {"auth": {"selectedType": "vertex-ai"}}, "model": {"name": "m"}}}
    assert len(stopping("gemini-cli", here(), company, TO)) == 1


def test_its_home_may_be_elsewhere() -> None:
    assert str(AGENT.files(here(GEMINI_CLI_HOME="/srv/g"))[0].path) == "/srv/g/.gemini/settings.json"
    assert str(AGENT.files(here(system="darwin"))[3].path) == "/Library/Application Support/GeminiCli/settings.json"


def test_a_session_sets_variables() -> None:
    session = AGENT.session(here(), TO, "sk-secret")
    assert session is not None and not session.arguments
    assert session.environ[URL] == "https://gateway" and session.environ["GEMINI_API_KEY"] == "sk-secret"
    assert "sk-secret" not in repr(session)
    assert AGENT.session(here(), target("gemini"), None) is None
    official = AGENT.session(
        here(), target("gemini", base_url="https://generativelanguage.googleapis.com", models={}), "k"
    )
    assert official is not None and official.environ[URL] is None
    assert texts(here(), AGENT, {})
