"""Atlassian Statuspage, API v2: https://metastatuspage.com/api.

The page-wide indicator is ignored on purpose. It mixes all components: with four of six in partial outage the page of
Claude called itself "minor" (2026-07-30), and with a fault of one beta product alone it did too (2026-09-14).

incident.io and others offer documents of the same form, in which `incidents` may be missing and an incident's
`components` null.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from trayapp.feeds._json import ACCEPT, Row, as_row, document
from trayapp.feeds._models import models_in
from trayapp.feeds._page import CLOCK_SLACK, MOST_COMPONENTS, Names, level, named, names, page, title
from trayapp.feeds._text import BODY, hosts, link, moment
from trayapp.model.provider import Feed
from trayapp.model.reading import Component, Incident, Maintenance, Page
from trayapp.model.request import Request

_PATH = "/api/v2/summary.json"
_OVER = ("resolved", "postmortem", "completed")


def requests(feed: Feed, base: str) -> tuple[Request, ...]:
    """Return the request for the one document that has components, open incidents and announced work."""
    return (Request(f"{base}{feed.path or _PATH}", headers=ACCEPT),)


def parse(feed: Feed, bodies: Sequence[bytes], at: datetime) -> Page:
    """Return what a summary says. Raises BadFeed."""
    summary = as_row(document(bodies[0]))
    links = hosts(feed)
    # A group repeats what its members say.
    listed = summary.rows("components", MOST_COMPONENTS + 1)
    components = [_component(row) for row in listed if not row.is_set("group")]
    known = names(components)
    return page(
        at,
        components,
        (_incident(row, known, links, at) for row in summary.rows_if_any("incidents")),
        (_maintenance(row, known, links) for row in summary.rows_if_any("scheduled_maintenances")),
        _changed_at(summary, listed, at),
    )


def _changed_at(summary: Row, components: Sequence[Row], at: datetime) -> datetime | None:
    """Return the newest time of the page itself and of its components, None when it gives none.

    The page's own may stand still for months while components change. One document writes all its times alike, so the
    greatest text is the newest time.
    """
    head = summary.values.get("page")
    rows = (*([Row(head, "page")] if isinstance(head, dict) else []), *components)
    newest = max(rows, key=lambda row: str(row.values.get("updated_at") or ""), default=None)
    return newest.when("updated_at", at + CLOCK_SLACK) if newest else None


def _component(row: Row) -> Component:
    id, word = row.word("id"), row.word("status")
    return Component(id, row.text("name") or id, word, level(word))


def _incident(row: Row, known: Names, links: Collection[str], at: datetime) -> Incident:
    updates = row.rows_if_any("incident_updates")
    newest = updates[0].text("body", BODY) if updates else ""
    status = row.word("status")
    latest = at + CLOCK_SLACK
    return Incident(
        id=row.word("id"),
        name=title(row.text("name"), newest),
        status=status,
        impact=row.text("impact"),
        # May lie after resolved_at: notices posted after the fact.
        started_at=row.when("started_at", latest) or row.when("created_at", latest),
        updated_at=row.when("updated_at", latest),
        resolved_at=row.when("resolved_at", latest) if status in _OVER else None,
        url=link(row.values.get("shortlink"), links),
        components=_touched(row, updates, known),
        models=models_in(" \n".join([row.raw("name"), *(update.raw("body") for update in updates)])),
        latest=newest,
    )


def _maintenance(row: Row, known: Names, links: Collection[str]) -> Maintenance:
    return Maintenance(
        id=row.word("id"),
        name=title(row.text("name"), ""),
        status=row.word("status"),
        starts_at=moment(row.values.get("scheduled_for")),
        ends_at=moment(row.values.get("scheduled_until")),
        components=_touched(row, row.rows_if_any("incident_updates"), known),
        url=link(row.values.get("shortlink"), links),
    )


def _touched(row: Row, updates: Sequence[Row], known: Names) -> tuple[str, ...]:
    """Return the components it is about: as it says itself, else as its updates say, else by name in its title.

    GitHub and Cloudflare post incidents that list none.
    """
    own = [each.word("id") for each in row.rows_if_any("components") if each.values.get("id") is not None]
    told = own or [each.word("code") for update in updates for each in update.rows_if_any("affected_components")]
    return tuple(dict.fromkeys(told)) or named(row.text("name"), known)
