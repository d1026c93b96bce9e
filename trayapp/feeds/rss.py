"""The history feed of any status page, RSS 2.0 or Atom, as Statuspage, incident.io and Instatus write it.

For pages that offer nothing better: a feed names components only in its texts, and no severity but where incident.io
adds "Affected components" with their states. Each update begins with its state in a heading, the newest first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from trayapp.feeds._badfeed import BadFeed
from trayapp.feeds._models import models_in
from trayapp.feeds._page import CLOCK_SLACK, level, page, title
from trayapp.feeds._syndication import ACCEPT, Channel, Entry, channel
from trayapp.feeds._text import BODY, clean, hosts, link, plain
from trayapp.feeds._trouble import Hit, components, declared, every, spoken_of
from trayapp.model.level import Level, rank
from trayapp.model.provider import Feed, FeedComponent
from trayapp.model.reading import Component, Incident, Maintenance, Page
from trayapp.model.request import Request

_PATH = "/history.atom"
_WELL, _BAD = "operational", "incident"
_STATES = ("investigating", "identified", "monitoring", "resolved", "postmortem")
_WORK = ("scheduled", "in_progress", "verifying", "completed")
_KNOWN = (*_STATES, *_WORK)
_OVER = ("resolved", "postmortem", "completed")
#: For so long an entry whose state is no word that we know may be an incident that goes on.
_STRANGE = timedelta(days=7)
#: Work that nobody called completed for so long is over: the feed gives no window.
_FORGOTTEN = timedelta(days=30)
#: `<li>Name (Degraded performance)</li>`
_AFFECTED = re.compile(r"<li>([^<(]{1,100})\(([A-Za-z ]{3,30})\)\s*</li>")
_WHOLE = "page"


def requests(feed: Feed, base: str) -> tuple[Request, ...]:
    """Return the request for the feed."""
    return (Request(f"{base}{feed.path or _PATH}", headers=ACCEPT),)


def parse(feed: Feed, bodies: Sequence[bytes], at: datetime) -> Page:
    """Return what the feed says of the declared components, or of the page as a whole. Raises BadFeed."""
    read = channel(feed, bodies[0], at + CLOCK_SLACK)
    told = [(entry, _state(entry)) for entry in read.entries]
    if told and not any(state in _KNOWN for _, state in told):
        raise BadFeed("no entry says a state: this is not the history of a status page")
    told = [(entry, state) for entry, state in told if state in _KNOWN or _is_new(entry, at, _STRANGE)]
    incidents = [(entry, _incident(feed, entry, state)) for entry, state in told if state not in _WORK]
    hits = [hit for entry, incident in incidents if incident.is_open for hit in _hits(feed, entry, incident)]
    works = [(entry, state) for entry, state in told if state in _WORK and state not in _OVER]
    return page(
        at,
        _components(feed, read, hits),
        (incident for _, incident in incidents),
        (_maintenance(feed, entry, state) for entry, state in works if _is_new(entry, at, _FORGOTTEN)),
    )


def _is_new(entry: Entry, at: datetime, span: timedelta) -> bool:
    return entry.updated is None or at - entry.updated < span


def _components(feed: Feed, read: Channel, hits: Sequence[Hit]) -> list[Component]:
    """Return the declared components; where none is, the page itself is one."""
    if feed.components:
        return components(feed, hits, _WELL)
    whole = [Hit(hit.word, hit.level, (_WHOLE,)) for hit in hits]
    alone = Feed(feed.platform, feed.url, components=(FeedComponent(_WHOLE, read.title or _WHOLE),))
    return components(alone, whole, _WELL)


def _state(entry: Entry) -> str:
    """Return the newest update's state, "unknown" for an entry that has none; "Update" is none."""
    return next((word for word in entry.states() if word in _KNOWN), "unknown")


def _affected(entry: Entry) -> dict[str, str]:
    pairs = _AFFECTED.findall(entry.html)
    return {plain(name, 100): "_".join(state.lower().split()) for name, state in pairs}


def _hits(feed: Feed, entry: Entry, incident: Incident) -> list[Hit]:
    states = _affected(entry)
    if incident.status not in _KNOWN:
        return [Hit(incident.status, Level.UNKNOWN, incident.components)]
    if not states:
        return [Hit(_BAD, Level.DEGRADED, incident.components)]
    return [Hit(word, level(word), declared(feed, [name])) for name, word in states.items()]


def _incident(feed: Feed, entry: Entry, state: str) -> Incident:
    latest = clean(entry.html, BODY)
    states = _affected(entry)
    worst = min((level(word) for word in states.values()), key=rank, default=Level.UNKNOWN)
    return Incident(
        id=entry.id,
        name=title(entry.title, latest),
        status=state,
        impact={Level.DOWN: "critical", Level.DEGRADED: "minor", Level.OPERATIONAL: "none"}.get(worst, ""),
        started_at=entry.published,
        updated_at=entry.updated,
        resolved_at=entry.updated if state in _OVER else None,
        url=link(entry.link.replace("//incidents", "/incidents"), hosts(feed)),
        components=_touched(feed, states, entry),
        models=models_in(f"{entry.title} \n{entry.html}"),
        latest=latest,
    )


def _touched(feed: Feed, states: dict[str, str], entry: Entry) -> tuple[str, ...]:
    """Return the components it is about. One that names none of them may be about each."""
    if states:
        return declared(feed, states)
    return spoken_of(feed, entry.title) or every(feed)


def _maintenance(feed: Feed, entry: Entry, state: str) -> Maintenance:
    """Return announced work. The feed gives no window in a form to read: it has begun when its state says so."""
    begun = entry.updated if state in ("in_progress", "verifying") else None
    names = declared(feed, _affected(entry)) or spoken_of(feed, entry.title)
    return Maintenance(entry.id, title(entry.title, ""), state, begun, None, names, link(entry.link, hosts(feed)))
