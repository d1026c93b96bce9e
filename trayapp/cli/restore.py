"""`uptray restore`: puts the agents' own settings back. Needs no settings of ours, no network and no screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trayapp.cli._words import console, plain, write_json

if TYPE_CHECKING:
    import argparse

    from trayapp.cli._doors import Doors

HELP = """Put a coding agent's own settings back as they were before Uptray's switch.

A file that nobody changed since gets its exact bytes back; in one that was changed only what is still ours is undone.

exit codes: 0 done, 1 refused and nothing changed, 64 wrong usage

examples: uptray restore claude-code
          uptray restore --all
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("agent", nargs="?", help="for example claude-code")
    which.add_argument("--all", action="store_true", help="every agent that was switched")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    parser.add_argument("--json", action="store_true", help="print the document of the interface")


def run(args: argparse.Namespace, doors: Doors) -> int:
    """Restore."""
    import sys

    from trayapp.model.refused import Refused

    try:
        done = list(doors.restore_agent(None if args.all else args.agent, dry_run=args.dry_run))
    except Refused as reason:
        sys.stderr.write(f"uptray: {plain(reason)}\n")
        return 1
    if args.json:
        write_json({"schema": 1, "restored": done})
        return 0
    if not done:
        console().print("No agent is switched: there is nothing to put back.")
    for each in done:
        verb = "has" if each["done"] else "would have"
        console().print(f"{plain(each['agent'])} {verb} its own settings back.")
        for left in each["kept"]:
            console().print(f"  {plain(left)}", soft_wrap=True)
    return 0
