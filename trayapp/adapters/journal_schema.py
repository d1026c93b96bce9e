"""The journal's tables and how they came to be. A change of shape is one more step at the end; none is ever edited."""

from __future__ import annotations

import sqlite3

from trayapp.model.refused import Refused

#: Each step takes the file from the version of its place to the next; `PRAGMA user_version` holds the version.
STEPS = (
    """
    CREATE TABLE verdicts (
        at REAL NOT NULL, provider TEXT NOT NULL, previous TEXT NOT NULL, level TEXT NOT NULL, cause TEXT NOT NULL,
        story TEXT NOT NULL, since REAL NOT NULL, baseline INTEGER NOT NULL, summary TEXT NOT NULL
    );
    CREATE INDEX verdicts_by_provider ON verdicts (provider, at);
    CREATE TABLE networks (at REAL NOT NULL, previous TEXT NOT NULL, state TEXT NOT NULL, detail TEXT NOT NULL);
    CREATE TABLE incidents (
        provider TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL, impact TEXT NOT NULL,
        counts INTEGER NOT NULL, started_at TEXT, resolved_at TEXT, first_seen REAL NOT NULL, last_seen REAL NOT NULL,
        PRIMARY KEY (provider, id)
    );
    CREATE TABLE pings (
        span INTEGER NOT NULL, start INTEGER NOT NULL, provider TEXT NOT NULL, kind TEXT NOT NULL,
        made INTEGER NOT NULL, failed INTEGER NOT NULL, slow INTEGER NOT NULL, histogram TEXT NOT NULL,
        PRIMARY KEY (span, start, provider, kind)
    ) WITHOUT ROWID;
    CREATE TABLE watched (provider TEXT NOT NULL, begun REAL NOT NULL, ended REAL NOT NULL);
    CREATE INDEX watched_by_provider ON watched (provider, ended);
    CREATE TABLE snapshots (
        provider TEXT PRIMARY KEY, at REAL NOT NULL, holds_s REAL NOT NULL, network TEXT NOT NULL,
        document TEXT NOT NULL
    );
    CREATE TABLE keys (provider TEXT PRIMARY KEY, worked_at REAL NOT NULL);
    CREATE TABLE spend (provider TEXT NOT NULL, at REAL NOT NULL, usd REAL NOT NULL);
    CREATE INDEX spend_by_provider ON spend (provider, at);
    """,
)
VERSION = len(STEPS)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the file to our version, each step whole or not at all. Raises Refused for a file from a newer Uptray."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise Refused(f"the journal is of version {version}, this Uptray knows {VERSION}: it is left untouched")
    for number, step in enumerate(STEPS[version:], start=version + 1):
        connection.executescript(f"BEGIN IMMEDIATE; {step} PRAGMA user_version = {number}; COMMIT;")
