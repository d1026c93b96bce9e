"""For every platform a real server with a page in every state: fetched, read and judged as it is to be."""

from __future__ import annotations

import asyncio
import threading
import tomllib
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.feeds.recorded import NOW, STATES, acme, bodies
from trayapp import feeds
from trayapp.adapters.http import HttpFetcher
from trayapp.judge.scope import counting, page_level
from trayapp.model.provider import Feed, Provider
from trayapp.model.reading import Page
from trayapp.model.request import Outcome
from trayapp.model.settings import Scope

#: What stands before AI Studio's list.
FRONT = b'<!doctype html><script>"WIu0Nc":"AIza' + b"x" * 35 + b'"</script>'


class Site:
    """A server whose pages are set by the test."""

    def __init__(self) -> None:
        site = self
        self.pages: Mapping[str, bytes] = {}

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = site.pages.get(self.path)
                self.send_response(200 if body is not None else 404)
                self.send_header("content-length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("content-length", "0")))
                self.do_GET()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.mark.parametrize("path", STATES, ids=lambda path: f"{path.parent.name}-{path.name.partition('.')[0]}")
def test_a_page_in_this_state_gives_its_level(path: Path, site: Site) -> None:
    platform = path.parent.name
    declared = acme(platform)
    feed = acme(platform, url=site.base, **({"page": f"{site.base}/status"} if declared.page else {}))
    _serve(site, feed, bodies(path))
    page = asyncio.run(_fetched(feed))
    provider = Provider("acme", "Acme", feed=feed)
    components, _ = counting(provider, Scope(), page)
    expected = tomllib.loads(path.read_text(encoding="utf-8"))["level"]
    assert page_level(page, components, Scope(), NOW).value == expected


def _serve(site: Site, feed: Feed, sent: list[bytes]) -> None:
    asked = feeds.requests(feed, site.base)
    second = feeds.follow(feed, site.base, [Outcome(site.base, 200, body=FRONT)])
    paths = [request.url.removeprefix(site.base) for request in second or asked]
    site.pages = {"/status": FRONT, **dict(zip(paths, sent, strict=True))}


async def _fetched(feed: Feed) -> Page:
    fetcher = HttpFetcher()
    try:
        requests = feeds.requests(feed, feed.url, allow_private=True)
        outcomes = [await fetcher.fetch(request) for request in requests]
        second = feeds.follow(feed, feed.url, outcomes, allow_private=True)
        outcomes = [await fetcher.fetch(request) for request in second] or outcomes
        return feeds.read(feed, outcomes, NOW)
    finally:
        await fetcher.close()
