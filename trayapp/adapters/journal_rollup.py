"""Pings summed up by minute, hour and day, with a histogram of latencies that gives the median back."""

from __future__ import annotations

import bisect
import json
import math
import sqlite3
from collections.abc import Iterable, Sequence

from trayapp.model.reading import ProbeReading, Symptom

MINUTE, HOUR, DAY = 60, 3600, 86400

#: Seconds of a span, and for how many seconds its rows are kept.
SPANS = ((MINUTE, 48 * HOUR), (HOUR, 60 * DAY), (DAY, 2 * 365 * DAY))

#: Upper bounds of the histogram's classes in ms, a quarter apart.
BOUNDS = tuple(round(10 * 1.25**step) for step in range(40))

#: It was answered: a request that is wrong in itself was understood all the same.
_ANSWERED = (Symptom.OK, Symptom.SLOW, Symptom.REQUEST_INVALID)

_KEY = "(span, start, provider, kind) = (?, ?, ?, ?)"
_OLD = {"verdicts": "at", "networks": "at", "incidents": "last_seen", "stretches": "ended", "spend": "at"}


def add(connection: sqlite3.Connection, reading: ProbeReading) -> None:
    """Add one ping to its minute, hour and day. One that was skipped was not made."""
    if reading.symptom is Symptom.SKIPPED:
        return
    answered = reading.symptom in _ANSWERED
    slow = reading.symptom is Symptom.SLOW
    ms = reading.seconds * 1000 if answered else 0.0
    at = reading.at.timestamp()
    for span, _ in SPANS:
        key = (span, int(at // span * span), reading.provider, reading.kind)
        row = connection.execute(
            f"SELECT made, failed, slow, latency_ms, histogram FROM pings WHERE {_KEY}", key
        ).fetchone() or (0, 0, 0, 0.0, "[]")
        histogram = _counted(counts(row[4]), ms) if answered else counts(row[4])
        values = (row[0] + 1, row[1] + (not answered), row[2] + slow, row[3] + ms, json.dumps(histogram))
        connection.execute("REPLACE INTO pings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*key, *values))
    if answered and reading.kind != "keyless":
        connection.execute("REPLACE INTO keys VALUES (?, ?)", (reading.provider, at))


def counts(text: str) -> list[int]:
    """Return a histogram as it was kept, an empty one when a damaged page left no sense in it."""
    try:
        found = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return []
    return found if isinstance(found, list) and all(isinstance(count, int) for count in found) else []


def _counted(kept: Sequence[int], ms: float) -> list[int]:
    place = min(bisect.bisect_left(BOUNDS, ms), len(BOUNDS) - 1)
    longer = [*kept, *[0] * (place + 1 - len(kept))]
    longer[place] += 1
    return longer


def median_ms(histograms: Iterable[Sequence[int]]) -> float | None:
    """Return the median latency of several histograms together, to within an eighth; None when nothing was answered."""
    total = [0] * len(BOUNDS)
    for histogram in histograms:
        for place, count in enumerate(histogram[: len(BOUNDS)]):
            total[place] += count
    half, seen = sum(total) / 2, 0
    for place, count in enumerate(total):
        seen += count
        if count and seen >= half:
            return round(BOUNDS[place] / math.sqrt(1.25), 1)
    return None


def span_for(window_s: float) -> int:
    """Return the finest span whose rows are still kept for the whole window."""
    return next((span for span, keep in SPANS if window_s + span <= keep), DAY)


def prune(connection: sqlite3.Connection, now: float) -> None:
    """Drop what is older than it is kept for."""
    for span, keep in SPANS:
        connection.execute("DELETE FROM pings WHERE span = ? AND start < ?", (span, now - keep))
    for table, column in _OLD.items():
        connection.execute(f"DELETE FROM {table} WHERE {column} < ?", (now - SPANS[-1][1],))
