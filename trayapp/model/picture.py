"""What the screen shows, and what it asks back: a Picture goes up, a Command comes down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trayapp.model.level import Level


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled line in a provider's details, plain text."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    """One provider: `word` is its level in words, `summary` the verdict's sentence with its age."""

    provider: str
    name: str
    level: Level
    word: str
    summary: str
    stale: bool = False
    suspect: bool = False
    page: str | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A provider that an agent can be pointed at, with what is known of it now."""

    provider: str
    name: str
    level: Level
    #: In words: "works, 320 ms".
    word: str
    latency_ms: int | None = None
    #: Another name for the server that the agent uses by itself: when that is down, so is this.
    same_upstream: bool = False


@dataclass(frozen=True, slots=True)
class AgentRow:
    """A coding agent that was found here."""

    id: str
    name: str
    #: What it uses now: a provider's name, or an address that nobody knows.
    uses: str
    #: The level of that; UNKNOWN when it is not watched.
    uses_level: Level
    #: The provider that a switch of ours points it at, until it is put back.
    switched_to: str | None = None
    #: When a running one sees a change, in words; empty: at once.
    pickup: str = ""
    targets: tuple[TargetRow, ...] = ()
    #: Why it cannot be switched, in a sentence; empty when it can.
    watch_only: str = ""
    note: str = ""
    #: The provider that it uses now, None when nobody knows it.
    provider: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What would help now, in one line: "Switch Claude Code to DeepSeek (works, 320 ms)"."""

    agent: str
    provider: str
    text: str
    #: The same for a button: "Switch Claude Code to DeepSeek".
    label: str
    #: The provider that is not well; empty when it is well again, and `is_back`.
    instead_of: str
    #: To put back what was switched.
    is_back: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A switch before it is made: what would change, as a diff with the secrets masked, and what is to be known."""

    agent: str
    provider: str
    title: str
    diff: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    #: Why it cannot be made; empty when it can.
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything a screen needs; it asks nobody else."""

    level: Level
    #: The verdict in words with its age: "Claude API fails for you, 2 min".
    headline: str
    #: At most 127 characters, worst first (Windows' szTip).
    tooltip: str
    rows: tuple[Row, ...] = ()
    paused_until: datetime | None = None
    #: One line to be shown until it is mended: a typo in config.toml, a journal set aside.
    complaint: str | None = None
    #: The readings behind the headline, a plain line each.
    why: tuple[str, ...] = ()
    agents: tuple[AgentRow, ...] = ()
    offer: Offer | None = None
    #: At least one agent uses another provider because of a switch of ours.
    on_fallback: bool = False
    #: A switch that waits for the user's word.
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class CheckNow:
    """Look at everything at once."""


@dataclass(frozen=True, slots=True)
class Refresh:
    """The user is about to look: bring the ages in the Picture up to date. Fetches nothing."""


@dataclass(frozen=True, slots=True)
class Pause:
    """No notices for so many seconds; None: until told otherwise; 0: speak again."""

    seconds: float | None


@dataclass(frozen=True, slots=True)
class OpenPage:
    """Show a provider's status page in the browser."""

    provider: str


@dataclass(frozen=True, slots=True)
class OpenPreferences:
    """Open config.toml in the user's editor, made with comments if it is absent."""


@dataclass(frozen=True, slots=True)
class Quit:
    """Close everything cleanly."""


@dataclass(frozen=True, slots=True)
class PlanSwitch:
    """Show what a switch would change. Writes nothing."""

    agent: str
    provider: str


@dataclass(frozen=True, slots=True)
class DropPlan:
    """The user does not want what was shown."""


@dataclass(frozen=True, slots=True)
class SwitchAgent:
    """Point an agent at a provider."""

    agent: str
    provider: str


@dataclass(frozen=True, slots=True)
class RestoreAgent:
    """Put an agent's own settings back."""

    agent: str


Command = (
    CheckNow | Refresh | Pause | OpenPage | OpenPreferences | Quit | PlanSwitch | DropPlan | SwitchAgent | RestoreAgent
)
