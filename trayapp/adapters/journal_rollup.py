"""Pings summed up by minute, hour and day, with a histogram of latencies that gives the median back."""

from __future__ import annotations

import bisect
import json
import sqlite3
from collections.abc import Iterable, Sequence

from trayapp.model.reading import ProbeReading, Symptom

#: Seconds of a span, and for how many seconds its rows are kept.
SPANS = ((60, 48 * 3600), (3600, 60 * 86400), (86400, 2 * 365 * 86400))

#: Upper bounds of the histogram's classes in ms, a quarter apart: a median is right to within that.
BOUNDS = tuple(round(10 * 1.25**step) for step in range(40))

_FINE = (Symptom.OK, Symptom.SLOW, Symptom.REQUEST_INVALID)


def add(connection: sqlite3.Connection, reading: ProbeReading) -> None:
    """Add one ping to its minute, hour and day. One that was skipped was not made."""
    if reading.symptom is Symptom.SKIPPED:
        return
    fine = reading.symptom in _FINE
    slow = reading.symptom is Symptom.SLOW
    at = reading.at.timestamp()
    for span, _ in SPANS:
        key = (span, int(at // span * span), reading.provider, reading.kind)
        row = connection.execute(
            "SELECT made, failed, slow, histogram FROM pings WHERE (span, start, provider, kind) = (?, ?, ?, ?)", key
        ).fetchone() or (0, 0, 0, "[]")
        counts = _counted(json.loads(row[3]), reading.seconds * 1000) if fine else json.loads(row[3])
        values = (row[0] + 1, row[1] + (not fine), row[2] + slow, json.dumps(counts))
        connection.execute("REPLACE INTO pings VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*key, *values))
    if fine and reading.kind != "keyless":
        connection.execute("REPLACE INTO keys VALUES (?, ?)", (reading.provider, at))


def _counted(counts: Sequence[int], ms: float) -> list[int]:
    place = min(bisect.bisect_left(BOUNDS, ms), len(BOUNDS) - 1)
    longer = [*counts, *[0] * (place + 1 - len(counts))]
    longer[place] += 1
    return longer


def median_ms(histograms: Iterable[Sequence[int]]) -> float | None:
    """Return the median latency of several histograms together, None when nothing was answered."""
    total = [0] * len(BOUNDS)
    for counts in histograms:
        for place, count in enumerate(counts[: len(BOUNDS)]):
            total[place] += count
    half, seen = sum(total) / 2, 0
    for place, count in enumerate(total):
        seen += count
        if count and seen >= half:
            return float(BOUNDS[place])
    return None


def prune(connection: sqlite3.Connection, now: float) -> None:
    """Drop what is older than it is kept for."""
    for span, keep in SPANS:
        connection.execute("DELETE FROM pings WHERE span = ? AND start < ?", (span, now - keep))
    oldest = now - SPANS[-1][1]
    for table, column in (("verdicts", "at"), ("networks", "at"), ("incidents", "last_seen"), ("watched", "ended")):
        connection.execute(f"DELETE FROM {table} WHERE {column} < ?", (oldest,))
