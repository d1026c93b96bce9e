"""What is peculiar to the feeds in XML, to AWS and to Alibaba."""

from __future__ import annotations

import json

import pytest

from tests.feeds.recorded import NOW, acme, answer, read
from trayapp import feeds
from trayapp.feeds import BadFeed
from trayapp.model.level import Level
from trayapp.model.provider import FeedComponent
from trayapp.model.reading import Page

RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>Acme</title>{}</channel></rss>'
AZURE = (
    "<item><guid>{guid}</guid><title>{title}</title><pubDate>{date}</pubDate>"
    "<category>Acme API</category><description>x</description></item>"
)
XAI = (
    "<item><title>[{tag}] Outage</title><guid>{guid}</guid><pubDate>Mon, 23 Nov 2026 11:00:00 GMT</pubDate>"
    "<category>{severity}</category><category>{state}</category><description>x</description></item>"
)


def rss(platform: str, *items: str) -> Page:
    return read(platform, RSS.format("".join(items)).encode())


def test_azure_uses_a_guid_again_so_its_date_belongs_to_it() -> None:
    dates = ("Mon, 23 Nov 2026 10:00:00 Z", "Mon, 23 Nov 2026 11:00:00 Z")
    page = rss("azure", *(AZURE.format(guid="slow", title="Slow", date=date) for date in dates))
    assert [each.id for each in page.incidents] == ["slow@2026-11-23T10:00Z", "slow@2026-11-23T11:00Z"]


def test_azure_writes_the_zone_as_z_which_is_utc() -> None:
    page = rss("azure", AZURE.format(guid="slow", title="Slow", date="Mon, 23 Nov 2026 10:00:00 Z"))
    started = page.incidents[0].started_at
    assert started is not None
    assert started.isoformat() == "2026-11-23T10:00:00+00:00"


def test_xai_repeats_an_incident_for_each_component() -> None:
    page = rss("xai", *(XAI.format(tag=tag, guid="ps_1", severity="outage", state="active") for tag in ("api", "chat")))
    assert [each.components for each in page.incidents] == [("api", "chat")]
    assert {each.level for each in page.components} == {Level.DOWN}


def test_xai_an_incident_is_open_until_it_is_over_everywhere() -> None:
    states = (("api", "resolved"), ("chat", "active"))
    page = rss("xai", *(XAI.format(tag=tag, guid="INC1", severity="outage", state=state) for tag, state in states))
    assert page.incidents[0].is_open
    assert [each.level for each in page.components] == [Level.OPERATIONAL, Level.DOWN]


def test_xai_a_severity_that_nobody_told_us_of_is_unknown() -> None:
    page = rss("xai", XAI.format(tag="api", guid="INC1", severity="meltdown", state="active"))
    assert page.components[0].level is Level.UNKNOWN


def test_a_feed_of_something_else_is_not_the_history_of_a_status_page() -> None:
    with pytest.raises(BadFeed, match="no entry says a state"):
        rss("rss", "<item><title>Ten tips</title><guid>1</guid><description>Read on</description></item>")


def test_without_declared_components_a_history_is_one_component() -> None:
    body = RSS.format(
        "<item><title>x</title><guid>1</guid><description>&lt;b&gt;Investigating&lt;/b&gt;</description></item>"
    )
    page = feeds.read(acme("rss", components=()), answer(body.encode()), NOW)
    assert [(each.id, each.name, each.level) for each in page.components] == [("page", "Acme", Level.DEGRADED)]


@pytest.mark.parametrize("mark", ["utf-16-be", "utf-16-le", "utf-8-sig"])
@pytest.mark.parametrize("status", [3, "3"])
def test_aws_writes_in_either_order_of_bytes_and_numbers_as_texts(mark: str, status: object) -> None:
    bom = {"utf-16-be": b"\xfe\xff", "utf-16-le": b"\xff\xfe", "utf-8-sig": b""}[mark]
    event = {"service": "bedrock-us-east-1", "date": "1795428000", "status": status, "summary": "Errors"}
    page = read("awshealth", bom + json.dumps([event]).encode(mark))
    assert page.components[0].level is Level.DOWN


def test_aws_a_number_that_nobody_told_us_of_is_unknown() -> None:
    event = {"service": "bedrock-us-east-1", "date": "1795428000", "status": "7", "summary": "Errors"}
    assert read("awshealth", json.dumps([event]).encode()).components[0].level is Level.UNKNOWN


def test_aws_an_event_of_another_region_is_left_out() -> None:
    event = {"service": "bedrock-sa-east-1", "date": "1795428000", "status": "3", "summary": "Errors"}
    assert read("awshealth", json.dumps([event]).encode()).incidents == ()


def test_alibaba_an_answer_that_says_it_failed_is_no_list() -> None:
    with pytest.raises(BadFeed, match="could not be made"):
        read("alibaba", b'{"success": false, "code": 500, "data": []}')


def test_the_page_of_google_workspace_is_of_google_cloud_s_form() -> None:
    rows = [
        {
            "id": "w1",
            "begin": "2026-11-23T10:00:00+00:00",
            "end": None,
            "external_desc": "Gemini app is slow",
            "updates": [],
            "most_recent_update": {"status": "SERVICE_DISRUPTION", "text": "Slow."},
            "status_impact": "SERVICE_DISRUPTION",
            "affected_products": [{"title": "Gemini", "id": "npdyhgECDJ6tB66MxXyo"}],
        }
    ]
    feed = acme(
        "googlecloud", path="/dashboard/incidents.json", components=(FeedComponent("npdyhgECDJ6tB66MxXyo", "Gemini"),)
    )
    [request] = feeds.requests(feed, "https://www.acme.test/appsstatus")
    assert request.url == "https://www.acme.test/appsstatus/dashboard/incidents.json"
    page = feeds.read(feed, answer(json.dumps(rows).encode()), NOW)
    assert page.components[0].level is Level.DEGRADED
