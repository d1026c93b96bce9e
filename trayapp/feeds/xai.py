"""The status feed of xAI, RSS 2.0 at https://status.x.ai/feed.xml, as it was in October 2026.

An item is one incident at one component, which its title names in brackets; the same incident is repeated for each.
Items stay listed after their end. The feed names no component that works.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from trayapp.feeds._badfeed import BadFeed
from trayapp.feeds._models import models_in
from trayapp.feeds._page import CLOCK_SLACK, Words, page, title
from trayapp.feeds._syndication import ACCEPT, Entry, channel, rfc822
from trayapp.feeds._text import BODY, clean, hosts, link
from trayapp.feeds._trouble import Hit, components
from trayapp.model.level import Level
from trayapp.model.provider import Feed
from trayapp.model.reading import Incident, Maintenance, Page
from trayapp.model.request import Request

_PATH = "/feed.xml"
_WELL = "operational"
_WORK = "maintenance"
_WORDS = Words(
    {
        "degraded": (Level.DEGRADED, "minor"),
        "disruption": (Level.DEGRADED, "major"),
        "outage": (Level.DOWN, "critical"),
        _WORK: (Level.MAINTENANCE, "none"),
    }
)
_OPEN, _OVER = "active", "resolved"
_TAG = re.compile(r"\s*\[([^\]]{1,100})\]\s*(.*)", re.DOTALL)
_SEVERITY = re.compile(r"severity:\s*([a-z]+)", re.IGNORECASE)
_RESOLVED = re.compile(r"resolved:\s*([^<]{10,60})", re.IGNORECASE)
#: The updates stand below a line, each as a time, a heading and a text.
_BELOW = re.compile(r"<hr\s*/?>", re.IGNORECASE)
_UPDATE = re.compile(r"<strong>([^<]{10,60})</strong>\s*</p>\s*<h3>([^<]{1,60})</h3>(.*?)(?=</div|<div|\Z)", re.DOTALL)
_MOST_UPDATES = 100
#: Before any update, for one without a time to read.
_LONG_AGO = datetime.fromisoformat("2000-01-01T00:00:00Z")


class _Told(NamedTuple):
    """The newest update of an item."""

    at: datetime | None
    state: str
    text: str


class _Item(NamedTuple):
    """An item: which component, how bad, whether it goes on, and what was said last."""

    entry: Entry
    tag: str
    name: str
    severity: str
    is_over: bool
    over_at: datetime | None
    told: _Told


def requests(feed: Feed, base: str) -> tuple[Request, ...]:
    """Return the request for the feed."""
    return (Request(f"{base}{feed.path or _PATH}", headers=ACCEPT),)


def parse(feed: Feed, bodies: Sequence[bytes], at: datetime) -> Page:
    """Return what the feed says of the declared components. Raises BadFeed."""
    latest = at + CLOCK_SLACK
    items = [_item(entry, latest) for entry in channel(feed, bodies[0], latest).entries]
    groups: dict[str, list[_Item]] = {}
    for item in items:
        groups.setdefault(item.entry.id, []).append(item)
    hits = [
        Hit(each.severity, _WORDS.level(each.severity), _known(feed, each.tag)) for each in items if not each.is_over
    ]
    works = {id: group for id, group in groups.items() if all(each.severity == _WORK for each in group)}
    return page(
        at,
        components(feed, hits, _WELL),
        (_incident(feed, id, group) for id, group in groups.items() if id not in works),
        (_maintenance(feed, id, group) for id, group in works.items() if not _over(group)),
    )


def _item(entry: Entry, latest: datetime) -> _Item:
    words = [word.casefold() for word in entry.categories]
    head = _BELOW.split(entry.html, maxsplit=1)[0]
    said = [*_SEVERITY.findall(head.casefold()), *(word for word in words if word not in (_OPEN, _OVER))]
    severity = _WORDS.worst([word for word in said if word in _WORDS.known], (*said, "unknown")[0])
    states = {*words, *entry.states()[:1]}
    # Where heading and category differ the incident goes on.
    is_over = _OVER in states and _OPEN not in states
    tagged = _TAG.match(entry.title)
    if tagged is None and not is_over:
        raise BadFeed("an open incident that does not say in brackets which component it is about")
    resolved = _RESOLVED.search(head)
    told = _newest(entry, latest)
    over_at = (rfc822(resolved[1], latest) if resolved else None) or (told.at if told.state == _OVER else None)
    tag, name = (tagged[1].strip(), tagged[2]) if tagged else ("", entry.title)
    return _Item(entry, tag, name, severity, is_over, over_at if is_over else None, told)


def _newest(entry: Entry, latest: datetime) -> _Told:
    """Return the newest of an item's updates, which come in either order."""
    below = _BELOW.split(entry.html, maxsplit=1)
    found = _UPDATE.findall(below[1] if len(below) > 1 else "")[:_MOST_UPDATES]
    told = [_Told(rfc822(when, latest), clean(state, 60).lower(), text) for when, state, text in found]
    newest = max(told, key=lambda each: each.at or _LONG_AGO, default=_Told(entry.updated, "", ""))
    return newest._replace(at=newest.at or entry.updated, text=clean(newest.text, BODY))


def _known(feed: Feed, tag: str) -> tuple[str, ...]:
    """Return the declared components of a tag: the same words, or the same host in their brackets.

    xAI renamed its tags within 2026; the host is what users of the API call.
    """
    return tuple(each.id for each in feed.components if tag.casefold() == each.id.casefold() or _is_at(tag, each.id))


def _is_at(tag: str, id: str) -> bool:
    host = _host(id)
    return "." in host and host == _host(tag)


def _host(tag: str) -> str:
    return tag.casefold().partition("(")[2].rstrip(") ")


def _over(group: Sequence[_Item]) -> bool:
    return all(each.is_over for each in group)


def _tags(feed: Feed, group: Sequence[_Item]) -> tuple[str, ...]:
    """Return the components of an incident: our id for each that we know, its tag for any other."""
    ids = (id for each in group if each.tag for id in (_known(feed, each.tag) or (each.tag,)))
    return tuple(dict.fromkeys(ids))


def _incident(feed: Feed, id: str, group: Sequence[_Item]) -> Incident:
    first = group[0]
    ends = [each.over_at for each in group if each.over_at is not None]
    told = next((each.told for each in group if not each.is_over), first.told)
    is_over = _over(group)
    return Incident(
        id=id,
        name=title(first.name, told.text),
        status=_OVER if is_over else told.state if told.state != _OVER and told.state else _OPEN,
        impact=_WORDS.impact([each.severity for each in group]),
        started_at=first.entry.published,
        updated_at=told.at,
        resolved_at=max(ends, default=None) if is_over else None,
        url=link(first.entry.link, hosts(feed)),
        components=_tags(feed, group),
        models=models_in(f"{first.entry.title} \n{first.entry.html}"),
        latest=told.text,
    )


def _maintenance(feed: Feed, id: str, group: Sequence[_Item]) -> Maintenance:
    first = group[0]
    name, url = title(first.name, first.told.text), link(first.entry.link, hosts(feed))
    return Maintenance(id, name, _OPEN, first.entry.published, None, _tags(feed, group), url)
