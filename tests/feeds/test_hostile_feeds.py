"""Whatever a page sends: a Page or BadFeed, soon, and nothing well that does not say so in the platform's language."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.feeds.malice import HUGE, JSON, XML, attempt, is_titled_feed, well
from tests.feeds.recorded import STATES, bodies
from trayapp.feeds import platforms

#: Of every platform with JSON: of every state the documents.
DOCUMENTS = {
    platform: [[json.loads(body) for body in bodies(path)] for path in STATES if path.parent.name == platform]
    for platform in JSON
}
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
    page = attempt(platform, body)
    assert page is None or _says_well(platform, body) or not well(page)


@settings(deadline=None)
@given(platform_names, values)
def test_any_json(platform: str, value: Any) -> None:
    body = json.dumps(value).encode()
    page = attempt(platform, body)
    assert page is None or _says_well(platform, body) or not well(page)


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
    page = attempt(platform, *sent)
    assert page is None or _says_well(platform, *sent) or not well(page)


@settings(deadline=None)
@given(st.sampled_from(JSON), st.data())
def test_a_page_cut_off_is_neverattempt(platform: str, data: st.DataObject) -> None:
    sent = [json.dumps(each).encode() for each in data.draw(st.sampled_from(DOCUMENTS[platform]))]
    cut = data.draw(st.integers(0, len(sent) - 1))
    sent[cut] = sent[cut][: data.draw(st.integers(0, len(sent[cut]) - 1))]
    assert attempt(platform, *sent) is None


@settings(deadline=None)
@given(values)
def test_a_component_is_well_only_when_its_status_says_so(status: Any) -> None:
    document = {"components": [{"id": "api", "name": "Acme API", "status": status}]}
    page = attempt("statuspage", json.dumps(document).encode())
    assert (page is not None and bool(well(page))) == (status == "operational")


@pytest.mark.parametrize("platform", platforms())
@pytest.mark.parametrize("name", HUGE)
def test_two_megabytes_of_malice_take_no_long_time(platform: str, name: str) -> None:
    began = time.perf_counter()
    page = attempt(platform, HUGE[name])
    assert time.perf_counter() - began < SOON
    own = name == platform or (platform in XML and name.startswith("xml"))
    assert page is not None if own else page is None or not well(page)


def _lists(*found: object) -> bool:
    return all(isinstance(each, list) for each in found)


#: What is, on each platform with JSON, a page on which something is well.
SAYS_WELL: dict[str, Callable[..., bool]] = {
    "aistudio": lambda page: _lists(page, *page[:1]),
    "alibaba": lambda page: page["success"] is True and _lists(page["data"]),
    "awshealth": lambda page: _lists(page),
    "betterstack": lambda page: any(row["attributes"].get("status") == "operational" for row in page["included"] if row["type"] == "status_page_resource"),
    "datadog": lambda page: '"status": "operational"' in json.dumps(page["components"]),
    "flashduty": lambda page: _lists(page["data"]["page"]["components"], page["data"]["active_changes"]),
    "googlecloud": lambda page: _lists(page, *(row["affected_products"] for row in page)),
    "incidentio": lambda page: _lists(page["summary"]["affected_components"], page["summary"]["ongoing_incidents"], page["summary"]["structure"]["items"]),
    "instatus": lambda summary, listed=None: any(row.get("status") == "OPERATIONAL" for row in (listed or summary)["components"]),
    "onlineornot": lambda page: page["success"] is True and "status.acme.test" in json.dumps(page["result"]["status_page"]) and any(row["status"] in ("OPERATIONAL", "NO_IMPACT") for row in page["result"]["components"]),
    "rootly": lambda status, incidents=None: status["status"]["indicator"] in ("none", "minor", "major", "maintenance") and _lists((incidents or status)["incidents"]),
    "statuspage": lambda page: any(row.get("status") == "operational" and row.get("id") for row in page["components"]),
}  # fmt: skip  # a row each


def _says_well(platform: str, *sent: bytes) -> bool:
    """True when the bodies are what the platform calls a page on which something is well."""
    if platform in XML:
        return is_titled_feed(sent[0])
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
