"""`uptray provider check`: a provider file of one's own, validated and then tried for real."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trayapp.cli._words import plain, shape, word, write_json

if TYPE_CHECKING:
    import argparse

    from trayapp.cli._doors import Document, Doors

HELP = """Validate a provider file, then try what it declares: the status page at each address, and the free pings.

The file need not be in providers/ yet. A key is taken from the environment or the keyring when there is one, and goes
only to the hosts that the file names. A ping that costs money is made only with --paid.

exit codes: 0 all is as declared, 1 something did not answer as declared, 64 the file is wrong.

example: uptray provider check gateway.toml
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("action", choices=["check"], help="check: validate and try")
    parser.add_argument("file", type=Path, help="the provider file, for example providers/gateway.toml")
    parser.add_argument("--json", action="store_true", help="print what was found as JSON")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--offline", action="store_true", help="only validate; makes no request")
    how.add_argument("--paid", action="store_true", help="make the ping that costs money too; says first how much")


def run(args: argparse.Namespace, doors: Doors) -> int:
    """Print what was found. Raises Refused for a wrong file."""
    found = doors.check_provider(args.file, offline=args.offline, paid=args.paid, warn=_warn)
    if args.json:
        write_json(found)
    else:
        sys.stdout.write("\n".join(_lines(found)) + "\n")
    return 0 if found["fine"] else 1


def _warn(line: str) -> None:
    sys.stderr.write(f"{plain(line)}\n")
    sys.stderr.flush()


def _lines(found: Document) -> Iterator[str]:
    yield f"{plain(found['file'])}: {plain(found['name'])} ({found['id']}), a valid provider file"
    yield from (f"  warning: {plain(line)}" for line in found["warnings"])
    if found["offline"]:
        return
    if found["feed"] is None:
        yield f"  no status page: {plain(found['feed_reason'])}"
    else:
        yield from _page(found["feed"])
    for probe in found["probes"]:
        yield _ping(probe)
    yield "All is as declared." if found["fine"] else "Not everything is as declared."


def _page(feed: Mapping[str, Any]) -> Iterator[str]:
    for address in feed["addresses"]:
        yield _line(address["error"] is None, f"{address['url']}: {address['error'] or 'read as ' + feed['platform']}")
    if not feed["read"]:
        return
    yield f"  {shape(feed['level'])} the page says: {word(feed['level'])}"
    for each in feed["components"]:
        counts = "counts" if each["counts"] else "does not count"
        yield f"      {plain(each['name'])} ({plain(each['id'])}): {plain(each['status'])}, {counts}"
    if feed["lost"]:
        yield _line(False, f"declared, and not on the page: {', '.join(feed['lost'])}")
    for each in feed["incidents"]:
        yield f"      open incident: {plain(each['name'])} ({plain(each['status'])}, impact {plain(each['impact'])})"
    if feed["changed_at"]:
        yield f"      last changed: {feed['changed_at']}"
    yield from (f"      {plain(feed[remark])}" for remark in ("error", "note") if feed[remark])


def _ping(probe: Mapping[str, Any]) -> str:
    what = f"{probe['kind']} ping {probe['method']} {probe['path']}"
    if probe["outcome"] == "skipped":
        return f"  - {what}: not made; {plain(probe['detail'])}"
    detail = f" ({plain(probe['detail'])})" if probe["detail"] else ""
    return _line(probe["ok"], f"{what}: {probe['outcome'].replace('_', ' ')}{detail}, {probe['latency_ms']} ms")


def _line(ok: bool, text: str) -> str:
    return f"  {'ok ' if ok else 'BAD'} {plain(text)}"
