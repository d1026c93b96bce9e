"""A TOML text that knows on which line each of its keys stands, so that a complaint can name it.

Python's tomllib gives values without positions. But TOML is a list of statements: cut before any of them, the text is
still TOML. The statement that brings a key is therefore the first one without which the key is not there yet.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trayapp.model.refused import Refused

#: The way to a value: names of tables and keys, and places in lists counted from 0.
Key = tuple[str | int, ...]

#: Nobody writes deeper tables by hand; what reads them may then recurse.
_DEEPEST = 12

#: What may hide or show the end of a statement, as TOML 1.0 (https://toml.io/en/v1.0.0) defines it. A multi-line
#: string may end in up to two quotes of its own, hence five.
_MARK = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[\]{}\n]",
    re.DOTALL,
)
_POSITION = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Source:
    """A TOML text, and the name of its file for messages."""

    file: str
    text: str

    def read(self) -> dict[str, Any]:
        """Return the document. Raises Refused: file, line, and what is wrong with it."""
        try:
            document = tomllib.loads(self.text)
        except (ValueError, RecursionError) as error:
            raise Refused(self._complaint(error)) from None
        if _is_deep(document):
            raise Refused(f"{self.file}, line 1: tables at most {_DEEPEST} deep were expected")
        return document

    def line(self, key: Key) -> int:
        """Return the line, counted from 1, of the statement that brings `key`, or of the nearest table around it."""
        document = tomllib.loads(self.text)
        while key and not _holds(document, key):
            key = key[:-1]
        if not key:
            return 1
        starts = _statements(self.text)
        first_with = bisect_left(
            range(len(starts)), True, key=lambda count: _holds(tomllib.loads(self.text[: starts[count]]), key)
        )
        return self._line_at(starts[first_with - 1])

    def _line_at(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1

    def _complaint(self, error: Exception) -> str:
        """Return tomllib's complaint in our form. Without a position at its end a limit of Python's own was met."""
        said = _POSITION.fullmatch(str(error))
        if said is None:
            return f"{self.file}, line {self._first_bad_line()}: TOML was expected, got too many digits or brackets"
        line = int(said[2]) if said[2] else self._line_at(len(self.text))
        return f"{self.file}, line {line}: TOML was expected: {' '.join(said[1].split())[:120]}"

    def _first_bad_line(self) -> int:
        starts = _statements(self.text)
        first_with = bisect_left(range(len(starts)), True, key=lambda count: not _is_toml(self.text[: starts[count]]))
        return self._line_at(starts[first_with - 1])


#: Where the parts of a document come from, the nearest entry above a key tells; () is always there.
Origins = Mapping[Key, tuple[Source, Key]]


def place(origins: Origins, key: Key) -> str:
    """Return "file, line N: dotted.key" for a key of a document that may have come from several texts."""
    nearest = next(key[:length] for length in range(len(key), -1, -1) if key[:length] in origins)
    source, start = origins[nearest]
    there = (*start, *key[len(nearest) :])
    line = f"{source.file}, line {source.line(there)}"
    return f"{line}: {dotted(there)}" if there else line


def dotted(key: Key) -> str:
    """Return the key as people write it; places in lists are left out, the line tells which one is meant."""
    return ".".join(_shown(name) for name in key if isinstance(name, str))


def _shown(name: str) -> str:
    if len(name) > 40:
        return f"(a name of {len(name)} characters)"
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else ascii(name)


def _statements(text: str) -> list[int]:
    """Return where statements, comments and blank lines begin: after each line's end outside of any value."""
    starts, depth = [0], 0
    for mark in _MARK.finditer(text):
        if mark[0] in ("[", "{"):
            depth += 1
        elif mark[0] in ("]", "}"):
            depth -= 1
        elif mark[0] == "\n" and depth == 0:
            starts.append(mark.end())
    return starts


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _holds(document: Any, key: Key) -> bool:
    for step in key:
        if isinstance(step, int):
            if not (isinstance(document, list) and step < len(document)):
                return False
        elif not (isinstance(document, dict) and step in document):
            return False
        document = document[step]
    return True


def _is_deep(document: dict[str, Any]) -> bool:
    layer: list[Any] = [document]
    for _ in range(_DEEPEST):
        inside = (child for node in layer for child in (node.values() if isinstance(node, dict) else node))
        layer = [child for child in inside if isinstance(child, dict | list)]
        if not layer:
            return False
    return True
