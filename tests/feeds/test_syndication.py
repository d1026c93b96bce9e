"""RSS and Atom, broken in every way: never read as well, never for long, nothing fetched and nothing expanded."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.feeds.malice import XML, attempt, is_titled_feed, well
from tests.feeds.recorded import FOLDER, STATES, bodies, read
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
