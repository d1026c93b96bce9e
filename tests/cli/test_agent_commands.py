"""The agents' commands with a house of cardboard behind them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.test_commands import House
from trayapp.cli import run


def found(**changes: Any) -> dict[str, Any]:
    values = {
        "id": "codex",
        "name": "Codex",
        "provider": "openai",
        "base_url": None,
        "model": "large",
        "error": None,
        "watch_only": None,
        "switched": None,
        "targets": [{"provider": "acme", "protocol": "responses", "level": "operational", "same_upstream": False}],
    }
    return {**values, **changes}


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        (found(), "openai, large"),
        (found(switched={"to": "acme", "at": "x"}, provider="acme"), "acme (switched), large"),
        (found(provider=None, base_url="http://127.0.0.1:4000", model=None), "http://127.0.0.1:4000"),
        (found(error="settings.json, line 3: it is broken"), "settings.json, line 3: it is broken"),
        (found(watch_only="it takes no other address"), "it takes no other address"),
    ],
)
def test_agents_are_shown_with_what_they_use_and_why_not(
    agent: dict[str, Any], shown: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    house = House()
    house.found_agents = [agent]
    assert run(["agents"], house) == 0
    assert shown in capsys.readouterr().out
    assert run(["agents", "--json"], house) == 0
    assert json.loads(capsys.readouterr().out) == {"schema": 1, "agents": [agent]}


def test_without_agents_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["agents"], House()) == 0
    assert "No coding agent" in capsys.readouterr().out


def test_a_switch_shows_its_diff_without_tricks_and_how_to_go_back(capsys: pytest.CaptureFixture[str]) -> None:
    house = House()
    assert run(["switch", "codex", "anthropic", "--dry-run"], house) == 0
    shown = capsys.readouterr().out
    assert "+new[31m" in shown
    assert "\x1b" not in shown
    assert "restore" not in shown
    assert run(["switch", "codex", "anthropic", "--force"], house) == 0
    shown = capsys.readouterr().out
    assert "codex now uses anthropic (answered in 320 ms); picked up: live." in shown
    assert "uptray restore codex" in shown
    assert house.asked == ["switch codex anthropic True False False", "switch codex anthropic False True False"]


def test_what_stays_after_a_restore_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    house = House()
    assert run(["restore", "codex"], house) == 0
    assert "env.A was changed since, and stays" in capsys.readouterr().out
    assert run(["restore", "--all"], house) == 0
    assert "nothing to put back" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        (["run"], "run None None []"),
        (["run", "codex", "--via", "acme", "--", "exec", "--", "x"], "run codex acme ['exec', '--', 'x']"),
    ],
)
def test_what_stands_after_two_dashes_is_the_agent_s(arguments: list[str], asked: str) -> None:
    house = House()
    assert run(arguments, house) == 7
    assert house.asked == [asked]


def test_the_default_is_told_and_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    house = House()
    run(["default"], house)
    run(["default", "codex"], house)
    assert capsys.readouterr().out.splitlines() == ["uptray run starts claude-code", "uptray run starts codex"]
