"""`uptray switch`: points a coding agent at another provider, by changing only the values that say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trayapp.cli._words import console, plain, write_json

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from trayapp.cli._doors import Doors

HELP = """Point a coding agent at another provider. Only the values that say where it goes are changed, byte for byte.

The provider is tried with one real request first, the smallest there is, and the switch is refused when it fails.
`uptray restore` puts the agent's own settings back. The key stays in the keyring; the agent asks Uptray for it.

exit codes: 0 done, 1 refused and nothing changed, 64 wrong usage

examples: uptray switch claude-code deepseek --dry-run
          uptray switch codex openrouter
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("agent", help="for example claude-code; see uptray agents")
    parser.add_argument("provider", help="for example deepseek; see uptray providers")
    parser.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
    parser.add_argument("--force", action="store_true", help="without the trial request, and whatever overrides it")
    parser.add_argument(
        "--clear-key",
        action="store_true",
        help="agree that the key is written in clear text, for agents that take it in no other way",
    )
    parser.add_argument("--json", action="store_true", help="print the document of the interface")


def run(args: argparse.Namespace, doors: Doors) -> int:
    """Switch, or show what would change."""
    import sys

    from trayapp.model.refused import Refused

    known = doors.names()
    if args.provider not in known:
        raise Refused(f"{plain(args.provider)[:40]!a} is no provider; see uptray providers")
    try:
        done = doors.switch_agent(
            args.agent, args.provider, dry_run=args.dry_run, force=args.force, clear_key=args.clear_key
        )
    except Refused as reason:
        sys.stderr.write(f"uptray: {plain(reason)}\n")
        return 1
    if args.json:
        write_json(done)
    else:
        _show(done)
    return 0


def _show(done: Mapping[str, Any]) -> None:
    from rich.text import Text

    out = console()
    for file in done["files"]:
        for line in file["diff"].splitlines():
            style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
            out.print(Text(plain(line.expandtabs(4)), style=style), soft_wrap=True)
    if not done["files"]:
        out.print("Nothing would change: it says so already." if done["dry_run"] else "It said so already.")
    for each in done["hindrances"]:
        out.print(Text(f"note: {plain(each['reason'])}", style="yellow"), soft_wrap=True)
    if done["done"]:
        tried = done["tried"]
        seen = f" (answered in {tried['latency_ms']} ms)" if tried else ""
        out.print(f"{plain(done['agent'])} now uses {plain(done['to'])}{seen}; picked up: {done['pickup']}.")
        out.print(f"uptray restore {plain(done['agent'])} puts its own settings back.")
