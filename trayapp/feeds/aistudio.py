"""The incidents of Google AI Studio: what its status page loads by an internal call, for Google publishes no feed of
the Gemini developer API.

Undocumented and best effort. The call wants a front-end key that every visitor of the page is given, and that changes:
so the page is read first, and the key taken from it goes to that call alone. The answer is nested lists: an incident is
[id, title, severity, [[state, local time, [seconds since 1970], text], …], number, [components …]]. The page's script
names the numbers: states 1 detected, 2 identified, 3 update, 4 resolved, 5 mitigated; severity 0 informational,
1 minor, 2 major; components 1 Gemini API, 2 Multimodal Live API, 3 AI Studio.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from trayapp.feeds._badfeed import BadFeed
from trayapp.feeds._json import document
from trayapp.feeds._models import models_in
from trayapp.feeds._page import CLOCK_SLACK, MOST_INCIDENTS, Words, page, title
from trayapp.feeds._text import BODY, TITLE, clean, instant, plain
from trayapp.feeds._trouble import Hit, components
from trayapp.model.level import Level
from trayapp.model.provider import Feed
from trayapp.model.reading import Incident, Page
from trayapp.model.request import Request

#: The first answer is a web page, from which the second request is made.
BEGINS_WITH_A_WEB_PAGE = True

_PAGE = "https://aistudio.google.com/status"
_CALL = "/$rpc/google.internal.alkali.applications.makersuite.v1.MakerSuiteService/ListIncidentsHistory"
_KEY = re.compile(rb"AIza[0-9A-Za-z_-]{35}")
_MARKED = re.compile(rb'"WIu0Nc":"(AIza[0-9A-Za-z_-]{35})"')
_WELL = "operational"
_SEVERITIES = {0: "informational", 1: "minor", 2: "major"}
_STATES = {1: "investigating", 2: "identified", 3: "monitoring", 4: "resolved", 5: "monitoring"}
_WORDS = Words(
    {
        _WELL: (Level.OPERATIONAL, "none"),
        "informational": (Level.OPERATIONAL, "none"),
        "minor": (Level.DEGRADED, "minor"),
        "major": (Level.DOWN, "critical"),
    }
)


def requests(feed: Feed, base: str) -> tuple[Request, ...]:
    """Return the request for the page that holds the key."""
    return (Request(feed.page or _PAGE, headers={"accept": "text/html"}),)


def follow(feed: Feed, base: str, bodies: Sequence[bytes]) -> tuple[Request, ...]:
    """Return the call, with the key that the page holds. Raises BadFeed when it holds none."""
    marked = _MARKED.search(bodies[0])
    found = marked[1] if marked else next(iter(_KEY.findall(bodies[0])), None)
    if found is None:
        raise BadFeed("the page no longer holds what its list of incidents is asked with")
    headers = {
        "content-type": "application/json+protobuf",
        "x-goog-api-key": found.decode("ascii"),
        "x-user-agent": "grpc-web-javascript/0.1",
        "origin": "https://aistudio.google.com",
        # Without it the answer is 403.
        "referer": "https://aistudio.google.com/",
    }
    return (Request(f"{base}{feed.path or _CALL}", "POST", headers, b"[]"),)


def parse(feed: Feed, bodies: Sequence[bytes], at: datetime) -> Page:
    """Return what the list says of the declared components. Raises BadFeed."""
    rows = _rows(document(bodies[0]))
    incidents = [_incident(_list(row, "an incident"), at) for row in rows[:MOST_INCIDENTS]]
    hits = [
        Hit(word, _WORDS.level(word), incident.components)
        for incident, word in incidents
        if incident.is_open and _WORDS.level(word) is not Level.OPERATIONAL
    ]
    return page(at, components(feed, hits, _WELL), (incident for incident, _ in incidents))


def _rows(value: object) -> list[Any]:
    """Return the incidents; when there are none, the lists around them may be left out."""
    for _ in range(2):
        outer = _list(value, "the document")
        if not outer:
            return []
        value = outer[0]
    return _list(value, "incidents")


def _incident(row: list[Any], at: datetime) -> tuple[Incident, str]:
    latest = at + CLOCK_SLACK
    # Not always in order.
    updates = sorted((_update(each, latest) for each in _list(row[3], "updates")), key=lambda each: each[0] or at)
    if not updates:
        raise BadFeed("an incident without updates")
    when, state, text = updates[-1]
    newest = clean(text, BODY)
    severity = _SEVERITIES.get(row[2], str(row[2])[:20])
    status = _STATES.get(state, "unknown")
    incident = Incident(
        id=_text(row[0], 100) or title(_text(row[1], TITLE), newest),
        name=title(_text(row[1], TITLE), newest),
        status=status,
        impact=_WORDS.impact([severity]),
        started_at=updates[0][0],
        updated_at=when,
        resolved_at=when if status == "resolved" else None,
        components=tuple(_number(each, "a component") for each in _list(row[5], "components")),
        models=models_in(" \n".join([_raw(row[1]), *(told for _, _, told in updates)])),
        latest=newest,
    )
    return incident, severity


def _update(value: object, latest: datetime) -> tuple[datetime | None, int, str]:
    row = _list(value, "an update")
    when = _list(row[2], "a time")[0]
    if instant(when) is None:
        raise BadFeed("an update: seconds since 1970 were expected")
    _number(row[0], "an update's state")
    return instant(when, latest=latest), row[0], _raw(row[3] if len(row) > 3 else "")


def _number(value: object, place: str) -> str:
    if type(value) is not int:
        raise BadFeed(f"{place}: a number was expected")
    return str(value)[:20]


def _list(value: object, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise BadFeed(f"{place}: a list was expected")
    return value


def _raw(value: object) -> str:
    return value if isinstance(value, str) else ""


def _text(value: object, limit: int) -> str:
    return clean(value, limit) if isinstance(value, str) else plain(str(value or ""), limit)
