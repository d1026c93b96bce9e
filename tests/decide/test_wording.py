"""The sentences: what was seen, by whom, and whose fault it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import T0, acme, at, elsewhere, incident, page, ping
from trayapp.decide.wording import summary
from trayapp.decide.words import NETWORK, SEEN, WORDS, age
from trayapp.model.level import Cause, Level
from trayapp.model.reading import NetworkState, Page, PageReading, Symptom
from trayapp.model.verdict import Case, FeedView, Verdict

GREEN = FeedView("statuspage", "https://status.acme.test", Level.OPERATIONAL, T0, None, page(0), frozenset({"api"}))
RED = replace(GREEN, level=Level.DOWN, reading=page(0, {"api": Level.DOWN}))
UNREAD = replace(GREEN, level=Level.UNKNOWN, error="HTTP 503")
OK = ping(0, kind="free")
PAID = replace(ping(0, Symptom.OVERLOADED, "paid", detail="HTTP 529 overloaded_error"), model="small")
AGENT = ping(0, Symptom.SERVER_ERROR, "passive", detail="codex: 500")
DOOR = ping(0)
FAILED = ping(0, Symptom.SERVER_ERROR, "free", detail="HTTP 500 api_error")


def verdict(case: Case, level: Level = Level.DOWN, **more: object) -> Verdict:
    values: dict[str, object] = {"feed": GREEN, "failed": 4, "tried": 4, "symptom": Symptom.SERVER_ERROR, **more}
    return Verdict("acme", level, Cause.PROVIDER, case, T0, T0, **values)  # type: ignore[arg-type]  # a fixture


@pytest.mark.parametrize(
    ("seen", "sentence"),
    [
        (
            verdict(Case.SILENT_PAGE, probes=(FAILED,)),
            "Acme API fails for you (4 of 4 pings, HTTP 500 api_error); the status page shows nothing yet",
        ),
        (verdict(Case.SILENT_PAGE, probes=(FAILED,), feed=None), "Acme API fails for you (4 of 4 pings, HTTP 500 api_error)"),
        (
            verdict(Case.SILENT_PAGE, Level.DEGRADED, feed=UNREAD),
            "Acme API works badly for you (4 of 4 pings, server error); the status page could not be read (HTTP 503)",
        ),
        (
            verdict(Case.CONFIRMED, probes=(FAILED,), incident=incident("api")),
            "Acme API fails for you (4 of 4 pings, HTTP 500 api_error), and the status page says so too: "
            "“Elevated errors” (investigating)",
        ),
        (
            verdict(Case.REPORTED, feed=RED, probes=(DOOR,)),
            "Acme API: the status page says Acme API (api.acme.test): down; the front door answers you",
        ),
        (verdict(Case.REPORTED, feed=RED), "Acme API: the status page says Acme API (api.acme.test): down; no ping of your own"),
        (verdict(Case.REPORTED, feed=GREEN), "Acme API: the status page says trouble; no ping of your own"),
        (
            verdict(Case.REPORTED_WORKS, Level.DEGRADED, probes=(OK,), incident=incident("api")),
            "Acme API: the status page says “Elevated errors” (investigating), but it works for you (100 ms)",
        ),
        (
            verdict(Case.REPORTED_ACCEPTED, Level.DEGRADED, probes=(OK,), incident=incident("api")),
            "Acme API: the status page says “Elevated errors” (investigating); your key is accepted (100 ms), "
            "generation was not tried",
        ),
        (
            verdict(Case.REPORTED_WORKS, Level.DEGRADED, probes=(ping(0, kind="passive"),), incident=incident("api")),
            "Acme API: the status page says “Elevated errors” (investigating), but your agent is answered",
        ),
        (
            verdict(Case.SILENT_PAGE, probes=(FAILED,), seen_since=at(210), elsewhere=elsewhere(0, 61.0)),
            "Acme API fails for you (4 of 4 pings, HTTP 500 api_error); the status page shows nothing after 6 min; "
            "OpenRouter sees it too (61.0 % of requests in 5 minutes)",
        ),
        (
            verdict(Case.SILENT_PAGE, Level.DEGRADED, probes=(PAID,), evidence=(PAID,), symptom=Symptom.OVERLOADED),
            "Acme API works badly for you (4 of 4 pings, HTTP 529 overloaded_error with small); "
            "the status page shows nothing yet",
        ),
        (
            verdict(Case.SILENT_PAGE, feed=None, probes=(AGENT,), evidence=(AGENT,)),
            "Acme API fails for you (4 of 4 requests of your agent, codex: 500)",
        ),
        (
            verdict(Case.SILENT_PAGE, feed=None, probes=(FAILED,), shared=("other",)),
            "Acme API fails for you (4 of 4 pings, HTTP 500 api_error); other fails at the same edge",
        ),
        (
            verdict(Case.CUT_OFF, Level.OFFLINE, shared=("google", "openai")),
            "Acme API cannot be reached from here, nor can google, openai, while other sites answer: something on the "
            "way (a filter, proxy or VPN) blocks them; nothing is known about the providers",
        ),
        (
            verdict(Case.UNSTABLE, Level.DEGRADED, probes=(FAILED,)),
            "Acme API is unstable: it changes between answering and failing (HTTP 500 api_error)",
        ),
        (verdict(Case.WELL, Level.OPERATIONAL, probes=(DOOR, OK)), "Acme API answers your key (100 ms) and the status page shows no trouble"),
        (verdict(Case.WELL, Level.OPERATIONAL, probes=(DOOR,), feed=None), "Acme API answers at the front door (100 ms)"),
        (verdict(Case.WELL, Level.OPERATIONAL), "Acme API works"),
        (
            verdict(Case.WELL_UNREAD, Level.OPERATIONAL, probes=(OK,), feed=UNREAD),
            "Acme API answers your key (100 ms); the status page could not be read (HTTP 503)",
        ),
        (
            verdict(Case.DOOR_ONLY, Level.UNKNOWN, probes=(DOOR,)),
            "Acme API: the front door answers, but the status page could not be read (nothing fresh), and no key is set",
        ),
        (verdict(Case.PAGE_ONLY, Level.OPERATIONAL), "Acme API: the status page shows no trouble; no ping of your own"),
        (verdict(Case.MAINTENANCE, Level.MAINTENANCE), "Acme API: announced maintenance is under way, no failure seen"),
        (
            verdict(Case.KEY_REFUSED, Level.BLOCKED, symptom=Symptom.AUTH_SUSPECT),
            "Acme API suddenly refuses your key, which worked (4 of 4 pings, key refused): "
            "their sign-in or your account, not yet known",
        ),
        (
            verdict(Case.ACCOUNT, Level.BLOCKED, symptom=Symptom.NO_CREDIT),
            "Acme API: your account has no credit left or has reached its own limit (4 of 4 pings, no credit); "
            "this is about your account, not an outage",
        ),
        (
            verdict(Case.NETWORK, Level.OFFLINE, network=NetworkState.CAPTIVE_PORTAL),
            "Your network wants you to log in first; nothing is known about Acme API",
        ),
        (
            verdict(Case.NETWORK, Level.OFFLINE, symptom=Symptom.PROXY_AUTH),
            "Acme API cannot be reached from here: your proxy wants a login; nothing is known about the provider",
        ),
        (verdict(Case.NOT_RUNNING, Level.UNKNOWN), "Acme API is not running (api.acme.test)"),
        (
            verdict(Case.COMPONENTS_LOST, Level.UNKNOWN, feed=replace(GREEN, lost=("api",))),
            "Acme API: the status page no longer lists what counts for you (api)",
        ),
        (verdict(Case.NOTHING_FRESH, Level.UNKNOWN), "Acme API has not been looked at yet"),
        (verdict(Case.NOTHING_FRESH, Level.UNKNOWN, feed=UNREAD), "Acme API: not known; the status page could not be read (HTTP 503)"),
        (
            verdict(Case.NOTHING_FRESH, Level.UNKNOWN, feed=None, probes=(ping(0, Symptom.SKIPPED, detail="no proxy"),)),
            "Acme API: not known; no proxy",
        ),
        (
            verdict(Case.WELL, Level.OPERATIONAL, suspect=True),
            "Acme API works; one ping just failed, checking again",
        ),
        (
            verdict(Case.NOTHING_FRESH, Level.UNKNOWN, suspect=True, probes=(FAILED,)),
            "Acme API: the first ping failed (HTTP 500 api_error); checking again",
        ),
        (verdict(Case.WELL, Level.UNKNOWN, stale=True), "Acme API: nothing fresh; the last look was 10 min ago"),
    ],
)  # fmt: skip
def test_a_verdict_is_one_plain_sentence(seen: Verdict, sentence: str) -> None:
    assert summary(seen, acme(), at(600)) == sentence


def test_a_provider_without_a_name_for_its_api_is_called_by_its_own() -> None:
    assert summary(verdict(Case.NOT_RUNNING), acme(api=None), T0).startswith("Acme is not running")


def test_a_stale_page_is_dated_by_its_own_reading() -> None:
    old = verdict(Case.WELL, stale=True, probes=(ping(-60),), feed=None)
    assert summary(old, acme(), at(600)) == "Acme API: nothing fresh; the last look was 11 min ago"


@pytest.mark.parametrize("case", list(Case))
@pytest.mark.parametrize("level", list(Level))
def test_every_story_can_be_told_at_every_level(case: Case, level: Level) -> None:
    bare = PageReading("acme", T0, "https://status.acme.test", Page())
    sentence = summary(verdict(case, level, feed=replace(GREEN, reading=bare), symptom=None), acme(), T0)
    assert sentence.startswith(("Acme", "Your network"))
    assert "\n" not in sentence


def test_every_level_network_and_symptom_has_words() -> None:
    assert set(SEEN) == set(Symptom)
    assert set(WORDS) == set(Level)
    assert set(NETWORK) == set(NetworkState)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "just now"),
        (3, "just now"),
        (30, "30 s"),
        (60, "1 min"),
        (3600, "1 h"),
        (4680, "1 h 18 min"),
        (200000, "2 days"),
    ],
)
def test_an_age_is_told_in_words(seconds: float, words: str) -> None:
    assert age(seconds) == words


@given(st.floats(-1e9, 1e9))
def test_any_age_has_words(seconds: float) -> None:
    assert age(seconds)
