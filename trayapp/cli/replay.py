"""`uptray replay`: incidents of a file through the real judgement, faster than they were."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from trayapp.cli._doors import Doors

HELP = """Replay incidents from a file, and tell how early and how right Uptray would have been.

FILE is a scenario (TOML: incidents with their true times, what the status page said and when, and what went wrong on
the user's own side), or recorded incidents (JSON). Nothing of yours is read, and nothing leaves this process.

example: uptray replay incidents.json --evidence page --json
"""

#: Kept equal to `simulator.evidence` by a test.
EVIDENCE = ("page", "default", "third-party", "passive", "paid")


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a scenario (.toml) or recorded incidents (.json)")
    parser.add_argument("--json", action="store_true", help="write one JSON document")
    parser.add_argument(
        "--evidence", choices=EVIDENCE, default="default", help="what may be looked at (default: default)"
    )


def run(args: argparse.Namespace, doors: Doors) -> int:
    """Replay it; return 0 when it ran to its end."""
    return doors.replay(args.file, args.evidence, as_json=args.json)
