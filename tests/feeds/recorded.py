"""Pages of our own making in `tests/recorded/feeds/<platform>/<state>.json`, and the feed that they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from trayapp import feeds
from trayapp.model.provider import Feed, FeedComponent
from trayapp.model.reading import Page
from trayapp.model.request import Outcome

FOLDER = Path(__file__).parent.parent / "recorded" / "feeds"
PAGES = sorted(FOLDER.glob("*/*.json"))
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def acme(platform: str, **changes: object) -> Feed:
    """Return the feed of the recorded pages."""
    values: dict[str, object] = {
        "url": "https://status.acme.test",
        "components": (FeedComponent("api", "Acme API", ("api",)), FeedComponent("chat", "Acme Chat")),
    }
    return Feed(platform, **{**values, **changes})  # type: ignore[arg-type]  # keyword soup is fine in a fixture


def answer(*bodies: bytes, **changes: object) -> Sequence[Outcome]:
    """Return what a fetch gave that ended well, but for `changes`."""
    values: dict[str, object] = {"status": 200, **changes}
    url = "https://status.acme.test"
    return [Outcome(url, body=body, **values) for body in bodies]  # type: ignore[arg-type]  # as above


def read(platform: str, body: bytes) -> Page:
    """Return what the platform reads in the body at NOW."""
    return feeds.read(acme(platform), answer(body), NOW)
