"""What an API's dialect may ask the world about the request in hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from trayapp.simulator.exchange import Ask
from trayapp.simulator.scenario import Fault, Path


class Broken(Exception):
    """The request passed through what is broken."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.status)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Door:
    """The world as one request meets it."""

    #: Counts the requests.
    number: int
    #: True for the valid key.
    accepts: Callable[[str], bool]
    #: Raises Broken when the path is broken for this request; the model's name, or "".
    through: Callable[[Path, str], None]


def bearer(ask: Ask) -> str:
    """Return the bearer token, "" when there is none."""
    scheme, _, token = ask.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def posted(ask: Ask) -> dict[str, Any] | None:
    """Return the JSON object that was posted, None when it is none."""
    try:
        document = json.loads(ask.body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
