"""Alibaba Cloud's list of events in progress, `/api/status/listEventInProgressInternational`, which its page loads.

It covers the cloud as a whole; Model Studio, where Qwen is served, is not in its catalogue, so that no event there
tells little. An event has no severity, and is open without an end or with one that is still to come.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from trayapp.feeds._badfeed import BadFeed
from trayapp.feeds._json import ACCEPT, Row, as_row, document
from trayapp.feeds._models import models_in
from trayapp.feeds._page import CLOCK_SLACK, page, title
from trayapp.feeds._text import TITLE, instant, plain
from trayapp.feeds._trouble import Hit, components, spoken_of
from trayapp.model.level import Level
from trayapp.model.provider import Feed
from trayapp.model.reading import Incident, Page
from trayapp.model.request import Request

_PATH = "/api/status/listEventInProgressInternational"
_WELL, _BAD = "no event listed", "event in progress"
#: Names read of one event.
_MOST = 100


def requests(feed: Feed, base: str) -> tuple[Request, ...]:
    """Return the request for the list."""
    return (Request(f"{base}{feed.path or _PATH}", headers=ACCEPT),)


def parse(feed: Feed, bodies: Sequence[bytes], at: datetime) -> Page:
    """Return what the list says of the declared products. Raises BadFeed."""
    answer = as_row(document(bodies[0]))
    if not answer.is_set("success"):
        raise BadFeed("the page says that its list could not be made")
    incidents = [_incident(feed, row, at) for row in answer.rows("data")]
    hits = [Hit(_BAD, Level.DEGRADED, each.components) for each in incidents if each.is_open]
    return page(at, components(feed, hits, _WELL), incidents)


def _incident(feed: Feed, row: Row, at: datetime) -> Incident:
    begun = instant(row.values.get("startTime"), 1000, at + CLOCK_SLACK)
    over = instant(row.values.get("endTime"), 1000, at)
    name = row.text("title")
    return Incident(
        id=row.key("id") if row.values.get("id") is not None else f"{name[:60]}@{row.values.get('startTime')}",
        name=title(name, ""),
        status="resolved" if over else "investigating",
        impact="minor",
        started_at=begun,
        updated_at=over or begun,
        resolved_at=over,
        components=spoken_of(feed, name, _products(row)),
        models=models_in(row.raw("title")),
    )


def _products(row: Row) -> list[str]:
    """Return the names of an event's products. Anything else in their place could be ours: it is not passed over."""
    products = row.values.get("products")
    if products is None:
        return []
    if not isinstance(products, list) or not all(isinstance(name, str) for name in products):
        raise BadFeed("products: a list of names was expected")
    return [plain(name, TITLE) for name in products[:_MOST]]
