"""The picture any screen can show."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import T0, acme, at, incident, ping
from trayapp.decide.present import TOOLTIP_LIMIT, picture
from trayapp.model.level import Cause, Level
from trayapp.model.picture import Fact
from trayapp.model.provider import Provider
from trayapp.model.reading import Component, Maintenance, NetworkState, Page, PageReading, Symptom
from trayapp.model.verdict import Case, FeedView, Verdict


def verdict(provider: str, level: Level, **more: object) -> Verdict:
    case = {Level.OFFLINE: Case.NETWORK, Level.OPERATIONAL: Case.WELL}.get(level, Case.SILENT_PAGE)
    return Verdict(provider, level, Cause.PROVIDER, case, T0, at(60), **more)  # type: ignore[arg-type]  # a fixture


def providers(*ids: str) -> dict[str, Provider]:
    return {id: replace(acme(), id=id, name=id.title()) for id in ids}


@pytest.mark.parametrize(
    ("levels", "headline"),
    [
        ([Level.OPERATIONAL, Level.OPERATIONAL], "All 2 providers work, checked 1 min ago"),
        ([Level.OPERATIONAL], "Acme API works, checked 1 min ago"),
        ([Level.OPERATIONAL, Level.DOWN], "B: down, for 2 min"),
        ([Level.DEGRADED, Level.DOWN], "B: down, for 2 min"),
        ([Level.UNKNOWN, Level.OPERATIONAL], "A: unknown, for 2 min"),
    ],
)
def test_the_headline_is_the_worst_verdict_with_its_age(levels: list[Level], headline: str) -> None:
    ids = ["a", "b"][: len(levels)]
    shown = picture([verdict(i, level) for i, level in zip(ids, levels, strict=True)], providers(*ids), at(120))
    assert shown.headline == headline


def test_the_users_own_network_is_named_before_any_provider() -> None:
    offline = verdict("a", Level.OFFLINE, network=NetworkState.OFFLINE)
    assert picture([offline], providers("a"), at(5)).headline == "Your network is down, for a moment"
    blocked = verdict("a", Level.OFFLINE, network=NetworkState.ONLINE)
    assert picture([blocked], providers("a"), at(5)).headline == "A: your network, for a moment"


def test_with_nobody_to_watch_the_picture_says_what_to_do() -> None:
    shown = picture([], {}, T0)
    assert shown.level is Level.UNKNOWN
    assert "preferences" in shown.headline
    assert shown.tooltip


def test_a_check_of_this_moment_is_just_now() -> None:
    both = [verdict("a", Level.OPERATIONAL), verdict("b", Level.OPERATIONAL)]
    assert picture(both, providers("a", "b"), at(61)).headline == "All 2 providers work, checked just now"


def test_the_tooltip_begins_with_the_worst() -> None:
    seen = [verdict("a", Level.OPERATIONAL), verdict("b", Level.DOWN), verdict("c", Level.UNKNOWN)]
    assert picture(seen, providers("a", "b", "c"), T0).tooltip == "B: down\nC: unknown\nA: works"


@given(st.lists(st.tuples(st.text(max_size=60), st.sampled_from(list(Level))), max_size=40))
def test_the_tooltip_never_passes_what_windows_shows(seen: list[tuple[str, Level]]) -> None:
    known = {str(i): replace(acme(), id=str(i), name=name) for i, (name, _) in enumerate(seen)}
    shown = picture([verdict(str(i), level) for i, (_, level) in enumerate(seen)], known, T0)
    assert len(shown.tooltip) <= TOOLTIP_LIMIT


def test_the_details_show_the_evidence() -> None:
    page = Page(
        (
            Component("api", "Acme API", "major_outage", Level.DOWN),
            Component("docs", "Docs", "operational", Level.OPERATIONAL),
        ),
        (incident("api"), replace(incident("docs"), id="i2")),
        (Maintenance("m", "Upgrade", "in_progress"), Maintenance("n", "Docs", "scheduled")),
    )
    reading = PageReading("a", T0, "https://status.acme.test", page)
    feed = FeedView("statuspage", reading.url, Level.DOWN, T0, None, reading, frozenset({"api", "i1", "m"}))
    seen = verdict(
        "a",
        Level.DOWN,
        feed=feed,
        probes=(ping(0, Symptom.OK), ping(0, Symptom.SERVER_ERROR, "free", detail="HTTP 500")),
    )
    [row] = picture([seen], {"a": replace(acme(note="A note."), id="a")}, at(60)).rows
    assert row.facts == (
        Fact("Since", "for 1 min"),
        Fact("Status page", "down, read 1 min ago"),
        Fact("Acme API", "major outage"),
        Fact("Incident", "Elevated errors (investigating)"),
        Fact("Maintenance", "Upgrade (in progress)"),
        Fact("Ping without a key", "answered, 100 ms, 1 min ago"),
        Fact("Ping with your key", "server error (HTTP 500), 100 ms, 1 min ago"),
        Fact("Note", "A note."),
    )
    assert (row.word, row.page) == ("down", "https://status.acme.test")


@pytest.mark.parametrize(
    ("feed", "words"),
    [
        (FeedView("statuspage", "u", Level.UNKNOWN, error="HTTP 503"), "could not be read: HTTP 503"),
        (FeedView("statuspage", "u", Level.UNKNOWN), "not read yet"),
    ],
)
def test_a_page_that_was_not_read_says_why(feed: FeedView, words: str) -> None:
    [row] = picture([verdict("a", Level.UNKNOWN, feed=feed)], providers("a"), T0).rows
    assert Fact("Status page", words) in row.facts


def test_a_suspicion_shows_as_such() -> None:
    [row] = picture([verdict("a", Level.OPERATIONAL, suspect=True)], providers("a"), T0).rows
    assert (row.word, row.suspect) == ("checking again", True)


def test_pause_and_complaint_are_passed_on() -> None:
    shown = picture([], {}, T0, paused_until=at(60), complaint="config.toml, line 3: …")
    assert (shown.paused_until, shown.complaint) == (at(60), "config.toml, line 3: …")
