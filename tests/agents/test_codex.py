"""Codex: what its two files say together, sessions by arguments, and the table that old conversations need."""

from __future__ import annotations

import tomllib

from tests.agents.agent_homes import here, reasons, stopping, target, texts, use
from trayapp.agents import LeavesBehind, agents, undone

AGENT = agents()["codex"]
OWN, MACHINE = ".codex/config.toml", "/etc/codex/config.toml"
TO = target("responses")


def test_the_users_file_goes_over_the_machines_and_tables_are_joined() -> None:
    machine = 'model_provider = "m"\nmodel = "a"\n[model_providers.m]\nbase_url = "https://m"\nenv_key = "M"\n'
    assert use("codex", here(), {MACHINE: machine}).base_url == "https://m"
    said = use("codex", here(), {MACHINE: machine, OWN: 'model = "b"\n'})
    assert (said.base_url, said.model, said.credential) == ("https://m", "b", "M in the environment")
    assert use("codex", here(), {MACHINE: machine, OWN: 'model_provider = "openai"\n'}).base_url is None


def test_the_vendors_own_address_may_be_another() -> None:
    assert use("codex", here(), {OWN: 'openai_base_url = "https://proxy"\n'}).base_url == "https://proxy"
    assert use("codex", here(), {}).credential == "its own sign-in"


def test_its_folder_may_be_elsewhere_and_its_logins_are_never_read() -> None:
    assert str(AGENT.files(here(CODEX_HOME="/srv/codex"))[0].path) == "/srv/codex/config.toml"
    assert {file.path.name for file in AGENT.files(here())} == {"config.toml"}


def test_every_table_has_a_credential_of_its_own() -> None:
    for given in ({}, {"helper": None}, {"helper": None, "clear_key": "sk-clear"}):
        (edit,) = AGENT.edit(here(), texts(here(), AGENT, {}), target("responses", **given))
        table = tomllib.loads((edit.after or b"").decode())["model_providers"]["uptray-deepseek"]
        assert len({"auth", "env_key", "experimental_bearer_token"} & set(table)) == 1
        assert "requires_openai_auth" not in table
        assert table["wire_api"] == "responses"


def test_a_profile_that_the_file_chooses_stands_against_it() -> None:
    assert stopping("codex", here(), {OWN: 'profile = "work"\n'}, TO)
    assert not stopping("codex", here(), {OWN: 'model = "a"\n'}, TO)
    assert any("conversations" in reason for reason in reasons("codex", here(), {}, TO))


def test_a_session_is_made_of_arguments_without_the_key() -> None:
    session = AGENT.session(here(), TO, "sk-secret")
    assert session is not None and not session.environ
    said = tomllib.loads("\n".join(session.arguments[1::2]))
    assert set(session.arguments[::2]) == {"-c"}
    assert said["model_providers"]["uptray-deepseek"]["auth"]["args"] == ["key", "print", "deepseek"]
    by_variable = AGENT.session(here(), target("responses", helper=None), "sk-secret")
    assert by_variable is not None
    assert dict(by_variable.environ) == {"UPTRAY_SESSION_KEY": "sk-secret"}
    assert "sk-secret" not in str(by_variable.arguments) and "UPTRAY_SESSION_KEY" in str(by_variable.arguments)
    assert AGENT.session(here(), target("responses", models={}), None) is None


def test_the_table_may_stay_behind_and_is_taken_up_again() -> None:
    assert isinstance(AGENT, LeavesBehind)
    before = texts(here(), AGENT, {OWN: '# mine\nmodel = "a"\n'})
    (edit,) = AGENT.edit(here(), before, TO)
    restored, _ = undone(edit, edit.after)
    kept = AGENT.left_behind((edit,), {edit.path: restored})[str(edit.path)]
    assert kept.startswith(b'# mine\nmodel = "a"\n')
    assert tomllib.loads(kept.decode()).keys() == {"model", "model_providers"}
    (again,) = AGENT.edit(here(), {edit.path: kept}, TO)
    assert AGENT.current(here(), {edit.path: again.after}).base_url == "https://api.deepseek.com"
    assert undone(again, again.after) == (kept, ())
    assert AGENT.left_behind((again,), {edit.path: kept}) == {}
    assert AGENT.left_behind((edit,), {edit.path: None})[str(edit.path)].startswith(
        b"[model_providers.uptray-deepseek]"
    )
