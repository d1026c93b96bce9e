"""JSON's dialects as strict JSON, with the way back: which place of the strict text is which of the original.

Comments and trailing commas become spaces, so that every place stays where it is. What JSON5 adds changes its length
(names without quotes, single quotes, more numbers and escapes); then the places are traced over the changed tokens.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from trayapp.agents._grammar import Uneditable, line_of

#: Possessive throughout: a comment or string that never ends is looked at once, not once for each of its beginnings.
_COMMENT = r"//[^\n\r]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?"
_BLANK = rf"(?:[ \t\r\n]++|{_COMMENT})*+"
_COMMON = rf"{_COMMENT}|(?P<comma>,(?={_BLANK}[}}\]]))|(?P<early>[\[{{](?={_BLANK},))"
#: Text to leave as it is, in one match up to the next comment or trailing comma.
_STRICT = (
    rf'(?:[^"/,\[{{]++|"(?:[^"\\\n\r]++|\\.)*+"|,(?!{_BLANK}[}}\]])|[\[{{](?!{_BLANK},))++|"(?:[^"\\\n\r]++|\\.)*+'
)
_JSONC = re.compile(rf"(?P<strict>{_STRICT})|{_COMMON}", re.DOTALL)
_JSON5 = re.compile(
    r"(?P<odd>'(?:[^'\\\n\r]|\\(?:\r\n|.))*+'?)"
    + r'|(?P<even>"(?:[^"\\\n\r]|\\(?:\r\n|.))*+"?)|'
    + _COMMON
    + r"|(?P<space>[\v\f\xa0\u2028\u2029\ufeff])"
    + r"|(?P<number>[+-]?(?:0[xX][0-9a-fA-F]+|Infinity\b|NaN\b|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?))"
    + r"|(?P<name>[^\W\d][\w$]*+|\$[\w$]*+)",
    re.DOTALL,
)
_LITERALS = {"true", "false", "null", "Infinity", "NaN"}
_ESCAPE = re.compile(r'\\(\r\n|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)|"', re.DOTALL)
_KNOWN_ESCAPES = {"v": r"\u000b", "0": r"\u0000", "'": "'", "\n": "", "\r": "", "\r\n": "", "\u2028": "", "\u2029": ""}


@dataclass(frozen=True, slots=True, eq=False)
class Strict:
    """A text made strict; `strict[i]` and `original[i]` are the same place, after the i-th token of changed length."""

    text: str
    decoder: json.JSONDecoder
    strict: tuple[int, ...] = (0,)
    original: tuple[int, ...] = (0,)

    def back(self, at: int) -> int:
        """Return the place in the original of a place between two tokens of the strict text."""
        last = bisect_right(self.strict, at) - 1
        return self.original[last] + at - self.strict[last]

    def forth(self, at: int) -> int:
        """Return the place in the strict text of a place between two tokens of the original."""
        last = bisect_right(self.original, at) - 1
        return self.strict[last] + at - self.original[last]


def _no_constant(name: str) -> Any:
    raise Uneditable(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)
_DECODER_5 = json.JSONDecoder(strict=False)


def as_json(text: str) -> Strict:
    """Return a text that should be strict already."""
    return Strict(text, _DECODER)


def as_jsonc(text: str) -> Strict:
    """Return the text with comments and trailing commas as spaces."""
    return Strict(_JSONC.sub(lambda match: _blanked(text, match), text), _DECODER)


def as_json5(text: str) -> Strict:
    """Return a JSON5 text as strict JSON; of its white space only what one meets in files."""
    try:
        strict = Strict(as_jsonc(text).text, _DECODER_5)
        strict.decoder.decode(strict.text)
    except ValueError:
        return _as_json5(text)
    return strict


def _as_json5(text: str) -> Strict:
    pieces: list[str] = []
    strict, original = [0], [0]
    done = length = 0
    for match in _JSON5.finditer(text):
        new = _rewritten(text, match)
        if new == match.group():
            continue
        pieces += (text[done : match.start()], new)
        length += match.start() - done + len(new)
        done = match.end()
        if len(new) != len(match.group()):
            strict.append(length)
            original.append(done)
    pieces.append(text[done:])
    return Strict("".join(pieces), _DECODER_5, tuple(strict), tuple(original))


def _blanked(text: str, match: re.Match[str]) -> str:
    token = match.group()
    if match.lastgroup == "strict":
        return token
    if match["early"]:
        raise Uneditable("a comma without a value before it", line_of(text, match.start()))
    if match["comma"]:
        return " "
    if token[0] == "/" and (token[1] == "/" or (len(token) > 3 and token.endswith("*/"))):
        return re.sub(r"[^\n\r]", " ", token)
    return token


def _rewritten(text: str, match: re.Match[str]) -> str:
    token = match.group()
    kind = match.lastgroup
    if kind == "odd" and len(token) > 1 and token.endswith("'"):
        return f'"{_ESCAPE.sub(_escape, token[1:-1])}"'
    if kind == "even" and "\\" in token:
        return _ESCAPE.sub(_escape, token[1:-1]).join('""') if token.endswith('"') else token
    if kind == "space":
        return " "
    if kind == "number":
        return _number(token)
    if kind == "name":
        return token if token in _LITERALS and not _is_named(text, match.end()) else json.dumps(token)
    return _blanked(text, match) if kind not in ("odd", "even") else token


def _escape(match: re.Match[str]) -> str:
    escape = match[1]
    if escape is None:
        return r"\""
    if escape in _KNOWN_ESCAPES:
        return _KNOWN_ESCAPES[escape]
    if escape[0] == "x":
        return rf"\u00{escape[1:]}" if len(escape) == 3 else match.group()
    return match.group() if escape[0] in '"\\/bfnrtu' or escape.isdigit() else escape


def _number(token: str) -> str:
    sign, digits = ("-", token[1:]) if token[0] == "-" else ("", token.removeprefix("+"))
    if digits[:2] in ("0x", "0X"):
        return f"{sign}{int(digits, 16)}"
    digits = f"0{digits}" if digits[0] == "." else digits
    return sign + re.sub(r"\.(?!\d)", ".0", digits)


_COLON: Callable[[str, int], re.Match[str] | None] = re.compile(_BLANK + ":").match


def _is_named(text: str, at: int) -> bool:
    """True when the word that ends here is the name of a member."""
    return _COLON(text, at) is not None
