"""Dotenv files, changed line by line, for agents that read them with python-dotenv or with dotenv for Node.

The two agree on plain lines and differ on escapes, on values over several lines and on `$`. What they read differently
is neither written nor replaced. An `export` before the name, the space around `=`, the quotes and a comment behind the
value stay. The grammar is python-dotenv's, as its parser has it: https://github.com/theskumar/python-dotenv.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from trayapp.agents._grammar import ABSENT, Key, Put, Set, Splicer, Uneditable, line_of, shown
from trayapp.agents._lines import line_start, with_line, without

_BLANK = r"[^\S\r\n]"
_ENTRY = re.compile(
    rf"""\s*+(?P<line>(?P<export>export{_BLANK}++)?+
    (?:(?=\#)|'(?P<quoted>[^']++)'|(?!')(?P<name>[^=\#\s]++)){_BLANK}*+
    (?P<sign>=(?P<lead>{_BLANK}*+)
        (?P<value>'(?:\\.|[^'\\])*+'|"(?:\\.|[^"\\])*+"|(?!['"])[^\r\n]*+))?+
    (?:{_BLANK}*+\#[^\r\n]*+)?+{_BLANK}*+(?:\r\n|\n|\r|\Z))""",
    re.VERBOSE | re.DOTALL,
)
_SPACE = re.compile(r"\s*+")
_COMMENT = re.compile(r"\s\#")
_ESCAPE = {"'": re.compile(r"\\([\\'])"), '"': re.compile(r"""\\([\\'"abfnrtv])""")}
_CONTROLS = dict(zip("abfnrtv", "\a\b\f\n\r\t\v", strict=True))
#: What every reader, and a shell, takes without quotes as it is.
_BARE = re.compile(r"[A-Za-z0-9_./:@%+,=-]*")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line that holds a name, text[line:next_line], and its value, text[start:end]; None without `=`."""

    name: str
    value: str | None
    line: int
    start: int
    end: int
    next_line: int
    is_exported: bool


@lru_cache(maxsize=8)
def _entries(text: str) -> list[_Entry]:
    entries, at = list[_Entry](), 0
    while (start := _SPACE.match(text, at)) and start.end() < len(text):
        match = _ENTRY.match(text, at)
        if match is None:
            raise Uneditable("not a line of a dotenv file", line_of(text, start.end()))
        name = match["quoted"] or match["name"]
        if name:
            entries.append(_entry(match, name))
        at = match.end()
    return entries


def _entry(match: re.Match[str], name: str) -> _Entry:
    start, exported = match.start("value"), match["export"] is not None
    if match["sign"] is None:
        return _Entry(name, None, match.start("line"), start, start, match.end(), exported)
    source = match["value"]
    quote = source[:1]
    if quote in _ESCAPE:
        value = _ESCAPE[quote].sub(lambda found: _CONTROLS.get(found[1], found[1]), source[1:-1])
    else:
        comment = _COMMENT.search(source)
        source = source[: comment.start()].rstrip() if comment else source.rstrip()
        if match["lead"] and quote == "#":
            start, source = match.start("lead"), ""
        value = source
    return _Entry(name, value, match.start("line"), start, start + len(source), match.end(), exported)


def _values(text: str) -> dict[str, str | None]:
    return {entry.name: entry.value for entry in _entries(text)}


def _found(text: str, key: Key) -> _Entry | None:
    named = [entry for entry in _entries(text) if entry.name == key[0]]
    if len(named) > 1:
        raise Uneditable(f"{key[0]} appears twice", line_of(text, named[1].line))
    return named[0] if named else None


def _span(text: str, key: Key) -> tuple[int, int] | None:
    if not key:
        return 0, len(text)
    entry = _found(text, key)
    return (entry.start, entry.end) if entry and entry.value is not None else None


def _change(text: str, change: Set | Put) -> str:
    if len(change.key) != 1 or not isinstance(change.key[0], str):
        raise Uneditable(f"{shown(change.key)} is not the name of a variable")
    name, entry = change.key[0], _found(text, change.key)
    wanted = change.value if isinstance(change, Set) else change.source
    if wanted is ABSENT or (wanted is None and isinstance(change, Put)):
        return without(text, line_start(text, entry.line), entry.next_line) if entry else text
    old = text[entry.start : entry.end] if entry else ""
    source = _rendered(wanted, old) if isinstance(change, Set) else str(wanted)
    if entry is None:
        return _appended(text, name, source)
    _refuse_unlike(text, entry, old)
    return text[: entry.start] + source + text[entry.end :]


def _refuse_unlike(text: str, entry: _Entry, old: str) -> None:
    """Refuse to replace what readers of dotenv files do not agree on."""
    line = line_of(text, entry.line)
    if entry.value is None:
        raise Uneditable(f"{entry.name} has no value", line)
    if "\n" in old or "\r" in old or old.startswith("`"):
        raise Uneditable(f"{entry.name} has a value over several lines", line)
    if "${" in old or "$(" in old:
        raise Uneditable(f"{entry.name} is made of other variables", line)


def _appended(text: str, name: str, source: str) -> str:
    if not _NAME.fullmatch(name):
        raise Uneditable("not the name of a variable")
    entries = _entries(text)
    is_exported = bool(entries) and all(entry.is_exported for entry in entries)
    return with_line(text, len(text), f"{'export ' if is_exported else ''}{name}={source}")


def _rendered(value: Any, old: str) -> str:
    """Return the source of a value, in the quotes of the old one where it can stand in them."""
    if not isinstance(value, str) or not value.isprintable() or "\\" in value or "${" in value or "`" in value:
        raise Uneditable("a value that a dotenv file cannot hold")
    if not value and old:
        # Nothing, between the spaces that were around a value, would not tell where it stood.
        return '""'
    for quote in (old[:1], "", "'", '"'):
        if quote == "'" and "'" not in value:
            return f"'{value}'"
        if quote == '"' and '"' not in value and "$" not in value:
            return f'"{value}"'
        if quote not in ("'", '"') and _BARE.fullmatch(value):
            return value
    raise Uneditable("a value that a dotenv file cannot hold")


DOTENV = Splicer(_values, _span, _change, _entries.cache_clear)
read, source, splice = DOTENV.read, DOTENV.source, DOTENV.splice
