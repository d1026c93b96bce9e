"""`uptray default`: which agent plain `uptray run` starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trayapp.cli._words import console, plain

if TYPE_CHECKING:
    import argparse

    from trayapp.cli._doors import Doors

HELP = """Choose the coding agent that plain `uptray run` starts; without a name, say which it is.

example: uptray default codex
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("agent", nargs="?", help="for example codex")


def run(args: argparse.Namespace, doors: Doors) -> int:
    """Choose, or say which is chosen."""
    if args.agent:
        doors.set_default_agent(args.agent)
    console().print(f"uptray run starts {plain(doors.default_agent() or 'claude-code')}")
    return 0
