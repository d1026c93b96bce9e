"""What is peculiar to Rootly's status pages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.feeds.recorded import NOW, acme, answer, read
from trayapp import feeds
from trayapp.model.provider import FeedComponent
from trayapp.model.reading import Page


def test_status_and_incidents_are_asked_for() -> None:
    urls = [request.url for request in feeds.requests(acme("rootly"), "https://twin.test")]
    assert urls == ["https://twin.test/api/v1/status.json", "https://twin.test/api/v1/incidents.json"]


def test_the_incidents_stand_beside_a_status_document_elsewhere() -> None:
    urls = [request.url for request in feeds.requests(acme("rootly", path="/v9/s.json"), "https://twin.test")]
    assert urls == ["https://twin.test/v9/s.json", "https://twin.test/v9/incidents.json"]


def test_the_status_without_the_incidents_says_nothing() -> None:
    with pytest.raises(feeds.BadFeed):
        read("rootly", json.dumps({"page": {}, "status": {"indicator": "none"}, "incidents": []}).encode())


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("none", "operational"),
        ("maintenance", "maintenance"),
        ("minor", "degraded"),
        ("major", "down"),
        ("critical", "down"),
        ("operational", "unknown"),
    ],
)
def test_every_indicator_has_its_level_and_others_are_unknown(word: str, level: str) -> None:
    assert _levels(_read(word))["page"] == level


@pytest.mark.parametrize(("word", "level"), [("major", "down"), ("cloudy", "unknown")])
def test_an_indicator_that_nothing_explains_speaks_for_every_component(word: str, level: str) -> None:
    assert _levels(_read(word)) == {"api": level, "chat": level, "page": level}


def test_an_open_incident_explains_the_indicator_and_leaves_the_others_well() -> None:
    assert _levels(_read("major", _incident())) == {"api": "down", "chat": "operational", "page": "down"}


def test_an_incident_that_is_over_explains_nothing() -> None:
    assert _levels(_read("minor", _incident(status="resolved")))["chat"] == "degraded"


def test_an_incident_that_names_no_component_is_on_none() -> None:
    page = _read("major", _incident(name="Errors on some services"))
    assert page.incidents[0].components == ()
    assert _levels(page) == {"api": "operational", "chat": "operational", "page": "down"}


@pytest.mark.parametrize(("impact", "word"), [("", "investigating"), ("huge", "huge")])
def test_an_open_incident_whose_impact_nobody_knows_leaves_its_component_unknown(impact: str, word: str) -> None:
    api, *_ = _read("minor", _incident(impact=impact)).components
    assert (api.status, api.level.value) == (word, "unknown")


def test_an_incident_without_a_name_is_called_by_its_first_update() -> None:
    updates = [{"body": "Back to normal."}, {"body": "We see **errors**."}]
    (incident,) = _read("minor", _incident(name="", incident_updates=updates)).incidents
    assert (incident.name, incident.latest) == ("We see errors.", "Back to normal.")


def test_an_incident_without_any_word_is_untitled() -> None:
    assert _read("minor", _incident(name=None)).incidents[0].name == "Untitled"


def test_an_incident_listed_twice_is_one_and_the_list_of_incidents_is_right() -> None:
    stale, fresh = _incident(impact="critical"), _incident(impact="minor")
    page = read("rootly", *(json.dumps(each).encode() for each in _documents("minor", stale, listed=[fresh])))
    assert [incident.impact for incident in page.incidents] == ["minor"]
    assert _levels(page)["api"] == "degraded"


def test_the_page_can_be_declared_and_is_there_once() -> None:
    feed = acme("rootly", components=(FeedComponent("page", "Acme", ("api",)),))
    bodies = (json.dumps(each).encode() for each in _documents("minor", _incident(name="Acme is slow")))
    page = feeds.read(feed, answer(*bodies), NOW)
    assert [(c.id, c.status) for c in page.components] == [("page", "minor")]
    assert page.incidents[0].components == ()


def test_work_without_a_window_is_under_way_when_its_status_says_so() -> None:
    work = {"impact": "maintenance", "started_at": "2026-11-23T11:00:00Z"}
    for status, level in (("in_progress", "maintenance"), ("scheduled", "operational")):
        page = _read("maintenance" if status == "in_progress" else "none", _incident(status=status, **work))
        assert (_levels(page)["api"], len(page.incidents), len(page.maintenances)) == (level, 0, 1)


def _incident(**changes: Any) -> dict[str, Any]:
    return {"id": "i", "name": "Acme API: errors", "status": "investigating", "impact": "major", **changes}


def _documents(indicator: str, *incidents: Any, listed: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
    status = {"page": {"name": "Acme"}, "status": {"indicator": indicator}, "incidents": incidents}
    return status, {"page": {"name": "Acme"}, "incidents": incidents if listed is None else listed}


def _read(indicator: str, *incidents: Any) -> Page:
    return read("rootly", *(json.dumps(each).encode() for each in _documents(indicator, *incidents)))


def _levels(page: Page) -> dict[str, str]:
    return {component.id: component.level.value for component in page.components}
