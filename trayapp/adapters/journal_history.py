"""History out of the journal: watched time and outages from our verdicts, beside what the page said."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from trayapp.adapters.journal_read import connect
from trayapp.adapters.journal_rollup import median_ms
from trayapp.model.history import History, OfficialIncident, Outage, Uptime
from trayapp.model.level import Cause, Level
from trayapp.model.refused import Refused

_TROUBLE = (Level.DOWN, Level.DEGRADED, Level.BLOCKED)
_HOUR = 3600


def read_history(path: Path, ids: Sequence[str], days: float, now: datetime) -> History:
    """Return the last `days` of these providers, of all when none is named. Raises Refused: it cannot be read."""
    since = now - timedelta(days=days)
    if not path.exists():
        return History(since, now)
    try:
        with closing(connect(path)) as connection:
            names = ids or [
                row[0] for row in connection.execute("SELECT DISTINCT provider FROM watched ORDER BY provider")
            ]
            uptimes = tuple(_uptime(connection, name, since, now) for name in names)
            outages = [outage for name in names for outage in _outages(connection, name, since, now)]
            incidents = [incident for name in names for incident in _incidents(connection, name, since)]
    except (sqlite3.Error, ValueError) as error:
        raise Refused(f"{path}: the journal cannot be read: {error}") from None
    outages.sort(key=lambda outage: outage.started_at)
    incidents.sort(key=lambda incident: incident.first_seen_at)
    return History(since, now, uptimes, tuple(outages), tuple(incidents))


Stretch = tuple[float, float]


def _watched(connection: sqlite3.Connection, provider: str, since: float, until: float) -> list[Stretch]:
    rows = connection.execute(
        "SELECT begun, ended FROM watched WHERE provider = ? AND ended >= ? AND begun <= ? ORDER BY begun",
        (provider, since, until),
    )
    return [(max(begun, since), min(ended, until)) for begun, ended in rows]


def _levels(connection: sqlite3.Connection, provider: str, until: float) -> list[tuple[float, Level, str, str]]:
    rows = connection.execute(
        "SELECT CASE WHEN level IN ('down', 'degraded', 'blocked') THEN min(since, at) ELSE at END,"
        " level, cause, summary FROM verdicts WHERE provider = ? AND at <= ? ORDER BY at",
        (provider, until),
    )
    return [(at, Level(level), cause, summary) for at, level, cause, summary in rows]


def _overlap(start: float, end: float, stretches: Iterable[Stretch]) -> float:
    return sum(max(0.0, min(end, ended) - max(start, begun)) for begun, ended in stretches)


def _uptime(connection: sqlite3.Connection, provider: str, since: datetime, now: datetime) -> Uptime:
    first, last = since.timestamp(), now.timestamp()
    stretches = _watched(connection, provider, first, last)
    turns = _levels(connection, provider, last)
    spent = dict.fromkeys(Level, 0.0)
    for index, (at, level, _, _) in enumerate(turns):
        end = turns[index + 1][0] if index + 1 < len(turns) else last
        spent[level] += _overlap(at, max(at, end), stretches)
    known = sum(spent[level] for level in Level if level not in (Level.UNKNOWN, Level.OFFLINE))
    rows = connection.execute(
        "SELECT made, failed, histogram FROM pings WHERE span = ? AND provider = ? AND start >= ?",
        (_HOUR, provider, first - _HOUR),
    ).fetchall()
    return Uptime(
        provider,
        watched_s=known,
        well_s=spent[Level.OPERATIONAL] + spent[Level.MAINTENANCE],
        degraded_s=spent[Level.DEGRADED],
        down_s=spent[Level.DOWN],
        blocked_s=spent[Level.BLOCKED],
        pings=sum(row[0] for row in rows),
        failed=sum(row[1] for row in rows),
        median_ms=median_ms(json.loads(row[2]) for row in rows),
    )


def _outages(connection: sqlite3.Connection, provider: str, since: datetime, now: datetime) -> list[Outage]:
    """Return the stretches of trouble. What is unknown in between does not end one; another level begins another."""
    found: list[Outage] = []
    open_one: tuple[float, Level, str, str] | None = None
    for turn in _levels(connection, provider, now.timestamp()):
        at, level, cause, _ = turn
        if level in (Level.UNKNOWN, Level.OFFLINE) or (open_one and open_one[1:3] == (level, cause)):
            continue
        if open_one:
            found.append(_outage(provider, open_one, at))
        open_one = turn if level in _TROUBLE else None
    if open_one:
        found.append(_outage(provider, open_one, None))
    return [outage for outage in found if outage.ended_at is None or outage.ended_at >= since]


def _outage(provider: str, turn: tuple[float, Level, str, str], end: float | None) -> Outage:
    at, level, cause, summary = turn
    ended = datetime.fromtimestamp(end, UTC) if end is not None else None
    return Outage(provider, level, Cause(cause), datetime.fromtimestamp(at, UTC), ended, summary)


def _incidents(connection: sqlite3.Connection, provider: str, since: datetime) -> list[OfficialIncident]:
    rows = connection.execute(
        "SELECT id, name, impact, started_at, first_seen, resolved_at FROM incidents"
        " WHERE provider = ? AND last_seen >= ?",
        (provider, since.timestamp()),
    )
    return [
        OfficialIncident(
            provider, id, name, impact, _moment(started), datetime.fromtimestamp(seen, UTC), _moment(resolved)
        )
        for id, name, impact, started, seen, resolved in rows
    ]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
