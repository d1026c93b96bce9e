"""From start to an icon in the tray, beside the smallest PySide6 tray program. Goal: at most 1.5 times.

`python3 dev.py bench start`
"""

from __future__ import annotations

import statistics

from tests.benchmarks._desk import desk
from tests.benchmarks._measure import Row, show

GOAL = 1.5
ROUNDS = 15


def main() -> None:
    """Start both in turns."""
    times: dict[str, list[float]] = {"ours": [], "floor": []}
    with desk() as place:
        commands = {"floor": place.floor("bare_tray"), "ours": place.ours()}
        for turn in range(ROUNDS + 1):
            for name, command in commands.items():
                with place.running(command) as (_pid, took):
                    # The first round is for the bytecode and the disk's cache.
                    times[name] += [took] if turn else []
    middle = {name: statistics.median(seen) for name, seen in times.items()}
    show(f"start to icon, ms (median of {ROUNDS})", [Row("tray app", middle["ours"], middle["floor"], GOAL)])


if __name__ == "__main__":
    main()
