"""Text for a notice: what a provider's page may have put into it is made harmless here, once more, and cut.

Plain text goes in and plain text comes out; `escaped` is for a daemon that reads markup.
"""

from __future__ import annotations

import html
import unicodedata

#: Characters that are shown before a desktop cuts by itself: a title is one line, a body a few.
TITLE_LENGTH = 80
BODY_LENGTH = 300
LABEL_LENGTH = 40

#: What turns text around or hides its true order: https://www.unicode.org/reports/tr9/ (Trojan Source, CVE-2021-42574).
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str, length: int) -> str:
    """Return `text` in one line of at most `length` characters, without control, bidi and invalid characters.

    Lone surrogates and U+0000 cannot be sent over D-Bus at all: the bus ends the connection of who tries. Markup
    parsers refuse noncharacters.
    """
    kept = "".join(" " if character.isspace() else character for character in text if _is_harmless(character))
    line = " ".join(kept.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def cut_utf16(text: str, units: int) -> str:
    """Return as much of `text` as fits in `units` UTF-16 units, as Windows counts; no character is halved."""
    while len(text.encode("utf-16-le")) > units * 2:
        text = text[:-1]
    return text


def escaped(text: str) -> str:
    """Return `text` as the markup that shows it literally, for a daemon that announces body-markup.

    Only &, < and > are escaped: the specification's markup knows no quotes outside of tags.
    https://specifications.freedesktop.org/notification-spec/latest/markup.html
    """
    return html.escape(text, quote=False)


def _is_harmless(character: str) -> bool:
    if character.isspace():
        return True
    is_noncharacter = ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
    return character not in _BIDI and unicodedata.category(character) not in ("Cc", "Cs") and not is_noncharacter
