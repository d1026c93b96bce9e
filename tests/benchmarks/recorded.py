"""How long `uptray status --recorded --json` takes, beside Python with the three modules it cannot do without.

Goal: at most twice the floor. `python3 dev.py bench recorded`
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks._measure import Row, quiet, run_for_ms, show, spread
from tests.live_world import LiveWorld

GOAL = 2.0
ROUNDS = 40
_FLOOR = (sys.executable, "-c", "import sqlite3, json, argparse")


def main() -> None:
    """Record a few seconds of a stand-in world, then time both, one after the other."""
    with tempfile.TemporaryDirectory() as folder, LiveWorld() as live:
        home = Path(folder)
        environ = quiet(os.environ, home / "bytecode", UPTRAY_HOME=folder)
        (home / "config.toml").write_text(live.config(("anthropic", "openai", "google")), encoding="utf-8")
        _record(environ)
        command = (str(Path(sys.executable).with_name("uptray")), "status", "--recorded", "--json")
        with_file = spread(ROUNDS, {"floor": _FLOOR, "ours": command}, environ)
        (home / "config.toml").unlink()
        without = spread(ROUNDS, {"floor": _FLOOR, "ours": command}, environ)
    rows = [
        Row("with config.toml", with_file["ours"], with_file["floor"], GOAL),
        Row("without config.toml", without["ours"], without["floor"], GOAL),
    ]
    show("uptray status --recorded --json, ms (median)", rows)


def _record(environ: dict[str, str]) -> None:
    run_for_ms((sys.executable, "-m", "trayapp", "watch"), environ, 6000)


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"measured in {time.monotonic() - started:.0f} s")
