"""What the tests of the journal write into it, and how they look at the file behind its back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from trayapp.model.level import Cause, Level
from trayapp.model.ports import Snapshot
from trayapp.model.reading import ProbeReading, Symptom
from trayapp.model.verdict import Case, Transition, Verdict

START = datetime(2026, 4, 28, 17, 0, tzinfo=UTC)

_CAUSE = {
    Level.OPERATIONAL: Cause.NONE,
    Level.MAINTENANCE: Cause.NONE,
    Level.UNKNOWN: Cause.UNKNOWN,
    Level.OFFLINE: Cause.NETWORK,
    Level.BLOCKED: Cause.ACCOUNT,
}


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def verdict(level: Level, seconds: float, since: float | None = None, provider: str = "acme") -> Verdict:
    began = at(seconds if since is None else since)
    return Verdict(provider, level, _CAUSE.get(level, Cause.PROVIDER), Case.WELL, began, at(seconds))


def turn(before: Level, after: Level, seconds: float, since: float | None = None, provider: str = "acme") -> Transition:
    return Transition(verdict(before, seconds, provider=provider), verdict(after, seconds, since, provider))


def snapshot(
    level: Level, seconds: float, since: float = 0.0, provider: str = "acme", holds_s: float = 210.0
) -> Snapshot:
    document = {
        "id": provider,
        "level": level.value,
        "cause": _CAUSE.get(level, Cause.PROVIDER).value,
        "since": at(since).isoformat(),
        "summary": f"{provider} is {level.value}",
    }
    return Snapshot(provider, document, at(seconds), holds_s)


def ping(
    seconds: float, symptom: Symptom = Symptom.OK, took_s: float = 0.2, kind: str = "free", provider: str = "acme"
) -> ProbeReading:
    return ProbeReading(provider, kind, at(seconds), symptom, seconds=took_s)


def incident(id: str = "i1", **values: Any) -> dict[str, Any]:
    first = {"name": "Errors", "status": "investigating", "impact": "major", "counts": True}
    return {"id": id, **first, "started_at": at(0).isoformat(), "resolved_at": None, **values}


def rows(path: Path, query: str, *values: object) -> list[Any]:
    """Return what the file holds, as another process sees it."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(query, values).fetchall()


def has_rows(path: Path, query: str) -> bool:
    """True when the file is there and holds such rows; what cannot be read yet holds none."""
    try:
        return bool(path.exists() and rows(path, query))
    except sqlite3.Error:
        return False
