"""When each kind of look at one provider is due next, in seconds of the steady clock."""

from __future__ import annotations

from dataclasses import dataclass

#: No look of this kind is planned.
NEVER = float("inf")


@dataclass(slots=True)
class Plan:
    """The next looks at one provider. A moment that has passed is due."""

    page: float
    ping: float
    paid: float = NEVER
    elsewhere: float = NEVER
    #: When a third party was last asked.
    asked: float = -NEVER

    def next(self) -> float:
        """Return the moment of the first look."""
        return min(self.page, self.ping, self.paid, self.elsewhere)

    def due(self, now: float, *, poked: bool) -> dict[str, bool]:
        """Return which looks are due. Who pokes wants to see at once what costs nothing and tells nobody anything."""
        return {
            "page": poked or self.page <= now,
            "unbilled": poked or self.ping <= now,
            "paid": not poked and self.paid <= now,
            "elsewhere": self.elsewhere <= now,
        }

    def ask_elsewhere(self, now: float, after_s: float, *, asked: bool) -> None:
        """Plan the next question to a third party `after_s` seconds after the last, at once when that has passed."""
        self.asked = now if asked else self.asked
        self.elsewhere = max(now, self.asked + after_s) if after_s < NEVER else NEVER
