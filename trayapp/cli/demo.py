"""`uptray demo`: the outage of 28 April 2026 against a stand-in on this machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from trayapp.cli._doors import Doors

HELP = """Replay the outage of 28 April 2026, when Claude refused valid keys for 78 minutes.

A stand-in for the providers runs on this machine only; your settings, keys and journal are neither read nor written.
With a screen the real light turns and the real notifications come; without one the same story is printed, and the
icon of each state is written as PNG.

example: uptray demo --headless --speed 600
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--speed", type=_speed, default=60.0, metavar="N", help="how many times as fast (default: 60)")
    parser.add_argument("--headless", action="store_true", help="use no screen, also where there is one")
    folder = Path("uptray-demo")
    parser.add_argument("--icons", type=Path, default=folder, metavar="DIR", help=f"where icons go (default: {folder})")


def _speed(text: str) -> float:
    speed = float(text)
    if not 1 <= speed <= 10_000:
        raise ValueError
    return speed


def run(args: argparse.Namespace, doors: Doors) -> int:
    """Replay it; return 0 when it ran to its end."""
    return doors.demo(args.speed, args.headless or not _has_screen(), args.icons)


def _has_screen() -> bool:
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
