"""Where in a TOML text its keys and tables stand. The text must be one that `tomllib` reads: nothing is checked again.

A statement is a header or a key with its value. The path of each is that of the values `tomllib` gives, with numbers
for the tables of an array. TOML 1.0: https://toml.io/en/v1.0.0.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from trayapp.agents._grammar import Key

_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_SPACE = re.compile(r"[ \t]*+")
_PART = re.compile(r"""[ \t]*+([A-Za-z0-9_-]++|"(?:[^"\\]|\\.)*+"|'[^']*+')[ \t]*+(\.?)""")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+"{3,5}'
    r"|'''(?:[^']|'(?!''))*+'{3,5}"
    r"""|"(?:[^"\\]|\\.)*+"|'[^']*+'""",
    re.DOTALL,
)
_BARE = re.compile(r"[^,\]}#\r\n]*+")
#: What nearly every line is: a bare name and a value without anything that has to be looked into.
_PLAIN = re.compile(
    r"""([A-Za-z0-9_-]++)[ \t]*+=[ \t]*+("[^"\\\r\n]++"|'[^'\r\n]++'|[A-Za-z0-9+-][A-Za-z0-9_.+-]*+)"""
    r"(?=[ \t]*+(?:[#\r\n]|\Z))"
)


class Statement(NamedTuple):
    """A header or a key, text[start:end] without the space before; a key's value is text[value:value_end]."""

    path: Key
    start: int
    end: int
    value: int
    value_end: int
    #: "[": a table. "[[": a table of an array. "=": a key.
    kind: str
    #: The table that it stands in.
    table: Key


@lru_cache(maxsize=8)
def statements(text: str) -> tuple[Statement, ...]:
    """Return what the text says, in its order. The last texts are remembered, until `cache_clear`."""
    return tuple(_statements(text))


def _statements(text: str) -> Iterator[Statement]:
    at, table, counts = _skip(text, 0), Key(), dict[Key, int]()
    while at < len(text):
        if plain := _PLAIN.match(text, at):
            start, value, end = at, plain.start(2), plain.end()
            yield Statement((*table, plain[1]), start, end, value, end, "=", table)
            at = _skip(text, end)
            continue
        start = at
        kind = "[[" if text.startswith("[[", at) else "[" if text[at] == "[" else "="
        parts, at = _parts(text, at + len(kind) if kind != "=" else at)
        if kind == "=":
            value = _after(_SPACE, text, at + 1)
            at = value_end(text, value)
            yield Statement((*table, *parts), start, at, value, at, kind, table)
        else:
            at += len(kind)
            table = _resolved(parts, counts, kind == "[[")
            yield Statement(table, start, at, at, at, kind, table)
        at = _skip(text, at)


def inner(text: str, at: int) -> Iterator[tuple[Key, int, int]]:
    """Yield the keys and places of the values in an inline table or a list that starts at a place."""
    is_table, number = text[at] == "{", 0
    at = _skip(text, at + 1)
    while text[at] not in "}]":
        parts: Key = (number,)
        if is_table:
            parts, at = _parts(text, at)
            at = _after(_SPACE, text, at + 1)
        end = value_end(text, at)
        yield parts, at, end
        number, at = number + 1, _skip(text, end)
        at = _skip(text, at + 1) if text[at] == "," else at


def value_end(text: str, at: int) -> int:
    """Return where the value that starts at a place ends."""
    if text[at] not in "[{":
        return _scalar_end(text, at)
    depth = 0
    while True:
        if text[at] in "[{":
            depth += 1
        elif text[at] in "]}":
            depth -= 1
        at = at + 1 if text[at] in "[]{},=" else _scalar_end(text, at, in_key=True)
        if not depth:
            return at
        at = _skip(text, at)


def _scalar_end(text: str, at: int, in_key: bool = False) -> int:
    string = _STRING.match(text, at)
    if string:
        return string.end()
    end = _after(_BARE, text, at)
    bare = text[at:end].split("=", 1)[0] if in_key else text[at:end]
    return at + len(bare.rstrip(" \t"))


def _parts(text: str, at: int) -> tuple[Key, int]:
    """Return the parts of a dotted key, and where it ends."""
    parts: list[str] = []
    while match := _PART.match(text, at):
        name = match[1]
        if name[0] == '"' and "\\" in name:
            name = next(iter(tomllib.loads(f"{name} = 1")))
        else:
            name = name[1:-1] if name[0] in "\"'" else name
        parts.append(name)
        at = match.end()
        if not match[2]:
            break
    return tuple(parts), at


def _resolved(parts: Key, counts: dict[Key, int], is_item: bool) -> Key:
    """Return the path of a table, through the last tables of the arrays on it; a new one is counted."""
    path: Key = ()
    for depth, part in enumerate(parts):
        path = (*path, part)
        if is_item and depth == len(parts) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _skip(text: str, at: int) -> int:
    return _after(_BLANK, text, at)


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at
