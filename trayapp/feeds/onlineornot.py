"""OnlineOrNot: the public summary of a page, https://api.onlineornot.com/v1/status_pages/<page's host>/summary.

The interface answers without a token, on a host of its own: `Feed.url` is the page itself, or where the interface is
when `Feed.page` is the page. The form is that of OpenRouter's page, which was there until September 2026 and which
several public programs read; no page of a provider that we ship is there now. Only what is open is listed, and an
incident has no state but that.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from trayapp.feeds._badfeed import BadFeed
from trayapp.feeds._json import ACCEPT, Row, as_row, document
from trayapp.feeds._models import models_in
from trayapp.feeds._page import CLOCK_SLACK, Names, Words, named, names, page, title
from trayapp.feeds._text import moment
from trayapp.model.address import is_private
from trayapp.model.level import Level
from trayapp.model.provider import Feed
from trayapp.model.reading import Component, Incident, Maintenance, Page
from trayapp.model.request import Request

_WORDS = Words(
    {
        "OPERATIONAL": (Level.OPERATIONAL, "none"),
        "NO_IMPACT": (Level.OPERATIONAL, "none"),
        "DEGRADED_PERFORMANCE": (Level.DEGRADED, "minor"),
        "PARTIAL_OUTAGE": (Level.DEGRADED, "major"),
        "MAJOR_OUTAGE": (Level.DOWN, "critical"),
        "MAINTENANCE": (Level.MAINTENANCE, "none"),
        "UNDER_MAINTENANCE": (Level.MAINTENANCE, "none"),
    }
)
_API = "https://api.onlineornot.com"
_OPEN = "active"


def requests(feed: Feed, base: str) -> tuple[Request, ...]:
    """Return the request for the summary of the page."""
    host = _host(feed.page or base)
    api = _API if _host(base) == host else base
    return (Request(f"{api}{feed.path or f'/v1/status_pages/{host}/summary'}", headers=ACCEPT),)


def parse(feed: Feed, bodies: Sequence[bytes], at: datetime) -> Page:
    """Return what the summary says. Raises BadFeed, also for the summary of another page."""
    answer = as_row(document(bodies[0]))
    if not answer.is_set("success"):
        raise BadFeed("OnlineOrNot knows no such page")
    result = answer.row("result")
    _expect_own(feed, result.row("status_page"))
    components = [_component(row) for row in result.rows("components")]
    known = names(components)
    latest = at + CLOCK_SLACK
    return page(
        at,
        components,
        (_incident(row, known, latest) for row in result.rows_if_any("active_incidents")),
        (_maintenance(row, known) for row in result.rows_if_any("scheduled_maintenance")),
    )


def _expect_own(feed: Feed, row: Row) -> None:
    """Raise BadFeed for the summary of another page; on a private address it is one that the user relays."""
    if is_private(urlsplit(feed.url).hostname or ""):
        return
    own = {_host(url) for url in (*feed.bases, *([feed.page] if feed.page else []))}
    if not own & {row.raw("custom_domain").lower(), f"{row.raw('subdomain').lower()}.onlineornot.com"}:
        raise BadFeed(f"this is the summary of {row.text('name') or 'another page'}")


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _component(row: Row) -> Component:
    word = row.word("status")
    return Component(row.key("id"), row.text("name") or row.key("id"), word, _WORDS.level(word))


def _incident(row: Row, known: Names, latest: datetime) -> Incident:
    name = title(row.text("title"), "")
    started = moment(row.values.get("started"), latest) or moment(row.values.get("created_at"), latest)
    return Incident(
        id=row.key("id"),
        name=name,
        status=_OPEN,
        impact=_WORDS.impact([row.raw("impact")]),
        started_at=started,
        updated_at=moment(row.values.get("updated_at"), latest) or started,
        components=named(name, known),
        models=models_in(row.raw("title")),
    )


def _maintenance(row: Row, known: Names) -> Maintenance:
    """Return announced work. How it gives its end is not known, so it has none, and its components tell its state."""
    name = title(row.text("title"), "")
    return Maintenance(row.key("id"), name, "scheduled", components=named(name, known))
