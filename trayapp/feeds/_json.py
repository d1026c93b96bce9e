"""JSON documents read with suspicion: every value is of the kind it should be, or BadFeed says where it is not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from trayapp.feeds._badfeed import BadFeed
from trayapp.feeds._text import TITLE, clean, moment, plain

#: Never "text/html": to clients that accept it AWS WAF shows a puzzle in place of an answer.
ACCEPT = {"accept": "application/json"}

#: Rows read of one list; of a longer one the first are kept. The largest page known has about 100 components.
MOST_ROWS = 1000
#: Characters of an id or a machine word.
_WORD = 100
#: How a time of ISO 8601 ends that tells its zone.
_has_zone = re.compile(r"(?:[Zz]|[+-]\d\d(?::?\d\d)?)\s*\Z").search
#: An id that is a number is below this.
_KEYS = 2**64

_KINDS = {
    type(None): "nothing",
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "a text",
    list: "a list",
}


#: Where a value stands in its document, "incidents[3].name", put into words only when something is wrong there.
Place = str | tuple["Place", str | int]


class Row(NamedTuple):
    """An object of the document, and where it stands there."""

    values: Mapping[str, Any]
    place: Place = ""

    def word(self, name: str) -> str:
        """Return an id or a machine word, which must be there."""
        value = self.values.get(name)
        word = _plain_word(value) if isinstance(value, str) else ""
        if not word:
            raise self._bad(name, "a text", value)
        return word

    def key(self, name: str) -> str:
        """Return an id, which must be there; some pages give it as a number."""
        value = self.values.get(name)
        return str(value) if type(value) is int and 0 <= value < _KEYS else self.word(name)

    def text(self, name: str, limit: int = TITLE) -> str:
        """Return a text for people, cleaned and cut; empty when there is none."""
        return clean(self.raw(name), limit)

    def raw(self, name: str) -> str:
        """Return a text as the page has it, to look for words in; empty when there is none."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, str):
            raise self._bad(name, "a text", value)
        return value or ""

    def when(self, name: str, latest: datetime) -> datetime | None:
        """Return a time in the past, None when there is none that can be read.

        One without a zone may be hours away from what is meant, and one after `latest` has not come: a page with such
        times is not to be judged by.
        """
        value = self.values.get(name)
        told = moment(value)
        if told is None:
            return None
        if not _has_zone(str(value)):
            raise self._bad(name, "a time with its zone", value)
        if told > latest:
            raise self._bad(name, "a time that has come", value)
        return told

    def is_set(self, name: str) -> bool:
        """True when the flag is there and true."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, bool):
            raise self._bad(name, "true or false", value)
        return value is True

    def row(self, name: str) -> Row:
        """Return an inner object, which must be there."""
        return as_row(self.values.get(name), (self.place, name))

    def rows(self, name: str, most: int = MOST_ROWS) -> tuple[Row, ...]:
        """Return the first `most` objects of a list, which must be there."""
        return as_rows(self.values.get(name), (self.place, name), most)

    def rows_if_any(self, name: str) -> tuple[Row, ...]:
        """Return the objects of a list, none when it is null or not there."""
        return () if self.values.get(name) is None else self.rows(name)

    def _bad(self, name: str, expected: str, value: object) -> BadFeed:
        return _bad((self.place, name), expected, value)


def document(body: bytes) -> Any:
    """Return the decoded document: UTF-8, -16 or -32. Raises BadFeed, also for one nested too deep to decode."""
    try:
        return json.loads(body)
    except RecursionError:
        raise BadFeed("JSON nested too deep") from None
    except ValueError as error:
        raise BadFeed(f"JSON was expected: {plain(str(error), TITLE)}") from None


def as_row(value: object, place: Place = "") -> Row:
    """Return the value as an object. Raises BadFeed naming the place."""
    if not isinstance(value, dict):
        raise _bad(place, "an object", value)
    return Row(value, place)


def as_rows(value: object, place: Place, most: int = MOST_ROWS) -> tuple[Row, ...]:
    """Return the value as a list of objects, at most `most` of them. Raises BadFeed naming the place."""
    if not isinstance(value, list):
        raise _bad(place, "a list", value)
    return tuple([as_row(item, (place, index)) for index, item in enumerate(value[:most])])


def _plain_word(value: str) -> str:
    # Nearly every word is so already.
    if value.isascii() and value.isprintable() and len(value) <= _WORD and " " not in value:
        return value
    return plain(value, _WORD)


def _bad(place: Place, expected: str, value: object) -> BadFeed:
    return BadFeed(f"{_said(place) or 'the document'}: {expected} was expected, got {_kind(value)}")


def _said(place: Place) -> str:
    if isinstance(place, str):
        return place
    above, own = _said(place[0]), place[1]
    if isinstance(own, int):
        return f"{above}[{own}]"
    return f"{above}.{own}" if above else own


def _kind(value: object) -> str:
    return "an empty text" if value == "" else _KINDS.get(type(value), "an object")
