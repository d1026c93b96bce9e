"""Azure's public status feed, RSS 2.0 at https://rssfeed.azure.status.microsoft/en-us/status/feed/.

An item is there while its incident is open and is removed afterwards; no item is the usual state. There is no
severity. Only incidents of broad impact are posted, others are told to the customers concerned alone: the feed says
"no broad incident", never more. A guid is the title's own words and is used again for later incidents.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from trayapp.feeds._models import models_in
from trayapp.feeds._page import CLOCK_SLACK, page, title
from trayapp.feeds._syndication import ACCEPT, Entry, channel
from trayapp.feeds._text import BODY, clean, hosts, link
from trayapp.feeds._trouble import Hit, components, spoken_of
from trayapp.model.level import Level
from trayapp.model.provider import Feed
from trayapp.model.reading import Incident, Page
from trayapp.model.request import Request

_PATH = "/en-us/status/feed/"
_WELL, _BAD = "no broad incident", "broad incident"


def requests(feed: Feed, base: str) -> tuple[Request, ...]:
    """Return the request for the feed."""
    return (Request(f"{base}{feed.path or _PATH}", headers=ACCEPT),)


def parse(feed: Feed, bodies: Sequence[bytes], at: datetime) -> Page:
    """Return what the feed says of the declared services. Raises BadFeed."""
    entries = channel(feed, bodies[0], at + CLOCK_SLACK).entries
    incidents = [_incident(feed, entry) for entry in entries]
    hits = [Hit(_BAD, Level.DEGRADED, incident.components) for incident in incidents]
    return page(at, components(feed, hits, _WELL), incidents)


def _incident(feed: Feed, entry: Entry) -> Incident:
    latest = clean(entry.html, BODY)
    moment = f"@{entry.published:%Y-%m-%dT%H:%MZ}" if entry.published else ""
    return Incident(
        id=f"{entry.id}{moment}",
        name=title(entry.title, latest),
        status="investigating",
        impact="minor",
        started_at=entry.published,
        updated_at=entry.updated,
        url=link(entry.link, hosts(feed)),
        components=spoken_of(feed, entry.title, entry.categories),
        models=models_in(f"{entry.title} \n{latest}"),
        latest=latest,
    )
