"""Whatever a page sends: a Page or BadFeed, soon, and nothing well that does not say so in the platform's language."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.feeds.recorded import FOLDER, STATES, acme, bodies, read
from trayapp.feeds import BadFeed, platforms, requests
from trayapp.model.level import Level
from trayapp.model.reading import Page

JSON = sorted(platform for platform in platforms() if any((FOLDER / platform).glob("*.json")))
#: Of every platform with JSON: of every state the documents.
DOCUMENTS = {
    platform: [[json.loads(body) for body in bodies(path)] for path in STATES if path.parent.name == platform]
    for platform in JSON
}
XML = sorted(set(platforms()) - set(JSON))
FEEDS = {platform: [bodies(path)[0] for path in STATES if path.parent.name == platform] for platform in XML}
KEYS = sorted({word for path in STATES for word in bodies(path)[0].decode(errors="ignore").split('"')[1::2]})
#: Seconds. A hundred times what the slowest takes, for machines that are busy; a parser gone quadratic needs hours.
SOON = 10.0

platform_names = st.sampled_from(sorted(platforms()))
texts = st.text(max_size=30) | st.sampled_from([*KEYS, "<![x[", "\ud800\u202e", "0001-01-01T00:00:00+23:59"])
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=6), max_leaves=20
)


@settings(deadline=None)
@given(platform_names, st.binary(max_size=300))
@example("statuspage", b"\xff\xfe[\x00")
def test_any_bytes(platform: str, body: bytes) -> None:
    page = _read(platform, body)
    assert page is None or _says_well(platform, body) or not _well(page)


@settings(deadline=None)
@given(platform_names, values)
def test_any_json(platform: str, value: Any) -> None:
    body = json.dumps(value).encode()
    page = _read(platform, body)
    assert page is None or _says_well(platform, body) or not _well(page)


@settings(deadline=None)
@given(st.sampled_from(JSON), st.data())
def test_a_page_with_one_thing_replaced_or_removed(platform: str, data: st.DataObject) -> None:
    documents = json.loads(json.dumps(data.draw(st.sampled_from(DOCUMENTS[platform]))))
    document = data.draw(st.sampled_from(documents))
    holder, key = data.draw(st.sampled_from(list(_places(document)) or [([None], 0)]))
    if data.draw(st.booleans()):
        del holder[key]
    else:
        holder[key] = data.draw(values)
    sent = [json.dumps(each).encode() for each in documents]
    page = _read(platform, *sent)
    assert page is None or _says_well(platform, *sent) or not _well(page)


@settings(deadline=None)
@given(st.sampled_from(JSON), st.data())
def test_a_page_cut_off_is_never_read(platform: str, data: st.DataObject) -> None:
    sent = [json.dumps(each).encode() for each in data.draw(st.sampled_from(DOCUMENTS[platform]))]
    cut = data.draw(st.integers(0, len(sent) - 1))
    sent[cut] = sent[cut][: data.draw(st.integers(0, len(sent[cut]) - 1))]
    assert _read(platform, *sent) is None


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
    page = _read(platform, sent)
    assert page is None or _says_well(platform, sent) or not _well(page)


@settings(deadline=None)
@given(st.sampled_from(XML), st.data())
def test_a_feed_cut_off_is_never_read(platform: str, data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(FEEDS[platform])).rstrip()
    assert _read(platform, body[: data.draw(st.integers(0, len(body) - 1))]) is None


BILLION_LAUGHS = (
    b'<!DOCTYPE rss [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 10) for c in range(ord("b"), ord("k")))
    + b"]><rss><channel><title>&j;</title></channel></rss>"
)
ELSEWHERE = b'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><title>&a;</title></channel></rss>'
PLAIN_DTD = b'<!DOCTYPE rss SYSTEM "https://status.acme.test/rss.dtd"><rss version="2.0"><channel></channel></rss>'


@pytest.mark.parametrize("platform", XML)
@pytest.mark.parametrize("body", [BILLION_LAUGHS, ELSEWHERE, PLAIN_DTD], ids=["laughs", "elsewhere", "dtd"])
def test_a_feed_with_a_document_type_is_not_read(platform: str, body: bytes) -> None:
    with pytest.raises(BadFeed, match="document type"):
        read(platform, body)


@settings(deadline=None)
@given(values)
def test_a_component_is_well_only_when_its_status_says_so(status: Any) -> None:
    document = {"components": [{"id": "api", "name": "Acme API", "status": status}]}
    page = _read("statuspage", json.dumps(document).encode())
    assert (page is not None and bool(_well(page))) == (status == "operational")


def _many(shape: Callable[[str], object]) -> bytes:
    """Return a 2 MB document of rows with a text that is costly to read."""
    text = "<a " * 300 + "**" * 300 + "&#x3c" * 300 + "gemini flash, " * 300
    return json.dumps(shape(text)).encode()


HUGE = {
    "brackets": b"[" * 2_000_000,
    "objects": b'{"components":' * 150_000,
    "deep but closed": b'{"components":' + b"[" * 900 + b"]" * 900 + b"}",
    "markup without end": b"<" * 2_000_000,
    "digits": b"9" * 2_000_000,
    "spaces": b" " * 2_000_000,
    "one text": b'"' + b"a" * 2_000_000 + b'"',
    "statuspage": _many(
        lambda text: {
            "components": [{"id": str(n), "name": text[:40], "status": "operational"} for n in range(1000)],
            "incidents": [{"id": str(n), "name": text, "status": "x", "impact": "none"} for n in range(280)],
        }
    ),
    "googlecloud": _many(
        lambda text: [
            {"id": str(n), "external_desc": text, "status_impact": "x", "affected_products": [{"id": "api"}]}
            for n in range(280)
        ]
    ),
    "datadog": _many(
        lambda text: {
            "components": [{"type": "ComponentGroup", "components": [{"id": "a", "name": text, "status": "degraded"}]}],
            "incidents": [
                {"id": str(n), "title": text, "currentStatus": "x", "timeline": [{"description": text}]}
                for n in range(140)
            ],
        }
    ),
    "betterstack": _many(
        lambda text: {
            "data": {},
            "included": [
                {"id": n, "type": "status_report", "attributes": {"title": text, "aggregate_state": "x"}}
                for n in range(280)
            ],
        }
    ),
    "flashduty": _many(
        lambda text: {
            "data": {
                "page": {"components": []},
                "active_changes": [
                    {
                        "change_id": n,
                        "type": "incident",
                        "status": "x",
                        "title": text,
                        "updates": [{"description": text}],
                    }
                    for n in range(140)
                ],
            }
        }
    ),
    "rootly": _many(
        lambda text: {
            "page": {"name": text},
            "status": {"indicator": "none"},
            "incidents": [
                {"id": n, "name": "", "status": "x", "incident_updates": [{"body": text}, {"body": text}]}
                for n in range(140)
            ],
        }
    ),
    "awshealth": _many(
        lambda text: [
            {
                "service": "bedrock-us-east-1",
                "date": str(n),
                "status": "2",
                "summary": text,
                "event_log": [{"message": text, "status": 1}],
            }
            for n in range(140)
        ]
    ),
    "alibaba": _many(
        lambda text: {"success": True, "data": [{"id": n, "title": text, "products": [text]} for n in range(140)]}
    ),
    "instatus": _many(
        lambda text: {
            "page": {"status": "UP"},
            "components": [{"id": str(n), "name": text[:40], "status": "OPERATIONAL"} for n in range(1000)],
            "activeIncidents": [{"id": str(n), "name": text, "status": "INVESTIGATING"} for n in range(140)],
        }
    ),
    "aistudio": _many(
        lambda text: [[[[str(n), text, 1, [[1, "", ["1795428000"], text]], 1, [1]] for n in range(140)]]]
    ),
    "xml": b"<rss><channel>"
    + b"".join(
        b"<item><title>[api] x</title><guid>%d</guid><description><![CDATA[<h3>Resolved</h3>%s]]></description></item>"
        % (n, b"<a " * 300 + b"**" * 300 + b"&#x3c" * 300 + b"gemini flash, " * 300)
        for n in range(260)
    )
    + b"</channel></rss>",
    "xml nested": b"<rss><channel>" + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</channel></rss>",
}


@pytest.mark.parametrize("platform", platforms())
@pytest.mark.parametrize("name", HUGE)
def test_two_megabytes_of_malice_take_no_long_time(platform: str, name: str) -> None:
    began = time.perf_counter()
    page = _read(platform, HUGE[name])
    assert time.perf_counter() - began < SOON
    own = name == platform or (platform in XML and name.startswith("xml"))
    assert page is not None if own else page is None or not _well(page)


def _read(platform: str, *sent: bytes) -> Page | None:
    """Return the page, None for BadFeed; anything else that is raised fails the test.

    One body is the answer to each of the platform's requests.
    """
    asked = len(requests(acme(platform), "https://status.acme.test"))
    try:
        return read(platform, *(sent * asked if len(sent) == 1 else sent))
    except BadFeed as error:
        assert str(error)
        assert len(str(error)) < 300
        assert "\n" not in str(error)
        return None


def _well(page: Page) -> set[str]:
    return {component.id for component in page.components if component.level is Level.OPERATIONAL}


def _lists(*found: object) -> bool:
    return all(isinstance(each, list) for each in found)


#: What is, on each platform with JSON, a page on which something is well.
SAYS_WELL: dict[str, Callable[..., bool]] = {
    "aistudio": lambda page: _lists(page),
    "alibaba": lambda page: page["success"] is True and _lists(page["data"]),
    "awshealth": lambda page: _lists(page),
    "betterstack": lambda page: any(row["attributes"].get("status") == "operational" for row in page["included"] if row["type"] == "status_page_resource"),
    "datadog": lambda page: '"status": "operational"' in json.dumps(page["components"]),
    "flashduty": lambda page: _lists(page["data"]["page"]["components"], page["data"]["active_changes"]),
    "googlecloud": lambda page: _lists(page, *(row["affected_products"] for row in page)),
    "incidentio": lambda page: _lists(page["summary"]["affected_components"], page["summary"]["ongoing_incidents"], page["summary"]["structure"]["items"]),
    "instatus": lambda summary, listed=None: any(row["status"] == "OPERATIONAL" for row in (listed or summary)["components"]),
    "rootly": lambda status, incidents=None: status["status"]["indicator"] in ("none", "minor", "major", "maintenance") and _lists((incidents or status)["incidents"]),
    "statuspage": lambda page: any(row.get("status") == "operational" and row.get("id") for row in page["components"]),
}  # fmt: skip  # a row each


def _says_well(platform: str, *sent: bytes) -> bool:
    """True when the bodies are what the platform calls a page on which something is well."""
    if platform in XML:
        return b"<rss" in sent[0] or b"<feed" in sent[0]
    try:
        documents = [json.loads(body) for body in sent]
    except (ValueError, RecursionError):
        return False
    return SAYS_WELL[platform](*documents)


def _places(document: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the holder and the key of everything in a document."""
    stack = [document]
    while stack:
        holder = stack.pop()
        inner = holder.items() if isinstance(holder, dict) else enumerate(holder)
        for key, child in inner:
            yield holder, key
            if isinstance(child, dict | list):
                stack.append(child)
