"""What the light costs while all is well, at the default intervals: CPU and wake-ups.

Goals: under 0.2 % of a core, under 2 wake-ups a second. `python3 dev.py bench idle [SECONDS]`
"""

from __future__ import annotations

import sys
import time

from tests.benchmarks._desk import desk
from tests.benchmarks._measure import cpu_s, wake_ups

CPU_GOAL, WAKE_GOAL = 0.2, 2.0
_SETTLE_S = 15


def main(seconds: float = 300) -> None:
    """Let the app settle, then count over `seconds`."""
    with desk() as place, place.running(place.ours()) as (pid, _took):
        time.sleep(_SETTLE_S)
        cpu, woken, began = cpu_s(pid), wake_ups(pid), time.monotonic()
        time.sleep(seconds)
        span = time.monotonic() - began
        percent, rate = 100 * (cpu_s(pid) - cpu) / span, (wake_ups(pid) - woken) / span
    print(f"idle over {span:.0f} s, four providers, default intervals")
    print(f"  CPU       {percent:6.3f} % of a core   goal under {CPU_GOAL} %")
    print(f"  wake-ups  {rate:6.2f} a second       goal under {WAKE_GOAL}")


if __name__ == "__main__":
    main(*map(float, sys.argv[1:2]))
