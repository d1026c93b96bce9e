"""`uptray history`: what was, official beside measured."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from trayapp.cli._words import age, console, marked, plain, show_table, write_json
from trayapp.cli.status import known

if TYPE_CHECKING:
    import argparse

    from trayapp.cli._doors import Doors
    from trayapp.model.history import History, OfficialIncident, Outage

HELP = """Show uptime, outages and incidents of the last days: what you measured beside what the page said.

Uptime is the part of the watched time in which a provider was not down; time asleep or offline counts for nobody.
--csv prints a row for each outage ("measured") and incident ("official").

example: uptray history anthropic --days 30
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("id", nargs="*", help="providers; without one all that are watched")
    parser.add_argument("--days", type=_days, default=7.0, metavar="N", help="how far back (default: 7)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print everything as one JSON document")
    form.add_argument("--csv", action="store_true", help="print outages and incidents as CSV")


def _days(text: str) -> float:
    days = float(text)
    if not 0 < days <= 36500:
        raise ValueError
    return days


def run(args: argparse.Namespace, doors: Doors) -> int:
    """Print what was."""
    history = doors.history(known(args.id, doors), args.days)
    if args.json:
        write_json(_document(history))
    elif args.csv:
        _write_csv(history)
    else:
        _show(history)
    return 0


def _document(history: History) -> dict[str, Any]:
    return {
        "schema": 1,
        "since": _moment(history.since),
        "until": _moment(history.until),
        "providers": [
            {
                "id": u.provider,
                "uptime_percent": None if u.percent is None else round(u.percent, 3),
                "watched_s": round(u.watched_s),
                "down_s": round(u.down_s),
                "degraded_s": round(u.degraded_s),
                "blocked_s": round(u.blocked_s),
                "pings": u.pings,
                "failed": u.failed,
                "median_ms": u.median_ms,
            }
            for u in history.uptimes
        ],
        "outages": [_outage(o) for o in history.outages],
        "incidents": [_incident(i) for i in history.incidents],
    }


def _outage(outage: Outage) -> dict[str, Any]:
    return {
        "provider": outage.provider,
        "level": outage.level.value,
        "cause": outage.cause.value,
        "started_at": _moment(outage.started_at),
        "ended_at": _moment(outage.ended_at),
        "summary": outage.summary,
    }


def _incident(incident: OfficialIncident) -> dict[str, Any]:
    return {
        "provider": incident.provider,
        "id": incident.id,
        "name": incident.name,
        "impact": incident.impact,
        "started_at": _moment(incident.started_at),
        "first_seen_at": _moment(incident.first_seen_at),
        "resolved_at": _moment(incident.resolved_at),
    }


def _write_csv(history: History) -> None:
    import csv

    writer = csv.writer(sys.stdout)
    writer.writerow(("provider", "source", "started_at", "ended_at", "grade", "cause", "text"))
    for o in history.outages:
        times = (_moment(o.started_at), _moment(o.ended_at))
        writer.writerow((o.provider, "measured", *times, o.level.value, o.cause.value, _cell(o.summary)))
    for i in history.incidents:
        times = (_moment(i.started_at or i.first_seen_at), _moment(i.resolved_at))
        writer.writerow((i.provider, "official", *times, i.impact, "", _cell(i.name)))


def _cell(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    text = plain(text)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _show(history: History) -> None:
    if not history.uptimes:
        console().print("Nothing was recorded yet: start the app, or uptray watch.")
        return
    heading = ("PROVIDER", "UPTIME", "WATCHED", "DOWN", "DEGRADED", "REFUSED", "PINGS", "FAILED", "MEDIAN")
    rows = [
        (
            u.provider,
            "-" if u.percent is None else f"{u.percent:.2f} %",
            *(age(s) if s else "-" for s in (u.watched_s, u.down_s, u.degraded_s, u.blocked_s)),
            u.pings,
            u.failed,
            "-" if u.median_ms is None else f"{u.median_ms:.0f} ms",
        )
        for u in history.uptimes
    ]
    show_table(heading, rows)
    if history.outages:
        console().print("\nMeasured here")
        show_table(("BEGAN", "LASTED", "LEVEL", "WHAT WAS SEEN"), [_outage_row(o, history) for o in history.outages], 3)
    if history.incidents:
        console().print("\nTold by the status page")
        rows_ = [
            (_local(i.started_at or i.first_seen_at), i.impact, f"{i.provider}: {i.name}") for i in history.incidents
        ]
        show_table(("BEGAN", "IMPACT", "INCIDENT"), rows_, 2)


def _outage_row(outage: Outage, history: History) -> tuple[object, ...]:
    end = outage.ended_at or history.until
    lasted = age((end - outage.started_at).total_seconds()) + ("" if outage.ended_at else "…")
    return _local(outage.started_at), lasted, marked(outage.level.value), outage.summary


def _local(at: datetime) -> str:
    return at.astimezone().strftime("%d %b %H:%M")


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
