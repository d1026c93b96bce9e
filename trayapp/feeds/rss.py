"""The history feed of any status page, RSS 2.0 or Atom, as Statuspage, incident.io and Instatus write it.

For pages that offer nothing better: a feed names components only in its texts, and no severity but where incident.io
adds "Affected components" with their states. Each update begins with its state in a heading, the newest first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from trayapp.feeds._badfeed import BadFeed
from trayapp.feeds._models import models_in
from trayapp.feeds._page import CLOCK_SLACK, level, page, title
from trayapp.feeds._syndication import ACCEPT, Channel, Entry, channel
from trayapp.feeds._text import BODY, clean, hosts, link, plain
from trayapp.feeds._trouble import Hit, components, declared
from trayapp.model.level import Level, rank
from trayapp.model.provider import Feed, FeedComponent
from trayapp.model.reading import Component, Incident, Maintenance, Page
from trayapp.model.request import Request

_PATH = "/history.atom"
_WELL, _BAD = "operational", "incident"
_STATES = ("investigating", "identified", "monitoring", "resolved", "postmortem")
_WORK = ("scheduled", "in_progress", "verifying", "completed")
_OVER = ("resolved", "postmortem", "completed")
#: `<li>Name (Degraded performance)</li>`
_AFFECTED = re.compile(r"<li>([^<(]{1,100})\(([A-Za-z ]{3,30})\)\s*</li>")
_WHOLE = "page"


def requests(feed: Feed, base: str) -> tuple[Request, ...]:
    """Return the request for the feed."""
    return (Request(f"{base}{feed.path or _PATH}", headers=ACCEPT),)


def parse(feed: Feed, bodies: Sequence[bytes], at: datetime) -> Page:
    """Return what the feed says of the declared components, or of the page as a whole. Raises BadFeed."""
    read = channel(bodies[0], at + CLOCK_SLACK)
    known = [(entry, state) for entry in read.entries if (state := _state(entry))]
    if read.entries and not known:
        raise BadFeed("no entry says a state: this is not the history of a status page")
    incidents = [(entry, _incident(feed, entry, state)) for entry, state in known if state not in _WORK]
    hits = [hit for entry, incident in incidents if incident.is_open for hit in _hits(feed, entry, incident)]
    works = (_maintenance(feed, entry, state) for entry, state in known if state in _WORK and state != "completed")
    return page(at, _components(feed, read, hits), (incident for _, incident in incidents), works)


def _components(feed: Feed, read: Channel, hits: Sequence[Hit]) -> list[Component]:
    """Return the declared components; where none is, the page itself is one."""
    if feed.components:
        return components(feed, hits, _WELL)
    whole = [Hit(hit.word, hit.level, (_WHOLE,)) for hit in hits]
    alone = Feed(feed.platform, feed.url, components=(FeedComponent(_WHOLE, read.title or _WHOLE),))
    return components(alone, whole, _WELL)


def _state(entry: Entry) -> str:
    """Return the newest update's state, "" for an entry that has none; "Update" is none."""
    return next((word for word in entry.states() if word in (*_STATES, *_WORK)), "")


def _affected(entry: Entry) -> dict[str, str]:
    pairs = _AFFECTED.findall(entry.html)
    return {plain(name, 100): "_".join(state.lower().split()) for name, state in pairs}


def _hits(feed: Feed, entry: Entry, incident: Incident) -> list[Hit]:
    states = _affected(entry)
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
        return declared(feed, list(states))
    return declared(feed, (), entry.title) or tuple(each.id for each in feed.components)


def _maintenance(feed: Feed, entry: Entry, state: str) -> Maintenance:
    """Return announced work. The feed gives no window in a form to read: it has begun when its state says so."""
    begun = entry.updated if state in ("in_progress", "verifying") else None
    names = declared(feed, list(_affected(entry)), entry.title)
    return Maintenance(entry.id, title(entry.title, ""), state, begun, None, names, link(entry.link, hosts(feed)))
