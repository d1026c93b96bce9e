"""What every Fetcher promises: run on the real one, against a server on loopback, and on the fake."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from tests.adapters.loopback import answering, asking, closed_port, serving
from tests.fakes import FakeFetcher
from trayapp.adapters.http import HttpFetcher
from trayapp.model.ports import Fetcher
from trayapp.model.request import Failure, Outcome

BODY = b'{"status": "fine"}'
World = AbstractAsyncContextManager[tuple[Fetcher, str, str]]


class FetcherContract:
    """Subclass it and give `world`; a Test class then inherits the promises."""

    def world(self) -> World:
        """Give a fetcher, a URL that answers 418 with BODY, and one where nobody answers."""
        raise NotImplementedError

    async def test_an_answer_of_any_status_is_an_answer(self) -> None:
        async with self.world() as (fetcher, url, _):
            outcome = await fetcher.fetch(asking(url))
        assert (outcome.url, outcome.status, outcome.body, outcome.failure) == (url, 418, BODY, None)
        assert all(name == name.lower() for name in outcome.headers)

    async def test_a_failure_is_an_outcome_with_its_reason_in_one_line(self) -> None:
        async with self.world() as (fetcher, _, nobody):
            outcome = await fetcher.fetch(asking(nobody))
        assert (outcome.url, outcome.status, outcome.body) == (nobody, None, b"")
        assert outcome.failure in (Failure.REFUSED, Failure.DNS)
        assert outcome.detail
        assert outcome.detail.isprintable()

    async def test_several_are_asked_at_once(self) -> None:
        async with self.world() as (fetcher, url, nobody):
            outcomes = await asyncio.gather(*(fetcher.fetch(asking(aim)) for aim in (url, nobody, url)))
        assert [outcome.status for outcome in outcomes] == [418, None, 418]

    async def test_after_a_reset_it_goes_on(self) -> None:
        async with self.world() as (fetcher, url, _):
            await fetcher.reset()
            await fetcher.fetch(asking(url))
            await fetcher.reset()
            assert (await fetcher.fetch(asking(url))).status == 418

    async def test_closing_twice_does_no_harm(self) -> None:
        async with self.world() as (fetcher, url, _):
            await fetcher.fetch(asking(url))
            await fetcher.close()
            await fetcher.close()


class TestHttpFetcher(FetcherContract):
    @pytest.fixture(autouse=True)
    def _no_proxy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.delenv(name, raising=False)

    @asynccontextmanager
    async def world(self) -> AsyncIterator[tuple[Fetcher, str, str]]:
        async with serving(answering("418 I'm a teapot", BODY, {"X-Upper": "Case"})) as server:
            fetcher = HttpFetcher()
            try:
                yield fetcher, server.url, f"http://localhost:{closed_port()}/"
            finally:
                await fetcher.close()


class TestFakeFetcher(FetcherContract):
    @asynccontextmanager
    async def world(self) -> AsyncIterator[tuple[Fetcher, str, str]]:
        url = "https://api.example.com/v1"
        yield FakeFetcher({url: Outcome(url, 418, {"x-upper": "Case"}, BODY)}), url, "https://nobody.example.com/"
