"""Memory (PSS) with four providers, beside a tray program that polls four URLs. Goal: at most 1.25 times.

What the two share with other programs that run meanwhile counts by its share, so they are run in turns and the median
of the rounds is told. `python3 dev.py bench memory [SECONDS]`
"""

from __future__ import annotations

import statistics
import sys
import time

from tests.benchmarks._desk import WATCH, desk
from tests.benchmarks._measure import Row, pss_mb, show

GOAL = 1.25
ROUNDS = 3


def main(settle_s: float = 60) -> None:
    """Let each run for a while, one after the other, and read its memory."""
    with desk() as place:
        urls = [place.live.world.api(name).url + "/v1/models" for name in WATCH]
        commands = {"floor": place.floor("polling_tray", *urls), "ours": place.ours()}
        seen: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                with place.running(command) as (pid, _took):
                    time.sleep(settle_s)
                    seen[name].append(pss_mb(pid))
    middle = {name: statistics.median(several) for name, several in seen.items()}
    show(
        f"PSS after {settle_s:.0f} s, MB (median of {ROUNDS})",
        [Row("four providers", middle["ours"], middle["floor"], GOAL)],
    )


if __name__ == "__main__":
    main(*map(float, sys.argv[1:2]))
