"""AWS Health's public events: `/public/currentevents`, which the page itself loads and AWS does not describe.

UTF-16 with its mark, whatever the header says; numbers come as texts or as numbers; an empty list is the usual state.
A service is "bedrock-us-east-1", and an event of another service tells in `impacted_services` whom it touches. The
page's own words for the numbers are: 0 resolved, 1 informational, 2 degraded, 3 disrupted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from trayapp.feeds._badfeed import BadFeed
from trayapp.feeds._json import ACCEPT, Row, as_row, as_rows, document
from trayapp.feeds._models import models_in
from trayapp.feeds._page import CLOCK_SLACK, Words, page, title
from trayapp.feeds._text import BODY, clean, instant
from trayapp.feeds._trouble import Hit, components
from trayapp.model.level import Level
from trayapp.model.provider import Feed
from trayapp.model.reading import Incident, Page
from trayapp.model.request import Request

_PATH = "/public/currentevents"
_WELL = "resolved"
_NUMBERS = {"0": _WELL, "1": "informational", "2": "degraded", "3": "disrupted"}
_WORDS = Words(
    {
        _WELL: (Level.OPERATIONAL, "none"),
        "informational": (Level.DEGRADED, "minor"),
        "degraded": (Level.DEGRADED, "major"),
        "disrupted": (Level.DOWN, "critical"),
    }
)
_RESOLVED = re.compile(r"\s*\[resolved\]\s*", re.IGNORECASE)


def requests(feed: Feed, base: str) -> tuple[Request, ...]:
    """Return the request for the events that are going on, and those that ended lately."""
    return (Request(f"{base}{feed.path or _PATH}", headers=ACCEPT),)


def parse(feed: Feed, bodies: Sequence[bytes], at: datetime) -> Page:
    """Return what the list says of the declared services. Raises BadFeed."""
    rows = as_rows(document(bodies[0]), "events")
    known = {each.id for each in feed.components}
    touched = [(row, _touched(row)) for row in rows]
    # Of the hundred services of AWS only those that count are read further.
    ours = [(row, {id: word for id, word in words.items() if id in known}) for row, words in touched]
    ours = [(row, words) for row, words in ours if words]
    hits = [
        Hit(word, _WORDS.level(word), (id,))
        for row, words in ours
        if not _is_over(row)
        for id, word in words.items()
        if word != _WELL
    ]
    return page(at, components(feed, hits, _WELL), (_incident(row, words, at) for row, words in ours))


def _word(row: Row, name: str) -> str:
    """Return the page's word for a number; one that nobody told us of stays a number, and is of unknown level."""
    value = row.values.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadFeed(f"{name}: a number from 0 to 3 was expected")
    return _NUMBERS.get(str(value).strip(), str(value)[:20])


def _touched(row: Row) -> dict[str, str]:
    """Return each service with its word now."""
    words = {row.word("service"): _word(row, "status")}
    impacted = row.values.get("impacted_services")
    if impacted is None:
        return words
    for id in as_row(impacted, "impacted_services").values:
        inner = as_row(impacted[id], "impacted_services")
        words[id] = _word(inner, "current") if inner.values.get("current") is not None else _word(row, "status")
    return words


def _is_over(row: Row) -> bool:
    return _word(row, "status") == _WELL or bool(_RESOLVED.match(row.raw("summary")))


def _incident(row: Row, words: dict[str, str], at: datetime) -> Incident:
    latest = at + CLOCK_SLACK
    log = row.rows_if_any("event_log")
    told = [moment for each in log if (moment := instant(each.values.get("timestamp"), latest=latest))]
    begun = instant(row.values.get("date"), latest=latest)
    # Oldest first.
    newest = clean(log[-1].raw("message"), BODY) if log else ""
    name = _RESOLVED.sub("", row.raw("summary"))
    over = instant(row.values.get("end_time"), latest=latest) or max(told, default=begun)
    return Incident(
        id=f"{row.word('service')}@{row.values.get('date') or 'unknown'}",
        name=title(clean(name, 200), newest),
        status=_WELL if _is_over(row) else _word(row, "status"),
        impact=_WORDS.impact([_word(row, "status"), *(_word(each, "status") for each in log), *words.values()]),
        started_at=begun or min(told, default=None),
        updated_at=max(told, default=begun),
        resolved_at=over if _is_over(row) else None,
        components=tuple(words),
        models=models_in(" \n".join([row.raw("summary"), *(each.raw("message") for each in log)])),
        latest=newest,
    )
