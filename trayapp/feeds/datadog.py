"""Datadog Status Pages: the document that the page itself loads, `/config.json`.

The document is not described by the vendor; the words in it are those of its API
(https://docs.datadoghq.com/api/latest/status-pages/). A group has members and no status of its own. An incident's own
list of components says how they are now, so how bad it was is only in its timeline. What was taken back stays listed
with the date of that in `deletedAt`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from trayapp.feeds._json import ACCEPT, Row, as_row, document
from trayapp.feeds._models import models_in
from trayapp.feeds._page import CLOCK_SLACK, MOST_COMPONENTS, Names, Words, named, names, page, title
from trayapp.feeds._text import BODY, moment
from trayapp.model.level import Level
from trayapp.model.provider import Feed
from trayapp.model.reading import Component, Incident, Maintenance, Page
from trayapp.model.request import Request

_PATH = "/config.json"
_WORDS = Words(
    {
        "operational": (Level.OPERATIONAL, "none"),
        "maintenance": (Level.MAINTENANCE, "none"),
        "degraded": (Level.DEGRADED, "minor"),
        "partial_outage": (Level.DEGRADED, "major"),
        "major_outage": (Level.DOWN, "critical"),
    }
)
_OVER = ("completed", "canceled")


def requests(feed: Feed, base: str) -> tuple[Request, ...]:
    """Return the request for the one document."""
    return (Request(f"{base}{feed.path or _PATH}", headers=ACCEPT),)


def parse(feed: Feed, bodies: Sequence[bytes], at: datetime) -> Page:
    """Return what a page's document says. Raises BadFeed."""
    config = as_row(document(bodies[0]))
    components = [_component(row) for row in _shown(config.rows("components", MOST_COMPONENTS + 1))]
    known = names(components)
    return page(
        at,
        components,
        (_incident(row, known, at) for row in _standing(config.rows_if_any("incidents"))),
        (
            _maintenance(row, known)
            for row in _standing(config.rows_if_any("maintenances"))
            if row.word("currentStatus") not in _OVER
        ),
    )


def _standing(rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if moment(row.values.get("deletedAt")) is None)


def _shown(rows: Iterable[Row]) -> Iterator[Row]:
    for row in _standing(rows):
        if row.raw("type") == "ComponentGroup":
            yield from _standing(row.rows_if_any("components"))
        else:
            yield row


def _component(row: Row) -> Component:
    id, word = row.word("id"), row.word("status")
    return Component(id, row.text("name") or id, word, _WORDS.level(word))


def _incident(row: Row, known: Names, at: datetime) -> Incident:
    # Newest first. Of its times `startedAt` is the event's and `createdAt` that of the filing, which may be days later.
    updates = list(_standing(row.rows_if_any("timeline")))
    newest = (updates[0].text("description", BODY) if updates else "") or row.text("description", BODY)
    latest = at + CLOCK_SLACK
    begun = [row.when("publishedDate", latest)]
    begun += [update.when("startedAt", latest) for update in updates]
    changed = row.when("lastModifiedAt", latest)
    status = row.word("currentStatus")
    is_over = status == "resolved" or row.is_set("resolved")
    return Incident(
        id=row.word("id"),
        name=title(row.text("title"), newest),
        status=status,
        impact=_WORDS.impact({each.raw("status") for part in (row, *updates) for each in _affected(part)}),
        started_at=min((each for each in begun if each is not None), default=None),
        updated_at=changed,
        # The date is "" while it is open, and stays when it is opened again.
        resolved_at=(row.when("resolvedDate", latest) or changed or at) if is_over else None,
        components=_touched(row, updates, known),
        models=models_in(
            " \n".join([row.raw("title"), row.raw("description"), *(update.raw("description") for update in updates)])
        ),
        latest=newest,
    )


def _maintenance(row: Row, known: Names) -> Maintenance:
    return Maintenance(
        id=row.word("id"),
        name=title(row.text("title"), ""),
        status=row.word("currentStatus"),
        starts_at=moment(row.values.get("startDate")),
        # Announced with the work, not the moment when it was done.
        ends_at=moment(row.values.get("completedDate")),
        components=_touched(row, (), known),
    )


def _affected(row: Row) -> tuple[Row, ...]:
    return row.rows_if_any("componentsAffected")


def _touched(row: Row, updates: Sequence[Row], known: Names) -> tuple[str, ...]:
    """Return the components it is about: as it says itself, else as its timeline says, else by name in its title."""
    rows = _affected(row) or [each for update in updates for each in _affected(update)]
    return tuple(dict.fromkeys(each.word("id") for each in rows)) or named(row.text("title"), known)
