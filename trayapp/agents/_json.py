"""JSON, JSON with comments and trailing commas, and JSON5, changed value by value.

The standard library's decoder, in C, tells where a value ends. It knows strict JSON only, so the two others are made
strict before it (`_json_strict`), and places in that text are traced back. In strict JSON a comment is an error, as it
is for the agents that keep their settings so. JSON5: https://spec.json5.org.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from trayapp.agents._grammar import ABSENT, Key, Put, Set, Splicer, Uneditable, line_of, shown
from trayapp.agents._json_layout import Container, Entry, dumps, inserted, removed, rendered
from trayapp.agents._json_strict import Strict, as_json, as_json5, as_jsonc
from trayapp.agents._lines import newline

Reader = Callable[[str], Strict]

_SPACE = re.compile(r"[ \t\r\n]*")
_SPACES = frozenset(" \t\r\n")
_BREAK = re.compile(r"\r\n|\n|\r")


def _values(reader: Reader, text: str) -> Any:
    strict = reader(text)
    if not strict.text.strip(" \t\r\n"):
        return {}
    try:
        return strict.decoder.decode(strict.text)
    except json.JSONDecodeError as error:
        line = line_of(text, strict.back(error.pos))
        if strict.text is text and text.startswith(("//", "/*"), error.pos):
            raise Uneditable("a comment, which this file may not have", line) from None
        raise Uneditable(f"not JSON: {error.msg}", line) from None


def _span(reader: Reader, text: str, key: Key) -> tuple[int, int] | None:
    strict = reader(text)
    if not key:
        start = _skip(strict.text, 0)
        end = len(strict.text.rstrip(" \t\r\n"))
        return (strict.back(start), strict.back(end)) if start < end else None
    _, depth, entry = _walk(text, strict, key)
    return (entry.value, entry.end) if entry and depth == len(key) - 1 else None


def _change(reader: Reader, text: str, change: Set | Put) -> str:
    strict, key = reader(text), change.key
    wanted = change.value if isinstance(change, Set) else change.source
    if not strict.text.strip(" \t\r\n"):
        return _with_document(text, change)
    if not key:
        return _without_document(text, _span(reader, text, ()) or (0, 0))
    container, depth, entry = _walk(text, strict, key)
    if wanted is ABSENT or (wanted is None and isinstance(change, Put)):
        return removed(text, container, entry) if entry else text
    if entry:
        new = rendered(text, entry.value, wanted, text[entry.value]) if isinstance(change, Set) else str(wanted)
        return text[: entry.value] + new + text[entry.end :]
    if isinstance(change, Put) and depth == len(key) - 1:
        return inserted(text, container, key[depth], lambda at: str(wanted))
    if isinstance(change, Put):
        raise Uneditable(f"{shown(key[:-1])} is not there to hold it")
    value = _nested(key[depth + 1 :], wanted)
    return inserted(text, container, key[depth], lambda indent: rendered(text, 0, value, indent=indent))


def _nested(key: Key, value: Any) -> Any:
    for part in reversed(key):
        value = {part: value} if isinstance(part, str) else [value]
    return value


def _with_document(text: str, change: Set | Put) -> str:
    if isinstance(change, Put):
        raise Uneditable("there is no document to hold it")
    ending = newline(text)
    document = dumps(_nested(change.key, change.value), "  ")
    document = ending.join(document.split("\n"))
    return text + document + ending if not text or text[-1] in "\r\n" else text + ending + document


def _without_document(text: str, span: tuple[int, int]) -> str:
    """Return what `_with_document` was given."""
    before, after = text[: span[0]], text[span[1] :]
    if after:
        return before + _BREAK.sub("", after, count=1)
    return re.sub(r"(?:\r\n|\n|\r)\Z", "", before)


def _walk(text: str, strict: Strict, key: Key) -> tuple[Container, int, Entry | None]:
    """Return the innermost container on the path that is there, its depth, and in it the entry of the path."""
    at = _skip(strict.text, 0)
    for depth, part in enumerate(key):
        container = _container(text, strict, at, key[:depth])
        entry = next((found for found in container.entries if found.name == part), None)
        if entry is None or depth == len(key) - 1:
            break
        at = strict.forth(entry.value)
    return container, depth, entry


@lru_cache(maxsize=64)
def _container(text: str, strict: Strict, at: int, key: Key) -> Container:
    """Return the object or list that starts at this place of the strict text; remembered until `cache_clear`."""
    start, is_object, entries, names = at, strict.text[at] == "{", list[Entry](), set[str | int]()
    inside, step = strict.text, strict.decoder.raw_decode
    at = _skip(inside, at + 1)
    while inside[at] not in "}]":
        name: str | int = len(entries)
        begin = after = at
        if is_object:
            name, after = step(inside, at)
            at = _skip(inside, _skip(inside, after) + 1)
        if name in names:
            raise Uneditable(f"a name appears twice in {shown(key)}", line_of(text, strict.back(begin)))
        names.add(name)
        end = step(inside, at)[1]
        entries.append(Entry(name, begin, after, at, end))
        at = _skip(inside, end)
        at = _skip(inside, at + 1) if inside[at] == "," else at
    if len(strict.strict) > 1:
        entries = [Entry(one[0], *map(strict.back, one[1:])) for one in entries]
    return Container(strict.back(start), strict.back(at + 1), tuple(entries))


def _skip(text: str, at: int) -> int:
    if text[at : at + 1] not in _SPACES:
        return at
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _splicer(reader: Reader) -> Splicer:
    once = lru_cache(maxsize=8)(reader)

    def forget() -> None:
        once.cache_clear()
        _container.cache_clear()

    return Splicer(partial(_values, once), partial(_span, once), partial(_change, once), forget)


JSON = _splicer(as_json)
JSONC = _splicer(as_jsonc)
JSON5 = _splicer(as_json5)
read, source, splice = JSON.read, JSON.source, JSON.splice
