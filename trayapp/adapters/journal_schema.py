"""The journal's tables and how they came to be. A change of shape is one more step at the end; none is ever edited."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from trayapp.model.refused import Refused

#: Each step takes the file from the version of its place to the next; `PRAGMA user_version` holds the version.
STEPS: Sequence[Sequence[str]] = (
    (
        """CREATE TABLE verdicts (
            at REAL NOT NULL, provider TEXT NOT NULL, previous TEXT NOT NULL, level TEXT NOT NULL,
            cause TEXT NOT NULL, story TEXT NOT NULL, since REAL NOT NULL, baseline INTEGER NOT NULL,
            summary TEXT NOT NULL
        )""",
        "CREATE INDEX verdicts_by_provider ON verdicts (provider, at)",
        # Watched time: from `begun` to `ended` this was held to be true, without a gap.
        """CREATE TABLE stretches (
            provider TEXT NOT NULL, level TEXT NOT NULL, cause TEXT NOT NULL, begun REAL NOT NULL,
            ended REAL NOT NULL, summary TEXT NOT NULL
        )""",
        "CREATE INDEX stretches_by_provider ON stretches (provider, begun)",
        "CREATE TABLE networks (at REAL NOT NULL, previous TEXT NOT NULL, state TEXT NOT NULL, detail TEXT NOT NULL)",
        """CREATE TABLE incidents (
            provider TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL, impact TEXT NOT NULL,
            counts INTEGER NOT NULL, started_at TEXT, resolved_at TEXT, first_seen REAL NOT NULL,
            last_seen REAL NOT NULL, PRIMARY KEY (provider, id)
        )""",
        # `latency_ms` is the sum over the pings that were answered well; `histogram` counts the same by class.
        """CREATE TABLE pings (
            span INTEGER NOT NULL, start INTEGER NOT NULL, provider TEXT NOT NULL, kind TEXT NOT NULL,
            made INTEGER NOT NULL, failed INTEGER NOT NULL, slow INTEGER NOT NULL, latency_ms REAL NOT NULL,
            histogram TEXT NOT NULL, PRIMARY KEY (span, start, provider, kind)
        ) WITHOUT ROWID""",
        """CREATE TABLE snapshots (
            provider TEXT PRIMARY KEY, at REAL NOT NULL, holds_s REAL NOT NULL, network TEXT NOT NULL,
            document TEXT NOT NULL
        )""",
        "CREATE TABLE keys (provider TEXT PRIMARY KEY, worked_at REAL NOT NULL)",
        "CREATE TABLE spend (provider TEXT NOT NULL, at REAL NOT NULL, usd REAL NOT NULL)",
        "CREATE INDEX spend_by_provider ON spend (provider, at)",
    ),
    ("CREATE TABLE memories (name TEXT PRIMARY KEY, text TEXT NOT NULL)",),
)
VERSION = len(STEPS)

#: What a journal of each version answers, from that version on; a file that does not is none.
_PROBES = (
    "SELECT 1 FROM verdicts, stretches, networks, incidents, pings, snapshots, keys, spend LIMIT 0",
    "SELECT 1 FROM memories LIMIT 0",
)


def version(connection: sqlite3.Connection, newest: int = VERSION) -> int:
    """Return the file's version, 0 for a new one. Raises Refused when only a newer Uptray can read it."""
    found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if found > newest:
        raise Refused(
            f"the journal is of version {found}, and this Uptray knows {newest}: it is left untouched; update Uptray"
        )
    return max(0, found)


def migrate(connection: sqlite3.Connection, steps: Sequence[Sequence[str]] = STEPS) -> None:
    """Bring the file to our version, each step whole or not at all. Raises sqlite3.Error when it is no journal."""
    # A file of somebody else's may have a version too: it is known for a journal before anything is added to it.
    _probe(connection, version(connection, len(steps)))
    for number, step in enumerate(steps, start=1):
        if version(connection, len(steps)) >= number:
            continue
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            # Another process may have made this step while we waited for the lock.
            if version(connection, len(steps)) >= number:
                continue
            for statement in step:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
    _probe(connection, VERSION)


def _probe(connection: sqlite3.Connection, version: int) -> None:
    for probe in _PROBES[:version]:
        connection.execute(probe)
