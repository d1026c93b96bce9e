"""The coding agents of this machine as they were found, and the door through which they are pointed elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from trayapp.model.picture import Plan
from trayapp.model.pointing import Pickup


@dataclass(frozen=True, slots=True)
class Candidate:
    """A provider that an agent can be pointed at. `same_upstream`: another name for what it uses by itself."""

    provider: str
    name: str
    same_upstream: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """An agent that was found here."""

    agent: str
    name: str
    #: What it uses now, in words: a provider's name, or the address when nobody knows it.
    uses: str
    #: The provider that it uses now, None when nobody knows it.
    provider: str | None = None
    #: The provider that it uses when no switch of ours stands.
    home: str | None = None
    #: Where a switch of ours points it, None when none stands.
    switched_to: str | None = None
    #: Something else has changed what the switch wrote.
    is_changed: bool = False
    pickup: Pickup = Pickup.LIVE
    targets: tuple[Candidate, ...] = ()
    #: Why it cannot be switched, in a sentence; empty when it can.
    watch_only: str = ""
    note: str = ""


class Switches(Protocol):
    """Finds, switches and restores. What blocks is done off the loop."""

    async def found(self) -> tuple[Found, ...]:
        """Return the agents of this machine. Raises Refused."""

    async def changed(self) -> bool:
        """True when a file of theirs is not as it was when they were found last."""

    async def plan(self, agent: str, provider: str) -> Plan:
        """Return what a switch would change; what keeps it from being made is the plan's `refusal`."""

    async def switch(self, agent: str, provider: str) -> str:
        """Try the provider, then point the agent at it; return what is to be known, in a sentence. Raises Refused."""

    async def restore(self, agent: str) -> str:
        """Put the agent's own settings back; return what was left as it is, in a sentence. Raises Refused."""
