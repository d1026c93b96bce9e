"""What an error body says: the vendor's machine words, and whether an answer that calls itself good is an error.

Every vendor hides its code in another place, and some send it with HTTP 200: MiniMax and Z.ai in plain JSON, all who
stream in an event after the answer has begun.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

#: A code is a word, never a sentence: what is longer or has other characters is text and is not shown.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")

#: Where vendors put what an error is about. ElevenLabs: detail; Azure: innererror; OpenRouter: metadata.
_INNER = ("error", "details", "detail", "innererror", "metadata", "base_resp")

#: Where they put their words: Anthropic error.type, OpenAI error.code, Google error.status and
#: error.details[].reason, Alibaba and Moonshot code, MiniMax base_resp.status_code, OpenRouter metadata.limit_source.
_KEYS = ("code", "type", "status", "reason", "error_code", "error_type", "status_code", "limit_source", "__type")

#: Amazon names its exception in a header: "ThrottlingException:http://…"
#: (https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html).
_AMAZON = "x-amzn-errortype"

#: All that the check of a key answers, and the code that a refusal has elsewhere.
_KEY_CHECK = {"valid", "organization_id", "owner_id"}
_REFUSED_KEY = ("invalid_api_key",)

#: An error body is small; what is larger is no error body and is not searched.
_LARGEST = 64 * 1024

#: A good answer without any of these is no error, and need not be read.
_MARKS = (b'"error"', b'"base_resp"', b'"success"', b'"valid"', b"event: error", b"event:error")
#: So many lines of a stream are looked at.
_LINES = 40


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """What an error body says: its machine words, most telling first, and all its text in lower case."""

    codes: tuple[str, ...] = ()
    text: str = ""
    is_json: bool = False
    #: It is an error by its form, whatever the HTTP status says.
    is_error: bool = False
    #: The HTTP status that the body names as its own.
    status: int | None = None


def error_body(body: bytes, headers: Mapping[str, str] | None = None) -> ErrorBody:
    """Read the body of an answer that failed; whatever it is, nothing is raised."""
    text = body[:_LARGEST].decode("utf-8", "replace")
    said = _streamed(text) if text.startswith(("event:", "data:", "id:", ":")) else _document(text)
    named = re.split("[:#]", (headers or {}).get(_AMAZON, ""))[0]
    if _CODE.fullmatch(named):
        return replace(said, codes=tuple(dict.fromkeys((named, *said.codes))))
    return said


def hidden_error(body: bytes) -> ErrorBody | None:
    """Return the error in an answer whose HTTP status is good, None when it is what it says."""
    start = body[:_LARGEST]
    if not any(mark in start for mark in _MARKS):
        return None
    said = error_body(body)
    return said if said.is_error else None


def _document(text: str, *, is_event: bool = False) -> ErrorBody:
    """Read one JSON document."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return ErrorBody(text=text.lower(), is_error=is_event)
    words = dict.fromkeys(word for word in _words(document, depth=0) if word not in ("error", "None"))
    return ErrorBody(
        _REFUSED_KEY if _is_refused_key(document) else tuple(words),
        text.lower(),
        is_json=True,
        is_error=is_event or _is_error(document),
        status=_status(words),
    )


def _streamed(text: str) -> ErrorBody:
    """Return the first error among server-sent events, else what the first event says."""
    first: ErrorBody | None = None
    is_event = False
    for line in text.splitlines()[:_LINES]:
        name, _, value = line.partition(":")
        if name == "event":
            is_event = value.strip() == "error"
        elif name == "data":
            said = _document(value.strip(), is_event=is_event)
            if said.is_error:
                return said
            first = first or said
    return first or ErrorBody(text=text.lower(), is_error=is_event)


def _is_error(document: Any) -> bool:
    """True for the forms in which vendors send an error with a good status."""
    if isinstance(document, list):
        document = document[0] if document else None
    if not isinstance(document, dict):
        return False
    resp = document.get("base_resp")
    return (
        bool(document.get("error"))
        or (isinstance(resp, dict) and resp.get("status_code", 0) not in (0, None))
        or (document.get("success") is False and "code" in document)
        or _is_refused_key(document)
    )


def _is_refused_key(document: Any) -> bool:
    """True for Cohere's answer about a wrong key (https://docs.cohere.com/reference/check-api-key)."""
    return isinstance(document, dict) and document.get("valid") is False and document.keys() <= _KEY_CHECK


def _status(words: Mapping[str, None]) -> int | None:
    """Return the first word that is the number of an HTTP error."""
    return next((int(word) for word in words if len(word) == 3 and word.isdecimal() and "400" <= word <= "599"), None)


def _words(node: Any, depth: int) -> Iterator[str]:
    if depth > 4:
        return
    if isinstance(node, list):
        for item in node[:8]:
            yield from _words(item, depth + 1)
    elif isinstance(node, dict):
        for key in _INNER:
            yield from _words(node.get(key), depth + 1)
        yield from (word for word in (_word(node.get(key)) for key in _KEYS) if word)


def _word(value: Any) -> str:
    """Return the machine word in a value, "" when it holds none."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        return ""
    word = str(value).rpartition("#")[2]
    return word if _CODE.fullmatch(word) else ""
