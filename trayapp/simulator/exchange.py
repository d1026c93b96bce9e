"""What is asked of a stand-in server and what it answers: the nouns between the protocols and the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, complete. Names of headers are in lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `stream`, when there is one, is sent piece by piece in place of `body`."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    stream: tuple[bytes, ...] = ()
    #: Seconds before it comes.
    after_s: float = 0.0


class Manner(StrEnum):
    """How a server answers that fails."""

    #: With an error.
    ERROR = "error"
    #: Not at all: the request is taken, and then nothing comes.
    HANG = "hang"
    #: By closing the connection.
    DROP = "drop"
    #: By breaking off in the middle of its answer.
    CUT = "cut"
    #: By taking no connection.
    REFUSE = "refuse"
    #: Its name cannot be looked up.
    DNS = "dns"
    #: Well, but late.
    SLOW = "slow"


#: An answer, or the way in which there is none.
Reply = Answer | Manner


def json_answer(document: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """Return `document` as an answer in JSON."""
    kind = {"content-type": "application/json; charset=utf-8"}
    return Answer(status, {**kind, **(headers or {})}, json.dumps(document, ensure_ascii=False).encode())


def html_answer(status: int, title: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Return the kind of page that an edge or a proxy shows in place of the API."""
    text = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Answer(status, {"content-type": "text/html; charset=UTF-8", **(headers or {})}, text.encode())


def event_stream(events: list[tuple[str | None, Any]], headers: Mapping[str, str] | None = None) -> Answer:
    """Return `events` (name or None, and data) as server-sent events; https://html.spec.whatwg.org, section 9.2."""
    named = [
        (f"event: {name}\n" if name else "") + f"data: {data if isinstance(data, str) else json.dumps(data)}\n\n"
        for name, data in events
    ]
    kind = {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"}
    return Answer(200, {**kind, **(headers or {})}, stream=tuple(event.encode() for event in named))
