"""Rootly status pages: https://docs.rootly.com/configuration/status-page-public-api.

The public documents, which only pages on a domain of their own have, know no components. So the components are those
that the provider file declares, each in the state of the worst open incident that names it, and beside them the page as
a whole, with the id "page", in the state of the page's indicator. An incident that names none of them is on none.

The vendor describes the indicator, and not the incidents; the fields of these were seen on status.mistral.ai in
September 2026, where some had no name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from urllib.parse import urljoin

from trayapp.feeds._json import ACCEPT, Row, as_row, document
from trayapp.feeds._models import models_in
from trayapp.feeds._page import CLOCK_SLACK, Names, Words, named, names, page, title
from trayapp.feeds._text import BODY, moment
from trayapp.model.level import Level
from trayapp.model.provider import Feed
from trayapp.model.reading import Component, Incident, Maintenance, Page
from trayapp.model.request import Request

_PATH = "/api/v1/status.json"
#: Stands beside the status document; its first 25 are asked for, of those that are open.
_INCIDENTS = "incidents.json"
#: The id of the page as a whole.
PAGE = "page"
_WELL = "none"
_WORK = "maintenance"
#: The words of the indicator and of an incident's impact.
_WORDS = Words(
    {
        _WELL: (Level.OPERATIONAL, "none"),
        _WORK: (Level.MAINTENANCE, "none"),
        "minor": (Level.DEGRADED, "minor"),
        "major": (Level.DOWN, "major"),
        # Not in the vendor's list, and seen.
        "critical": (Level.DOWN, "critical"),
    }
)
#: What the vendor calls planned events (https://docs.rootly.com/configuration/status-page-write-api).
_PLANNED = ("scheduled", "in_progress", "verifying", "completed")


def requests(feed: Feed, base: str) -> tuple[Request, ...]:
    """Return the requests for the status and, beside it, for the incidents."""
    status = f"{base}{feed.path or _PATH}"
    return tuple(Request(url, headers=ACCEPT) for url in (status, urljoin(status, _INCIDENTS)))


def parse(feed: Feed, bodies: Sequence[bytes], at: datetime) -> Page:
    """Return what the status and the list of incidents say. Raises BadFeed, also when one of them is not there."""
    status, listed = (as_row(document(body)) for body in (bodies[0], bodies[1]))
    declared = [Component(each.id, each.name, _WELL, Level.OPERATIONAL) for each in feed.components if each.id != PAGE]
    known = names(declared)
    rows = _each_once([*listed.rows("incidents"), *status.rows_if_any("incidents")])
    incidents = [_incident(row, known, at) for row in rows if not _is_planned(row)]
    works = [_maintenance(row, known) for row in rows if _is_planned(row)]
    open_posts = [(each.impact or each.status, each.components) for each in incidents if each.is_open]
    open_posts += [(_WORK, each.components) for each in works if each.is_under_way(at)]
    whole = _whole(status)
    # An indicator that we do not know, or that nothing listed explains, may be about any of them.
    is_explained = whole.status == _WELL or (whole.level is not Level.UNKNOWN and bool(open_posts))
    rest = _WELL if is_explained else whole.status
    components = [_component(each, open_posts, rest) for each in declared]
    return page(at, [*components, whole], incidents, (each for each in works if each.status != "completed"))


def _each_once(rows: Iterable[Row]) -> Collection[Row]:
    once: dict[str, Row] = {}
    for row in rows:
        once.setdefault(row.key("id"), row)
    return once.values()


def _whole(status: Row) -> Component:
    word = status.row("status").word("indicator")
    name = status.row("page").text("name")
    return Component(PAGE, name or PAGE, word, _WORDS.level(word))


def _component(declared: Component, posts: Iterable[tuple[str, Sequence[str]]], rest: str) -> Component:
    word = _WORDS.worst((word for word, touched in posts if declared.id in touched), rest)
    return Component(declared.id, declared.name, word, _WORDS.level(word))


def _is_planned(row: Row) -> bool:
    return row.word("status") in _PLANNED or row.raw("impact") == _WORK


def _incident(row: Row, known: Names, at: datetime) -> Incident:
    # Newest first.
    updates = row.rows_if_any("incident_updates")
    newest = updates[0].text("body", BODY) if updates else ""
    latest = at + CLOCK_SLACK
    told = _told(updates[0], latest) if updates else None
    status = row.word("status")
    words = _all_said(row, updates)
    begun = row.when("started_at", latest) or row.when("created_at", latest)
    return Incident(
        id=row.key("id"),
        # Of one without a name the first update says best what it is about; the newest may be "Resolved".
        name=title(row.text("name"), updates[-1].text("body") if updates else ""),
        status=status,
        impact=row.text("impact"),
        started_at=begun,
        updated_at=told or row.when("updated_at", latest) or begun,
        resolved_at=row.when("resolved_at", latest) if status == "resolved" else None,
        components=named(words, known),
        models=models_in(words),
        latest=newest,
    )


def _maintenance(row: Row, known: Names) -> Maintenance:
    updates = row.rows_if_any("incident_updates")
    status = row.word("status")
    begun = moment(row.values.get("started_at")) if status == "in_progress" else None
    return Maintenance(
        id=row.key("id"),
        name=title(row.text("name"), updates[-1].text("body") if updates else ""),
        status=status,
        starts_at=moment(row.values.get("scheduled_for")) or begun,
        ends_at=moment(row.values.get("scheduled_until")),
        components=named(_all_said(row, updates), known),
    )


def _told(update: Row, latest: datetime) -> datetime | None:
    return update.when("display_at", latest) or update.when("created_at", latest)


def _all_said(row: Row, updates: Sequence[Row]) -> str:
    return " \n".join([row.raw("name"), *(update.raw("body") for update in updates)])
