"""Memory (PSS) with four providers, beside a tray program that polls four URLs. Goal: at most 1.25 times.

`python3 dev.py bench memory [SECONDS]`
"""

from __future__ import annotations

import sys
import time

from tests.benchmarks._desk import WATCH, desk
from tests.benchmarks._measure import Row, pss_mb, show

GOAL = 1.25


def main(settle_s: float = 60) -> None:
    """Let each run for a while, one after the other, and read its memory."""
    with desk() as place:
        urls = [place.live.world.api(name).url + "/v1/models" for name in WATCH]
        seen = {}
        for name, command in {"floor": place.floor("polling_tray", *urls), "ours": place.ours()}.items():
            with place.running(command) as (pid, _took):
                time.sleep(settle_s)
                seen[name] = pss_mb(pid)
    show(f"PSS after {settle_s:.0f} s, MB", [Row("four providers", seen["ours"], seen["floor"], GOAL)])


if __name__ == "__main__":
    main(*map(float, sys.argv[1:2]))
