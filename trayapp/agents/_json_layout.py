"""How a member comes into an object or a list of a JSON text, and leaves it again, in the manner of its neighbours.

The two are each other's inverse: `removed` after `inserted` gives the same text. This is why they look at nothing but
the gaps around the member, and why an object that was empty is laid out by what stood between its braces.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from trayapp.agents._grammar import Uneditable
from trayapp.agents._lines import newline

#: What stands between two values: space, a comma, a comment.
_GAP = re.compile(r"(?P<comma>,)|(?P<comment>//[^\n\r]*|/\*.*?\*/)|(?P<space>[^,/]+)", re.DOTALL)
_BREAK = re.compile(r"\r\n|\n|\r")
_INDENT = re.compile(r"[\r\n]([ \t]+)[^\s/*]")
_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


class Entry(NamedTuple):
    """A member of an object or an item of a list: its name from `start` to `named`, its value from `value` to `end`."""

    name: str | int
    start: int
    named: int
    value: int
    end: int


@dataclass(frozen=True, slots=True)
class Container:
    """An object or a list: text[start:end] with its braces."""

    start: int
    end: int
    entries: tuple[Entry, ...]


def rendered(text: str, at: int, value: Any, old: str = "", indent: str | None = None) -> str:
    """Return the source of a value that stands at a place, or, with `indent`, on a line so indented; "" is no line."""
    if old == "'" and isinstance(value, str):
        body = json.dumps(value, ensure_ascii=False)[1:-1].replace(r"\"", '"').replace("'", r"\'")
        return _encodable(f"'{body}'", lambda: json.dumps(value))
    if indent is None:
        indent = _indent_of(text, at)
    is_wide = isinstance(value, (dict, list)) and is_pretty(text)
    unit = _unit(text) if is_wide else None
    source = dumps(value, unit)
    return (newline(text) + indent).join(source.split("\n")) if is_wide else source


def inserted(text: str, container: Container, name: str | int, value: Callable[[str], str]) -> str:
    """Return the text with one entry more, the last; `value` gives its source for the indentation of its line."""
    if not container.entries:
        return _filled(text, container, name, value)
    last = container.entries[-1]
    comma, spot, is_cut = _tail(text[last.end : container.end - 1])
    lead = _lead(text, container, is_cut)
    member = lead + _member(text, name, value(_BREAK.split(lead)[-1] if _BREAK.search(lead) else ""), last)
    at = last.end + spot
    if comma is not None:
        return f"{text[:at]}{member},{text[at:]}"
    return f"{text[: last.end]},{text[last.end : at]}{member}{text[at:]}"


def removed(text: str, container: Container, entry: Entry) -> str:
    """Return the text without the entry; comments around it stay."""
    index = container.entries.index(entry)
    left = container.entries[index - 1].end if index else container.start + 1
    is_last = index == len(container.entries) - 1
    right = container.end - 1 if is_last else container.entries[index + 1].start
    before, after = text[left : entry.start], text[entry.end : right]
    if len(container.entries) == 1 and _is_line_end(before) and _is_line_end(after):
        return text[:left] + text[right:]
    comma = _comma(after)
    if comma is not None:
        after = after[:comma] + after[comma + 1 :]
    elif (comma := _comma(before)) is not None:
        before = before[:comma] + before[comma + 1 :]
    return text[:left] + _without_lead(before, after) + after + text[right:]


def _without_lead(before: str, after: str) -> str:
    """Return what was before an entry without the space that led to it, unless that is the end of a // comment."""
    tokens = list(_GAP.finditer(before))
    if not tokens or tokens[-1].lastgroup != "space":
        return before
    is_cut = len(tokens) > 1 and tokens[-2].group().startswith("//")
    return before if is_cut and after[:1] not in ("\n", "\r") else before[: tokens[-1].start()]


def is_pretty(text: str) -> bool:
    """True unless the document stands on one line and holds something."""
    document = text.strip()
    return document in ("{}", "[]") or _BREAK.search(document) is not None


def _filled(text: str, container: Container, name: str | int, value: Callable[[str], str]) -> str:
    start, end = container.start + 1, container.end - 1
    gap = text[start:end]
    outer = _indent_of(text, container.start)
    inner, line = outer + _unit(text), newline(text)
    comments = [match for match in _GAP.finditer(gap) if match.lastgroup == "comment"]
    if comments:
        at = start + comments[-1].end()
        return f"{text[:at]}{line}{inner}{_member(text, name, value(inner))}{text[at:]}"
    if gap or not is_pretty(text):
        lead = " " if gap else ""
        return f"{text[:start]}{lead}{_member(text, name, value(outer))}{text[start:]}"
    return f"{text[:start]}{line}{inner}{_member(text, name, value(inner))}{line}{outer}{text[end:]}"


def _member(text: str, name: str | int, value: str, like: Entry | None = None) -> str:
    if isinstance(name, int):
        return value
    source, colon = dumps(name), ": " if is_pretty(text) or ": " in text else ":"
    if like:
        quote = text[like.start]
        source = _encodable(f"'{name}'", lambda: source) if quote == "'" and _NAME.fullmatch(name) else source
        source = name if quote not in "'\"" and _NAME.fullmatch(name) else source
        between = text[like.named : like.value]
        colon = between if re.fullmatch(r"[ \t]*:[ \t]*", between) else colon
    return source + colon + value


def _lead(text: str, container: Container, is_cut: bool) -> str:
    """Return the space before a new last entry: that before the last one; a line ending where a comment `is_cut`."""
    last = container.entries[-1]
    left = container.entries[-2].end if len(container.entries) > 1 else container.start + 1
    tokens = list(_GAP.finditer(text[left : last.start]))
    lead = tokens[-1].group() if tokens and tokens[-1].lastgroup == "space" else ""
    breaks = _BREAK.findall(lead)
    if breaks:
        return str(breaks[-1]) + _BREAK.split(lead)[-1]
    if is_cut:
        return newline(text) + _indent_of(text, last.start)
    is_spaced = len(container.entries) == 1 and (": " in text or ", " in text)
    return lead or " " * is_spaced


def _tail(gap: str) -> tuple[int | None, int, bool]:
    """Return, of what follows a last value: its comma, where the next may stand, and whether a // comment is before."""
    comma, spot, is_cut, is_same_line = None, 0, False, True
    for match in _GAP.finditer(gap):
        if match.lastgroup == "comma":
            comma, spot, is_cut, is_same_line = match.start(), match.end(), False, True
        elif match.lastgroup == "space":
            is_same_line = is_same_line and not _BREAK.search(match.group())
        elif is_same_line:
            spot, is_cut = match.end(), match.group().startswith("//")
    return comma, spot, is_cut


def _comma(gap: str) -> int | None:
    return next((match.start() for match in _GAP.finditer(gap) if match.lastgroup == "comma"), None)


def _is_line_end(gap: str) -> bool:
    return not gap.strip() and _BREAK.search(gap) is not None


def _indent_of(text: str, at: int) -> str:
    """Return the white space that the line of a place starts with."""
    line = text[max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1 : at]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _unit(text: str) -> str:
    """Return one step of indentation, as the first indented line has it."""
    found = _INDENT.search(text)
    return found[1] if found else "  "


def dumps(value: Any, unit: str | None = None) -> str:
    """Return the source of a value, on one line or on lines indented by a unit. Raises Uneditable."""
    try:
        plain = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=unit)
    except (TypeError, ValueError):
        raise Uneditable("a value that JSON cannot hold") from None
    return _encodable(plain, lambda: json.dumps(value, allow_nan=False, indent=unit))


def _encodable(source: str, escaped: Callable[[], str]) -> str:
    """Return the source, or the escaped one where half a surrogate pair cannot be written as UTF-8."""
    return escaped() if any("\ud800" <= character <= "\udfff" for character in source) else source
