"""How long the light stands still: late beats of Qt's loop during a whole demo on a screen.

Goal: none over 50 ms after the start. `python3 dev.py bench loop [SPEED]`
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks._measure import end, quiet
from tests.desktop_session import DesktopSession
from tests.tray_client import wait_item

GOAL_MS = 50.0
#: Seconds that count as start, and as opening of the window.
_START_S, _OPENING_S = 3.0, 2.0
_SHOWN = 5
#: What the demo loads, imported once before, so that the bytecode is there as it is for who starts it again.
_LOADED = "trayapp.main.stage, trayapp.desktop.window, trayapp.feeds, rich.console, rich.table, httpx, httpcore, qasync"


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the demo, in seconds of `time.monotonic`."""

    name: str
    begin: float
    end: float


def main(speed: float = 120) -> None:
    """Play the demo; click on the icon when the status page speaks for the first time."""
    with tempfile.TemporaryDirectory() as folder, DesktopSession() as session:
        session.start_watcher()
        session.start_notifications()
        report = Path(folder) / "report.json"
        command = (sys.executable, "-m", "tests.benchmarks._heart", str(report), "demo", "--speed", str(speed))
        environ = quiet(session.env, Path(folder))
        subprocess.run((sys.executable, "-c", f"import {_LOADED}"), env=environ, check=True)
        with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
            try:
                clicked = _follow(process, session)
                finished = time.monotonic()
            finally:
                end(process)
        seen = json.loads(report.read_text(encoding="ascii"))
    began = float(seen["began"])
    opened = clicked + _OPENING_S
    phases = (
        Phase("start", began, began + _START_S),
        Phase("light alone", began + _START_S, clicked),
        Phase("window is opened", clicked, opened),
        Phase("light and window", opened, finished),
    )
    print(
        f"late beats of Qt's loop, demo at speed {speed:.0f}, {finished - began:.0f} s; goal: none over {GOAL_MS:.0f} ms"
    )
    print(f"  {'':<18}{'seconds':>8}{'> 20 ms':>9}{'> 50 ms':>9}{'worst ms':>10}{'of it work':>11}")
    for phase in phases:
        _show(phase, seen["late"])


def _follow(process: subprocess.Popen[str], session: DesktopSession) -> float:
    """Read the story to its end; return when the icon was clicked."""
    clicked = 0.0
    assert process.stdout is not None
    for line in process.stdout:
        if not clicked and "  status page " in line:
            clicked = time.monotonic()
            wait_item(session.bus).activate()
        if line.startswith(("Whose fault Uptray", "Uptray said nothing")):
            return clicked
    raise RuntimeError("the demo ended before its story did")


def _show(phase: Phase, late: Sequence[dict[str, Any]]) -> None:
    own = sorted((beat for beat in late if phase.begin <= beat["due"] < phase.end), key=lambda beat: -beat["late_s"])
    over = [beat for beat in own if beat["late_s"] * 1000 > GOAL_MS]
    worst = own[0] if own else {"late_s": 0.0, "work_s": 0.0}
    print(
        f"  {phase.name:<18}{phase.end - phase.begin:>8.1f}{len(own):>9}{len(over):>9}"
        f"{worst['late_s'] * 1000:>10.1f}{worst['work_s'] * 1000:>11.1f}"
    )
    for beat in own[:_SHOWN]:
        print(
            f"      {beat['due'] - phase.begin:6.2f} s: {beat['late_s'] * 1000:5.1f} ms late, "
            f"{beat['work_s'] * 1000:5.1f} at work  {beat['at']}"
        )


if __name__ == "__main__":
    main(*map(float, sys.argv[1:2]))
