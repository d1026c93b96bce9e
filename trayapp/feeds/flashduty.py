"""Flashduty (Flashcat) status pages: `/api/status-page/<page id>/summary/active`, which the page itself loads.

The vendor does not describe it; its shape is that of status.deepseek.com in September 2026. It lists components without
a state, and the changes that are under way: a component that no such change holds otherwise works. A page that leaves
either list out is therefore not read at all. A component that the page no longer lists is not made up, for ids are
retired with the models.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from trayapp.feeds._json import ACCEPT, Row, as_row, document
from trayapp.feeds._models import models_in
from trayapp.feeds._page import CLOCK_SLACK, MOST_COMPONENTS, Words, page, title
from trayapp.feeds._text import BODY, clean, instant
from trayapp.model.level import Level
from trayapp.model.provider import Feed
from trayapp.model.reading import Component, Incident, Maintenance, Page
from trayapp.model.request import Request

_WELL = "operational"
_WORDS = Words(
    {
        _WELL: (Level.OPERATIONAL, "none"),
        "maintenance": (Level.MAINTENANCE, "none"),
        "under_maintenance": (Level.MAINTENANCE, "none"),
        "degraded": (Level.DEGRADED, "minor"),
        "partial_outage": (Level.DEGRADED, "major"),
        "major_outage": (Level.DOWN, "critical"),
        "full_outage": (Level.DOWN, "critical"),
    }
)
_OVER = ("resolved", "completed", "cancelled", "canceled")
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_PARAGRAPHS = re.compile(r"\n\s*\n")
_CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff]")


def requests(feed: Feed, base: str) -> tuple[Request, ...]:
    """Return the request for the summary. Its path holds the page's number, so a feed without a path asks nothing."""
    return (Request(f"{base}{feed.path}", headers=ACCEPT),) if feed.path else ()


def parse(feed: Feed, bodies: Sequence[bytes], at: datetime) -> Page:
    """Return what a summary says. Raises BadFeed."""
    data = as_row(document(bodies[0])).row("data")
    listed = data.row("page").rows("components", MOST_COMPONENTS + 1)
    changes = data.rows("active_changes")
    works = [row for row in changes if _is_maintenance(row) and not _is_over(row)]
    incidents = [row for row in changes if not _is_maintenance(row)]
    holding = [row for row in incidents if not _is_over(row)]
    holding += [row for row in works if _maintenance(row).is_under_way(at)]
    words = _words(holding)
    return page(
        at,
        (_component(row, words) for row in listed),
        (_incident(row, at) for row in incidents),
        (_maintenance(row) for row in works),
    )


def _is_maintenance(change: Row) -> bool:
    return change.word("type") == "maintenance"


def _is_over(change: Row) -> bool:
    return change.word("status") in _OVER


def _words(changes: Sequence[Row]) -> Mapping[str, str]:
    """Return the worst word now for each component that a change holds; where it has none, the change's."""
    words: dict[str, str] = {}
    for change in changes:
        for row in change.rows_if_any("affected_components"):
            id = row.key("component_id")
            words[id] = _WORDS.worst((words.get(id, _WELL), row.raw("status") or change.word("status")), _WELL)
    return words


def _component(row: Row, words: Mapping[str, str]) -> Component:
    id = row.key("component_id")
    word = words.get(id, _WELL)
    return Component(id, row.text("name") or id, word, _WORDS.level(word))


def _incident(row: Row, at: datetime) -> Incident:
    latest = at + CLOCK_SLACK
    updates = sorted(row.rows_if_any("updates"), key=lambda each: _told(each, latest) or _LONG_AGO, reverse=True)
    newest = _english(updates[0] if updates else row)
    begun = [instant(row.values.get("start_at_seconds"), latest=latest), *(_told(each, latest) for each in updates)]
    return Incident(
        id=row.key("change_id"),
        name=title(row.text("title"), newest),
        status=row.word("status"),
        impact=_WORDS.impact(_states(row, updates)),
        started_at=min((each for each in begun if each is not None), default=None),
        updated_at=max((each for each in begun if each is not None), default=None),
        resolved_at=instant(row.values.get("close_at_seconds"), latest=latest) if _is_over(row) else None,
        components=_touched(row, updates),
        models=models_in(" \n".join([row.raw("title"), *(each.raw("description") for each in (row, *updates))])),
        latest=newest,
    )


def _maintenance(row: Row) -> Maintenance:
    return Maintenance(
        id=row.key("change_id"),
        name=title(row.text("title"), _english(row)),
        status=row.word("status"),
        starts_at=instant(row.values.get("start_at_seconds")),
        ends_at=instant(row.values.get("close_at_seconds")),
        components=_touched(row, row.rows_if_any("updates")),
    )


def _told(update: Row, latest: datetime) -> datetime | None:
    return instant(update.values.get("at_seconds"), latest=latest)


def _english(row: Row) -> str:
    """Return what the description says in English, where it says it twice as vendors in China do."""
    paragraphs = _PARAGRAPHS.split(row.raw("description"))
    return clean(" ".join([each for each in paragraphs if not _CHINESE.search(each)] or paragraphs), BODY)


def _states(row: Row, updates: Sequence[Row]) -> set[str]:
    """Return every word that a component had in its course; its own list says only how they are now."""
    rows = [*row.rows_if_any("affected_components"), *_changes(updates)]
    return {each.raw("status") for each in rows}


def _changes(updates: Sequence[Row]) -> list[Row]:
    return [each for update in updates for each in update.rows_if_any("component_changes")]


def _touched(row: Row, updates: Sequence[Row]) -> tuple[str, ...]:
    """Return the components it is about: as it says itself, else as its updates say, which name retired ones too."""
    rows = row.rows_if_any("affected_components") or _changes(updates)
    return tuple(dict.fromkeys(each.key("component_id") for each in rows))
