"""What shall happen in the world because a verdict changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Urgency(StrEnum):
    """How loudly a notice may speak."""

    LOW = "low"
    NORMAL = "normal"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Notify:
    """Show a notice, plain text; one with the same `key` that is still shown is replaced in place."""

    key: str
    title: str
    body: str
    urgency: Urgency = Urgency.NORMAL
    #: A button: its label and the https address it opens. Also what a click on the notice opens.
    action: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take away the notice with this key: it no longer holds."""

    key: str


Effect = Notify | Withdraw
