"""`uptray agents`: the coding agents found here, what each uses now, and where it can be pointed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trayapp.cli._words import console, plain, shape, show_table, write_json

if TYPE_CHECKING:
    import argparse

    from trayapp.cli._doors import Doors

HELP = """Show the coding agents found on this machine, what each uses now, and where it can be pointed.

Reads their settings files and writes nothing; no login and no key is read.

example: uptray agents --json
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help="print the document of the interface")


def run(args: argparse.Namespace, doors: Doors) -> int:
    """Print what was found."""
    found = list(doors.agents())
    if args.json:
        write_json({"schema": 1, "agents": found})
    elif not found:
        console().print("No coding agent that Uptray knows was found here.")
    else:
        rows = [(plain(each["name"]), _uses(each), _where(each)) for each in found]
        show_table(("AGENT", "USES NOW", "CAN BE POINTED AT"), rows, stretch=2)
    return 0


def _uses(agent: Mapping[str, Any]) -> str:
    if agent["error"]:
        return "cannot be read"
    uses = agent["provider"] or agent["base_url"] or "unknown"
    mark = " (switched)" if agent["switched"] else ""
    return plain(f"{uses}{mark}" + (f", {agent['model']}" if agent["model"] else ""))


def _where(agent: Mapping[str, Any]) -> str:
    if agent["error"] or agent["watch_only"]:
        return plain(agent["error"] or agent["watch_only"])
    names = [f"{shape(each['level'])} {each['provider']}" for each in agent["targets"]]
    return plain(", ".join(names) or "nothing that is known")
