"""Documents as vendors really sent them, where they are at hand."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from typing import Any

import pytest

from tests.feeds.recorded import answer
from tests.feeds.vendors import RECORDINGS, needs_recordings, read
from trayapp import feeds
from trayapp.model.level import Level
from trayapp.model.provider import Feed, FeedComponent

pytestmark = needs_recordings

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
    page = read(feed, name)
    assert len(page.components) == count
    assert {(c.status, c.level) for c in page.components} == {("operational", Level.OPERATIONAL)}
    assert (page.incidents, page.maintenances) == ((), ())


def test_atlas_is_listed_by_openai_outside_of_what_the_page_shows() -> None:
    assert "ChatGPT Atlas" not in {c.name for c in read(OPENAI, "openai-proxy-operational.json").components}


def test_two_components_of_openai_have_one_name_and_stay_two() -> None:
    names = Counter(c.name for c in read(OPENAI, "openai-proxy-operational.json").components)
    assert names["Login"] == 2


def test_an_incident_resolved_and_opened_again_is_open_while_its_component_is_well() -> None:
    page = read(OPENAI, "openai-page-summary-incident-20260317.json", "2026-03-17T06:00:00Z")
    assert {c.level for c in page.components} == {Level.OPERATIONAL}
    assert len(page.components) == 31
    (incident,) = page.incidents
    assert (incident.status, incident.is_open, incident.resolved_at) == ("monitoring", True, None)
    assert incident.components == ("01JMXBNJXG1S2D9V65P1ZZTD94",)
    assert incident.started_at == datetime.fromisoformat("2026-03-17T02:42:00Z")
    assert incident.latest == "We have applied the mitigation and are monitoring the recovery."


def test_a_partial_outage_at_aiven_is_degraded() -> None:
    page = read(OPENAI, "platform-incidentio-aiven-partial-outage-20260303.json", "2026-03-03T06:00:00Z")
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
    page = read(GOOGLE, "google-workspace-gemini-resolved-trimmed.json")
    assert {c.id: c.level for c in page.components} == {VERTEX: Level.OPERATIONAL, WORKSPACE: Level.OPERATIONAL}
    (incident,) = page.incidents
    assert not incident.is_open
    assert incident.models == ("pro",)
    assert incident.name.startswith("Mitigated intermittent elevated error rates")


OPENROUTER = Feed("datadog", "https://status.openrouter.ai")
CHAT = "9fb5ccff-e128-455a-be20-59572f8d363a"
TOGETHER = Feed("betterstack", "https://status.together.ai")
MISTRAL = Feed(
    "rootly",
    "https://status.mistral.ai",
    components=(FeedComponent("completion", "Completion API"), FeedComponent("vibe", "Vibe")),
)
DEEPSEEK = Feed("flashduty", "https://status.deepseek.com", path="/api/status-page/6410630422455/summary/active")
V4_PRO, V4_FLASH = "01KY4MVS8BM3F9JSYWACGQVG7A", "01KY4MVS8BSBSVW6053QJ37RJE"


def test_openrouter_is_well_in_every_component_of_every_group_and_its_incidents_are_over() -> None:
    page = read(OPENROUTER, "openrouter-operational.json")
    assert {(c.status, c.level) for c in page.components} == {("operational", Level.OPERATIONAL)}
    assert len(page.components) == 7
    assert [(i.is_open, i.impact) for i in page.incidents] == [(False, "minor")] * 4
    # Filed two weeks after the fact.
    assert page.incidents[2].started_at == datetime.fromisoformat("2026-08-28T02:15:00Z")
    assert page.incidents[2].resolved_at == datetime.fromisoformat("2026-08-28T02:19:00Z")
    assert page.maintenances == ()


def test_an_open_incident_at_openrouter_has_the_worst_impact_of_its_timeline() -> None:
    page = read(OPENROUTER, "openrouter-incident-reconstructed.json")
    assert {c.id: c.level for c in page.components if c.level is not Level.OPERATIONAL} == {CHAT: Level.DEGRADED}
    (incident,) = (i for i in page.incidents if i.is_open)
    assert (incident.status, incident.impact, incident.components) == ("identified", "major", (CHAT,))
    assert incident.latest == "We have identified the cause."


def test_a_maintenance_of_july_that_together_still_lists_is_dropped() -> None:
    page = read(TOGETHER, "together-operational-trimmed.json")
    assert [(c.name, c.level) for c in page.components] == [("Website", Level.OPERATIONAL)]
    assert (page.incidents, page.maintenances) == ((), ())


def test_one_model_of_together_that_is_down_is_down() -> None:
    page = read(TOGETHER, "together-downtime-reconstructed.json")
    assert [(c.id, c.level.value) for c in page.components] == [("8475065", "operational"), ("8911095", "down")]
    (incident,) = page.incidents
    assert (incident.status, incident.impact, incident.components) == ("downtime", "critical", ("8911095",))
    assert incident.latest == "We are investigating."


def test_mistral_is_well_as_its_indicator_says() -> None:
    page = read(MISTRAL, "mistral-rootly-status-operational-reconstructed.json", answers=2)
    assert [(c.id, c.name, c.status, c.level) for c in page.components] == [
        ("completion", "Completion API", "none", Level.OPERATIONAL),
        ("vibe", "Vibe", "none", Level.OPERATIONAL),
        ("page", "Mistral AI", "none", Level.OPERATIONAL),
    ]


def test_an_incident_at_mistral_is_on_what_its_updates_name() -> None:
    page = read(MISTRAL, "mistral-rootly-status-incident-reconstructed.json", answers=2)
    assert {c.id: c.level.value for c in page.components} == {
        "completion": "operational",
        "vibe": "down",
        "page": "down",
    }
    (incident,) = page.incidents
    assert (incident.status, incident.impact, incident.components) == ("identified", "major", ("vibe",))


def test_deepseek_without_a_change_is_well_in_every_component() -> None:
    page = read(DEEPSEEK, "deepseek-operational.json")
    assert {(c.status, c.level) for c in page.components} == {("operational", Level.OPERATIONAL)}
    assert len(page.components) == 5
    assert page.components[1].name == "DeepSeek V4.1 Flash API服务(API Service)"


def test_a_change_at_deepseek_holds_its_components_and_is_told_in_english() -> None:
    page = read(DEEPSEEK, "deepseek-incident-reconstructed.json")
    assert {c.id: c.status for c in page.components if c.level is not Level.OPERATIONAL} == {
        V4_PRO: "degraded",
        V4_FLASH: "partial_outage",
    }
    (incident,) = page.incidents
    assert (incident.id, incident.impact, incident.components) == ("6750347231287", "major", (V4_PRO, V4_FLASH))
    assert incident.latest == "The cause has been identified and a fix is being implemented."
    assert incident.started_at == datetime.fromisoformat("2026-07-24T06:30:38Z")


def test_the_list_of_all_changes_is_no_summary() -> None:
    with pytest.raises(feeds.BadFeed, match=r"^data\.page: an object was expected, got nothing$"):
        read(DEEPSEEK, "deepseek-changelist-resolved-trimmed.json")


def test_what_was_scraped_off_a_rootly_page_is_none_of_its_documents() -> None:
    with pytest.raises(feeds.BadFeed, match=r"^incidents\[0\]\.status: a text was expected, got nothing$"):
        read(MISTRAL, "mistral-page-scrape-20261001-trimmed.json", answers=2)


@pytest.mark.parametrize(
    "name",
    ["anthropic-status-operational.json", "anthropic-incidents-history.json", "github-status-major-20260806.json"],
)
def test_other_documents_of_the_same_host_are_no_summary(name: str) -> None:
    with pytest.raises(feeds.BadFeed, match="components: a list was expected, got nothing"):
        read(CLAUDE, name)


def _load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((RECORDINGS / name).read_bytes())
    return loaded
