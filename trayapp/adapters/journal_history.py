"""History out of the journal: watched time and outages as we measured them, beside what the page said."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from trayapp.adapters.journal_read import connect
from trayapp.adapters.journal_rollup import counts, median_ms, span_for
from trayapp.adapters.journal_stretch import gap_s
from trayapp.model.history import History, OfficialIncident, Outage, Uptime
from trayapp.model.level import Cause, Level
from trayapp.model.refused import Refused

_TROUBLE = (Level.DOWN, Level.DEGRADED, Level.BLOCKED)
_UNSEEN = (Level.UNKNOWN, Level.OFFLINE)

#: Trouble seen before and after an unwatched hour is two outages: nobody knows what was in between.
_SAME_OUTAGE_S = 3600.0


def read_history(path: Path, ids: Sequence[str], days: float, now: datetime) -> History:
    """Return the last `days` of these providers, of all when none is named. Raises Refused: it cannot be read."""
    since = now - timedelta(days=days)
    if not path.exists():
        return History(since, now)
    try:
        with closing(connect(path)) as connection:
            names = ids or [row[0] for row in connection.execute("SELECT DISTINCT provider FROM stretches ORDER BY 1")]
            uptimes = tuple(_uptime(connection, name, since, now) for name in names)
            outages = [outage for name in names for outage in _outages(connection, name, since, now)]
            incidents = [incident for name in names for incident in _incidents(connection, name, since)]
    except (sqlite3.Error, ValueError, TypeError, OverflowError) as error:
        raise Refused(f"{path}: the journal cannot be read: {error}") from None
    outages.sort(key=lambda outage: outage.started_at)
    incidents.sort(key=lambda incident: incident.started_at or incident.first_seen_at)
    return History(since, now, uptimes, tuple(outages), tuple(incidents))


class _Stretch(NamedTuple):
    level: Level
    cause: Cause
    begun: float
    ended: float
    summary: str


def _stretches(connection: sqlite3.Connection, provider: str, until: float) -> Iterator[_Stretch]:
    """Give the provider's stretches in order. Where a clock was set back and they overlap, the first one counts."""
    rows = connection.execute(
        "SELECT level, cause, begun, ended, summary FROM stretches WHERE provider = ? AND begun <= ?"
        " ORDER BY begun, rowid",
        (provider, until),
    )
    reached = float("-inf")
    for level, cause, begun, ended, summary in rows:
        first, last = max(begun, reached), min(ended, until)
        if first <= last:
            yield _Stretch(Level(level), Cause(cause), first, last, summary)
            reached = last


def _uptime(connection: sqlite3.Connection, provider: str, since: datetime, now: datetime) -> Uptime:
    first, last = since.timestamp(), now.timestamp()
    spent = dict.fromkeys(Level, 0.0)
    for stretch in _stretches(connection, provider, last):
        spent[stretch.level] += max(0.0, stretch.ended - max(stretch.begun, first))
    span = span_for(last - first)
    rows = connection.execute(
        "SELECT made, failed, histogram FROM pings WHERE span = ? AND provider = ? AND start > ? AND start <= ?",
        (span, provider, first - span, last),
    ).fetchall()
    return Uptime(
        provider,
        watched_s=sum(spent[level] for level in Level if level not in _UNSEEN),
        well_s=spent[Level.OPERATIONAL] + spent[Level.MAINTENANCE],
        degraded_s=spent[Level.DEGRADED],
        down_s=spent[Level.DOWN],
        blocked_s=spent[Level.BLOCKED],
        pings=sum(row[0] for row in rows),
        failed=sum(row[1] for row in rows),
        median_ms=median_ms(counts(row[2]) for row in rows),
    )


def _outages(connection: sqlite3.Connection, provider: str, since: datetime, now: datetime) -> list[Outage]:
    """Return the outages that touch the window.

    Each lasts as far as trouble was seen. What is unknown in between does not end one; another level begins another.
    """
    stretches = list(_stretches(connection, provider, now.timestamp()))
    found = [_outage(provider, outage) for outage in _joined(stretches)]
    if found and stretches[-1].level in _TROUBLE and _is_fresh(connection, provider, stretches[-1].ended, now):
        found[-1] = replace(found[-1], ended_at=None)
    return [outage for outage in found if outage.ended_at is None or outage.ended_at >= since]


def _joined(stretches: Iterable[_Stretch]) -> Iterator[_Stretch]:
    """Give the stretches of trouble, those that are one outage as one."""
    open_one: _Stretch | None = None
    for stretch in stretches:
        if stretch.level in _UNSEEN:
            continue
        if open_one and _goes_on(open_one, stretch):
            open_one = open_one._replace(ended=stretch.ended)
            continue
        if open_one:
            yield open_one
        open_one = stretch if stretch.level in _TROUBLE else None
    if open_one:
        yield open_one


def _goes_on(outage: _Stretch, stretch: _Stretch) -> bool:
    return stretch[:2] == outage[:2] and stretch.begun - outage.ended <= _SAME_OUTAGE_S


def _outage(provider: str, seen: _Stretch) -> Outage:
    return Outage(provider, seen.level, seen.cause, _at(seen.begun), _at(seen.ended), seen.summary)


def _is_fresh(connection: sqlite3.Connection, provider: str, ended: float, now: datetime) -> bool:
    """True when somebody still watches: a provider last seen down, days ago, is not known to be down."""
    return now.timestamp() - ended <= gap_s(connection, provider)


def _incidents(connection: sqlite3.Connection, provider: str, since: datetime) -> Iterator[OfficialIncident]:
    """Give the incidents that were open in the window. A page may list what is over for months."""
    rows = connection.execute(
        "SELECT id, name, impact, started_at, first_seen, resolved_at FROM incidents"
        " WHERE provider = ? AND last_seen >= ?",
        (provider, since.timestamp()),
    )
    for id, name, impact, started, seen, resolved in rows:
        over = _moment(resolved)
        if over is None or over >= since:
            yield OfficialIncident(provider, id, name, impact, _moment(started), _at(seen), over)


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
