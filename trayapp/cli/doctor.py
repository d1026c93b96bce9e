"""`uptray doctor`: what works on this machine, and what to do about the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trayapp.cli._words import plain, show_table, write_json

if TYPE_CHECKING:
    import argparse

    from trayapp.cli._doors import Check, Doors

HELP = """Look at what works here: settings, network, proxy, keyring, notifications, journal, tray.

Ends with 1 when something is broken, else with 0.

example: uptray doctor
"""

_STYLES = {"ok": "green", "warning": "yellow", "broken": "bold red"}


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help="print the checks as JSON")


def run(args: argparse.Namespace, doors: Doors) -> int:
    """Print the checks."""
    checks = doors.doctor()
    if args.json:
        rows = [{"name": c.name, "state": c.state, "found": c.found, "advice": c.advice} for c in checks]
        write_json({"schema": 1, "checks": rows})
    else:
        show_table(("PART", "STATE", "FOUND"), [_row(check) for check in checks], stretch=2)
    return int(any(check.state == "broken" for check in checks))


def _row(check: Check) -> tuple[object, ...]:
    from rich.text import Text

    found = plain(check.found) + (f"; {plain(check.advice)}" if check.advice else "")
    return check.name, Text(check.state, style=_STYLES[check.state]), found
