"""Pages of our own making in `tests/recorded/feeds/<platform>/`, and the feed that they belong to.

A state is `<state>.expected.toml` and the bodies of its answers: `<state>.json` (or .xml, .html), or where a platform
makes several requests `<state>-1.json`, `<state>-2.json` … in their order. `feed.toml` beside them, where there is one,
holds what differs from the feed below: `url`, `path`, `page`, `components`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from trayapp import feeds
from trayapp.judge.scope import counting, page_level
from trayapp.model.level import Level
from trayapp.model.provider import Feed, FeedComponent, Provider
from trayapp.model.reading import Page
from trayapp.model.request import Outcome
from trayapp.model.settings import Scope

FOLDER = Path(__file__).parent.parent / "recorded" / "feeds"
#: Every recorded state, as the file that says what is expected of it.
STATES = sorted(FOLDER.glob("*/*.expected.toml"))
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

_ACME = {
    "url": "https://status.acme.test",
    "components": [{"id": "api", "name": "Acme API", "scope": ["api"]}, {"id": "chat", "name": "Acme Chat"}],
}


def acme(platform: str, **changes: object) -> Feed:
    """Return the feed of the platform's recorded pages."""
    own = FOLDER / platform / "feed.toml"
    values = {**_ACME, **(tomllib.loads(own.read_text(encoding="utf-8")) if own.exists() else {})}
    values["components"] = tuple(
        FeedComponent(each["id"], each["name"], tuple(each.get("scope", ()))) for each in values["components"]
    )
    return Feed(platform, **{**values, **changes})


def bodies(expected: Path) -> list[bytes]:
    """Return the bodies of a recorded state's answers, in the order of the requests."""
    state = expected.name.removesuffix(".expected.toml")
    found = [path for path in expected.parent.iterdir() if path != expected and path.stem == state]
    found = found or sorted(path for path in expected.parent.iterdir() if path.stem.rpartition("-")[0] == state)
    return [path.read_bytes() for path in found]


def answer(*bodies: bytes, **changes: object) -> Sequence[Outcome]:
    """Return what a fetch gave that ended well, but for `changes`."""
    values: dict[str, object] = {"status": 200, **changes}
    url = "https://status.acme.test"
    return [Outcome(url, body=body, **values) for body in bodies]  # type: ignore[arg-type]  # keyword soup


def read(platform: str, *bodies: bytes) -> Page:
    """Return what the platform reads in the bodies at NOW."""
    return feeds.read(acme(platform), answer(*bodies), NOW)


def level(platform: str, page: Page) -> Level:
    """Return what the page says at NOW to a user without wishes."""
    feed = acme(platform)
    components, _ = counting(Provider("acme", "Acme", feed), Scope(), page)
    return page_level(page, components, Scope(), NOW, roster=feed.roster)
