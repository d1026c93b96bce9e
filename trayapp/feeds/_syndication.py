"""RSS 2.0 and Atom, read with suspicion: no document type, no entities, nothing fetched from elsewhere.

The forms are those of https://www.rssboard.org/rss-specification and RFC 4287.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from trayapp.feeds._badfeed import BadFeed
from trayapp.feeds._text import TITLE, clean, moment, plain

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ACCEPT = {"accept": "application/rss+xml, application/atom+xml, application/xml"}

_ATOM = "{http://www.w3.org/2005/Atom}"
#: Entries read of one feed; the first are the newest.
_MOST = 200
#: Characters of an id.
_ID = 200
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


def channel(body: bytes, latest: datetime) -> Channel:
    """Return what the bytes say; times after `latest` have not happened and are left out. Raises BadFeed."""
    # Only a feed of this kind needs the parser.
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(body, forbid_dtd=True)
    except DefusedXmlException:
        raise BadFeed("XML with a document type or entities is not read") from None
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise BadFeed(f"XML was expected: {plain(str(error), TITLE)}") from None
    if root.tag == f"{_ATOM}feed":
        return Channel(_said(root, f"{_ATOM}title"), tuple(_first(_atom(each, latest) for each in _entries(root))))
    inner = root.find("channel")
    if root.tag != "rss" or inner is None:
        raise BadFeed("neither RSS nor Atom")
    return Channel(_said(inner, "title"), tuple(_first(_rss(each, latest) for each in inner.iter("item"))))


def _entries(root: Element) -> Iterator[Element]:
    return root.iter(f"{_ATOM}entry")


def _first(entries: Iterator[Entry]) -> Iterator[Entry]:
    for _, entry in zip(range(_MOST), entries, strict=False):
        yield entry


def _rss(item: Element, latest: datetime) -> Entry:
    published = _rfc822(_raw(item, "pubDate"), latest)
    return Entry(
        id=plain(_raw(item, "guid") or _raw(item, "link") or _raw(item, "title"), _ID),
        title=_said(item, "title"),
        link=_raw(item, "link").strip(),
        categories=tuple(plain(each.text or "", TITLE) for each in item.findall("category")),
        html=_raw(item, "description"),
        published=published,
        updated=published,
    )


def _atom(entry: Element, latest: datetime) -> Entry:
    link = entry.find(f"{_ATOM}link")
    updated = moment(_raw(entry, f"{_ATOM}updated"), latest)
    return Entry(
        id=plain(_raw(entry, f"{_ATOM}id"), _ID),
        title=_said(entry, f"{_ATOM}title"),
        link=(link.get("href", "") if link is not None else "").strip(),
        categories=tuple(plain(each.get("term", ""), TITLE) for each in entry.findall(f"{_ATOM}category")),
        # incident.io lists the affected components in the summary alone.
        html=max(_raw(entry, f"{_ATOM}content"), _raw(entry, f"{_ATOM}summary"), key=len),
        published=moment(_raw(entry, f"{_ATOM}published"), latest) or updated,
        updated=updated,
    )


def _rfc822(text: str, latest: datetime) -> datetime | None:
    """Return an RFC 822 time. Azure writes the zone as "Z", which the standard library leaves out: it is UTC."""
    try:
        return moment(parsedate_to_datetime(text.strip()[:60]).isoformat(), latest)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _said(element: Element, tag: str) -> str:
    return clean(_raw(element, tag), TITLE)


def _raw(element: Element, tag: str) -> str:
    found = element.find(tag)
    return (found.text or "") if found is not None else ""
