"""Documents as vendors really sent them, which lie beside the checkout only."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.feeds.recorded import answer
from trayapp import feeds
from trayapp.model.provider import Feed
from trayapp.model.reading import Page

RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings" / "payloads"
needs_recordings = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings lie beside the checkout only")


def read(feed: Feed, name: str, at: str = "2026-10-07T00:00:00Z", answers: int = 1) -> Page:
    """Return the page read from a recording that is the answer to every one of the feed's requests."""
    return feeds.read(feed, answer(*[(RECORDINGS / name).read_bytes()] * answers), datetime.fromisoformat(at))
