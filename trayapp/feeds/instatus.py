"""Instatus pages: `/summary.json` (https://instatus.com/help/api/public-data) and `/v3/components.json`, which Instatus
does not describe and its pages answer (https://status.polymarket.com/v3/components.json).

The summary has what is going on and no components, the other document the components and nothing else. Neither says
which components an incident touches; an incident's impact may be OPERATIONAL while components are in MAJOROUTAGE.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from trayapp.feeds._json import ACCEPT, Row, as_row, document
from trayapp.feeds._models import models_in
from trayapp.feeds._page import CLOCK_SLACK, MOST_COMPONENTS, Names, Words, named, names, page, title
from trayapp.feeds._text import hosts, link, moment
from trayapp.model.level import Level
from trayapp.model.provider import Feed
from trayapp.model.reading import Component, Incident, Maintenance, Page
from trayapp.model.request import Request

_SUMMARY, _COMPONENTS = "/summary.json", "/v3/components.json"
_WORDS = Words(
    {
        "OPERATIONAL": (Level.OPERATIONAL, "none"),
        "UNDERMAINTENANCE": (Level.MAINTENANCE, "none"),
        "DEGRADEDPERFORMANCE": (Level.DEGRADED, "minor"),
        "MINOROUTAGE": (Level.DEGRADED, "minor"),
        "PARTIALOUTAGE": (Level.DEGRADED, "major"),
        "MAJOROUTAGE": (Level.DOWN, "critical"),
    }
)
#: Old pages write times as JavaScript prints them: "Sat Jun 11 2022 18:55:50 GMT+0000 (Coordinated Universal Time)".
_PRINTED = re.compile(r"\w{3} (\w{3} \d{2} \d{4} \d{2}:\d{2}:\d{2}) GMT([+-]\d{4})")
_LONGEST_MINUTES = 60 * 24 * 60


def requests(feed: Feed, base: str) -> tuple[Request, ...]:
    """Return the requests for the summary and for the components."""
    return (
        Request(f"{base}{feed.path or _SUMMARY}", headers=ACCEPT),
        Request(f"{base}{_COMPONENTS}", headers=ACCEPT),
    )


def parse(feed: Feed, bodies: Sequence[bytes], at: datetime) -> Page:
    """Return what both documents say. Raises BadFeed."""
    summary, listed = as_row(document(bodies[0])), as_row(document(bodies[1]))
    summary.row("page").word("status")
    components = [
        _component(row) for row in listed.rows("components", MOST_COMPONENTS + 1) if not row.values.get("isParent")
    ]
    known = names(components)
    return page(
        at,
        components,
        (_incident(feed, row, known, at) for row in summary.rows_if_any("activeIncidents")),
        (
            _maintenance(feed, row, known)
            for row in summary.rows_if_any("activeMaintenances")
            if row.word("status") != "COMPLETED"
        ),
    )


def _component(row: Row) -> Component:
    word = row.word("status")
    return Component(row.word("id"), row.text("name") or row.word("id"), word, _WORDS.level(word))


def _incident(feed: Feed, row: Row, known: Names, at: datetime) -> Incident:
    latest = at + CLOCK_SLACK
    status, name = row.word("status").lower(), title(row.text("name"), "")
    updated = _moment(row, "updatedAt", latest)
    return Incident(
        id=_id(row),
        name=name,
        status=status,
        impact=_WORDS.impact([row.raw("impact")]),
        started_at=_moment(row, "started", latest),
        updated_at=updated,
        resolved_at=updated if status == "resolved" else None,
        url=link(row.values.get("url"), hosts(feed)),
        components=named(name, known),
        models=models_in(row.raw("name")),
    )


def _maintenance(feed: Feed, row: Row, known: Names) -> Maintenance:
    name = title(row.text("name"), "")
    starts = _moment(row, "start", None)
    minutes = _minutes(row.values.get("duration"))
    return Maintenance(
        id=_id(row),
        name=name,
        status={"NOTSTARTEDYET": "scheduled", "INPROGRESS": "in_progress"}.get(row.word("status"), row.word("status")),
        starts_at=starts,
        ends_at=starts + timedelta(minutes=minutes) if starts is not None and minutes is not None else None,
        components=named(name, known),
        url=link(row.values.get("url"), hosts(feed)),
    )


def _id(row: Row) -> str:
    """Return the id; older documents have it only as the end of the address."""
    return row.word("id") if row.values.get("id") is not None else row.word("url").rstrip("/").rpartition("/")[2]


def _minutes(value: object) -> float | None:
    """Return the length of announced work, which comes as a number or as a text."""
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 10:
        value = int(value)
    fits = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _LONGEST_MINUTES
    return float(value) if fits and isinstance(value, int | float) else None


def _moment(row: Row, name: str, latest: datetime | None) -> datetime | None:
    value = row.values.get(name)
    printed = _PRINTED.match(value) if isinstance(value, str) else None
    if printed is None:
        return moment(value, latest)
    try:
        written = datetime.strptime(f"{printed[1]} {printed[2]}", "%b %d %Y %H:%M:%S %z")
    except ValueError:
        return None
    return moment(written.isoformat(), latest)
