"""A journal that knows what was recorded and records nothing: for one look, or where none can be written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from trayapp.adapters.journal_read import read_key_worked_at
from trayapp.model.ports import Snapshot
from trayapp.model.reading import ProbeReading
from trayapp.model.verdict import NetworkTransition, Transition


class QuietJournal:
    """Implements `model.ports.Journal` beside the app that writes; says that all money is spent, so none is."""

    def __init__(self, path: Path, complaint: str | None = None) -> None:
        """`complaint`: why nothing is recorded, for the user."""
        self._path = path
        self.complaint = complaint

    def transition(self, transition: Transition, summary: str) -> None:
        """Keep nothing."""

    def network(self, transition: NetworkTransition) -> None:
        """Keep nothing."""

    def incidents(self, provider: str, document: Sequence[Mapping[str, Any]], now: datetime) -> None:
        """Keep nothing."""

    def ping(self, reading: ProbeReading) -> None:
        """Keep nothing."""

    def snapshot(self, snapshot: Snapshot, network: str) -> None:
        """Keep nothing."""

    def spend(self, provider: str, usd: float, at: datetime) -> None:
        """Keep nothing."""

    async def spent(self, provider: str, since: datetime) -> float:
        """Return more than any cap."""
        return float("inf")

    def remember(self, name: str, text: Callable[[], str]) -> None:
        """Keep nothing."""

    async def recalled(self, name: str) -> str | None:
        """Take up nothing: what is kept belongs to the program that keeps it."""
        return None

    async def key_worked_at(self, provider: str) -> datetime | None:
        """Return when a keyed ping last succeeded, as the app recorded it."""
        return read_key_worked_at(self._path, provider)

    async def close(self) -> None:
        """Nothing is open."""
