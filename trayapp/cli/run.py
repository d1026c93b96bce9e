"""`uptray run`: starts a coding agent for one session on a provider that works, touching no file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from trayapp.cli._doors import Doors

#: What stands after "--" is the agent's.
PASSES_ON = True

HELP = """Start a coding agent for one session on the first provider that works, touching no file.

Its own provider comes first, then those that [fallback.agents] in config.toml lists. The agent takes the place of this
command: signals and its exit code pass through.

examples: uptray run claude-code
          uptray run codex --via openrouter -- exec "fix the tests"
          uptray run                      # the agent of `uptray default`
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("agent", nargs="?", help="for example claude-code; without one that of `uptray default`")
    parser.add_argument("--via", metavar="PROVIDER", help="this provider, whatever is known of it")
    parser.usage = "uptray run [AGENT] [--via PROVIDER] [-- ARGS]"


def run(args: argparse.Namespace, doors: Doors) -> int:
    """Start it."""
    return doors.run_agent(args.agent, args.via, args.passed_on)
