"""Watched time: for each provider, the stretches in which one thing was held to be true without a gap.

Time in which nobody looked (asleep, not running) lies in no stretch, and counts for nobody.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

#: A longer time without a word is a gap, in seconds.
GAP_S = 180.0

_TROUBLE = ("down", "degraded", "blocked")
_NEWEST = "SELECT rowid, level, cause, begun, ended FROM stretches WHERE provider = ? ORDER BY rowid DESC LIMIT 1"
_HOLDS = "SELECT holds_s FROM snapshots WHERE provider = ?"


class Held(NamedTuple):
    """What was held to be true of a provider at `at`; `since` when it began (seconds since 1970)."""

    provider: str
    level: str
    cause: str
    at: float
    since: float
    summary: str


def lengthen(connection: sqlite3.Connection, held: Held) -> None:
    """Lengthen the provider's newest stretch to `held.at`, or begin one: something else holds now, or there was a gap.

    Trouble after well begins at its first failure, which was looked at again before it was believed.
    """
    newest = connection.execute(_NEWEST, (held.provider,)).fetchone()
    begun = held.at
    if newest is not None and 0 <= held.at - newest[4] <= gap_s(connection, held.provider):
        rowid, level, cause, earliest, _ = newest
        is_onset = held.level in _TROUBLE and level not in _TROUBLE
        same = (level, cause) == (held.level, held.cause)
        if is_onset:
            begun = min(max(held.since, earliest), held.at)
        connection.execute("UPDATE stretches SET ended = ? WHERE rowid = ?", (begun, rowid))
        if same:
            return
    row = (held.provider, held.level, held.cause, begun, held.at, held.summary)
    connection.execute("INSERT INTO stretches VALUES (?, ?, ?, ?, ?, ?)", row)


def gap_s(connection: sqlite3.Connection, provider: str) -> float:
    """Return the seconds after which silence is a gap: longer for a provider that the user has looked at rarely.

    A verdict holds for three looks, so half of that is one look that came late.
    """
    holds = connection.execute(_HOLDS, (provider,)).fetchone()
    return max(GAP_S, holds[0] / 2) if holds else GAP_S
