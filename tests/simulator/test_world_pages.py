"""The stand-in status pages, asked over HTTP: what they say before and after each post, and by hand."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fakes import FakeClock
from trayapp import feeds
from trayapp.model.level import Level
from trayapp.model.provider import Feed, FeedComponent
from trayapp.model.request import Outcome
from trayapp.model.secret import Secret
from trayapp.simulator.scenario import Scenario, calm, load, scenario
from trayapp.simulator.world import World

PAYLOADS = Path(__file__).parents[3] / "shared" / "recordings" / "payloads"
NOON = datetime(2026, 9, 15, 12, tzinfo=UTC)
API, CODE = "k8w3r06qmzrp", "yyzkbfz2thpt"
RESPONSES = "01JP8CD9JR3HR6Y7G4Q75N4DVW"
VERTEX = "Z0FZJAMvEB4j3NbCJs6B"
SUMMARY = "/api/v2/summary.json"
PROXY = "/proxy/status.openai.com"
GOOGLE = "/incidents.json"


@asynccontextmanager
async def world(told: Scenario | None = None) -> AsyncIterator[tuple[World, FakeClock, httpx.AsyncClient]]:
    told = told or calm(NOON)
    clock = FakeClock(told.start)
    async with World(told, clock, Secret("valid")) as made, httpx.AsyncClient(verify=False, trust_env=False) as client:
        yield made, clock, client


async def page(made: World, client: httpx.AsyncClient, provider: str, path: str) -> Any:
    answer = await client.get(made.page(provider).url + path)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("application/json")
    return answer.json()


async def test_the_page_speaks_when_the_scenario_says_so() -> None:
    async with world(scenario("april_28_2026")) as (made, clock, client):
        seen = []
        for when in ("17:34:30", "17:40:59", "17:41:00", "17:51:00", "18:33:00", "18:52:30", "18:59:00", "19:15:00"):
            clock.jump((datetime.fromisoformat(f"2026-04-28T{when}+00:00") - clock.now()).total_seconds())
            document = await page(made, client, "anthropic", SUMMARY)
            states = {component["status"] for component in document["components"]}
            statuses = [incident["status"] for incident in document["incidents"]]
            updates = [len(incident["incident_updates"]) for incident in document["incidents"]]
            seen.append((when, document["status"]["indicator"], states, statuses, updates))
        bad, well = {"major_outage"}, {"operational"}
        assert seen == [
            ("17:34:30", "none", well, [], []),
            ("17:40:59", "none", well, [], []),
            ("17:41:00", "critical", bad, ["investigating"], [1]),
            ("17:51:00", "critical", bad, ["identified"], [2]),
            ("18:33:00", "critical", bad, ["identified"], [3]),
            ("18:52:30", "critical", bad, ["identified"], [3]),
            ("18:59:00", "none", well, ["monitoring"], [4]),
            ("19:15:00", "none", well, [], []),
        ]
        history = await page(made, client, "anthropic", "/api/v2/incidents.json")
        assert history["incidents"][0]["resolved_at"] == "2026-04-28T19:15:00.000Z"
        newest = history["incidents"][0]["incident_updates"][0]
        assert newest["status"] == "resolved" and newest["affected_components"][0]["old_status"] == "operational"


async def test_who_has_the_page_already_gets_a_304_until_it_changes() -> None:
    async with world() as (made, clock, client):
        url = made.page("anthropic").url + SUMMARY
        first = await client.get(url)
        known = {"if-none-match": first.headers["etag"]}
        clock.jump(3600)
        again = await client.get(url, headers=known)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
        made.page("anthropic").component(API, "partial_outage")
        changed = await client.get(url, headers=known)
        assert changed.status_code == 200 and changed.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize(
    ("states", "indicator", "description"),
    [
        ({}, "none", "All Systems Operational"),
        ({API: "degraded_performance"}, "minor", "Partially Degraded Service"),
        ({API: "partial_outage", CODE: "degraded_performance"}, "minor", "Minor Service Outage"),
        ({API: "major_outage"}, "major", "Partial System Outage"),
        ({API: "under_maintenance"}, "maintenance", "Service Under Maintenance"),
        ({API: "a_new_word"}, "none", "All Systems Operational"),
    ],
)
async def test_the_statuspage_indicator_is_that_of_all_components(
    states: dict[str, str], indicator: str, description: str
) -> None:
    async with world() as (made, _, client):
        for id, state in states.items():
            made.page("anthropic").component(id, state)
        document = await page(made, client, "anthropic", SUMMARY)
        assert document["status"] == {"indicator": indicator, "description": description}
        assert {row["id"]: row["status"] for row in document["components"] if row["status"] != "operational"} == states


async def test_incident_io_lists_only_what_is_not_well_in_its_own_words() -> None:
    async with world() as (made, clock, client):
        assert (await page(made, client, "openai", PROXY))["summary"]["affected_components"] == []
        made.page("openai").incident("inc", "Errors", components={RESPONSES: "major_outage"}, text="We look.")
        clock.jump(60)
        summary = (await page(made, client, "openai", PROXY))["summary"]
        assert summary["affected_components"] == [{"component_id": RESPONSES, "status": "full_outage"}]
        (incident,) = summary["ongoing_incidents"]
        assert incident["affected_components"] == [
            {"component_id": RESPONSES, "status": "full_outage", "current_status": "full_outage"}
        ]
        assert incident["updates"][0]["message_string"] == "We look."
        made.page("openai").incident("inc", "Errors", "monitoring", components={RESPONSES: "operational"})
        summary = (await page(made, client, "openai", PROXY))["summary"]
        assert summary["affected_components"] == []
        assert [update["to_status"] for update in summary["ongoing_incidents"][0]["updates"]] == [
            "investigating",
            "monitoring",
        ]
        made.page("openai").incident("inc", "Errors", "resolved")
        assert (await page(made, client, "openai", PROXY))["summary"]["ongoing_incidents"] == []


async def test_google_tells_of_products_only_through_incidents() -> None:
    async with world() as (made, clock, client):
        assert await page(made, client, "google", GOOGLE) == []
        made.page("google").component(VERTEX, "partial_outage")
        (incident,) = await page(made, client, "google", GOOGLE)
        assert (incident["end"], incident["status_impact"]) == (None, "SERVICE_DISRUPTION")
        assert [product["id"] for product in incident["affected_products"]] == [VERTEX]
        made.page("google").incident("inc", "Errors", components={VERTEX: "major_outage"}, text="We look.")
        clock.jump(60)
        made.page("google").incident("inc", "Errors", "resolved", components={VERTEX: "operational"})
        (incident,) = await page(made, client, "google", GOOGLE)
        assert (incident["id"], incident["end"]) == ("inc", "2026-09-15T12:01:00+00:00")
        assert [update["status"] for update in incident["updates"]] == ["AVAILABLE", "SERVICE_OUTAGE"]
        assert incident["currently_affected_locations"] == []


async def test_announced_work_is_on_each_page_that_has_a_place_for_it() -> None:
    async with world() as (made, _, client):
        until = NOON + timedelta(hours=2)
        made.page("anthropic").maintenance("work", "A move", NOON, until, [API], "in_progress")
        made.page("openai").maintenance("work", "A move", NOON, until, [RESPONSES])
        (work,) = (await page(made, client, "anthropic", SUMMARY))["scheduled_maintenances"]
        assert (work["status"], work["scheduled_until"]) == ("in_progress", "2026-09-15T14:00:00.000Z")
        assert [row["id"] for row in work["components"]] == [API]
        (work,) = (await page(made, client, "openai", PROXY))["summary"]["scheduled_maintenances"]
        assert (work["status"], work["component_impacts"][0]["end_at"]) == (
            "maintenance_scheduled",
            "2026-09-15T14:00:00.000Z",
        )


@pytest.mark.parametrize(
    ("provider", "platform", "component"),
    [("anthropic", "statuspage", API), ("openai", "incidentio", RESPONSES), ("google", "googlecloud", VERTEX)],
)
async def test_uptray_reads_from_each_page_what_was_put_on_it(provider: str, platform: str, component: str) -> None:
    async with world() as (made, clock, client):
        feed = Feed(platform, made.page(provider).url, path=PROXY if provider == "openai" else None,
                    components=(FeedComponent(component, "It"),))  # fmt: skip

        async def level() -> tuple[Level, list[str]]:
            (request,) = feeds.requests(feed, feed.url, allow_private=True)
            answer = await client.get(request.url)
            read = feeds.read(feed, [Outcome(request.url, 200, answer.headers, answer.content)], clock.now())
            states = {each.id: each.level for each in read.components}
            return states[component], [each.status for each in read.incidents if each.is_open]

        assert await level() == (Level.OPERATIONAL, [])
        seen = []
        for state in ("degraded_performance", "partial_outage", "major_outage"):
            made.page(provider).incident("inc", "Errors", components={component: state}, text="We look.")
            clock.jump(60)
            found, incidents = await level()
            seen.append(found)
            assert len(incidents) == 1
        assert seen[0] is Level.DEGRADED and seen[2] is Level.DOWN
        made.page(provider).incident("inc", "Errors", "resolved", components={component: "operational"})
        assert await level() == (Level.OPERATIONAL, [])


async def test_a_component_or_page_that_is_not_there_is_a_mistake_of_the_test() -> None:
    async with world() as (made, _, _client):
        with pytest.raises(KeyError):
            made.page("anthropic").component("k8w3", "major_outage")
        with pytest.raises(KeyError):
            made.page("local")


async def test_other_paths_are_not_found() -> None:
    async with world() as (made, _, client):
        for provider, path in (("anthropic", "/"), ("openai", SUMMARY), ("google", "/products.json")):
            answer = await client.get(made.page(provider).url + path)
            assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=UTF-8")


PAGE_DOWN = """title = "No page"
start = 2026-01-01T10:00:00Z
end = 2026-01-01T12:00:00Z
[[incident]]
id = "one"
provider = "openai"
name = "The page is down"
path = "page"
from = 2026-01-01T10:10:00Z
to = 2026-01-01T11:00:00Z
status = 503
"""


async def test_a_broken_page_says_nothing_and_its_api_answers() -> None:
    async with world(load(PAGE_DOWN)) as (made, clock, client):
        await page(made, client, "openai", PROXY)
        clock.jump(600)
        answer = await client.get(made.page("openai").url + PROXY)
        assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html; charset=UTF-8")
        assert (await client.get(made.api("openai").url + "/v1/models")).status_code == 401
        await page(made, client, "anthropic", SUMMARY)
        clock.jump(3000)
        await page(made, client, "openai", PROXY)


def strangers(ours: Any, real: Any, at: str = "") -> list[str]:
    """Return where our document has a key or a kind of value that the recorded one does not have."""
    if isinstance(ours, dict) and isinstance(real, dict):
        missing = [f"{at}.{key}" for key in ours if key not in real]
        return missing + [
            each for key in ours if key in real for each in strangers(ours[key], real[key], f"{at}.{key}")
        ]
    if isinstance(ours, list) and isinstance(real, list):
        return strangers(ours[0], real[0], f"{at}[]") if ours and real else []
    same = isinstance(ours, type(real)) or ours is None or real is None
    return [] if same else [f"{at}: {type(ours).__name__} for {type(real).__name__}"]


@pytest.mark.skipif(not PAYLOADS.is_dir(), reason="the recordings are not on this machine")
@pytest.mark.parametrize(
    ("provider", "path", "component", "recorded", "complete"),
    [
        ("anthropic", SUMMARY, API, "anthropic-major-incident-reconstructed.json", True),
        ("openai", PROXY, RESPONSES, "openai-proxy-incident-reconstructed.json", False),
        ("google", GOOGLE, VERTEX, "google-cloud-vertex-active-reconstructed.json", False),
    ],
)
async def test_the_documents_have_the_form_of_the_real_ones(
    provider: str, path: str, component: str, recorded: str, complete: bool
) -> None:
    real = json.loads((PAYLOADS / recorded).read_text(encoding="utf-8"))
    async with world() as (made, _, client):
        made.page(provider).incident("inc", "Errors", components={component: "partial_outage"}, text="We look.")
        ours = await page(made, client, provider, path)
    assert strangers(ours, real) == []
    if complete:
        assert strangers(real, ours) == []
