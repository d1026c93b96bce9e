"""RSS 2.0 and Atom, read with suspicion: no document type, no entities, nothing fetched from elsewhere.

The forms are those of https://www.rssboard.org/rss-specification and RFC 4287. A feed that lists nothing is how many a
page says that all is well, so what could hide an entry is refused: a second channel, an element that RSS does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from trayapp.feeds._badfeed import BadFeed
from trayapp.feeds._text import TITLE, clean, hosts, moment, plain
from trayapp.model.address import is_private
from trayapp.model.provider import Feed

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ACCEPT = {"accept": "application/rss+xml, application/atom+xml, application/xml"}

_ATOM = "{http://www.w3.org/2005/Atom}"
#: Entries read of one feed; the first are the newest.
_MOST = 200
#: Categories read of one entry.
_CATEGORIES = 50
#: Characters of an id, and of an entry's HTML: a post-mortem of a page's own has about 20,000.
_ID = 200
_HTML = 100_000
#: What RSS 2.0 allows in a channel; anything beside is in a namespace of its own.
_IN_CHANNEL = {
    "title", "link", "description", "language", "copyright", "managingEditor", "webMaster", "pubDate", "lastBuildDate",
    "category", "generator", "docs", "cloud", "ttl", "image", "rating", "textInput", "skipHours", "skipDays", "item",
}  # fmt: skip
#: A word in a heading of its own is an update's state: `<strong>Resolved</strong>`, `<b>Status: Resolved</b>`.
_STATE = re.compile(r"<(?:strong|b|h3)>\s*(?:status:\s*)?([a-z][a-z ]{2,30}?)\s*</", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """An item or entry: cleaned, but for `html`, which is as the page has it."""

    id: str
    title: str
    link: str
    categories: tuple[str, ...]
    html: str
    published: datetime | None
    updated: datetime | None

    def states(self) -> tuple[str, ...]:
        """Return the words of its headings in their order, in small letters and with underscores."""
        return tuple("_".join(word.lower().split()) for word in _STATE.findall(self.html))


@dataclass(frozen=True, slots=True)
class Channel:
    """A whole feed."""

    title: str
    entries: tuple[Entry, ...]


def channel(feed: Feed, body: bytes, latest: datetime) -> Channel:
    """Return what the bytes say; times after `latest` have not happened and are left out.

    Raises BadFeed, also for a feed that says it is of another host than those of `feed`.
    """
    root = _root(body)
    if root.tag == f"{_ATOM}feed":
        _expect_own(feed, _atom_link(root))
        entries = [_atom(each, latest) for each in islice(root.findall(f"{_ATOM}entry"), _MOST)]
        return Channel(_titled(root, f"{_ATOM}title"), tuple(entries))
    inner = root.findall("channel")
    if root.tag != "rss" or len(inner) != 1:
        raise BadFeed("neither RSS nor Atom")
    for child in inner[0]:
        if isinstance(child.tag, str) and child.tag not in _IN_CHANNEL and not child.tag.startswith("{"):
            raise BadFeed(f"RSS has no {plain(child.tag, TITLE)} in a channel")
    _expect_own(feed, _raw(inner[0], "link"))
    items = [_rss(each, latest) for each in islice(inner[0].findall("item"), _MOST)]
    return Channel(_titled(inner[0], "title"), tuple(items))


def rfc822(text: str, latest: datetime) -> datetime | None:
    """Return an RFC 822 time. Azure writes the zone as "Z", which the standard library leaves out: it is UTC."""
    try:
        return moment(parsedate_to_datetime(text.strip()[:60]).isoformat(), latest)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _root(body: bytes) -> Element:
    # Only a feed of this kind needs the parser.
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except DefusedXmlException:
        raise BadFeed("XML with a document type (DTD) or entities is not read") from None
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise BadFeed(f"XML was expected: {plain(str(error), TITLE)}") from None
    return root


def _expect_own(feed: Feed, link: str) -> None:
    """Raise BadFeed when the feed leads to another site than the provider's page: nothing else tells whose it is.

    A private address is a copy or a relay that the user set up: its feed leads to where the page really is.
    """
    if is_private(urlsplit(feed.url).hostname or ""):
        return
    try:
        host = (urlsplit(link.strip()).hostname or "").rstrip(".")
    except ValueError:
        host = ""
    if host and host not in {urlsplit(f"//{known}").hostname for known in hosts(feed)}:
        raise BadFeed(f"this is the feed of {plain(host, TITLE)}, which is not this provider's page")


def _rss(item: Element, latest: datetime) -> Entry:
    published = rfc822(_raw(item, "pubDate"), latest)
    return Entry(
        id=plain(_raw(item, "guid") or _raw(item, "link") or _raw(item, "title"), _ID),
        title=_said(item, "title"),
        link=_raw(item, "link").strip(),
        categories=_words(each.text for each in item.findall("category")),
        html=_raw(item, "description"),
        published=published,
        updated=published,
    )


def _atom(entry: Element, latest: datetime) -> Entry:
    updated = moment(_raw(entry, f"{_ATOM}updated"), latest)
    return Entry(
        id=plain(_raw(entry, f"{_ATOM}id"), _ID),
        title=_said(entry, f"{_ATOM}title"),
        link=_atom_link(entry),
        categories=_words(each.get("term") for each in entry.findall(f"{_ATOM}category")),
        # incident.io lists the affected components in the summary alone.
        html=max(_raw(entry, f"{_ATOM}content"), _raw(entry, f"{_ATOM}summary"), key=len),
        published=moment(_raw(entry, f"{_ATOM}published"), latest) or updated,
        updated=updated,
    )


def _atom_link(element: Element) -> str:
    """Return the link to the page for people; one without a relation is that, too (RFC 4287, 4.2.7.2)."""
    links = [each for each in element.findall(f"{_ATOM}link") if each.get("rel", "alternate") == "alternate"]
    return links[0].get("href", "").strip() if links else ""


def _words(words: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(plain(word or "", TITLE) for word in islice(words, _CATEGORIES))


def _titled(element: Element, tag: str) -> str:
    """Return the title, which both forms demand."""
    title = _said(element, tag)
    if not title:
        raise BadFeed("a feed without a title")
    return title


def _said(element: Element, tag: str) -> str:
    return clean(_raw(element, tag), TITLE)


def _raw(element: Element, tag: str) -> str:
    found = element.find(tag)
    return (found.text or "")[:_HTML] if found is not None else ""
