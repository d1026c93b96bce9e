"""How Statuspage and incident.io write a moment."""

from __future__ import annotations

from datetime import datetime


def milliseconds(at: datetime) -> str:
    """Return the UTC moment as 2026-04-28T17:41:00.000Z."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
