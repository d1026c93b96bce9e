"""Azure lists what is going on and nothing else, under ids that it uses again."""

from __future__ import annotations

import pytest

from tests.feeds.recorded import NOW, acme, answer, read
from trayapp import feeds
from trayapp.feeds import BadFeed
from trayapp.model.level import Level
from trayapp.model.provider import FeedComponent
from trayapp.model.reading import Page

ITEM = (
    "<item><guid>slow</guid><title>{title} </title><pubDate>Mon, 23 Nov 2026 {time}:00:00 Z</pubDate>"
    "<category>{category}</category><category>West US</category><description>&lt;p&gt;Slow.&lt;/p&gt;</description></item>"
)


def body(*items: str, head: str = "<title>Azure Status</title>") -> bytes:
    return f"<rss><channel>{head}{''.join(items)}</channel></rss>".encode()


def item(title: str = "Slow answers", category: str = "Acme API", time: int = 10) -> str:
    return ITEM.format(title=title, category=category, time=time)


def openai(*items: str) -> Page:
    feed = acme("azure", components=(FeedComponent("Azure OpenAI", "Azure OpenAI"),))
    return feeds.read(feed, answer(body(*items)), NOW)


def test_a_guid_that_is_used_again_is_another_incident() -> None:
    page = read("azure", body(item(time=10), item(time=11)))
    assert [each.id for each in page.incidents] == ["slow@2026-11-23T10:00Z", "slow@2026-11-23T11:00Z"]


def test_the_zone_z_is_utc() -> None:
    started = read("azure", body(item())).incidents[0].started_at
    assert started is not None
    assert started.isoformat() == "2026-11-23T10:00:00+00:00"


def test_an_empty_channel_is_the_usual_state_and_claims_little() -> None:
    (component,) = openai().components
    assert (component.status, component.level) == ("no broad incident", Level.OPERATIONAL)


@pytest.mark.parametrize(
    ("title", "category"),
    [("Slow", "Azure OpenAI"), ("Slow", "Azure OpenAI Service"), ("Errors with Azure OpenAI in West US", "Network")],
)
def test_a_service_is_found_among_the_categories_and_in_the_title(title: str, category: str) -> None:
    page = openai(item(title, category))
    assert page.incidents[0].components == ("Azure OpenAI",)
    assert page.components[0].level is Level.DEGRADED


@pytest.mark.parametrize("category", ["OpenAI", "Azure", "Azure OpenAIx"])
def test_another_service_is_none_of_ours(category: str) -> None:
    page = openai(item("Slow answers", category))
    assert page.incidents[0].components == ()
    assert page.components[0].level is Level.OPERATIONAL


def test_a_short_id_is_a_category_of_its_own_and_not_part_of_another() -> None:
    feed = acme("azure", components=(FeedComponent("API", "Some gateway"),))
    pages = [feeds.read(feed, answer(body(item("Slow answers", each))), NOW) for each in ("api", "API Management")]
    assert [page.components[0].level for page in pages] == [Level.DEGRADED, Level.OPERATIONAL]


def test_the_feed_of_another_site_is_refused() -> None:
    head = "<title>Other Status</title><link>https://status.other.test/</link>"
    with pytest.raises(BadFeed, match=r"^this is the feed of status\.other\.test, which is not this provider's page$"):
        read("azure", body(head=head))
