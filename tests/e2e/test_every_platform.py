"""Every platform in every recorded state, over the wire: a server, the real fetcher, the parser, the level."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.feeds.recorded import NOW, STATES, acme, bodies, level
from tests.page_server import PageServer, Reply, page_server
from trayapp import feeds
from trayapp.adapters.http import HttpFetcher
from trayapp.model.reading import Page
from trayapp.model.request import Outcome, Request

#: What a platform that asks in two steps is given first.
_FIRST = {"aistudio": b'<!doctype html><script>x = {"WIu0Nc":"AIza' + b"0" * 35 + b'"}</script>'}


@dataclass(frozen=True, slots=True)
class Wire:
    """A server that answers paths as it is told to, and a fetcher on a loop of its own."""

    server: PageServer
    fetcher: HttpFetcher
    runner: asyncio.Runner

    def fetch(self, requests: Sequence[Request], bodies: Sequence[bytes]) -> list[Outcome]:
        """Have each request answered with its body."""
        assert len(requests) == len(bodies)
        for request, body in zip(requests, bodies, strict=True):
            self.server.replies[request.url.removeprefix(self.server.url)] = Reply(body)

        async def every() -> list[Outcome]:
            return list(await asyncio.gather(*(self.fetcher.fetch(request) for request in requests)))

        return self.runner.run(every())


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    with page_server() as server, asyncio.Runner() as runner:
        fetcher = HttpFetcher()
        try:
            yield Wire(server, fetcher, runner)
        finally:
            runner.run(fetcher.close())


def read(wire: Wire, platform: str, recorded: Sequence[bytes]) -> Page:
    """Return the page that the platform reads when the server gives it these bodies."""
    base = wire.server.url
    feed = acme(platform, **({"page": f"{base}/status"} if platform in _FIRST else {}))
    first = feeds.requests(feed, base, allow_private=True)
    given = [_FIRST[platform]] if platform in _FIRST else recorded
    outcomes = wire.fetch(first, given)
    second = feeds.follow(feed, base, outcomes, allow_private=True)
    assert bool(second) == (platform in _FIRST)
    if second:
        outcomes = wire.fetch(second, recorded)
    return feeds.read(feed, outcomes, NOW)


@pytest.mark.parametrize("path", STATES, ids=lambda path: f"{path.parent.name}-{path.name.partition('.')[0]}")
def test_a_state_over_the_wire_gives_the_level_written_beside_it(path: Path, wire: Wire) -> None:
    expected = tomllib.loads(path.read_text(encoding="utf-8"))
    page = read(wire, path.parent.name, bodies(path))
    assert level(path.parent.name, page).value == expected["level"]
