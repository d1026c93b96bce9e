"""Memory that only starting needed goes back to the system."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from trayapp.adapters.memory import give_back


def resident_kb() -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


def test_what_nobody_holds_is_returned() -> None:
    if sys.platform != "linux":
        pytest.skip("how much is resident is read from /proc")
    # Larger than Python's own pools take, smaller than what the C library maps apart; every second one stays held.
    pieces = [bytes(4000) for _ in range(20_000)]
    held = pieces[::40]
    pieces.clear()
    before = resident_kb()
    give_back()
    assert resident_kb() < before - 20_000
    assert held


def test_a_cycle_that_nobody_holds_is_collected() -> None:
    class Gone:
        count = 0

        def __del__(self) -> None:
            Gone.count += 1

    one = Gone()
    one.itself = one  # type: ignore[attr-defined]  # the cycle
    del one
    give_back()
    assert Gone.count == 1
