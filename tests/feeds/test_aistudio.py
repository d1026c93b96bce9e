"""AI Studio is asked in two steps: a page for people holds what its list of incidents is asked with."""

from __future__ import annotations

import pytest

from tests.feeds.recorded import NOW, acme, answer
from trayapp import feeds
from trayapp.feeds import BadFeed

BASE = "https://rpc.acme.test"
ONE, TWO = "AIza" + "1" * 35, "AIza" + "2" * 35


def key(page: str) -> str:
    [request] = feeds.follow(acme("aistudio"), BASE, answer(page.encode()))
    return request.headers["x-goog-api-key"]


def test_the_page_for_people_is_asked_first() -> None:
    [request] = feeds.requests(acme("aistudio"), BASE)
    assert request.url == "https://status.acme.test/status"


def test_the_key_of_the_page_goes_to_the_call_and_nowhere_else() -> None:
    [request] = feeds.follow(acme("aistudio"), BASE, answer(f"<!doctype html><script>{ONE}".encode()))
    assert (request.method, request.body) == ("POST", b"[]")
    assert request.url.startswith(f"{BASE}/$rpc/")
    assert ONE not in request.url
    assert request.headers["referer"] == "https://aistudio.google.com/"


def test_the_marked_key_comes_first() -> None:
    assert key(f'<html>{ONE} "WIu0Nc":"{TWO}"') == TWO
    assert key(f"<html>{ONE} {TWO}") == ONE


def test_a_page_without_a_key_is_a_reason() -> None:
    with pytest.raises(BadFeed, match="no longer holds"):
        feeds.follow(acme("aistudio"), BASE, answer(b"<html>AIza-short"))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"headers": {"cf-mitigated": "challenge"}}, "bot challenge"),
        ({"status": 403}, "HTTP 403"),
        ({"status": 302}, "HTTP 302 to another place"),
    ],
)
def test_a_page_that_cannot_be_had_is_a_reason(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(BadFeed, match=reason):
        feeds.follow(acme("aistudio"), BASE, answer(b"<html>" + ONE.encode(), **changes))


def test_the_list_itself_must_be_no_web_page() -> None:
    with pytest.raises(BadFeed, match="a web page came"):
        feeds.read(acme("aistudio"), answer(b"<html>"), NOW)


@pytest.mark.parametrize("platform", sorted(set(feeds.platforms()) - {"aistudio"}))
def test_other_platforms_ask_once(platform: str) -> None:
    assert feeds.follow(acme(platform), BASE, answer(b"{}")) == ()
