"""The demo as a newcomer runs it: a process of its own, without a screen."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.CompletedProcess[str], Path]]:
    home = tmp_path_factory.mktemp("home")
    icons = tmp_path_factory.mktemp("icons")
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "UPTRAY_HOME")
    environ = {name: value for name, value in os.environ.items() if name not in hidden and not name.startswith("XDG_")}
    command = [sys.executable, "-m", "trayapp", "demo", "--headless", "--speed", "600", "--icons", str(icons)]
    environ |= {"HOME": str(home), "ANTHROPIC_API_KEY": "sk-ant-canary", "COLUMNS": "200"}
    yield subprocess.run(command, capture_output=True, text=True, timeout=120, env=environ, check=False), icons
    assert list(home.rglob("*")) == [], "the demo wrote into the user's home"


def test_it_ends_well_and_complains_of_nothing(played: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    assert played[0].returncode == 0, played[0].stderr
    assert played[0].stderr == ""


def test_uptray_is_minutes_ahead_of_the_status_page(played: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    lead = re.search(r"^onset .* (\d+) min( \d+ s)?\s*$", played[0].stdout, re.M)
    assert lead is not None, played[0].stdout
    assert int(lead[1]) >= 5
    back = re.search(r"^recovery .* (\d+) min( \d+ s)?\s*$", played[0].stdout, re.M)
    assert back is not None, played[0].stdout
    assert int(back[1]) >= 15


def test_it_never_calls_their_outage_the_users_fault(played: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    told = [line for line in played[0].stdout.splitlines() if " Uptray " in line]
    assert any("blocked, cause: unknown" in line for line in told)
    assert any("down, cause: provider" in line for line in told)
    assert not any("cause: account" in line for line in told)
    assert not any("OpenAI API fails" in line or "Gemini API fails" in line for line in told)


def test_the_page_speaks_at_the_times_on_record(played: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    said = re.findall(r"^(\d\d:\d\d):00\s+status page ", played[0].stdout, re.M)
    assert said == ["17:41", "17:51", "18:33", "18:59", "19:15"]


def test_no_key_is_printed(played: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    assert "canary" not in played[0].stdout
    assert "demo-key" not in played[0].stdout


def test_the_icon_of_each_state_is_a_picture(played: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    levels = ("operational", "maintenance", "degraded", "down", "unknown", "offline", "blocked")
    for level in levels:
        [*pictures] = played[1].glob(f"{level}-*.png")
        assert pictures
        assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in pictures)
