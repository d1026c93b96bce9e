"""`uptray status`: the verdicts, as a table or as JSON, and as an exit code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from trayapp.cli._words import EXIT_CODES, age, console, marked, plain, show_table, write_json

if TYPE_CHECKING:
    import argparse

    from trayapp.cli._doors import Document, Doors

HELP = """Say whether your providers work for you.

Shows what the running app or `uptray watch` recorded if that is fresh, else looks now.

exit codes: 0 works or announced maintenance, 1 degraded, 2 down, 3 unknown or your own network, 4 refused for you,
64 wrong usage or settings, 70 a defect of ours. The worst watched provider decides.

examples: uptray status anthropic --json
          uptray status anthropic --why
"""


#: What began a moment ago began with the look itself.
_WORTH_TELLING_S = 10.0


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("id", nargs="*", help="providers, for example anthropic; without one all that are watched")
    parser.add_argument("--json", action="store_true", help="print the document of the interface")
    parser.add_argument("--why", action="store_true", help="show the readings behind each verdict")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--fresh", action="store_true", help="look now, whatever was recorded")
    which.add_argument("--recorded", action="store_true", help="only what was recorded; makes no request")


def run(args: argparse.Namespace, doors: Doors) -> int:
    """Print the verdicts; return the worst one's exit code."""
    ids = known(args.id, doors)
    document = _document(args, ids, doors)
    if args.json:
        write_json(document)
    else:
        _show(document)
        if args.why:
            _explain(document)
    return EXIT_CODES[str(document["level"])]


def known(ids: Sequence[str], doors: Doors) -> Sequence[str]:
    """Return the ids, or all that are watched when none is given. Raises Refused for one that nobody knows."""
    watched = doors.watched()
    if not ids or all(name in watched for name in ids):
        return list(dict.fromkeys(ids)) or watched
    names = doors.names()
    for name in ids:
        if name not in names:
            from difflib import get_close_matches

            from trayapp.model.refused import Refused

            near = get_close_matches(name, names, 1)
            hint = f"; did you mean {near[0]}?" if near else f"; known are {', '.join(names)}"
            raise Refused(f"{plain(name)[:40]!a} is no provider{hint}")
    return list(dict.fromkeys(ids))


def _document(args: argparse.Namespace, ids: Sequence[str], doors: Doors) -> Document:
    if args.fresh:
        return doors.live(ids)
    recorded = doors.recorded(ids)
    if args.recorded:
        return recorded
    stale = any(provider["stale"] for provider in recorded["providers"])
    return doors.live(ids) if stale or not ids else recorded


def _show(document: Document) -> None:
    providers = document["providers"]
    if not providers:
        console().print("No provider is watched; name some in config.toml under [monitor] watch.")
        return
    rows = [(plain(p["name"]), marked(p["level"]), _evidence(p, document)) for p in providers]
    show_table(("PROVIDER", "LEVEL", "WHAT IS KNOWN"), rows, stretch=2)


def _explain(document: Document) -> None:
    """Write the readings behind each verdict; their ages are those of the moment of the verdict."""
    from rich.text import Text

    for provider in document["providers"]:
        console().print()
        console().print(Text(f"Why {plain(provider['name'])}:", style="bold"))
        for line in provider.get("why", []) or ["nothing was looked at"]:
            console().print(Text(f"  {plain(line)}"), soft_wrap=True)


def _evidence(provider: Mapping[str, Any], document: Document) -> str:
    since = _age(provider.get("since"), document["generated_at"])
    return f"{plain(provider['summary'])}" + (f" · for {since}" if since else "")


def _age(moment: str | None, now: str) -> str:
    from datetime import datetime

    seconds = (datetime.fromisoformat(now) - datetime.fromisoformat(moment)).total_seconds() if moment else 0.0
    return age(seconds) if seconds >= _WORTH_TELLING_S else ""
