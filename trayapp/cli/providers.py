"""`uptray providers`: the whole catalogue, shipped and of one's own, and what is known of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trayapp.cli._words import console, marked, plain, show_table, write_json

if TYPE_CHECKING:
    import argparse

    from rich.text import Text

    from trayapp.cli._doors import Doors

HELP = """List every provider that can be watched: where its status is published, and how it is pinged.

Yours are the files in providers/ beside config.toml. The level is what the running app or `uptray watch` recorded, if
that is fresh. Neither the network nor the keyring is asked; "key" tells whether its environment variable is set.

example: uptray providers --json
"""

_LETTERS = {"keyless": "K", "free": "F", "paid": "P"}
#: A reason longer than this is cut in the table; the JSON has it whole.
_REASON = 90


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help="print everything as one JSON document")


def run(args: argparse.Namespace, doors: Doors) -> int:
    """Print the catalogue. A wrong file of the user's own is a row that says so, and takes no other away."""
    rows = doors.providers()
    if args.json:
        write_json({"schema": 1, "providers": list(rows)})
        return 0
    show_table(("ID", "LEVEL", "PINGS", "KEY", "STATUS PAGE"), [_row(row) for row in rows], stretch=4)
    own = sum(row["source"] == "own" for row in rows)
    watched = sum(bool(row["watched"]) for row in rows)
    wrong = sum(row["error"] is not None for row in rows)
    tail = f", {wrong} with a wrong file" if wrong else ""
    console().print(f"\n{len(rows)} providers, {own} of your own (+), {watched} watched (*){tail}.", soft_wrap=True)
    console().print("Pings: K without a key, F free with a key, P paid and only when you ask for it.", soft_wrap=True)
    return 0


def _row(row: Mapping[str, Any]) -> tuple[object, ...]:
    marks = ("*" if row["watched"] else "") + ("+" if row["source"] == "own" else "")
    return f"{row['id']}{marks}", _level(row), _pings(row), _key(row), _page(row)


def _level(row: Mapping[str, Any]) -> Text | str:
    return "" if row["checked_at"] is None else marked(row["level"])


def _pings(row: Mapping[str, Any]) -> str:
    kinds = {probe["kind"] for probe in row["probes"]}
    return " ".join(letter for kind, letter in _LETTERS.items() if kind in kinds) or "-"


def _key(row: Mapping[str, Any]) -> str:
    return f"{row['auth']}, set" if row["key_set"] else row["auth"] if row["key_env"] else "-"


def _page(row: Mapping[str, Any]) -> str:
    if row["error"] is not None:
        return f"WRONG FILE {plain(row['error'])}"
    if row["feed"] is not None:
        return f"{plain(row['name'])}: {row['feed']['platform']} {row['feed']['page']}"
    reason = plain(row["feed_reason"])
    return f"{plain(row['name'])}: none; " + (reason if len(reason) <= _REASON else reason[: _REASON - 1] + "…")
