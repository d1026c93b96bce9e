"""Every platform reads its recorded pages as written beside them. New files are found by themselves."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.feeds.recorded import FOLDER, NOW, bodies, level, read
from tests.feeds.recorded import STATES as RECORDED
from trayapp.feeds import platforms
from trayapp.model.reading import Incident, Maintenance, Page

STATES = {
    "all_well",
    "component_degraded",
    "partial_outage",
    "major_outage",
    "maintenance_under_way",
    "maintenance_announced",
    "incident_impact_none",
    "resolved_still_listed",
    "empty_page",
}


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}-{path.name.partition('.')[0]}")
def test_a_page_reads_as_written_beside_it(path: Path) -> None:
    expected = tomllib.loads(path.read_text(encoding="utf-8"))
    page = read(path.parent.name, *bodies(path))
    assert {c.id: [c.status, c.level.value] for c in page.components} == expected["components"]
    _agree(_incidents(page), expected.get("incidents", {}))
    _agree(_maintenances(page), expected.get("maintenances", {}))
    assert level(path.parent.name, page).value == expected["level"]


@pytest.mark.parametrize("platform", platforms())
def test_every_platform_has_a_page_of_every_state(platform: str) -> None:
    assert {path.name.partition(".")[0] for path in (FOLDER / platform).glob("*.expected.toml")} == STATES


def test_every_recorded_page_is_of_a_platform_that_we_know() -> None:
    assert {path.parent.name for path in RECORDED} == set(platforms())


def _agree(found: dict[str, dict[str, Any]], expected: dict[str, dict[str, Any]]) -> None:
    assert set(found) == set(expected)
    for id, fields in expected.items():
        assert {name: found[id][name] for name in fields} == fields


def _incidents(page: Page) -> dict[str, dict[str, Any]]:
    return {each.id: {**_fields(each), "is_open": each.is_open} for each in page.incidents}


def _maintenances(page: Page) -> dict[str, dict[str, Any]]:
    return {each.id: {**_fields(each), "under_way": each.is_under_way(NOW)} for each in page.maintenances}


def _fields(row: Incident | Maintenance) -> dict[str, Any]:
    """Return the fields as TOML has them: lists instead of tuples."""
    values = {name: getattr(row, name) for name in row.__slots__}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
