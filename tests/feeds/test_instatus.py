"""Instatus, in two documents of which neither tells all."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.feeds.recorded import acme, read
from trayapp import feeds
from trayapp.feeds import BadFeed
from trayapp.model.reading import Page

PAGE = {"name": "Acme", "url": "https://status.acme.test", "status": "UP"}


def page(status: str = "OPERATIONAL", **summary: Any) -> Page:
    listed = {"components": [{"id": "api", "name": "Acme API", "status": status}]}
    return read("instatus", *(json.dumps(each).encode() for each in ({"page": PAGE, **summary}, listed)))


def test_both_documents_are_asked_for() -> None:
    asked = feeds.requests(acme("instatus"), "https://twin.test")
    assert [each.url for each in asked] == ["https://twin.test/summary.json", "https://twin.test/v3/components.json"]


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("OPERATIONAL", "operational"),
        ("UNDERMAINTENANCE", "maintenance"),
        ("DEGRADEDPERFORMANCE", "degraded"),
        ("MINOROUTAGE", "degraded"),
        ("PARTIALOUTAGE", "degraded"),
        ("MAJOROUTAGE", "down"),
        ("ON FIRE", "unknown"),
        ("operational", "unknown"),
    ],
)
def test_every_word_has_its_level_and_an_unknown_one_none(word: str, level: str) -> None:
    assert page(word).components[0].level.value == level


def test_an_impact_of_none_hides_no_outage() -> None:
    incident = {"id": "n", "name": "Acme API", "status": "MONITORING", "impact": "OPERATIONAL"}
    found = page("MAJOROUTAGE", activeIncidents=[incident])
    assert (found.components[0].level.value, found.incidents[0].impact) == ("down", "none")


@pytest.mark.parametrize("duration", [60, "60"])
def test_the_length_of_announced_work_comes_as_a_number_or_as_a_text(duration: object) -> None:
    work = {"id": "w", "name": "x", "start": "2026-11-24T12:00:00Z", "status": "NOTSTARTEDYET", "duration": duration}
    (found,) = page(activeMaintenances=[work]).maintenances
    assert found.ends_at is not None
    assert found.ends_at.isoformat() == "2026-11-24T13:00:00+00:00"


def test_a_time_as_javascript_prints_it_is_read_with_its_zone() -> None:
    started = "Mon Nov 23 2026 12:00:00 GMT+0100 (Central European Standard Time)"
    incident = {"name": "x", "status": "IDENTIFIED", "url": "https://status.acme.test/incident/n4", "started": started}
    (found,) = page(activeIncidents=[incident]).incidents
    assert found.started_at is not None
    assert (found.id, found.started_at.isoformat()) == ("n4", "2026-11-23T11:00:00+00:00")


def test_the_data_of_the_page_for_people_is_not_the_summary() -> None:
    with pytest.raises(BadFeed, match="page: an object was expected"):
        read("instatus", b'{"site": {"status": "UP"}}', b'{"components": []}')


def test_a_time_as_javascript_prints_it_that_is_none_is_left_out() -> None:
    incident = {"id": "i", "name": "x", "started": "Mon Nov 99 2026 11:00:00 GMT+0000", "status": "INVESTIGATING"}
    summary = json.dumps({"page": {"status": "UP"}, "activeIncidents": [incident]}).encode()
    assert read("instatus", summary, b'{"components": []}').incidents[0].started_at is None
