"""TOML files, changed value by value: lines in tables, and whole tables at the end.

`tomllib` reads before and after; `_toml_scan` says where. A value is replaced wherever it stands. A key is added as a
line after the last of its table, a table after the last of the file; both leave without a trace. What has more than
one way to be written is not made: keys in inline tables, items of lists, tables that only dotted keys define.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from typing import Any

from trayapp.agents._grammar import ABSENT, Key, Put, Set, Splicer, Uneditable, line_of, shown
from trayapp.agents._lines import line_end, line_start, newline, with_line, without
from trayapp.agents._toml_scan import Statement, inner, statements

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_AT_LINE = re.compile(r"at line (\d+)")
#: What `_with_table` puts before a table, by whether the file ends with a line ending.
_BLANK_LINE = re.compile(r"(?<![^\n])\r?\n\Z")
_ENDINGS = re.compile(r"(?:\r?\n){1,2}\Z")


def _values(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        raise Uneditable("not TOML", int(found[1]) if found else None) from None


def _span(text: str, key: Key) -> tuple[int, int] | None:
    return _place(text, key, statements(text)) if key else (0, len(text))


def _place(text: str, key: Key, found: Sequence[Statement]) -> tuple[int, int] | None:
    for statement in found:
        if statement.kind == "=" and statement.path == key[: len(statement.path)]:
            return _inside(text, key[len(statement.path) :], statement.value, statement.value_end)
    ours = [number for number, statement in enumerate(found) if statement.path[: len(key)] == key]
    if not ours:
        return None
    first, last = found[ours[0]], found[ours[-1]]
    line = line_of(text, first.start)
    if any(found[number].table[: len(key)] != key for number in ours):
        raise Uneditable(f"{shown(key)} is made of dotted keys", line)
    if ours[-1] - ours[0] >= len(ours) or first.kind == "=":
        raise Uneditable(f"{shown(key)} is in several places", line)
    return line_start(text, first.start), line_end(text, last.end)


def _inside(text: str, key: Key, start: int, end: int) -> tuple[int, int] | None:
    """Return where a value within a value stands."""
    if not key:
        return start, end
    for parts, value, value_end in inner(text, start):
        if parts == key[: len(parts)]:
            return _inside(text, key[len(parts) :], value, value_end)
        if parts[: len(key)] == key:
            raise Uneditable("made of dotted keys in an inline table", line_of(text, value))
    return None


def _change(text: str, change: Set | Put) -> str:
    if not change.key:
        raise Uneditable("the whole document cannot be removed")
    key, found = change.key, statements(text)
    place = _place(text, key, found)
    wanted = change.value if isinstance(change, Set) else change.source
    is_line = any(statement.kind == "=" and statement.path == key for statement in found)
    is_table = place is not None and any(s.kind != "=" and s.path[: len(key)] == key for s in found)
    if wanted is ABSENT or (wanted is None and isinstance(change, Put)):
        return _removed(text, key, place, is_line, is_table)
    if place is None:
        return _added(text, key, change, found)
    if is_table and isinstance(change, Set):
        raise Uneditable(f"{shown(key)} is a table", line_of(text, place[0]))
    old = text[place[0] : place[1]]
    source = rendered(wanted, old) if isinstance(change, Set) else str(wanted)
    return text[: place[0]] + source + text[place[1] :]


def _removed(text: str, key: Key, place: tuple[int, int] | None, is_line: bool, is_table: bool) -> str:
    if place is None:
        return text
    start, end = line_start(text, place[0]), line_end(text, place[1] - is_table)
    if is_line:
        return without(text, start, end)
    if not is_table:
        raise Uneditable(f"{shown(key)} is inside a value", line_of(text, start))
    is_cut = end == len(text) and not text.endswith("\n")
    return (_ENDINGS if is_cut else _BLANK_LINE).sub("", text[:start]) + text[end:]


def _added(text: str, key: Key, change: Set | Put, found: Sequence[Statement]) -> str:
    parent = key[:-1]
    tables = [statement for statement in found if statement.kind != "=" and statement.path == parent]
    _refuse_closed(text, key, found)
    if isinstance(key[-1], int) or (not tables and any(isinstance(part, int) for part in parent)):
        raise Uneditable(f"{shown(parent)} is a list")
    if isinstance(change, Set) and isinstance(change.value, dict) and change.value and not tables and len(key) < 3:
        body = [f"{_name(name)} = {rendered(value)}" for name, value in change.value.items()]
        return _with_table(text, newline(text).join([_header(key), *body]))
    if isinstance(change, Put) and change.source is not None and change.source.lstrip(" \t").startswith(_header(key)):
        return _with_table(text, re.sub(r"\r?\n\Z", "", change.source))
    source = rendered(change.value) if isinstance(change, Set) else change.source
    line = f"{_name(key[-1])} = {source}"
    if any(statement.path[: len(parent)] == parent for statement in found) and parent and not tables:
        raise Uneditable(f"{shown(parent)} has no header of its own")
    if parent and not tables:
        return _with_table(text, _header(parent) + newline(text) + line)
    return _with_key(text, parent, line, found)


def _refuse_closed(text: str, key: Key, found: Sequence[Statement]) -> None:
    """Refuse to add to what can no longer be added to."""
    for statement in found:
        path = statement.path
        if statement.kind == "=" and len(statement.path) > len(statement.table) + 1 and _is_through(path, key):
            raise Uneditable(f"{shown(key[:-1])} is made of dotted keys", line_of(text, statement.start))
        if statement.kind == "=" and path == key[: len(path)]:
            raise Uneditable(f"{shown(path)} is an inline value", line_of(text, statement.start))


def _is_through(path: Key, key: Key) -> bool:
    """True when a dotted key defines a table that the key is to be in."""
    return path[: len(key) - 1] == key[:-1] and len(path) > len(key[:-1]) > 0


def _with_key(text: str, table: Key, line: str, found: Sequence[Statement]) -> str:
    """Return the text with a line after the last of a table's own; in an empty head of the file, above the tables."""
    own = [statement for statement in found if statement.table == table]
    if own:
        start, end = line_start(text, own[-1].start), line_end(text, own[-1].end)
        indent = text[start : own[-1].start] if own[-1].kind == "=" else ""
        if own[-1].kind != "=" or not indent.strip():
            return with_line(text, end, indent + line)
        raise Uneditable("two statements on a line", line_of(text, start))
    return with_line(text, _head_end(text, found), line)


def _head_end(text: str, found: Sequence[Statement]) -> int:
    """Return the end of the comments above the first table that an empty line parts from it."""
    if not found:
        return len(text)
    above = re.match(r"(?:[ \t]*#[^\n]*\n)+(?=[ \t]*\r?\n)", text[: line_start(text, found[0].start)])
    return above.end() if above else 0


def _with_table(text: str, table: str) -> str:
    ending = newline(text)
    if not text or text.endswith("\n"):
        return f"{text}{ending if text else ''}{table}{ending}"
    return f"{text}{ending}{ending}{table}"


def _header(key: Key) -> str:
    return f"[{'.'.join(map(_name, key))}]"


def _name(part: str | int) -> str:
    name = str(part)
    return name if _BARE_KEY.fullmatch(name) else _quoted(name)


def rendered(value: Any, old: str = "") -> str:
    """Return the source of a value, in single quotes where the old one has them. Raises Uneditable."""
    if isinstance(value, str):
        is_literal = old.startswith("'") and not old.startswith("'''") and "'" not in value and value.isprintable()
        return f"'{value}'" if is_literal else _quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, list):
        return f"[{', '.join(map(rendered, value))}]"
    if isinstance(value, dict):
        members = ", ".join(f"{_name(name)} = {rendered(inside)}" for name, inside in value.items())
        return f"{{ {members} }}" if members else "{}"
    raise Uneditable("a value that TOML cannot hold")


def _quoted(text: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Uneditable("a text that cannot be written as UTF-8")
    return json.dumps(text, ensure_ascii=False).replace("\x7f", r"\u007f")


TOML = Splicer(_values, _span, _change, statements.cache_clear)
read, source, splice = TOML.read, TOML.source, TOML.splice
