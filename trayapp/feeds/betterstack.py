"""Better Stack status pages: `/index.json`,
https://betterstack.com/docs/uptime/status-pages/subscribing-to-status-updates/subscribing-to-api/.

A JSON:API document (https://jsonapi.org/format/): resources, reports and their updates stand mixed in `included`. Nine
tenths of it are each resource's `status_history`, which is never looked at. The page-wide `aggregate_state` is ignored
as on every platform: with one resource for each model one of them makes the whole page "downtime".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from trayapp.feeds._json import ACCEPT, MOST_ROWS, Row, as_row, document
from trayapp.feeds._models import models_in
from trayapp.feeds._page import CLOCK_SLACK, Names, Words, named, names, page, title
from trayapp.feeds._text import BODY, moment
from trayapp.model.level import Level
from trayapp.model.provider import Feed
from trayapp.model.reading import Component, Incident, Maintenance, Page
from trayapp.model.request import Request

_PATH = "/index.json"
_WORDS = Words(
    {
        "operational": (Level.OPERATIONAL, "none"),
        "maintenance": (Level.MAINTENANCE, "none"),
        "degraded": (Level.DEGRADED, "minor"),
        "downtime": (Level.DOWN, "critical"),
        # Shown on the page, watched by nobody.
        "not_monitored": (Level.UNKNOWN, "none"),
    }
)
_OVER = "resolved"
#: Rows of all types together: resources come first, reports last.
_MOST_INCLUDED = 5 * MOST_ROWS

#: The rows of `included` by their type.
Included = Mapping[str, Sequence[Row]]


def requests(feed: Feed, base: str) -> tuple[Request, ...]:
    """Return the request for the one document."""
    return (Request(f"{base}{feed.path or _PATH}", headers=ACCEPT),)


def parse(feed: Feed, bodies: Sequence[bytes], at: datetime) -> Page:
    """Return what a page's document says. Raises BadFeed."""
    whole = as_row(document(bodies[0]))
    whole.row("data")
    included = _by_type(whole.rows("included", _MOST_INCLUDED))
    components = [_component(row) for row in included["status_page_resource"]]
    known = names(components)
    updates = {row.key("id"): row.row("attributes") for row in included["status_update"]}
    reports = [(row, row.row("attributes"), _updates(row, updates)) for row in included["status_report"]]
    return page(
        at,
        components,
        (_incident(*report, known, at) for report in reports if not _is_maintenance(report[1])),
        (
            _maintenance(*report, known)
            for report in reports
            if _is_maintenance(report[1]) and report[1].raw("aggregate_state") != _OVER
        ),
    )


def _by_type(rows: Sequence[Row]) -> Included:
    found: dict[str, list[Row]] = {"status_page_resource": [], "status_report": [], "status_update": []}
    for row in rows:
        found.setdefault(row.word("type"), []).append(row)
    return found


def _component(row: Row) -> Component:
    id, attributes = row.key("id"), row.row("attributes")
    word = attributes.word("status")
    return Component(id, attributes.text("public_name") or id, word, _WORDS.level(word))


def _updates(report: Row, updates: Mapping[str, Row]) -> tuple[Row, ...]:
    """Return the report's updates, newest first."""
    if report.values.get("relationships") is None:
        return ()
    linked = report.row("relationships").row("status_updates").rows_if_any("data")
    return tuple(updates[row.key("id")] for row in linked if row.key("id") in updates)


def _is_maintenance(report: Row) -> bool:
    return report.raw("report_type") == "maintenance"


def _incident(row: Row, report: Row, updates: Sequence[Row], known: Names, at: datetime) -> Incident:
    newest = updates[0].text("message", BODY) if updates else ""
    latest = at + CLOCK_SLACK
    begun = report.when("starts_at", latest)
    # What has ended stays listed for months, some of it without ever being called resolved.
    ended = moment(report.values.get("ends_at"), at)
    return Incident(
        id=row.key("id"),
        name=title(report.text("title"), newest),
        status=report.word("aggregate_state"),
        impact=_WORDS.impact({each.raw("status") for part in (report, *updates) for each in _affected(part)}),
        started_at=begun,
        updated_at=(updates[0].when("published_at", latest) if updates else None) or begun,
        resolved_at=ended,
        components=_touched(report, updates, known),
        models=models_in(" \n".join([report.raw("title"), *(update.raw("message") for update in updates)])),
        latest=newest,
    )


def _maintenance(row: Row, report: Row, updates: Sequence[Row], known: Names) -> Maintenance:
    return Maintenance(
        id=row.key("id"),
        name=title(report.text("title"), updates[0].text("message", BODY) if updates else ""),
        status=report.word("aggregate_state"),
        starts_at=moment(report.values.get("starts_at")),
        ends_at=moment(report.values.get("ends_at")),
        components=_touched(report, updates, known),
    )


def _affected(row: Row) -> tuple[Row, ...]:
    return row.rows_if_any("affected_resources")


def _touched(report: Row, updates: Sequence[Row], known: Names) -> tuple[str, ...]:
    """Return the resources it is about: as it says itself, else as its updates say, else by name in its title.

    Some of them may be gone from the page. They stay, for without any it would be about everything.
    """
    rows = _affected(report) or [each for update in updates for each in _affected(update)]
    return tuple(dict.fromkeys(each.key("status_page_resource_id") for each in rows)) or named(
        report.text("title"), known
    )
