"""What is peculiar to Flashduty's status pages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.feeds.recorded import acme, read
from trayapp import feeds
from trayapp.model.reading import Page


def test_the_path_has_the_number_of_the_page_and_without_it_nothing_is_asked() -> None:
    (request,) = feeds.requests(acme("flashduty"), "https://twin.test")
    assert request.url == "https://twin.test/api/status-page/1001/summary/active"
    assert feeds.requests(acme("flashduty", path=None), "https://twin.test") == ()


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("operational", "operational"),
        ("degraded", "degraded"),
        ("partial_outage", "degraded"),
        ("major_outage", "down"),
        ("full_outage", "down"),
        ("maintenance", "maintenance"),
        ("under_maintenance", "maintenance"),
        ("down", "unknown"),
    ],
)
def test_every_word_has_its_level_and_others_are_unknown(word: str, level: str) -> None:
    assert _api(_read(_change(word))) == (word, level)


def test_a_change_without_a_word_for_its_component_leaves_it_unknown() -> None:
    assert _api(_read(_change(None))) == ("investigating", "unknown")


def test_a_component_that_left_the_page_is_not_made_up() -> None:
    page = _read(_change("full_outage", "retired"))
    assert [c.id for c in page.components] == ["api"]
    assert _api(page) == ("operational", "operational")


@pytest.mark.parametrize("status", ["resolved", "completed", "cancelled"])
def test_a_change_that_is_over_holds_nothing(status: str) -> None:
    assert _api(_read(_change("full_outage", status=status))) == ("operational", "operational")


def test_times_are_seconds_and_a_wrong_one_is_left_out() -> None:
    assert (
        str(_read(_change("degraded", start_at_seconds="1795428000")).incidents[0].started_at)[:16]
        == "2026-11-23 10:00"
    )
    assert _read(_change("degraded", start_at_seconds=1795428000000)).incidents[0].started_at is None


@pytest.mark.parametrize("order", [1, -1])
def test_the_newest_update_is_found_in_either_order(order: int) -> None:
    updates = [
        {"at_seconds": 1795428000, "description": "先。\n\nFirst."},
        {"at_seconds": 1795428060, "description": "后。\n\nThen.\n\nMore."},
    ]
    assert _read(_change("degraded", updates=updates[::order])).incidents[0].latest == "Then. More."


def test_a_description_in_chinese_alone_is_shown_as_it_is() -> None:
    assert _read(_change("degraded", description="正在调查。")).incidents[0].latest == "正在调查。"


def test_work_whose_window_is_past_holds_nothing_though_it_is_listed() -> None:
    window: dict[str, Any] = {"start_at_seconds": 1795420000, "close_at_seconds": 1795428000}
    page = _read(_change("under_maintenance", type="maintenance", status="ongoing", **window))
    assert (_api(page), page.maintenances) == (("operational", "operational"), ())


@pytest.mark.parametrize(
    "data", [{"page": {"components": []}}, {"active_changes": []}, {"page": {}, "active_changes": []}]
)
def test_a_summary_that_leaves_a_list_out_is_not_read(data: dict[str, Any]) -> None:
    with pytest.raises(feeds.BadFeed, match=r"^data\."):
        read("flashduty", json.dumps({"data": data}).encode())


def _change(word: str | None, component: str = "api", **changes: Any) -> dict[str, Any]:
    affected = [{"component_id": component, "name": "n", "status": word}]
    values = {"change_id": 7, "type": "incident", "title": "Slow", "status": "investigating", **changes}
    return {**values, "affected_components": affected}


def _read(*changes: Any) -> Page:
    page = {"components": [{"component_id": "api", "name": "Acme API"}]}
    return read("flashduty", json.dumps({"data": {"page": page, "active_changes": changes}}).encode())


def _api(page: Page) -> tuple[str, str]:
    return page.components[0].status, page.components[0].level.value
