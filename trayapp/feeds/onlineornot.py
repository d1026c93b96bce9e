"""OnlineOrNot status pages: their incidents as RSS 2.0, `/incidents.rss`, the one form that needs no token.

Its JSON interface answers the page's owner only (https://developers.onlineornot.com/api/status-pages). No page of a
provider that we ship is on it since OpenRouter left in September 2026; it is for pages that users add themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from trayapp.feeds import rss
from trayapp.model.provider import Feed
from trayapp.model.reading import Page
from trayapp.model.request import Request

_PATH = "/incidents.rss"


def requests(feed: Feed, base: str) -> tuple[Request, ...]:
    """Return the request for the feed."""
    return rss.requests(replace(feed, path=feed.path or _PATH), base)


def parse(feed: Feed, bodies: Sequence[bytes], at: datetime) -> Page:
    """Return what the feed says. Raises BadFeed."""
    return rss.parse(feed, bodies, at)
