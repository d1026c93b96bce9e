"""Google's incident list, as status.cloud.google.com and google.com/appsstatus publish it.

Its schema: https://status.cloud.google.com/incidents.schema.json. It lists trouble of the last months and of every
product of Google's, and no product that is well. So the components are the products that the provider file declares,
and one without an open incident works. Products go by id: "Vertex Gemini API" was renamed twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urljoin

from trayapp.feeds._json import ACCEPT, Row, as_rows, document
from trayapp.feeds._models import models_in
from trayapp.feeds._page import CLOCK_SLACK, MOST_INCIDENTS, level, page, title
from trayapp.feeds._text import BODY, TITLE, clean, hosts, link
from trayapp.model.level import rank
from trayapp.model.provider import Feed
from trayapp.model.reading import Component, Incident, Page
from trayapp.model.request import Request

_PATH = "/incidents.json"
_WELL = "AVAILABLE"
#: Many texts begin with this word as a headline of its own.
_HEADING = re.compile(r"\A[\s*]*summary[\s*:]+", re.IGNORECASE)


def requests(feed: Feed, base: str) -> tuple[Request, ...]:
    """Return the request for the list."""
    return (Request(f"{base}{feed.path or _PATH}", headers=ACCEPT),)


def parse(feed: Feed, bodies: Sequence[bytes], at: datetime) -> Page:
    """Return what the list says of the declared products. Raises BadFeed."""
    rows = [(row, _products(row)) for row in as_rows(document(bodies[0]), "incidents")]
    declared = {component.id for component in feed.components}
    # Newest first, so that an open one is among them.
    ours = [(row, products) for row, products in rows if declared.intersection(products)][:MOST_INCIDENTS]
    incidents = [_incident(feed, row, products, at) for row, products in ours]
    return page(at, _components(feed, incidents), incidents)


def _components(feed: Feed, incidents: Sequence[Incident]) -> list[Component]:
    components = []
    for declared in feed.components:
        words = [each.status for each in incidents if each.is_open and declared.id in each.components]
        word = min(words, key=lambda each: rank(level(each)), default=_WELL)
        components.append(Component(declared.id, declared.name, word, level(word)))
    return components


def _said(row: Row, name: str, limit: int) -> str:
    return clean(_HEADING.sub("", row.raw(name)), limit)


def _products(row: Row) -> tuple[str, ...]:
    return tuple(dict.fromkeys(product.word("id") for product in row.rows("affected_products")))


def _incident(feed: Feed, row: Row, products: tuple[str, ...], at: datetime) -> Incident:
    # Newest first.
    updates = row.rows_if_any("updates")
    newest = _said(updates[0], "text", BODY) if updates else ""
    latest = at + CLOCK_SLACK
    status = (updates[0].text("status") if updates else "") or row.word("status_impact")
    told = updates[0].when("when", latest) if updates else None
    changed = row.when("modified", latest) or told
    ended = row.when("end", latest)
    # Over when it has an end, which is null, missing or empty before, or when the last word is that all is well: then
    # at the latest now.
    over = ended or (told or changed or at if status == _WELL else None)
    return Incident(
        id=row.word("id"),
        name=title(_said(row, "external_desc", TITLE), newest),
        status=status,
        impact=row.text("status_impact"),
        started_at=row.when("begin", latest),
        updated_at=changed,
        resolved_at=over,
        url=link(urljoin(f"{feed.url}/", row.raw("uri")), hosts(feed)),
        components=products,
        models=models_in(" \n".join([row.raw("external_desc"), *(update.raw("text") for update in updates)])),
        latest=newest,
    )
