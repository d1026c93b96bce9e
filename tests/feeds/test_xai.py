"""xAI repeats an incident for each component, in a feed whose forms vary."""

from __future__ import annotations

import pytest

from tests.feeds.recorded import NOW, acme, answer, read
from trayapp import feeds
from trayapp.feeds import BadFeed
from trayapp.model.level import Level
from trayapp.model.provider import FeedComponent
from trayapp.model.reading import Incident, Page

ITEM = (
    "<item><title>[{tag}] Outage</title><guid>{guid}</guid><link>{link}</link>"
    "<pubDate>Mon, 23 Nov 2026 11:00:00 GMT</pubDate>"
    "<category>{severity}</category><category>{state}</category><description><![CDATA[{html}]]></description></item>"
)
UPDATE = "<div><p><strong>Mon, 23 Nov 2026 {time} GMT</strong></p><h3>{state}</h3><p>{text}</p></div>"
EARLY = UPDATE.format(time="11:00:00", state="Investigating", text="We look into it.")
LATE = UPDATE.format(time="11:40:00", state="Identified", text="A disk is full.")
DONE = UPDATE.format(time="11:50:00", state="Resolved", text="It works.")


def feed(*items: str) -> bytes:
    return f"<rss><channel><title>Acme</title>{''.join(items)}</channel></rss>".encode()


def item(
    tag: str = "api", *, guid: str = "INC1", severity: str = "outage", state: str = "active", html: str = ""
) -> str:
    return ITEM.format(
        tag=tag, guid=guid, severity=severity, state=state, html=html, link="https://status.acme.test/a/1"
    )


def page(*items: str) -> Page:
    return read("xai", feed(*items))


def incident(*items: str) -> Incident:
    (only,) = page(*items).incidents
    return only


@pytest.mark.parametrize("guid", ["INC578e0bc8", "ps_d022a635bce02f4a", "something new"])
def test_an_incident_is_one_however_many_components_repeat_it(guid: str) -> None:
    found = page(item("api", guid=guid), item("chat", guid=guid))
    assert [(each.id, each.components) for each in found.incidents] == [(guid, ("api", "chat"))]
    assert {each.level for each in found.components} == {Level.DOWN}


def test_a_component_is_well_once_its_own_item_is_over_while_the_incident_goes_on_elsewhere() -> None:
    found = page(item("api", state="resolved"), item("chat"))
    assert found.incidents[0].is_open
    assert [each.level for each in found.components] == [Level.OPERATIONAL, Level.DOWN]


@pytest.mark.parametrize("updates", [(EARLY, LATE), (LATE, EARLY)])
def test_the_newest_update_speaks_in_whatever_order_they_come(updates: tuple[str, str]) -> None:
    found = incident(item(html=f"<h3>Status: ACTIVE</h3><hr />{''.join(updates)}"))
    assert (found.status, found.latest) == ("identified", "A disk is full.")
    assert found.updated_at is not None
    assert found.updated_at.isoformat() == "2026-11-23T11:40:00+00:00"


def test_it_is_over_without_a_line_that_says_when() -> None:
    found = incident(item(state="resolved", html=f"<h3>Status: RESOLVED</h3><hr />{DONE}{EARLY}"))
    assert not found.is_open
    assert found.resolved_at is not None
    assert found.resolved_at.isoformat() == "2026-11-23T11:50:00+00:00"
    assert not incident(item(state="resolved", html="<h3>Status: RESOLVED</h3>")).is_open


def test_it_goes_on_where_its_category_and_its_heading_differ() -> None:
    assert incident(item(state="resolved", html="<h3>Status: ACTIVE</h3>")).is_open
    assert incident(item(state="active", html="<h3>Status: RESOLVED</h3>")).is_open


def test_a_state_that_nobody_told_us_of_is_not_over() -> None:
    assert incident(item(state="verifying", html="<h3>Status: VERIFYING</h3>")).is_open


def test_space_around_what_an_item_says_changes_nothing() -> None:
    html = "\n\n      <h3>Status:   RESOLVED</h3>\n  <p>Severity:  outage</p>\n <p>Resolved: Mon, 23 Nov 2026 11:50:00 GMT</p>  "
    found = incident(item(state=" resolved ", severity=" outage ", html=html))
    assert (found.is_open, found.impact, found.resolved_at is not None) == (False, "critical", True)


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        ("outage", Level.DOWN),
        ("disruption", Level.DEGRADED),
        ("degraded", Level.DEGRADED),
        ("maintenance", Level.MAINTENANCE),
        ("meltdown", Level.UNKNOWN),
        ("", Level.UNKNOWN),
    ],
)
def test_every_severity_has_its_level_and_an_unknown_one_none(severity: str, level: Level) -> None:
    assert page(item(severity=severity)).components[0].level is level


def test_of_two_severities_the_worse_counts() -> None:
    assert page(item(severity="degraded", html="<p>Severity: outage</p>")).components[0].level is Level.DOWN


@pytest.mark.parametrize("severities", [("outage", "degraded"), ("degraded", "outage")])
def test_of_two_incidents_at_one_component_the_worse_counts(severities: tuple[str, str]) -> None:
    found = page(*(item(guid=severity, severity=severity) for severity in severities))
    assert (found.components[0].status, found.components[0].level) == ("outage", Level.DOWN)


def test_a_renamed_tag_is_known_by_its_host() -> None:
    known = (FeedComponent("Global (api.acme.test)", "Global"), FeedComponent("Grok (Web)", "Grok"))
    found = feeds.read(
        acme("xai", components=known), answer(feed(item("API (api.acme.test)"), item("Voice (Web)", guid="2"))), NOW
    )
    assert [each.level for each in found.components] == [Level.DOWN, Level.OPERATIONAL]
    assert [each.components for each in found.incidents] == [("Global (api.acme.test)",), ("Voice (Web)",)]


def test_an_open_incident_without_a_component_makes_the_feed_unreadable() -> None:
    bare = item().replace("[api] ", "")
    with pytest.raises(BadFeed, match="does not say in brackets"):
        page(bare)
    assert not page(bare.replace("active", "resolved")).incidents[0].is_open
