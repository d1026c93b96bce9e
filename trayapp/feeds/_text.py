"""What a page's words, times and links become before anyone sees them: plain, short, and of a known kind.

Text from a status page is as hostile as any: it may carry markup, control characters, bidirectional overrides that
make it read as something else (https://trojansource.codes/), half surrogates that no file can store, a megabyte.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import UTC, datetime
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser

from trayapp.model import address
from trayapp.model.forms import Unfit
from trayapp.model.provider import Feed

#: Characters of a name or a title, and of an update's text.
TITLE = 80
BODY = 200

#: Characters looked at for one that is shown. Few, for the time of Python's HTML parser grows with the square of their
#: number (https://github.com/python/cpython/issues/135462).
_RAW = 5
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_ZERO_WIDTH = "\u200b"
#: Years a page may speak of; others are a vendor's placeholder or an accident.
_YEARS = range(2000, 2101)
#: Digits of a time as a number: no unit makes a longer one of those years.
_DIGITS = 20
#: Where Statuspage's short links lead through.
_SHORT_LINKS = "stspg.io"


def clean(text: str, limit: int) -> str:
    """Return a person's text as one plain line of at most `limit` characters, without HTML tags and Markdown's bold."""
    text = text[: _RAW * limit]
    if "<" in text or "&" in text:
        text = _without_tags(text)
    return plain(_BOLD.sub(r"\1", text) if "**" in text else text, limit)


def plain(text: str, limit: int) -> str:
    """Return the text in one line: white space is single spaces, characters that only steer or cannot be stored go.

    These are Unicode's categories Cf (bidirectional controls, zero width, tags), Cc, and Cs. A cut ends in "…".
    """
    line = " ".join(text[: _RAW * limit].split())
    # What Python calls printable holds none of them; nearly every text is.
    if not line.isprintable():
        line = " ".join("".join(map(_kept, text[: _RAW * limit])).split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cc":
        return " "
    return "" if category in ("Cf", "Cs") else character


class _Words(HTMLParser):
    """Collects what a browser would show; every tag parts words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def set_cdata_mode(self, elem: str, *, escapable: bool = False) -> None:
        """Treat script, style and their like as any tag: nothing is run here, and what they enclose is text."""

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.words.append(" ")


def _without_tags(text: str) -> str:
    """Return what is between the tags; what comes after the last ">" is none of a tag, and saves the parser's time.

    "<![" makes Python's parser raise AssertionError (seen in 3.11), so no declaration ever gets to it.
    """
    tagged, end, rest = text.replace("<!", f"<{_ZERO_WIDTH}!").rpartition(">")
    parser = _Words()
    parser.feed(tagged + end)
    parser.close()
    return "".join((*parser.words, unescape(rest)))


def moment(value: object, latest: datetime | None = None) -> datetime | None:
    """Return an ISO 8601 time as aware UTC; without a zone it is taken for UTC.

    None for anything else, for years outside 2000 to 2100, and for what lies after `latest`. Such a time is only left
    out, never clamped: a made-up time would be shown as the page's own.
    """
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value.strip()[:40])
        if read.tzinfo is not UTC:
            read = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return _kept_time(read, latest)


def instant(value: object, per_second: int = 1, latest: datetime | None = None) -> datetime | None:
    """Return a time counted since 1970 as aware UTC, in seconds or, with `per_second` = 1000, in milliseconds.

    A number or a text of digits; None for anything else, and where `moment` has none.
    """
    if isinstance(value, str):
        value = int(value) if value.isascii() and value.isdigit() and len(value) <= _DIGITS else None
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        read = datetime.fromtimestamp(value / per_second, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return _kept_time(read, latest)


def _kept_time(read: datetime, latest: datetime | None) -> datetime | None:
    return read if read.year in _YEARS and (latest is None or read <= latest) else None


@lru_cache(maxsize=128)
def hosts(feed: Feed) -> frozenset[str]:
    """Return the hosts that a link on this feed's page may lead to: its own, and Statuspage's short links."""
    own = (*feed.bases, *([feed.page] if feed.page else []))
    return frozenset((*(address.host_of(url) for url in own), _SHORT_LINKS))


def link(value: object, hosts: Collection[str]) -> str | None:
    """Return an https address on one of `hosts`, None for anything else: a click must not lead where a text wants."""
    try:
        url = address.link(allow_private=False)(value)
    except Unfit:
        return None
    return url if address.host_of(url) in hosts else None
