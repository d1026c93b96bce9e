"""RSS and Atom, broken in every way: never read as well, never for long, nothing fetched and nothing expanded."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.feeds.malice import XML, attempt, is_titled_feed, well
from tests.feeds.recorded import FOLDER, NOW, STATES, acme, answer, bodies, read
from trayapp import feeds
from trayapp.feeds import BadFeed

FEEDS = {platform: [bodies(path)[0] for path in STATES if path.parent.name == platform] for platform in XML}
#: Of these an entry tells of trouble at "api" that goes on.
TROUBLED = {
    platform: [(FOLDER / platform / f"{state}.xml").read_bytes() for state in ("component_degraded", "major_outage")]
    for platform in XML
}


@settings(deadline=None)
@given(st.sampled_from(XML), st.data())
def test_a_feed_with_some_bytes_replaced(platform: str, data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(FEEDS[platform]))
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 200)))
    put = data.draw(
        st.binary(max_size=30) | st.sampled_from([b"<", b"]]>", b"<!DOCTYPE a>", b"&a;", b"<item>", b"</item>"])
    )
    sent = body[:start] + put + body[end:]
    page = attempt(platform, sent)
    assert page is None or is_titled_feed(sent) or not well(page)


@settings(deadline=None)
@given(st.sampled_from(XML), st.data())
def test_trouble_in_an_entry_is_never_lost_by_what_is_around_it(platform: str, data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(TROUBLED[platform]))
    entry = re.search(rb"<(item|entry)>.*</\1>", body, re.DOTALL)
    assert entry is not None
    places = st.integers(0, entry.start()) | st.integers(entry.end(), len(body))
    start = data.draw(places)
    end = data.draw(st.integers(start, entry.start() if start <= entry.start() else len(body)))
    put = data.draw(
        st.binary(max_size=12)
        | st.sampled_from([b"<!--", b"-->", b"<![CDATA[", b"<a>", b"</a>", b"<a/>", b"<item/>", b"</channel><channel>"])
        | st.sampled_from([b"<title>x</title>", b' xmlns="x"', b"items", b"https://elsewhere.test"])
    )
    page = attempt(platform, body[:start] + put + body[end:])
    assert page is None or "api" not in well(page)


@settings(deadline=None)
@given(st.sampled_from(XML), st.data())
def test_a_feed_cut_off_is_neverattempt(platform: str, data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(FEEDS[platform])).rstrip()
    assert attempt(platform, body[: data.draw(st.integers(0, len(body) - 1))]) is None


BILLION_LAUGHS = (
    b'<!DOCTYPE rss [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 10) for c in range(ord("b"), ord("k")))
    + b"]><rss><channel><title>&j;</title></channel></rss>"
)
ELSEWHERE = b'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><title>&a;</title></channel></rss>'
PLAIN_DTD = b'<!DOCTYPE rss SYSTEM "https://status.acme.test/rss.dtd"><rss version="2.0"><channel></channel></rss>'


@pytest.mark.parametrize("platform", XML)
@pytest.mark.parametrize("body", [BILLION_LAUGHS, ELSEWHERE, PLAIN_DTD], ids=["laughs", "elsewhere", "dtd"])
def test_a_feed_with_a_document_type_is_notattempt(platform: str, body: bytes) -> None:
    with pytest.raises(BadFeed, match="document type"):
        read(platform, body)


def rss(inner: str) -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0">{inner}</rss>'.encode()


def atom(inner: str) -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{inner}</feed>'.encode()


@pytest.mark.parametrize("platform", XML)
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (rss("<channel></channel>"), "a feed without a title"),
        (rss("<channel><title> \u200b</title></channel>"), "a feed without a title"),
        (atom("<id>x</id>"), "a feed without a title"),
        (rss(""), "neither RSS nor Atom"),
        (rss("<channel><title>a</title></channel><channel><title>b</title></channel>"), "neither RSS nor Atom"),
        (b"<html><body/></html>", "a web page came instead of the status document"),
        (b"<opml/>", "neither RSS nor Atom"),
        (b"<feed><title>a</title></feed>", "neither RSS nor Atom"),
        (rss("<channel><title>a</title><items/></channel>"), "RSS has no items in a channel"),
        (
            rss("<channel><title>a</title>&nbsp;</channel>"),
            "XML was expected: undefined entity",
        ),
        (b'<?xml version="1.0" encoding="klingon"?><rss/>', "XML was expected: unknown encoding"),
        (
            rss("<channel><title>a</title><link>https://elsewhere.test/</link></channel>"),
            "this is the feed of elsewhere.test, which is not this provider's page",
        ),
        (
            atom('<title>a</title><link href="https://elsewhere.test/"/>'),
            "this is the feed of elsewhere.test, which is not this provider's page",
        ),
        (b"{}", "XML was expected: not well-formed"),
    ],
)
def test_what_is_no_feed_of_the_page_gives_its_reason(platform: str, body: bytes, reason: str) -> None:
    with pytest.raises(BadFeed) as caught:
        read(platform, body)
    assert str(caught.value).startswith(reason)


@pytest.mark.parametrize(
    "inner",
    [
        '<title>a</title><link rel="self" href="https://elsewhere.test/feed"/>',
        '<title>a</title><link rel="alternate" href="https://status.acme.test"/><link rel="hub" href="https://x.test"/>',
        '<title>a</title><link href="/history"/>',
    ],
)
def test_only_the_link_to_the_page_tells_whose_a_feed_is(inner: str) -> None:
    assert well(read("rss", atom(inner))) == {"api", "chat"}


def test_the_page_of_a_feed_may_be_on_another_host_than_the_feed() -> None:
    feed = acme("azure", url="https://feed.acme.test", page="https://status.acme.test/")
    body = rss("<channel><title>a</title><link>https://status.acme.test/en-us/</link></channel>")
    assert well(feeds.read(feed, answer(body), NOW)) == {"api", "chat"}


def test_an_entry_inside_of_another_is_none() -> None:
    inner = "<item><title>[chat] x</title><item><title>[api] y</title></item></item>"
    assert well(read("xai", rss(f"<channel><title>a</title>{inner}</channel>"))) == {"api"}


def test_of_a_long_feed_the_first_entries_are_read() -> None:
    items = "".join(f"<item><guid>{number}</guid><title>x</title></item>" for number in range(300))
    assert len(read("azure", rss(f"<channel><title>a</title>{items}</channel>")).incidents) == 200


def test_utf_16_is_read_as_well() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><rss><channel><title>a</title></channel></rss>'
    assert well(read("azure", text.encode("utf-16"))) == {"api", "chat"}


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Mon, 23 Nov 2126 10:00:00 GMT", "Mon, 99 Nov 2026 10:00:00 GMT", "0"]
)
def test_a_date_that_is_none_or_has_not_come_is_left_out(date: str) -> None:
    item = f"<item><guid>1</guid><title>x</title><pubDate>{date}</pubDate></item>"
    (incident,) = read("azure", rss(f"<channel><title>a</title>{item}</channel>")).incidents
    assert (incident.id, incident.started_at) == ("1", None)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8001", "http://localhost:8001"])
def test_a_copy_on_a_private_address_leads_to_where_the_page_really_is(address: str) -> None:
    body = b'<rss version="2.0"><channel><title>x</title><link>https://status.other.test</link></channel></rss>'
    assert feeds.read(acme("azure", url=address), answer(body), NOW).incidents == ()


def test_a_link_that_is_no_address_tells_of_no_other_page() -> None:
    body = b'<rss version="2.0"><channel><title>x</title><link>http://[</link></channel></rss>'
    assert feeds.read(acme("azure"), answer(body), NOW).incidents == ()
