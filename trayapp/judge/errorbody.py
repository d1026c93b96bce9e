"""The machine words in an error body: every vendor hides its code in another place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

#: A code is a word, never a sentence: what is longer or has other characters is text and is not shown.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")

#: Where vendors put their words: Anthropic error.type, OpenAI error.code, Google error.status and
#: error.details[].reason, Alibaba and Moonshot code, MiniMax base_resp.status_code.
_KEYS = ("code", "type", "status", "reason", "error_code", "status_code", "__type")

#: An error body is small; what is larger is no error body and is not searched.
_LARGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """What an error body says: its machine words, most telling first, and all its text in lower case."""

    codes: tuple[str, ...] = ()
    text: str = ""
    is_json: bool = False


def error_body(body: bytes) -> ErrorBody:
    """Read `body`; whatever it is, nothing is raised."""
    text = body[:_LARGEST].decode("utf-8", "replace")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return ErrorBody(text=text.lower())
    words = dict.fromkeys(word for word in _words(document, depth=0) if word not in ("error", "None"))
    return ErrorBody(tuple(words), text.lower(), is_json=True)


def _words(node: Any, depth: int) -> Iterator[str]:
    if depth > 4:
        return
    if isinstance(node, list):
        for item in node[:8]:
            yield from _words(item, depth + 1)
    elif isinstance(node, dict):
        for key in ("error", "details", "base_resp"):
            yield from _words(node.get(key), depth + 1)
        for key in _KEYS:
            value = node.get(key)
            if isinstance(value, str | int) and not isinstance(value, bool) and _CODE.fullmatch(str(value)):
                yield str(value)
