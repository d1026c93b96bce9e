"""Lines of a text, for the formats in which an entry is a line: where one goes in, and how it comes out again.

`without` after `with_line` gives the same text: a line goes in with an ending where the text has one, and with the
missing ending before it where the last line has none.
"""

from __future__ import annotations

import re

_BREAK = re.compile(r"\r\n|\n|\r")
_LAST_BREAK = re.compile(r"(?:\r\n|\n|\r)\Z")


def newline(text: str) -> str:
    """Return the line ending of the text, by its first line."""
    found = _BREAK.search(text)
    return found.group() if found else "\n"


def line_start(text: str, at: int) -> int:
    """Return where the line of a place starts."""
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def line_end(text: str, at: int) -> int:
    """Return where the line of a place ends, after its ending."""
    found = _BREAK.search(text, at)
    return found.end() if found else len(text)


def with_line(text: str, at: int, line: str) -> str:
    """Return the text with a line more at a place that is the start of a line, or the end of a text that lacks one."""
    ending = newline(text)
    if at == len(text) and text and not _LAST_BREAK.search(text):
        return text + ending + line
    return f"{text[:at]}{line}{ending}{text[at:]}"


def without(text: str, start: int, end: int) -> str:
    """Return the text without whole lines."""
    before = text[:start]
    if end == len(text) and not _LAST_BREAK.search(text):
        before = _LAST_BREAK.sub("", before)
    return before + text[end:]
