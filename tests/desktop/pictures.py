"""Pictures for the tests of the desktop."""

from __future__ import annotations

from trayapp.model.level import Level
from trayapp.model.picture import Fact, Picture, Row


def row(provider: str, level: Level = Level.OPERATIONAL, name: str = "", page: str | None = None) -> Row:
    facts = (Fact("Since", "2 min"), Fact("Incident", "<b>bold</b> & <img src='file:///etc/passwd'>"))
    return Row(
        provider,
        name or provider.title(),
        level,
        f"is {level.value}",
        f"{provider} <i>says</i>",
        page=page,
        facts=facts,
    )


def picture(*rows: Row, level: Level = Level.OPERATIONAL, headline: str = "All work") -> Picture:
    return Picture(level, headline, "tip", rows)
