"""What is peculiar to Better Stack's status pages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.feeds.recorded import read
from trayapp.feeds import BadFeed
from trayapp.model.reading import Page


def _resource(id: str | int = "1", status: str = "operational", **more: Any) -> dict[str, Any]:
    attributes = {"public_name": f"Model {id}", "status": status, **more}
    return {"id": id, "type": "status_page_resource", "attributes": attributes}


def _report(**changes: Any) -> dict[str, Any]:
    values = {"title": "Errors", "report_type": "manual", "aggregate_state": "downtime", "ends_at": None, **changes}
    return {"id": "9", "type": "status_report", "attributes": values}


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("operational", "operational"),
        ("degraded", "degraded"),
        ("downtime", "down"),
        ("maintenance", "maintenance"),
        ("not_monitored", "unknown"),
        ("major_outage", "unknown"),
    ],
)
def test_every_word_has_its_level_and_others_are_unknown(word: str, level: str) -> None:
    assert _read(_resource(status=word)).components[0].level.value == level


def test_a_report_that_ends_in_the_future_is_open() -> None:
    assert _read(_report(ends_at="2026-11-23T12:00:01Z")).incidents[0].is_open
    assert not _read(_report(ends_at="2026-11-23T12:00:00Z")).incidents[0].is_open


def test_history_is_never_looked_at() -> None:
    assert len(_read(_resource(status_history="of some other kind")).components) == 1


def test_types_that_we_do_not_read_are_passed_over() -> None:
    assert _read({"id": "1", "type": "status_page_section"}, {"id": 2, "type": "news"}) == Page()


def test_an_id_may_be_a_number_in_one_place_and_a_text_in_another() -> None:
    page = _read(_resource(17), _report(affected_resources=[{"status_page_resource_id": "17", "status": "downtime"}]))
    assert page.components[0].id == "17"
    assert page.incidents[0].components == ("17",)


def test_resources_and_updates_do_not_push_reports_off_the_page() -> None:
    updates = [{"id": str(number), "type": "status_update", "attributes": {}} for number in range(1500)]
    page = _read(*(_resource(str(number)) for number in range(1000)), *updates, _report())
    assert (len(page.components), len(page.incidents)) == (1000, 1)


def test_an_update_that_is_linked_and_not_included_is_missed_by_nobody() -> None:
    report = _report() | {"relationships": {"status_updates": {"data": [{"id": "404", "type": "status_update"}]}}}
    assert _read(report).incidents[0].latest == ""


@pytest.mark.parametrize("document", [{"data": {}}, {"included": []}, {"data": [], "included": []}])
def test_a_document_without_its_two_parts_is_not_read(document: dict[str, Any]) -> None:
    with pytest.raises(BadFeed, match=r"^(data|included): "):
        read("betterstack", json.dumps(document).encode())


def _read(*included: dict[str, Any]) -> Page:
    return read("betterstack", json.dumps({"data": {"type": "status_page"}, "included": included}).encode())
