"""A page whose list is asked for with what the page for people holds, through the real observer and parser."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.fakes import FakeClock, FakeFetcher, FakeJournal, FakeKeys
from tests.worlds import acme
from trayapp.judge.judge import Judge
from trayapp.model.level import Level
from trayapp.model.provider import Feed, FeedComponent
from trayapp.model.reading import PageReading
from trayapp.model.request import Outcome, Request
from trayapp.model.settings import MonitorSettings
from trayapp.observer import Observer

PAGE, CALL = "https://studio.acme.test/status", "https://rpc.acme.test"
KEY = "AIza" + "k" * 35
FEED = Feed("aistudio", CALL, page=PAGE, components=(FeedComponent("1", "Acme API", ("api",)),))
DOWN = b'[[[["i1", "Acme API is down", 2, [[1, "", ["1745859000"], "x"]], 1, [1]]]]]'


def says(body: bytes, status: int = 200) -> Callable[[Request], Outcome]:
    return lambda request: Outcome(request.url, status, body=body)


async def look(fetcher: FakeFetcher) -> PageReading:
    clock, settings = FakeClock(), MonitorSettings()
    provider = acme(feed=FEED, probes=())
    held = Judge((provider,), settings, {}, clock.now()).held("acme")
    observer = Observer(settings, clock, fetcher, FakeKeys(), FakeJournal())
    (reading,) = await observer.look(held, page=True, unbilled=False, paid=False)
    assert isinstance(reading, PageReading)
    return reading


async def test_the_list_is_asked_for_once_with_the_key_of_the_page() -> None:
    fetcher = FakeFetcher({PAGE: says(f'<html>"WIu0Nc":"{KEY}"'.encode()), CALL: says(DOWN)})
    reading = await look(fetcher)
    assert reading.error is None
    assert reading.page is not None
    assert [each.level for each in reading.page.components] == [Level.DOWN]
    assert [(each.method, KEY in each.headers.values()) for each in fetcher.asked] == [("GET", False), ("POST", True)]


@pytest.mark.parametrize(
    ("page", "call", "reason", "asked"),
    [
        (says(b"<html>nothing"), says(DOWN), "no longer holds", 1),
        (says(b"<html>", 503), says(DOWN), "HTTP 503", 1),
        (says(b"<html><title>Just a moment"), says(DOWN), "bot challenge", 1),
        (says(f"<html>{KEY}".encode()), says(b"{}", 403), "HTTP 403", 2),
        (says(f"<html>{KEY}".encode()), says(b"<html>"), "a web page came", 2),
        (says(f"<html>{KEY}".encode()), says(KEY.encode()), "JSON was expected", 2),
    ],
)
async def test_a_step_that_fails_is_a_reason_without_the_key(
    page: Callable[[Request], Outcome], call: Callable[[Request], Outcome], reason: str, asked: int
) -> None:
    fetcher = FakeFetcher({PAGE: page, CALL: call})
    reading = await look(fetcher)
    assert reading.page is None
    assert reading.error is not None
    assert reason in reading.error
    assert KEY not in reading.error
    assert len(fetcher.asked) == asked
