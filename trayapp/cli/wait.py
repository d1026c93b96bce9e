"""`uptray wait`: comes back when providers work again."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from trayapp.cli._words import EXIT_CODES
from trayapp.cli.status import known
from trayapp.cli.watch import line

if TYPE_CHECKING:
    import argparse

    from trayapp.cli._doors import Document, Doors

HELP = """Wait until providers work again.

Ends with 0 when all that are named have reached the level, with 75 when the time is up. Changes are told on
standard error.

example: uptray wait anthropic --timeout 3600 && make
"""

TIMED_OUT = 75


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("id", nargs="+", help="providers to wait for")
    parser.add_argument("--timeout", type=_seconds, metavar="S", help="give up after so many seconds")
    parser.add_argument(
        "--for",
        dest="level",
        default="operational",
        choices=sorted(EXIT_CODES),
        help="the level (default: operational)",
    )


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < float("inf"):
        raise ValueError
    return seconds


def run(args: argparse.Namespace, doors: Doors) -> int:
    """Wait; return 0, or 75 when the time is up."""
    ids = known(args.id, doors)
    end = None if args.timeout is None else time.monotonic() + args.timeout
    levels: dict[str, str] = {}

    def is_back() -> bool:
        return all(levels.get(name) == args.level for name in ids)

    def emit(event: Document) -> bool:
        if event["event"] == "verdict":
            levels[str(event["provider"])] = str(event["level"])
            sys.stderr.write(line(event) + "\n")
        return is_back() or (end is not None and time.monotonic() >= end)

    if args.timeout != 0:
        doors.watch(ids, emit)
    else:
        levels.update({str(p["id"]): str(p["level"]) for p in doors.live(ids)["providers"]})
    return 0 if is_back() else TIMED_OUT
