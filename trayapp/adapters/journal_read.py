"""What was recorded, read without a writer: the way of `uptray status --recorded`, which must start fast.

Imports nothing of ours. Reads only; a file that is absent, from a newer version or damaged has nothing to tell.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple


class Kept(NamedTuple):
    """A provider's last verdict: the interface's object, when it was recorded, and for how many seconds it holds."""

    provider: str
    document: Mapping[str, Any]
    at: datetime
    stale_after_s: float


class Recorded(NamedTuple):
    """All last verdicts, and the network's state with the newest of them."""

    snapshots: tuple[Kept, ...] = ()
    network: str = "unknown"


def connect(path: Path) -> sqlite3.Connection:
    """Open the journal for reading alone. Raises sqlite3.Error."""
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=1.0)


def read_snapshots(path: Path) -> Recorded:
    """Return what was recorded last of each provider; nothing when there is no readable journal."""
    if not path.exists():
        return Recorded()
    query = "SELECT provider, document, at, holds_s, network FROM snapshots ORDER BY at"
    try:
        with closing(connect(path)) as connection:
            rows = connection.execute(query).fetchall()
    # A message about noise in the file may be no text itself.
    except (sqlite3.Error, UnicodeDecodeError):
        return Recorded()
    return Recorded(tuple(_kept(rows)), str(rows[-1][4]) if rows else "unknown")


def _kept(rows: list[Any]) -> Iterator[Kept]:
    for provider, text, at, holds_s, _ in rows:
        # A page that was damaged unnoticed may hold anything: another type, no moment, brackets without end.
        with suppress(ValueError, TypeError, OverflowError, OSError, RecursionError):
            document = json.loads(text)
            if isinstance(document, dict):
                yield Kept(provider, document, datetime.fromtimestamp(at, UTC), float(holds_s))


def read_key_worked_at(path: Path, provider: str) -> datetime | None:
    """Return when the provider's key was last accepted, None when that is not on record."""
    query = "SELECT worked_at FROM keys WHERE provider = ?"
    try:
        with closing(connect(path)) as connection:
            found = connection.execute(query, (provider,)).fetchone()
        return datetime.fromtimestamp(found[0], UTC) if found else None
    except (sqlite3.Error, ValueError, TypeError, OverflowError, OSError):
        return None
