"""`uptray watch`: the monitor without a screen, a line for every change."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING

from trayapp.cli._words import plain, shape, write_json
from trayapp.cli.status import known

if TYPE_CHECKING:
    import argparse

    from trayapp.cli._doors import Document, Doors

HELP = """Watch without a screen until stopped, and print a line for every change.

Records what it sees, so that `uptray status` answers at once. Ctrl-C or SIGTERM ends it cleanly.

example: uptray watch --json | while read -r line; do …; done
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("id", nargs="*", help="providers; without one all that are watched")
    parser.add_argument("--json", action="store_true", help="one event of the interface a line")


def run(args: argparse.Namespace, doors: Doors) -> int:
    """Watch until stopped."""

    def emit(event: Document) -> bool:
        if event["event"] != "tick":
            if args.json:
                write_json(event, one_line=True)
            else:
                sys.stdout.write(line(event) + "\n")
                sys.stdout.flush()
        return False

    try:
        doors.watch(known(args.id, doors) if args.id else [], emit)
    except KeyboardInterrupt:
        # Windows: the loop there takes no signal handlers.
        return 0
    return 0


def line(event: Document) -> str:
    """Return an event as a line for people."""
    when = datetime.fromisoformat(str(event["at"])).astimezone().strftime("%H:%M:%S")
    if event["event"] == "verdict":
        return f"{when}  {shape(str(event['level']))} {plain(event['summary'])}"
    if event["event"] == "incident":
        return f"{when}    {plain(event['provider'])}: “{plain(event['name'])}” is {plain(event['status'])}"
    if event["event"] == "network":
        return f"{when}    your network: {plain(event['state']).replace('_', ' ')} ({plain(event['detail'])})"
    if event["event"] == "switch":
        return f"{when}    {plain(event['agent'])}: {plain(event['from'])} -> {plain(event['to'])}"
    return f"{when}    {plain(event['event'])}"
