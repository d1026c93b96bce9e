"""Documents that list only trouble, as vendors really sent them."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.feeds.vendors import needs_recordings, read
from trayapp import feeds
from trayapp.model.level import Level
from trayapp.model.provider import Feed, FeedComponent

pytestmark = needs_recordings

XAI = Feed(
    "xai",
    "https://status.x.ai",
    components=(FeedComponent("Global (api.x.ai)", "API"), FeedComponent("Voice", "Voice")),
)
AZURE = Feed(
    "azure",
    "https://rssfeed.azure.status.microsoft",
    page="https://azure.status.microsoft/en-us/status",
    components=(FeedComponent("Azure OpenAI", "Azure OpenAI"), FeedComponent("apim", "API Management")),
)
BEDROCK = Feed(
    "awshealth", "https://health.aws.amazon.com", components=(FeedComponent("bedrock-us-east-1", "Bedrock"),)
)
QWEN = Feed("alibaba", "https://status.alibabacloud.com", components=(FeedComponent("Model Studio", "Model Studio"),))
STUDIO = Feed(
    "aistudio",
    "https://alkalimakersuite-pa.clients6.google.com",
    components=(FeedComponent("1", "Gemini API"), FeedComponent("2", "Live API"), FeedComponent("3", "AI Studio")),
)
CLAUDE_FEED = Feed("rss", "https://status.claude.com", components=(FeedComponent("api", "Claude API"),))
OPENAI_FEED = Feed(
    "rss", "https://status.openai.com", components=(FeedComponent("s", "Search"), FeedComponent("r", "Responses"))
)


def test_xai_is_well_after_nineteen_items_of_which_each_incident_is_one() -> None:
    page = read(XAI, "xai-resolved.xml")
    assert {(c.status, c.level) for c in page.components} == {("operational", Level.OPERATIONAL)}
    assert not any(i.is_open for i in page.incidents)
    outage = next(i for i in page.incidents if i.id == "INC578e0bc8")
    assert outage.components[:2] == ("Global (api.x.ai)", "US (us.api.x.ai)")
    assert (outage.impact, outage.latest) == (
        "critical",
        "This incident has been resolved. All services are operating normally.",
    )
    assert outage.started_at == datetime.fromisoformat("2026-09-22T01:02:42Z")
    assert outage.resolved_at == datetime.fromisoformat("2026-09-22T01:28:30Z")
    assert len(page.incidents) < 19


def test_an_outage_at_xai_without_a_guid_is_told_by_its_link() -> None:
    page = read(XAI, "xai-active-trimmed.xml")
    assert {c.level for c in page.components} == {Level.OPERATIONAL}
    (incident,) = (i for i in page.incidents if i.is_open)
    assert (incident.id, incident.components) == ("https://status.x.ai/grok-com/INC25664c15", ("Grok (Web)",))


def test_azure_is_quiet_and_then_lists_one_incident() -> None:
    assert {c.status for c in read(AZURE, "azure-operational-reconstructed.xml").components} == {"no broad incident"}
    page = read(AZURE, "azure-incident-20260723-reconstructed.xml")
    assert [c.level.value for c in page.components] == ["operational", "degraded"]
    (incident,) = page.incidents
    assert incident.id == "issues-connecting-to-resources-in-west-us@2026-07-23T16:29Z"
    assert incident.name == "Issues connecting to resources in West US"


@pytest.mark.parametrize("kind", ["", "-utf16"])
def test_bedrock_is_degraded_in_utf_8_as_in_utf_16(kind: str) -> None:
    page = read(BEDROCK, f"aws-currentevents-bedrock-active{kind}-reconstructed.json")
    assert [(c.status, c.level) for c in page.components] == [("degraded", Level.DEGRADED)]
    (incident,) = page.incidents
    assert incident.latest == "We have identified the root cause and are working on mitigation."


@pytest.mark.parametrize("name", ["operational-utf16-reconstructed", "resolved-2023"])
def test_bedrock_is_well_when_nothing_of_its_own_is_listed(name: str) -> None:
    page = read(BEDROCK, f"aws-currentevents-{name}.json")
    assert [c.level for c in page.components] == [Level.OPERATIONAL]
    assert page.incidents == ()


def test_the_list_of_all_events_of_aws_is_not_the_list_of_current_ones() -> None:
    with pytest.raises(feeds.BadFeed, match="a number from 0 to 3 was expected"):
        read(BEDROCK, "aws-public-events-bedrock-resolved-trimmed.json")


def test_alibaba_lists_an_event_of_model_studio() -> None:
    assert [c.level for c in read(QWEN, "alibaba-operational-reconstructed.json").components] == [Level.OPERATIONAL]
    page = read(QWEN, "alibaba-incident-reconstructed.json")
    assert [c.level for c in page.components] == [Level.DEGRADED]
    assert [(i.id, i.components) for i in page.incidents] == [("12345", ("Model Studio",))]


def test_ai_studio_has_two_open_incidents_and_ten_that_are_over() -> None:
    page = read(STUDIO, "gemini-aistudio-active-incident-trimmed.json", "2026-04-18T00:00:00Z")
    assert [c.level.value for c in page.components] == ["degraded", "operational", "degraded"]
    assert [i.id for i in page.incidents if i.is_open] == [
        "GeminiAPI-new-keys-20260417",
        "AIStudio-model-errors-20260417",
    ]
    assert len(page.incidents) == 12
    assert page.incidents[0].started_at == datetime.fromisoformat("2026-04-17T23:00:00Z")


def test_ai_studio_is_well_when_every_newest_update_says_so() -> None:
    page = read(STUDIO, "gemini-aistudio-operational-reconstructed.json")
    assert {c.level for c in page.components} == {Level.OPERATIONAL}


def test_the_history_of_claude_is_read_past_an_update_that_is_no_state() -> None:
    page = read(CLAUDE_FEED, "anthropic-history-atom-trimmed.xml")
    assert [(i.status, i.models) for i in page.incidents] == [("investigating", ()), ("resolved", ("sonnet",))]
    assert page.incidents[0].url == "https://status.claude.com/incidents/461yvfrzpwtt"
    # It names no component, so it may be about any.
    assert [c.level for c in page.components] == [Level.DEGRADED]


def test_the_history_of_openai_names_the_components_with_their_states() -> None:
    page = read(OPENAI_FEED, "openai-history-atom-trimmed.xml")
    assert [(c.id, c.status) for c in page.components] == [("s", "degraded_performance"), ("r", "operational")]
    assert page.incidents[0].components == ("s",)


@pytest.mark.parametrize("feed", [XAI, AZURE, CLAUDE_FEED], ids=lambda feed: feed.platform)
@pytest.mark.parametrize("name", ["xai-resolved.xml", "azure-operational-reconstructed.xml"])
def test_the_feed_of_another_provider_is_refused(feed: Feed, name: str) -> None:
    if name.startswith(feed.platform):
        pytest.skip("its own")
    with pytest.raises(feeds.BadFeed, match="which is not this provider's page"):
        read(feed, name)


@pytest.mark.parametrize("name", ["mastodon-major-20251217", "whereby-operational"])
def test_the_data_of_an_instatus_page_for_people_is_not_its_summary(name: str) -> None:
    with pytest.raises(feeds.BadFeed, match=r"^page: an object was expected, got nothing$"):
        read(Feed("instatus", "https://status.acme.test"), f"platform-instatus-{name}-page.json", answers=2)
