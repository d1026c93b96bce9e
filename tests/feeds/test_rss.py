"""The history of any status page, told by its feed alone."""

from __future__ import annotations

import pytest

from tests.feeds.recorded import NOW, acme, answer, read
from trayapp import feeds
from trayapp.feeds import BadFeed
from trayapp.model.level import Level
from trayapp.model.reading import Page

ITEM = (
    "<item><title>{title}</title><guid>{guid}</guid><pubDate>{date}</pubDate>"
    "<description><![CDATA[{html}]]></description></item>"
)
TODAY, LAST_WEEK, IN_SUMMER = (
    "Mon, 23 Nov 2026 11:00:00 GMT",
    "Sat, 14 Nov 2026 11:00:00 GMT",
    "Wed, 01 Jul 2026 11:00:00 GMT",
)


def item(html: str, *, title: str = "Acme API is slow", guid: str = "1", date: str = TODAY) -> str:
    return ITEM.format(title=title, guid=guid, date=date, html=html)


def body(*items: str) -> bytes:
    return f"<rss><channel><title>Acme</title>{''.join(items)}</channel></rss>".encode()


def page(*items: str) -> Page:
    return read("rss", body(*items))


def levels(*items: str) -> list[Level]:
    return [each.level for each in page(*items).components]


@pytest.mark.parametrize(
    "html",
    [
        "<p><small>Nov 23</small><br><strong>Resolved</strong> - x</p><p><strong>Investigating</strong> - y</p>",
        "<b>Status: Resolved</b><br/><br/>x",
        "<p><strong>RESOLVED</strong> - x</p>",
        "<strong>Update</strong> - more <strong>Postmortem</strong> - x",
    ],
    ids=["Statuspage", "incident.io", "capitals", "an update that is no state"],
)
def test_the_newest_state_is_the_first_in_whatever_form(html: str) -> None:
    assert levels(item(html)) == [Level.OPERATIONAL, Level.OPERATIONAL]


def test_an_incident_opened_again_is_open() -> None:
    assert levels(item("<strong>Identified</strong> - x <strong>Resolved</strong> - y")) == [
        Level.DEGRADED,
        Level.OPERATIONAL,
    ]


def test_an_incident_that_names_no_component_may_be_about_each() -> None:
    assert levels(item("<strong>Investigating</strong> - x", title="Errors")) == [Level.DEGRADED, Level.DEGRADED]


def test_only_the_components_that_incident_io_lists_are_touched() -> None:
    html = "<b>Status: Investigating</b><br/><b>Affected components</b><ul><li>Acme Chat ({})</li></ul>"
    assert levels(item(html.format("Full outage"))) == [Level.OPERATIONAL, Level.DOWN]
    assert levels(item(html.format("Operational"))) == [Level.OPERATIONAL, Level.OPERATIONAL]
    assert levels(item(html.format("Quite odd"))) == [Level.OPERATIONAL, Level.UNKNOWN]


def test_the_link_with_two_slashes_that_incident_io_writes_is_mended() -> None:
    link = "<link>https://status.acme.test//incidents/1</link><description>"
    found = page(item("<b>Status: Resolved</b>").replace("<description>", link))
    assert found.incidents[0].url == "https://status.acme.test/incidents/1"


def test_a_state_that_nobody_told_us_of_is_unknown_while_it_is_new() -> None:
    known = item("<strong>Resolved</strong> - x", guid="2")
    strange = "<strong>Pondering</strong> - x"
    assert levels(item(strange), known) == [Level.UNKNOWN, Level.OPERATIONAL]
    assert levels(item(strange, date=LAST_WEEK), known) == [Level.OPERATIONAL, Level.OPERATIONAL]


def test_work_that_was_never_called_completed_is_forgotten() -> None:
    begun = "<strong>In progress</strong> - x"
    assert [each.id for each in page(item(begun), item(begun, guid="2", date=IN_SUMMER)).maintenances] == ["1"]


def test_a_feed_of_something_else_is_not_the_history_of_a_status_page() -> None:
    with pytest.raises(BadFeed, match="no entry says a state"):
        page(item("Read on", title="Ten tips"))


def test_a_text_without_end_is_read_only_so_far() -> None:
    with pytest.raises(BadFeed, match="no entry says a state"):
        page(item("x" * 100_000 + "<b>Investigating</b>"))


def test_without_declared_components_the_page_is_one() -> None:
    found = feeds.read(acme("rss", components=()), answer(body(item("<b>Investigating</b>"))), NOW)
    assert [(each.id, each.name, each.level) for each in found.components] == [("page", "Acme", Level.DEGRADED)]
