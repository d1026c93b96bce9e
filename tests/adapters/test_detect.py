"""Which providers are found in use."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from trayapp.adapters.detect import SIGNS, detected
from trayapp.adapters.paths import resources


def test_a_key_in_the_environment_or_the_agents_folder_is_a_sign(tmp_path: Path) -> None:
    (tmp_path / ".codex").mkdir()
    (tmp_path / ".gemini").write_text("a file is no folder")
    assert detected({"ANTHROPIC_API_KEY": "x", "GEMINI_API_KEY": ""}, tmp_path) == ("anthropic", "openai")
    assert detected({}, tmp_path / "nowhere") == ()


def test_other_vendors_are_found_in_the_same_ways(tmp_path: Path) -> None:
    (tmp_path / ".config" / "github-copilot").mkdir(parents=True)
    assert detected({"OPENROUTER_API_KEY": "x"}, tmp_path) == ("github-copilot", "openrouter")


def test_a_home_without_signs_and_an_environment_of_other_things_show_nobody(tmp_path: Path) -> None:
    assert detected({"": "x", "HF_TOKEN": "x", "PATH": "/bin"}, tmp_path) == ()


@pytest.mark.parametrize(("id", "variable", "_folder"), SIGNS)
def test_the_variable_is_the_one_that_the_provider_file_names(id: str, variable: str, _folder: str) -> None:
    file = resources() / "providers" / f"{id}.toml"
    assert tomllib.loads(file.read_text(encoding="utf-8"))["api"].get("key_env", "") == variable
