"""AI Studio is asked in two steps: a page for people holds what its list of incidents is asked with."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.feeds.recorded import NOW, acme, answer, read
from trayapp import feeds
from trayapp.feeds import BadFeed
from trayapp.model.reading import Page

BASE = "https://rpc.acme.test"
ONE, TWO = "AIza" + "1" * 35, "AIza" + "2" * 35


EARLY, LATE = "1795428000", "1795431600"


def incident(*updates: list[Any], severity: object = 1, components: object = (1,)) -> list[Any]:
    return ["Acme-1", "Acme API is slow", severity, list(updates), 1, components]


def update(state: object, when: object = EARLY, text: str = "x") -> list[Any]:
    return [state, "2026-11-23 02:00", [when], text]


def page(*incidents: list[Any]) -> Page:
    return read("aistudio", json.dumps([[list(incidents)]]).encode())


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


def test_a_refused_key_is_a_reason_that_does_not_tell_it() -> None:
    (request,) = feeds.follow(acme("aistudio"), BASE, answer(f"<html>{ONE}".encode()))
    with pytest.raises(BadFeed, match=r"^HTTP 403$"):
        feeds.read(acme("aistudio"), answer(f'{{"error": "{ONE}"}}'.encode(), status=403), NOW)
    assert request.headers["x-goog-api-key"] == ONE


@pytest.mark.parametrize(
    "severity", [(0, "operational"), (1, "degraded"), (2, "down"), (3, "unknown"), ("2", "unknown")]
)
def test_every_severity_has_its_level_and_an_unknown_one_none(severity: tuple[object, str]) -> None:
    assert page(incident(update(1), severity=severity[0])).components[0].level.value == severity[1]


@pytest.mark.parametrize(("state", "is_open"), [(1, True), (2, True), (3, True), (4, False), (5, True), (6, True)])
def test_only_a_newest_state_of_four_ends_an_incident(state: int, is_open: bool) -> None:
    assert page(incident(update(1, EARLY), update(state, LATE))).incidents[0].is_open is is_open


def test_an_incident_resolved_and_opened_again_is_open_in_whatever_order_it_is_told() -> None:
    again = [update(3, LATE, "Again."), update(4, EARLY)]
    for updates in (again, again[::-1]):
        (found,) = page(incident(*updates)).incidents
        assert (found.is_open, found.latest) == (True, "Again.")


def test_times_are_those_of_the_epoch_for_the_written_ones_are_in_a_zone_that_nobody_names() -> None:
    (found,) = page(incident(update(1, LATE))).incidents
    assert found.started_at is not None
    assert found.started_at.isoformat() == "2026-11-23T11:00:00+00:00"


@pytest.mark.parametrize("nothing", ["[]", "[[]]", "[[[]]]"])
def test_a_list_of_nothing_is_well(nothing: str) -> None:
    assert {each.level.value for each in read("aistudio", nothing.encode()).components} == {"operational"}


@pytest.mark.parametrize("other", ["null", "[null]", "[0]", '[""]', "[[null]]", "[{}]", '{"error": {"code": 403}}'])
def test_what_is_no_list_is_not_a_list_of_nothing(other: str) -> None:
    with pytest.raises(BadFeed, match="a list was expected"):
        read("aistudio", other.encode())


@pytest.mark.parametrize(
    "broken",
    [
        incident(),
        incident(update("4")),
        incident(update(True)),
        incident(update(4, "yesterday")),
        incident(update(1), components=["1"]),
        incident(update(1), components=None),
        ["Acme-1"],
    ],
)
def test_an_incident_in_another_form_makes_the_list_unreadable(broken: list[Any]) -> None:
    with pytest.raises(BadFeed):
        page(broken)
