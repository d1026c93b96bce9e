"""What a status page says: from the bytes of an answer to a `Page`, in our words.

Here belongs one module for each status-page platform, with two pure functions: `requests(feed, base)`, what to fetch,
and `parse(feed, bodies, at)`, what the fetched bytes say. Such a file is found by being here; nothing else changes.
A platform that asks in two steps has a third, `follow(feed, base, bodies)`: what to fetch with what the first gave.
Files with a leading underscore are what platforms share. Not here: which parts of a page matter to this user and what
follows from them (`judge/`), and the fetching (`adapters/`).

One rule stands above all: what cannot be read is `BadFeed`, never "operational".
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Protocol, cast

from trayapp.feeds._answer import body
from trayapp.feeds._badfeed import BadFeed
from trayapp.model.provider import Feed
from trayapp.model.reading import Page
from trayapp.model.request import Outcome, Request

__all__ = ["BadFeed", "Page", "Platform", "follow", "parsed", "platforms", "read", "requests"]

#: Seconds for a whole answer; the pages are static documents of a few KB up to about 1 MB (Google's).
_TOTAL_S = 20.0


class Platform(Protocol):
    """A module of this folder."""

    def requests(self, feed: Feed, base: str) -> tuple[Request, ...]:
        """Return what to fetch below `base`, at `feed.path` or at the platform's own path."""

    def parse(self, feed: Feed, bodies: Sequence[bytes], at: datetime) -> Page:
        """Return what the answers, in the order of the requests, say at the moment `at`. Raises BadFeed."""


@cache
def platforms() -> Mapping[str, Platform]:
    """Return every platform by its name, which is that of its file."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__) if not info.name.startswith("_"))
    return MappingProxyType({name: cast(Platform, import_module(f"{__name__}.{name}")) for name in names})


def requests(feed: Feed, base: str, *, allow_private: bool = False) -> tuple[Request, ...]:
    """Return what to fetch for one of `feed.bases`; nothing for a platform that we do not know, which `read` tells."""
    platform = platforms().get(feed.platform)
    return tuple(
        replace(request, conditional=True, total_s=_TOTAL_S, allow_private=allow_private)
        for request in (platform.requests(feed, base) if platform else ())
    )


def follow(feed: Feed, base: str, outcomes: Sequence[Outcome], *, allow_private: bool = False) -> tuple[Request, ...]:
    """Return what to fetch next, given what came of `requests`: nothing, but for a platform that asks in two steps.

    What comes of these is then what `read` takes. Raises BadFeed when the first answers are of no use.
    """
    platform = platforms().get(feed.platform)
    second = getattr(platform, "follow", None)
    if second is None:
        return ()
    is_page = getattr(platform, "BEGINS_WITH_A_WEB_PAGE", False)
    asked: tuple[Request, ...] = second(feed, base, [body(outcome, web_page=is_page) for outcome in outcomes])
    return tuple(replace(request, total_s=_TOTAL_S, allow_private=allow_private) for request in asked)


def read(feed: Feed, outcomes: Sequence[Outcome], at: datetime) -> Page:
    """Return what the page says, given what came of each of `requests`.

    Raises BadFeed, and nothing else, for every answer that is not the platform's document; its message is the reason
    in one short line for people.
    """
    platform = platforms().get(feed.platform)
    if platform is None:
        raise BadFeed(f"{feed.platform} is not a status-page platform that Uptray knows")
    if not outcomes:
        raise BadFeed("nothing was fetched")
    return parsed(platform, feed, [body(outcome) for outcome in outcomes], at)


def parsed(platform: Platform, feed: Feed, bodies: Sequence[bytes], at: datetime) -> Page:
    """Return what the platform reads in `bodies`; whatever else their content makes it raise becomes BadFeed."""
    try:
        return platform.parse(feed, bodies, at)
    except BadFeed:
        raise
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise BadFeed(f"not readable as {feed.platform} ({type(error).__name__})") from error
