"""A full round over thirty providers on loopback: page and keyed ping of each, through the whole line with a journal.

Beside it a bare httpx client that fetches the same bytes. `python3 dev.py bench round`. Goal: at most 1.5 times the
CPU time of a round; the peak of memory stands beside it.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks._measure import Row, end, quiet, show

GOAL = 1.5
_ROUNDS, _TURNS = 8, 3
_FLOORS = Path(__file__).parent / "floors"


def main() -> None:
    """Run both in turns and print the table."""
    with tempfile.TemporaryDirectory() as bytecode:
        environ = quiet(os.environ, Path(bytecode))
        server = subprocess.Popen(
            [sys.executable, str(_FLOORS / "many_pages.py")], stdout=subprocess.PIPE, env=environ, text=True
        )
        try:
            assert server.stdout is not None
            port = server.stdout.readline().strip()
            commands = {
                "ours": [sys.executable, "-m", "tests.benchmarks._round", port, str(_ROUNDS)],
                "floor": [sys.executable, str(_FLOORS / "many_gets.py"), port, str(_ROUNDS)],
            }
            seen = {name: [_run(command, environ) for _ in range(_TURNS)] for name, command in commands.items()}
        finally:
            end(server)
    assert all(run["levels"] == ["operational"] for run in seen["ours"]), "not every look went well"
    rows = [
        _row("first round, ms CPU", seen, lambda run: run["ms"][0]),
        _row("later rounds, ms CPU", seen, lambda run: min(run["ms"][1:])),
        _row("peak memory, MB", seen, lambda run: run["kb"] / 1024),
    ]
    show(f"a round over 30 providers (median of {_TURNS})", rows)


def _run(command: Sequence[str], environ: dict[str, str]) -> Any:
    return json.loads(subprocess.run(command, env=environ, capture_output=True, check=True, text=True).stdout)


def _row(name: str, seen: Mapping[str, Sequence[Any]], value: Callable[[Any], float]) -> Row:
    middle = {who: float(statistics.median(value(run) for run in runs)) for who, runs in seen.items()}
    return Row(name, middle["ours"], middle["floor"], GOAL)


if __name__ == "__main__":
    main()
