"""Documents as vendors really sent them, where they are at hand."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.feeds.recorded import answer
from trayapp import feeds
from trayapp.model.level import Level
from trayapp.model.provider import Feed, FeedComponent
from trayapp.model.reading import Page

RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings" / "payloads"
pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings lie beside the checkout only")

CLAUDE = Feed("statuspage", "https://status.claude.com")
OPENAI = Feed("incidentio", "https://status.openai.com")
VERTEX, WORKSPACE = "Z0FZJAMvEB4j3NbCJs6B", "npdyhgECDJ6tB66MxXyo"
GOOGLE = Feed(
    "googlecloud",
    "https://status.cloud.google.com",
    components=(FeedComponent(VERTEX, "Gemini on Agent Platform"), FeedComponent(WORKSPACE, "Gemini")),
)


@pytest.mark.parametrize(
    ("feed", "name", "count"),
    [
        (CLAUDE, "anthropic-operational.json", 6),
        (CLAUDE, "openai-components-operational.json", 34),
        (OPENAI, "openai-proxy-operational.json", 36),
        (OPENAI, "perplexity-proxy-operational.json", 4),
        (OPENAI, "groq-proxy-stale-maintenance.json", 20),
        (OPENAI, "platform-incidentio-linear-operational-20260317.json", 6),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_well_page_is_well_in_every_component_and_tells_of_nothing(feed: Feed, name: str, count: int) -> None:
    page = _read(feed, name)
    assert len(page.components) == count
    assert {(c.status, c.level) for c in page.components} == {("operational", Level.OPERATIONAL)}
    assert (page.incidents, page.maintenances) == ((), ())


def test_atlas_is_listed_by_openai_outside_of_what_the_page_shows() -> None:
    assert "ChatGPT Atlas" not in {c.name for c in _read(OPENAI, "openai-proxy-operational.json").components}


def test_two_components_of_openai_have_one_name_and_stay_two() -> None:
    names = Counter(c.name for c in _read(OPENAI, "openai-proxy-operational.json").components)
    assert names["Login"] == 2


def test_an_incident_resolved_and_opened_again_is_open_while_its_component_is_well() -> None:
    page = _read(OPENAI, "openai-page-summary-incident-20260317.json", "2026-03-17T06:00:00Z")
    assert {c.level for c in page.components} == {Level.OPERATIONAL}
    assert len(page.components) == 31
    (incident,) = page.incidents
    assert (incident.status, incident.is_open, incident.resolved_at) == ("monitoring", True, None)
    assert incident.components == ("01JMXBNJXG1S2D9V65P1ZZTD94",)
    assert incident.started_at == datetime.fromisoformat("2026-03-17T02:42:00Z")
    assert incident.latest == "We have applied the mitigation and are monitoring the recovery."


def test_a_partial_outage_at_aiven_is_degraded() -> None:
    page = _read(OPENAI, "platform-incidentio-aiven-partial-outage-20260303.json", "2026-03-03T06:00:00Z")
    assert sorted((c.status, c.level.value) for c in page.components) == [
        ("operational", "operational"),
        ("partial_outage", "degraded"),
    ]
    (incident,) = page.incidents
    assert (incident.status, incident.impact, incident.models) == ("monitoring", "major", ())
    assert incident.components == ("01H0FX8N7BQQ0RCMXSG3YPD5WW",)


def test_incidents_of_claude_that_are_over_are_not_open_and_keep_what_they_name() -> None:
    summary = _load("anthropic-operational.json")
    summary["incidents"] = _load("anthropic-incidents-history.json")["incidents"]
    page = feeds.read(CLAUDE, answer(json.dumps(summary).encode()), datetime.fromisoformat("2026-09-16T00:00:00Z"))
    assert len(page.incidents) == 3
    assert not any(incident.is_open for incident in page.incidents)
    newest = page.incidents[0]
    assert newest.models == ("fable", "mythos")
    assert newest.components == ("rwppv331jlwc", "k8w3r06qmzrp", "yyzkbfz2thpt", "bpp5gb3hpjcl")
    assert newest.url == "https://stspg.io/x1qpycpg6ln7"


def test_a_resolved_incident_of_google_leaves_its_product_well() -> None:
    page = _read(GOOGLE, "google-workspace-gemini-resolved-trimmed.json")
    assert {c.id: c.level for c in page.components} == {VERTEX: Level.OPERATIONAL, WORKSPACE: Level.OPERATIONAL}
    (incident,) = page.incidents
    assert not incident.is_open
    assert incident.models == ("pro",)
    assert incident.name.startswith("Mitigated intermittent elevated error rates")


@pytest.mark.parametrize(
    "name",
    ["anthropic-status-operational.json", "anthropic-incidents-history.json", "github-status-major-20260806.json"],
)
def test_other_documents_of_the_same_host_are_no_summary(name: str) -> None:
    with pytest.raises(feeds.BadFeed, match="components: a list was expected, got nothing"):
        _read(CLAUDE, name)


def _read(feed: Feed, name: str, at: str = "2026-10-07T00:00:00Z") -> Page:
    return feeds.read(feed, answer((RECORDINGS / name).read_bytes()), datetime.fromisoformat(at))


def _load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((RECORDINGS / name).read_bytes())
    return loaded
