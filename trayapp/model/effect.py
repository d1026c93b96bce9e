"""What shall happen in the world because a verdict changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trayapp.model.picture import Command


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
    #: More buttons: their labels, and what each asks for. They stand before the one of `action`.
    commands: tuple[tuple[str, Command], ...] = ()
    #: Where the same can be asked for, in a sentence: told only where a notice can have no buttons.
    otherwise: str = ""

    def text(self, *, has_buttons: bool) -> str:
        """Return the body as it is shown by who can, or cannot, show buttons."""
        return self.body if has_buttons or not self.otherwise else f"{self.body} {self.otherwise}"


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take away the notice with this key: it no longer holds."""

    key: str


@dataclass(frozen=True, slots=True)
class Repoint:
    """Point an agent at another provider, by itself, as the user allowed."""

    agent: str
    provider: str


@dataclass(frozen=True, slots=True)
class Restore:
    """Put an agent's own settings back, by itself: what it used before works again."""

    agent: str


Effect = Notify | Withdraw
Flip = Repoint | Restore
