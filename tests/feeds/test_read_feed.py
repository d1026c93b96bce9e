"""From what a fetch gave to a page, or to the reason why there is none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from tests.feeds.recorded import FOLDER, NOW, acme, answer, read
from trayapp import feeds
from trayapp.feeds import BadFeed
from trayapp.model.provider import Feed
from trayapp.model.reading import Page
from trayapp.model.request import Failure, Outcome, Request

WELL = (FOLDER / "statuspage" / "all_well.json").read_bytes()


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        ({"status": None, "failure": Failure.DNS, "detail": "no such\nhost"}, "no such host"),
        ({"status": None, "failure": Failure.LOST}, "no answer (lost)"),
        ({"status": None}, "no answer"),
        ({"status": 503}, "HTTP 503"),
        ({"status": 204}, "HTTP 204"),
        ({"status": 302, "headers": {"location": "https://elsewhere.test"}}, "HTTP 302 to another place"),
        ({"status": 429}, "HTTP 429"),
        (
            {"status": 405, "headers": {"x-amzn-waf-action": "captcha"}},
            "a bot challenge stands before the page (HTTP 405)",
        ),
        (
            {"status": 403, "headers": {"cf-mitigated": "challenge"}},
            "a bot challenge stands before the page (HTTP 403)",
        ),
    ],
)
def test_what_is_no_good_answer_gives_its_reason(outcome: dict[str, object], reason: str) -> None:
    assert _reason(answer(WELL, **outcome)) == reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "an empty answer"),
        (b"\xef\xbb\xbf \n", "an empty answer"),
        (b"<!DOCTYPE html><title>Sign in</title>", "a web page came instead of the status document"),
        (b"\n <html><title>Just a moment...</title>", "a bot challenge stands before the page (HTTP 200)"),
        (b"<?xml version='1.0'?><rss/>", "JSON was expected: Expecting value: line 1 column 1 (char 0)"),
        (b'{"components": [', "JSON was expected: Expecting value: line 1 column 17 (char 16)"),
        (b"9" * 5000, "JSON was expected: Exceeds the limit (4300 digits) for integer string conversion: value has 5000 d…"),
        (b'{"components": ' * 200_000, "JSON nested too deep"),
        (b"[]", "the document: an object was expected, got a list"),
        (b"{}", "components: a list was expected, got nothing"),
        (b'{"components": {}}', "components: a list was expected, got an object"),
        (b'{"components": [7]}', "components[0]: an object was expected, got a number"),
        (b'{"components": [{}]}', "components[0].id: a text was expected, got nothing"),
        (b'{"components": [{"id": "", "status": "operational"}]}', "components[0].id: a text was expected, got an empty text"),
        (b'{"components": [{"id": "a", "status": true}]}', "components[0].status: a text was expected, got true or false"),
        (b'{"components": [{"group": "no"}]}', "components[0].group: true or false was expected, got a text"),
        (b'{"components": [], "incidents": [{"id": "i", "status": "x", "name": 1}]}', "incidents[0].name: a text was expected, got a number"),
    ],
)  # fmt: skip  # a row each
def test_a_body_that_is_no_summary_gives_its_reason(body: bytes, reason: str) -> None:
    assert _reason(answer(body)) == reason


@pytest.mark.parametrize("status", [200, 304])
def test_an_unchanged_answer_is_read_again(status: int) -> None:
    page = feeds.read(acme("statuspage"), answer(WELL, status=status, unchanged=True), NOW)
    assert len(page.components) == 2


def test_a_304_that_nobody_asked_for_is_no_answer() -> None:
    assert _reason(answer(b"", status=304)) == "HTTP 304 to another place"


def test_a_platform_that_is_not_here_asks_nothing_and_says_so() -> None:
    feed = acme("crystalball")
    assert feeds.requests(feed, feed.url) == ()
    with pytest.raises(feeds.BadFeed, match=r"^crystalball is not a status-page platform that Uptray knows$"):
        feeds.read(feed, (), NOW)


def test_nothing_fetched_is_nothing_read() -> None:
    assert _reason(()) == "nothing was fetched"


class Careless:
    """A platform that trusts what it is given."""

    def requests(self, feed: Feed, base: str) -> tuple[Request, ...]:
        return ()

    def parse(self, feed: Feed, bodies: Sequence[bytes], at: datetime) -> Page:
        bodies[0].decode("ascii")
        return Page(bodies[1])  # type: ignore[arg-type]  # it would fail before


@pytest.mark.parametrize(("body", "kind"), [(b"\xff", "UnicodeDecodeError"), (b"a", "IndexError")])
def test_what_a_careless_platform_raises_is_still_the_pages_fault(body: bytes, kind: str) -> None:
    with pytest.raises(feeds.BadFeed, match=rf"^not readable as statuspage \({kind}\)$"):
        feeds.parsed(Careless(), acme("statuspage"), [body], NOW)


@pytest.mark.parametrize(
    ("platform", "url"),
    [
        ("statuspage", "https://twin.test/api/v2/summary.json"),
        ("incidentio", "https://twin.test/proxy/status.acme.test"),
        ("googlecloud", "https://twin.test/incidents.json"),
        ("datadog", "https://twin.test/config.json"),
        ("betterstack", "https://twin.test/index.json"),
    ],
)
def test_the_platforms_own_path_is_asked_below_the_base(platform: str, url: str) -> None:
    (request,) = feeds.requests(acme(platform), "https://twin.test")
    assert request == Request(url, headers={"accept": "application/json"}, total_s=20.0, conditional=True)


@pytest.mark.parametrize("platform", feeds.platforms())
def test_the_provider_files_path_comes_before_the_platforms(platform: str) -> None:
    feed, base = acme(platform, path="/here.json"), "http://127.0.0.1:8001"
    request, *_ = feeds.requests(feed, base, allow_private=True)
    if platform == "aistudio":
        # The path is that of its second step; the first is a page for people.
        request, *_ = feeds.follow(feed, base, answer(b"<html>AIza" + b"0" * 35), allow_private=True)
    assert (request.url, request.allow_private) == ("http://127.0.0.1:8001/here.json", True)


def test_platforms_are_the_files_of_the_folder() -> None:
    files = {path.stem for path in Path(feeds.__file__).parent.glob("[!_]*.py")}
    assert {"betterstack", "datadog", "flashduty", "googlecloud", "incidentio", "rootly", "statuspage"} <= files
    assert list(feeds.platforms()) == sorted(files)


def test_a_word_that_nobody_told_us_of_is_unknown() -> None:
    body = b'{"components": [{"id": "api", "name": null, "status": "fine, really"}]}'
    (component,) = read("statuspage", body).components
    assert (component.name, component.status, component.level.value) == ("api", "fine, really", "unknown")


def _long(components: int, incidents: int) -> bytes:
    row = '{"id": "%d", "name": "n", "status": "operational"}'
    post = '{"id": "%d", "name": "n", "status": "identified", "impact": "none"}'
    rows, posts = (",".join(each % n for n in range(many)) for each, many in ((row, components), (post, incidents)))
    return f'{{"components": [{rows}], "incidents": [{posts}]}}'.encode()


def test_of_too_many_incidents_the_first_are_read() -> None:
    page = read("statuspage", _long(1000, 300))
    assert (len(page.components), len(page.incidents)) == (1000, 200)
    assert (page.components[-1].id, page.incidents[-1].id) == ("999", "199")


@pytest.mark.parametrize("many", [1001, 10_000])
def test_a_page_of_too_many_components_is_not_read(many: int) -> None:
    assert _reason(answer(_long(many, 0))) == "components: at most 1000 were expected"


def test_components_without_id_in_an_incident_are_found_by_name() -> None:
    body = b"""{"components": [{"id": "a", "name": "Acme API", "status": "operational"}],
                "incidents": [{"id": "i", "name": "ACME api, slow", "status": "identified", "impact": "minor",
                               "components": [{"name": "Acme API"}]}]}"""
    assert read("statuspage", body).incidents[0].components == ("a",)


def test_an_incident_opened_again_is_open_though_it_was_resolved_once() -> None:
    body = b"""{"components": [], "incidents": [{"id": "i", "name": "n", "status": "investigating", "impact": "major",
                                                 "resolved_at": "2026-11-23T10:00:00Z"}]}"""
    assert read("statuspage", body).incidents[0].is_open


def test_a_link_to_another_host_is_left_out() -> None:
    body = b"""[{"id": "x", "begin": "2026-11-23T10:00:00Z", "external_desc": "", "status_impact": "SERVICE_OUTAGE",
                 "affected_products": [{"id": "api"}], "uri": "//elsewhere.test/steal", "updates": []}]"""
    (incident,) = read("googlecloud", body).incidents
    assert (incident.url, incident.name) == (None, "Untitled")


def _reason(outcomes: Sequence[Outcome]) -> str:
    with pytest.raises(feeds.BadFeed) as caught:
        feeds.read(acme("statuspage"), outcomes, NOW)
    return str(caught.value)


def _summary(incident: dict[str, object] | None = None, *components: dict[str, str]) -> bytes:
    rows = [{"id": "api", "name": "Acme API", "status": "operational"}, *components]
    made = {"id": "i1", "name": "Slow", "status": "investigating", "impact": "minor", **(incident or {})}
    return json.dumps({"components": rows, "incidents": [made] if incident else []}).encode()


@pytest.mark.parametrize(
    ("began", "reason"),
    [
        ("2026-11-23T10:00:00", "a time with its zone was expected"),
        ("2027-11-23T10:00:00Z", "a time that has come was expected"),
    ],
)
def test_a_page_with_times_that_cannot_be_meant_is_not_judged_by(began: str, reason: str) -> None:
    with pytest.raises(BadFeed, match=reason):
        read("statuspage", _summary({"started_at": began}))


def test_a_page_that_lists_an_id_twice_is_not_judged_by() -> None:
    with pytest.raises(BadFeed, match="an id that stands there once was expected, got api twice"):
        read("statuspage", _summary(None, {"id": "api", "name": "Acme API", "status": "major_outage"}))


def test_a_component_whose_name_holds_no_word_is_found_in_no_title() -> None:
    page = read(
        "statuspage", _summary({"name": "Acme API is slow …"}, {"id": "x", "name": "…", "status": "operational"})
    )
    assert page.incidents[0].components == ("api",)
