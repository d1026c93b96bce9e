"""The journal on disk: what each call of the port means in SQL. Who writes, and when, is the writer's affair."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trayapp.adapters.journal_file import JournalFile
from trayapp.adapters.journal_rollup import DAY, add, prune
from trayapp.adapters.journal_stretch import Held, lengthen
from trayapp.adapters.journal_writer import Writer
from trayapp.adapters.paths import private_folder
from trayapp.model.ports import Snapshot
from trayapp.model.reading import ProbeReading
from trayapp.model.verdict import NetworkTransition, Transition

_INCIDENT = ("id", "name", "status", "impact", "counts", "started_at", "resolved_at")
_KEEP_INCIDENT = (
    "INSERT INTO incidents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
    " name = excluded.name, status = excluded.status, impact = excluded.impact, counts = excluded.counts,"
    " started_at = excluded.started_at, resolved_at = excluded.resolved_at, last_seen = excluded.last_seen"
)


class SqliteJournal:
    """Implements `model.ports.Journal`."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._prune_at = writer.now()

    @classmethod
    def open(cls, path: Path, now: datetime) -> SqliteJournal:
        """Open the file, made if it is absent; a damaged one is set aside, and a full disk is waited for.

        While another program keeps the journal nothing is written; this one goes on with it when that one ends.
        Raises Refused: its folder cannot be made, a folder is in its place, or the file is from a newer Uptray and is
        left untouched.
        """
        private_folder(path.parent)
        return cls(Writer(JournalFile(path), now))

    @property
    def complaint(self) -> str | None:
        """One line for the user: what was set aside, or why nothing is kept now."""
        return self._writer.complaint

    def transition(self, transition: Transition, summary: str) -> None:
        """Keep a change of verdict."""
        before, after = transition.before, transition.after
        at, since = after.at.timestamp(), after.since.timestamp()
        levels = (before.level.value, after.level.value, after.cause.value, after.case.value)
        row = (at, after.provider, *levels, since, transition.baseline, summary)
        held = Held(after.provider, after.level.value, after.cause.value, at, since, summary)

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT INTO verdicts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            lengthen(connection, held)

        self._writer.do(write)

    def network(self, transition: NetworkTransition) -> None:
        """Keep a change of the network."""
        row = (transition.at.timestamp(), transition.before.value, transition.after.value, transition.detail)
        self._writer.do(lambda c: c.execute("INSERT INTO networks VALUES (?, ?, ?, ?)", row))

    def incidents(self, provider: str, document: Sequence[Mapping[str, Any]], now: datetime) -> None:
        """Keep the incidents a page tells of: each is inserted or brought up to date by its id."""
        seen = now.timestamp()
        rows = [(provider, *(item[name] for name in _INCIDENT), seen, seen) for item in document]
        self._writer.do(lambda c: c.executemany(_KEEP_INCIDENT, rows))

    def ping(self, reading: ProbeReading) -> None:
        """Add a ping to its minute, hour and day."""
        self._writer.do(lambda c: add(c, reading))

    def snapshot(self, snapshot: Snapshot, network: str) -> None:
        """Keep the latest verdict, and that the provider was watched until now."""
        at, document = snapshot.at.timestamp(), dict(snapshot.document)
        row = (snapshot.provider, at, snapshot.stale_after_s, network, json.dumps(document))
        since = _moment(document.get("since")) or snapshot.at
        level, cause, summary = (str(document.get(name, "")) for name in ("level", "cause", "summary"))
        held = Held(snapshot.provider, level, cause, at, since.timestamp(), summary)

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("REPLACE INTO snapshots VALUES (?, ?, ?, ?, ?)", row)
            lengthen(connection, held)

        self._writer.do(write)
        self._prune()

    def spend(self, provider: str, usd: float, at: datetime) -> None:
        """Add the cost of a paid ping."""
        self._writer.do(lambda c: c.execute("INSERT INTO spend VALUES (?, ?, ?)", (provider, at.timestamp(), usd)))

    async def spent(self, provider: str, since: datetime) -> float:
        """Return the US dollars spent since then; infinite when that cannot be known, so that nothing more is spent."""
        if self._writer.is_kept_elsewhere:
            # What we spend is not written down now, and would not be counted.
            return float("inf")
        query = "SELECT total(usd) FROM spend WHERE provider = ? AND at >= ?"
        found = await self._writer.ask(lambda c: c.execute(query, (provider, since.timestamp())).fetchone())
        return float(found[0]) if found else float("inf")

    async def key_worked_at(self, provider: str) -> datetime | None:
        """Return when a keyed ping last succeeded, None when none ever did or it cannot be known."""
        query = "SELECT worked_at FROM keys WHERE provider = ?"
        found = await self._writer.ask(lambda c: c.execute(query, (provider,)).fetchone())
        return datetime.fromtimestamp(found[0], UTC) if found else None

    def remember(self, name: str, text: Callable[[], str]) -> None:
        """Keep a text under a name, in place of the one before."""
        self._writer.do(lambda c: c.execute("REPLACE INTO memories VALUES (?, ?)", (name, text())))

    async def recalled(self, name: str) -> str | None:
        """Return the text kept under the name, None when there is none or it cannot be known."""
        found = await self._writer.ask(
            lambda c: c.execute("SELECT text FROM memories WHERE name = ?", (name,)).fetchone()
        )
        return str(found[0]) if found else None

    async def close(self) -> None:
        """Write all that is pending, for at most a second, and close."""
        await self._writer.close()

    def _prune(self) -> None:
        """Drop what is too old, once at the start and then once a day.

        By a steady clock: a wall clock that jumps years ahead while we run must not empty the journal.
        """
        now = self._writer.now()
        if now >= self._prune_at:
            self._prune_at = now + DAY
            self._writer.do(lambda c: prune(c, now))


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None
