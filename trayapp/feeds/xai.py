"""The status feed of xAI, RSS 2.0 at https://status.x.ai/feed.xml, as it was in October 2026.

An item is one incident at one component, which its title names in brackets; the same incident is repeated for each.
Items stay listed after their end. The feed names no component that works.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from trayapp.feeds._models import models_in
from trayapp.feeds._page import CLOCK_SLACK, Words, page, title
from trayapp.feeds._syndication import ACCEPT, Entry, channel
from trayapp.feeds._text import BODY, clean, hosts, link
from trayapp.feeds._trouble import Hit, components
from trayapp.model.level import Level
from trayapp.model.provider import Feed
from trayapp.model.reading import Incident, Maintenance, Page
from trayapp.model.request import Request

_PATH = "/feed.xml"
_WELL = "operational"
_WORDS = Words(
    {
        "degraded": (Level.DEGRADED, "minor"),
        "disruption": (Level.DEGRADED, "major"),
        "outage": (Level.DOWN, "critical"),
        "maintenance": (Level.MAINTENANCE, "none"),
    }
)
_TAG = re.compile(r"\s*\[([^\]]{1,100})\]\s*(.*)", re.DOTALL)
_SEVERITY = re.compile(r"severity:\s*([a-z]+)", re.IGNORECASE)
#: The newest update is not always the first, so none is called so: the text is cut, not sorted.
_HEAD = re.compile(r"<hr\s*/?>", re.IGNORECASE)


def requests(feed: Feed, base: str) -> tuple[Request, ...]:
    """Return the request for the feed."""
    return (Request(f"{base}{feed.path or _PATH}", headers=ACCEPT),)


def parse(feed: Feed, bodies: Sequence[bytes], at: datetime) -> Page:
    """Return what the feed says of the declared components. Raises BadFeed."""
    entries = channel(bodies[0], at + CLOCK_SLACK).entries
    told: dict[str, list[Entry]] = {}
    for entry in entries:
        told.setdefault(entry.id, []).append(entry)
    open_ones = [entry for entry in entries if not _is_over(entry)]
    hits = [Hit(word := _severity(entry), _WORDS.level(word), (_tag(entry),)) for entry in open_ones]
    works = {id: group for id, group in told.items() if _severity(group[0]) == "maintenance"}
    return page(
        at,
        components(feed, hits, _WELL),
        (_incident(feed, id, group) for id, group in told.items() if id not in works),
        (_maintenance(feed, id, group) for id, group in works.items() if not _is_over(group[0])),
    )


def _severity(entry: Entry) -> str:
    words = [word.casefold() for word in entry.categories]
    said = _SEVERITY.search(entry.html)
    found = next((word for word in words if word in _WORDS.known), said[1].casefold() if said else "")
    return found or (words[0] if words else "unknown")


def _state(entry: Entry) -> str:
    words = [word.casefold() for word in entry.categories]
    return next((word for word in (*entry.states()[:1], *words) if word in ("active", "resolved")), "active")


def _is_over(entry: Entry) -> bool:
    return _state(entry) == "resolved"


def _tag(entry: Entry) -> str:
    found = _TAG.match(entry.title)
    return found[1].strip() if found else ""


def _incident(feed: Feed, id: str, group: Sequence[Entry]) -> Incident:
    entry = group[0]
    found = _TAG.match(entry.title)
    latest = clean(_HEAD.split(entry.html, maxsplit=1)[-1], BODY)
    is_over = all(_is_over(each) for each in group)
    return Incident(
        id=id,
        name=title(found[2] if found else entry.title, latest),
        status="resolved" if is_over else "active",
        impact=_WORDS.impact([_severity(each) for each in group]),
        started_at=entry.published,
        updated_at=entry.updated,
        url=_url(feed, entry),
        components=tuple(dict.fromkeys(tag for each in group if (tag := _tag(each)))),
        models=models_in(f"{entry.title} \n{entry.html}"),
        latest=latest,
    )


def _maintenance(feed: Feed, id: str, group: Sequence[Entry]) -> Maintenance:
    entry = group[0]
    found = _TAG.match(entry.title)
    tags = tuple(dict.fromkeys(tag for each in group if (tag := _tag(each))))
    name = title(found[2] if found else entry.title, "")
    return Maintenance(id, name, "active", entry.published, None, tags, _url(feed, entry))


def _url(feed: Feed, entry: Entry) -> str | None:
    return link(entry.link, hosts(feed))
