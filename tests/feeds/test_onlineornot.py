"""OnlineOrNot's public summary of a page."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.feeds.recorded import FOLDER, NOW, acme, answer, bodies
from trayapp import feeds
from trayapp.feeds import BadFeed
from trayapp.model.reading import Page

API = "https://api.onlineornot.com"
OWN = {"name": "Acme", "subdomain": "acme", "custom_domain": "status.acme.test"}


def page(
    status: str = "OPERATIONAL", *, own: dict[str, Any] = OWN, at: str = "https://status.acme.test", **more: Any
) -> Page:
    result = {"status_page": own, "components": [{"id": "api", "name": "Acme API", "status": status}], **more}
    feed = acme("onlineornot", url=API, page=at)
    return feeds.read(feed, answer(json.dumps({"success": True, "result": result}).encode()), NOW)


@pytest.mark.parametrize(
    ("url", "page"),
    [(API, "https://status.acme.test/history"), ("https://status.acme.test", None), ("https://status.acme.test",) * 2],
)
def test_the_interface_is_asked_for_the_page_by_its_host(url: str, page: str | None) -> None:
    (request,) = feeds.requests(acme("onlineornot", url=url, page=page), url)
    assert request.url == "https://api.onlineornot.com/v1/status_pages/status.acme.test/summary"


def test_the_interface_may_be_elsewhere() -> None:
    (request,) = feeds.requests(acme("onlineornot"), "https://twin.test")
    assert request.url == "https://twin.test/v1/status_pages/status.acme.test/summary"


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("OPERATIONAL", "operational"),
        ("NO_IMPACT", "operational"),
        ("DEGRADED_PERFORMANCE", "degraded"),
        ("PARTIAL_OUTAGE", "degraded"),
        ("MAJOR_OUTAGE", "down"),
        ("MAINTENANCE", "maintenance"),
        ("UNDER_MAINTENANCE", "maintenance"),
        ("SLEEPING", "unknown"),
    ],
)
def test_every_word_has_its_level_and_an_unknown_one_none(word: str, level: str) -> None:
    assert page(word).components[0].level.value == level


@pytest.mark.parametrize("at", ["https://status.acme.test", "https://acme.onlineornot.com/"])
def test_a_page_is_known_by_its_own_domain_or_by_its_name_there(at: str) -> None:
    assert page(at=at).components


@pytest.mark.parametrize("own", [{**OWN, "custom_domain": "status.other.test", "subdomain": "other"}, {}])
def test_the_summary_of_another_page_is_refused(own: dict[str, Any]) -> None:
    with pytest.raises(BadFeed, match="this is the summary of"):
        page(own=own)


def test_lists_that_are_null_are_empty() -> None:
    found = page(active_incidents=None, scheduled_maintenance=None)
    assert (found.incidents, found.maintenances) == ((), ())


def test_a_page_that_it_does_not_know_is_a_reason() -> None:
    body = b'{"success": false, "result": null, "errors": [{"code": 10001}]}'
    with pytest.raises(BadFeed, match="knows no such page"):
        feeds.read(acme("onlineornot"), answer(body), NOW)


def test_a_relay_on_a_private_address_may_carry_any_page() -> None:
    body = bodies(FOLDER / "onlineornot" / "all_well.expected.toml")[0]
    relayed = acme("onlineornot", url="http://127.0.0.1:8001", page=None)
    assert feeds.read(relayed, answer(body.replace(b"acme", b"other")), NOW).components
