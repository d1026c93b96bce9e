"""What is peculiar to Datadog's status pages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.feeds.recorded import read
from trayapp.feeds import BadFeed
from trayapp.model.reading import Page

API = {"id": "api", "name": "Acme API", "type": "Component", "status": "operational"}


def test_a_group_has_no_status_and_its_members_count() -> None:
    group = {"id": "g", "name": "Gateway", "type": "ComponentGroup", "components": [API, {**API, "id": "b"}]}
    assert [c.id for c in _read(components=[group, {**API, "id": "c"}]).components] == ["api", "b", "c"]


def test_an_empty_group_is_nothing() -> None:
    assert _read(components=[{"id": "g", "name": "Gateway", "type": "ComponentGroup", "components": None}]) == Page()


def test_a_component_without_a_status_is_not_well() -> None:
    with pytest.raises(BadFeed, match=r"^components\[0\]\.status: a text was expected, got nothing$"):
        _read(components=[{"id": "api", "name": "Acme API", "type": "Component"}])


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("operational", "operational"),
        ("degraded", "degraded"),
        ("partial_outage", "degraded"),
        ("major_outage", "down"),
        ("maintenance", "maintenance"),
        ("degraded_performance", "unknown"),
        ("Operational", "unknown"),
    ],
)
def test_every_word_has_its_level_and_others_are_unknown(word: str, level: str) -> None:
    assert _read(components=[{**API, "status": word}]).components[0].level.value == level


def test_what_was_taken_back_is_not_there_anywhere() -> None:
    gone = {"deletedAt": "2026-11-23T11:00:00Z"}
    update = {"status": "x", "description": "Wrong.", "startedAt": "2026-11-23T09:00:00Z", **gone}
    page = _read(
        components=[API, {**API, "id": "old", **gone}],
        incidents=[_incident(id="i1", **gone), _incident(timeline=[update], description="Right.")],
        maintenances=[{"id": "m", "title": "Work", "currentStatus": "scheduled", **gone}],
    )
    assert [c.id for c in page.components] == ["api"]
    assert [(i.id, i.latest, i.started_at) for i in page.incidents] == [("i", "Right.", None)]
    assert page.maintenances == ()


@pytest.mark.parametrize("never", [None, "", "0001-01-01T00:00:00Z"])
def test_an_empty_date_of_deletion_takes_nothing_back(never: str | None) -> None:
    assert len(_read(components=[{**API, "deletedAt": never}]).components) == 1


def test_no_maintenances_is_null() -> None:
    assert _read(components=[API], maintenances=None).maintenances == ()


def test_an_incident_opened_again_is_open_though_it_has_a_date_of_its_end() -> None:
    (incident,) = _read(incidents=[_incident(resolved=False, resolvedDate="2026-11-23T10:00:00Z")]).incidents
    assert incident.is_open


def test_an_incident_called_resolved_by_its_flag_alone_is_over() -> None:
    (incident,) = _read(incidents=[_incident(resolved=True, resolvedDate="")]).incidents
    assert not incident.is_open


def _incident(**changes: Any) -> dict[str, Any]:
    return {"id": "i", "title": "Errors", "currentStatus": "investigating", **changes}


def _read(**document: Any) -> Page:
    return read("datadog", json.dumps({"components": [], "incidents": [], "maintenances": [], **document}).encode())
