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


Command = CheckNow | Refresh | Pause | OpenPage | OpenPreferences | Quit
