"""The reducer: from observations to verdicts and transitions."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import T0, acme, at, elsewhere, incident, page, ping
from trayapp.judge.fuse import FUSED, Own, Says
from trayapp.judge.judge import Change, Judge
from trayapp.model.level import Cause, Level
from trayapp.model.provider import Provider
from trayapp.model.reading import NetworkReading, NetworkState, Observation, Reading, Symptom
from trayapp.model.settings import MonitorSettings, Scope
from trayapp.model.verdict import Case, NetworkTransition, Transition, Verdict

OK, BAD, SUSPECT_KEY = Symptom.OK, Symptom.SERVER_ERROR, Symptom.AUTH_SUSPECT


class Story:
    """A judge of one provider, and what it said."""

    def __init__(self, provider: Provider | None = None) -> None:
        self.provider = provider or acme()
        self.judge = Judge([self.provider], MonitorSettings(), {}, T0)
        self.changes: list[Change] = []

    def see(self, seconds: float, *readings: Reading) -> Verdict:
        self.changes += self.judge.take(Observation("acme", at(seconds), readings), at(seconds))
        return self.judge.verdicts[0]

    def pings(self, start: float, *symptoms: Symptom, gap_s: float = 20, kind: str = "keyless") -> Verdict:
        for index, symptom in enumerate(symptoms):
            moment = start + index * gap_s
            verdict = self.see(moment, ping(moment, symptom, kind))
        return verdict


def what(verdict: Verdict) -> tuple[Level, Cause, Case]:
    return verdict.level, verdict.cause, verdict.case


def test_every_pair_of_evidence_has_a_finding() -> None:
    assert set(FUSED) == set(Own)
    assert all(set(row) == set(Says) for row in FUSED.values())


def test_before_anything_was_seen_nothing_is_known() -> None:
    assert what(Story().judge.verdicts[0]) == (Level.UNKNOWN, Cause.UNKNOWN, Case.NOTHING_FRESH)


@pytest.mark.parametrize(
    ("symptom", "kind", "page_says", "expected"),
    [
        (OK, "keyless", Level.OPERATIONAL, (Level.OPERATIONAL, Cause.NONE, Case.WELL)),
        (OK, "free", Level.OPERATIONAL, (Level.OPERATIONAL, Cause.NONE, Case.WELL)),
        (OK, "keyless", Level.MAINTENANCE, (Level.MAINTENANCE, Cause.NONE, Case.MAINTENANCE)),
        (OK, "keyless", Level.DOWN, (Level.DOWN, Cause.PROVIDER, Case.REPORTED)),
        (OK, "keyless", Level.DEGRADED, (Level.DEGRADED, Cause.PROVIDER, Case.REPORTED)),
        (OK, "free", Level.DOWN, (Level.DEGRADED, Cause.PROVIDER, Case.REPORTED_ACCEPTED)),
        (OK, "paid", Level.DOWN, (Level.DEGRADED, Cause.PROVIDER, Case.REPORTED_ACCEPTED)),
        (BAD, "keyless", Level.DOWN, (Level.DOWN, Cause.PROVIDER, Case.CONFIRMED)),
        (BAD, "keyless", Level.UNKNOWN, (Level.UNKNOWN, Cause.UNKNOWN, Case.NOTHING_FRESH)),
    ],
)
def test_r12_one_round_of_ping_and_page(
    symptom: Symptom, kind: str, page_says: Level, expected: tuple[Level, Cause, Case]
) -> None:
    assert what(Story().see(0, page(0, {"api": page_says}), ping(0, symptom, kind))) == expected


def test_r12_pings_that_fail_under_a_green_page_are_an_outage_seen_here_first() -> None:
    story = Story()
    story.see(0, page(0), ping(0))
    assert story.see(60, ping(60, BAD)).suspect
    verdict = story.pings(80, BAD, BAD)
    assert what(verdict) == (Level.DOWN, Cause.PROVIDER, Case.SILENT_PAGE)
    assert (verdict.failed, verdict.tried) == (3, 3)
    assert verdict.since == at(60)


def test_r4_a_suspicion_keeps_the_level_and_tells_nobody() -> None:
    story = Story()
    story.see(0, page(0), ping(0))
    verdict = story.pings(60, BAD, OK, OK, OK)
    assert verdict.level is Level.OPERATIONAL
    assert len(story.changes) == 1


def test_the_page_turning_is_told_as_the_same_outage_confirmed() -> None:
    story = Story()
    story.see(0, page(0), ping(0))
    story.pings(60, BAD, BAD, BAD)
    verdict = story.see(130, page(130, {"api": Level.DOWN}))
    assert verdict.case is Case.CONFIRMED
    assert verdict.since == at(60)


def test_recovery_is_seen_here_and_told_once() -> None:
    story = Story()
    story.see(0, page(0), ping(0))
    story.pings(60, BAD, BAD, BAD)
    verdict = story.pings(130, OK, OK, OK, gap_s=31)
    assert verdict.level is Level.OPERATIONAL
    assert [c.after.level for c in story.changes if isinstance(c, Transition)] == ["operational", "down", "operational"]


def test_r6_a_key_that_worked_and_is_refused_is_nobodys_fault_yet() -> None:
    story = Story()
    story.see(0, page(0), ping(0, OK, "free"))
    assert what(story.pings(60, *[SUSPECT_KEY] * 3, kind="free")) == (Level.BLOCKED, Cause.UNKNOWN, Case.KEY_REFUSED)


def test_r6_the_page_makes_a_refused_key_the_providers_fault() -> None:
    story = Story()
    story.see(0, page(0), ping(0, OK, "free"))
    story.pings(60, *[SUSPECT_KEY] * 3, kind="free")
    verdict = story.see(130, page(130, {"api": Level.DOWN}))
    assert what(verdict) == (Level.DOWN, Cause.PROVIDER, Case.CONFIRMED)


def test_r6_after_ten_minutes_without_a_word_it_is_the_accounts_when_others_are_served_well() -> None:
    story = Story()
    story.see(0, page(0), ping(0, OK, "free"))
    story.pings(60, *[SUSPECT_KEY] * 25, kind="free", gap_s=30)
    verdict = story.see(720, page(720), ping(720, SUSPECT_KEY, "free"), elsewhere(720, 99.8))
    assert what(verdict) == (Level.BLOCKED, Cause.ACCOUNT, Case.ACCOUNT)


def test_r6_without_other_eyes_the_doubt_lasts_until_the_page_would_have_spoken() -> None:
    story = Story()
    story.see(0, page(0), ping(0, OK, "free"))
    story.pings(60, *[SUSPECT_KEY] * 25, kind="free", gap_s=30)
    assert story.see(720, page(720), ping(720, SUSPECT_KEY, "free")).cause is Cause.UNKNOWN
    assert story.see(7300, page(7300), ping(7300, SUSPECT_KEY, "free")).cause is Cause.ACCOUNT


def test_r6_a_refused_key_is_not_explained_by_an_incident_about_something_else() -> None:
    story = Story()
    story.see(0, page(0), ping(0, OK, "free"))
    story.pings(60, *[SUSPECT_KEY] * 3, kind="free")
    slow = page(130, {"api": Level.DEGRADED}, [incident("api")])
    verdict = story.see(130, slow, ping(130, SUSPECT_KEY, "free"))
    assert what(verdict) == (Level.BLOCKED, Cause.UNKNOWN, Case.KEY_REFUSED)


@pytest.mark.parametrize("words", ["Sign-in fails", "Elevated authentication errors", "Valid API keys are rejected"])
def test_r6_a_refused_key_is_explained_by_an_incident_about_who_may_come_in(words: str) -> None:
    story = Story()
    story.see(0, page(0), ping(0, OK, "free"))
    story.pings(60, *[SUSPECT_KEY] * 3, kind="free")
    told = page(130, {"api": Level.DEGRADED}, [replace(incident("api"), name=words)])
    verdict = story.see(130, told, ping(130, SUSPECT_KEY, "free"))
    assert what(verdict) == (Level.DEGRADED, Cause.PROVIDER, Case.CONFIRMED)


def test_r6_a_key_that_never_worked_is_the_accounts_at_once() -> None:
    story = Story()
    verdict = story.pings(0, SUSPECT_KEY, SUSPECT_KEY, kind="free")
    assert what(verdict) == (Level.BLOCKED, Cause.ACCOUNT, Case.ACCOUNT)


def test_r6_the_journal_remembers_that_the_key_worked() -> None:
    story = Story()
    story.judge.remember_key("acme", at(-3600))
    assert story.pings(0, *[SUSPECT_KEY] * 3, kind="free").cause is Cause.UNKNOWN


def test_no_credit_is_never_called_an_outage() -> None:
    story = Story()
    verdict = story.pings(0, Symptom.NO_CREDIT, Symptom.NO_CREDIT, kind="free")
    assert what(verdict) == (Level.BLOCKED, Cause.ACCOUNT, Case.ACCOUNT)


def test_r1_no_provider_is_blamed_while_our_own_network_is_down() -> None:
    story = Story()
    story.see(0, page(0), ping(0))
    verdict = story.see(60, NetworkReading(at(60), NetworkState.CAPTIVE_PORTAL), ping(60, Symptom.TIMEOUT_CONNECT))
    assert what(verdict) == (Level.OFFLINE, Cause.NETWORK, Case.NETWORK)
    assert not verdict.suspect
    assert [c.after for c in story.changes if isinstance(c, NetworkTransition)] == [NetworkState.CAPTIVE_PORTAL]


def test_r1_a_well_network_leaves_the_blame_with_the_provider() -> None:
    story = Story()
    story.see(0, page(0), ping(0))
    for seconds in (60, 80, 100):
        online = NetworkReading(at(seconds), NetworkState.ONLINE)
        verdict = story.see(seconds, online, ping(seconds, Symptom.TIMEOUT_CONNECT))
    assert verdict.level is Level.DOWN
    assert not any(isinstance(change, NetworkTransition) for change in story.changes)


def test_the_network_coming_back_is_a_change_of_its_own() -> None:
    story = Story()
    story.see(0, NetworkReading(at(0), NetworkState.OFFLINE, "none answers"))
    story.see(60, NetworkReading(at(60), NetworkState.OFFLINE, "none answers"))
    story.see(90, NetworkReading(at(90), NetworkState.ONLINE))
    assert [c.after for c in story.changes if isinstance(c, NetworkTransition)] == [
        NetworkState.OFFLINE,
        NetworkState.ONLINE,
    ]


def test_a_network_that_nobody_asked_about_is_no_news() -> None:
    story = Story()
    story.see(0, NetworkReading(at(0), NetworkState.ONLINE))
    assert story.changes == []
    assert story.judge.network.state is NetworkState.ONLINE


def test_an_answer_from_anybody_shows_that_the_network_is_there() -> None:
    for reading, state in (
        (ping(0), NetworkState.ONLINE),
        (page(0), NetworkState.ONLINE),
        (page(0, error="HTML"), NetworkState.UNKNOWN),
        (ping(0, Symptom.TIMEOUT_CONNECT), NetworkState.UNKNOWN),
        (ping(0, Symptom.SKIPPED), NetworkState.UNKNOWN),
    ):
        story = Story()
        story.see(0, reading)
        assert story.judge.network.state is state
    own = Story(acme(local=True, feed=None))
    own.see(0, ping(0))
    assert own.judge.network.state is NetworkState.UNKNOWN


def test_a_judge_after_new_settings_goes_on_with_what_was_held() -> None:
    story = Story()
    story.see(0, page(0), ping(0))
    heir = Judge([acme(), replace(acme(), id="other")], MonitorSettings(), {"acme": Scope(("docs",))}, at(1))
    heir.inherit(story.judge)
    assert [v.level for v in heir.verdicts] == [Level.OPERATIONAL, Level.UNKNOWN]
    changed = heir.take(Observation("acme", at(60), (page(60, {"docs": Level.DOWN}), ping(60))), at(60))
    assert [(c.after.level, c.baseline) for c in changed if isinstance(c, Transition)] == [(Level.DOWN, False)]


def test_a_provider_whose_file_changed_is_begun_anew() -> None:
    story = Story()
    story.see(0, page(0), ping(0))
    heir = Judge([acme(note="new")], MonitorSettings(), {}, at(1))
    heir.inherit(story.judge)
    assert heir.verdicts[0].level is Level.UNKNOWN


def test_what_is_seen_of_a_stranger_changes_nobody() -> None:
    story = Story()
    story.judge.take(Observation("stranger", at(0), (ping(0, BAD, provider="stranger"),)), at(0))
    assert what(story.judge.verdicts[0]) == (Level.UNKNOWN, Cause.UNKNOWN, Case.NOTHING_FRESH)
    assert story.judge.held("acme").provider is story.provider


def test_interception_of_one_provider_is_the_networks_fault_not_theirs() -> None:
    story = Story()
    verdict = story.pings(0, Symptom.TLS_INTERCEPTED, Symptom.TLS_INTERCEPTED)
    assert (verdict.level, verdict.cause) == (Level.OFFLINE, Cause.NETWORK)


def test_a_server_of_ones_own_that_nobody_started_is_no_outage() -> None:
    story = Story(acme(local=True, feed=None))
    assert what(story.pings(0, Symptom.REFUSED)) == (Level.UNKNOWN, Cause.NONE, Case.NOT_RUNNING)
    assert what(story.pings(20, *[Symptom.REFUSED] * 4)) == (Level.UNKNOWN, Cause.NONE, Case.NOT_RUNNING)


def test_a_server_of_ones_own_needs_no_network() -> None:
    story = Story(acme(local=True, feed=None))
    verdict = story.see(0, NetworkReading(at(0), NetworkState.OFFLINE), ping(0))
    assert verdict.level is Level.OPERATIONAL


def test_evidence_goes_stale_after_three_intervals() -> None:
    story = Story()
    assert story.see(0, page(0), ping(0)).level is Level.OPERATIONAL
    assert story.see(380).level is Level.OPERATIONAL
    verdict = story.see(400)
    assert (verdict.level, verdict.stale) == (Level.UNKNOWN, True)


def test_a_page_that_fails_once_shows_so_at_once_and_does_not_unmake_the_verdict() -> None:
    story = Story()
    story.see(0, page(0), ping(0))
    verdict = story.see(120, page(120, error="HTTP 503"), ping(120))
    assert verdict.feed is not None
    assert (verdict.feed.level, verdict.feed.error) == (Level.UNKNOWN, "HTTP 503")
    assert verdict.level is Level.OPERATIONAL
    for seconds in (240, 360, 480):
        verdict = story.see(seconds, page(seconds, error="HTTP 503"), ping(seconds))
    assert what(verdict) == (Level.UNKNOWN, Cause.UNKNOWN, Case.DOOR_ONLY)


def test_a_page_that_was_never_read_is_no_green() -> None:
    assert what(Story().see(0, page(0, error="HTML"), ping(0))) == (Level.UNKNOWN, Cause.UNKNOWN, Case.DOOR_ONLY)
    keyed = Story().see(0, page(0, error="HTML"), ping(0, OK, "free"))
    assert what(keyed) == (Level.OPERATIONAL, Cause.NONE, Case.WELL_UNREAD)


def test_a_page_without_the_components_that_count_is_told_so() -> None:
    judge = Judge([acme()], MonitorSettings(), {"acme": Scope(("gone",))}, T0)
    judge.take(Observation("acme", at(0), (page(0), ping(0))), at(0))
    assert judge.verdicts[0].case is Case.COMPONENTS_LOST


def test_the_incident_that_counts_most_is_named() -> None:
    verdict = Story().see(0, page(0, {"api": Level.DEGRADED}, [incident("api", impact="major")]), ping(0))
    assert verdict.incident is not None
    assert verdict.incident.name == "Elevated errors"


def test_the_first_verdict_after_start_and_wake_is_a_baseline() -> None:
    story = Story()
    story.see(0, page(0, {"api": Level.DOWN}), ping(0))
    story.judge.wake(at(3600))
    story.see(3600, page(3600), ping(3600))
    story.see(3720, page(3720, {"api": Level.DOWN}), ping(3720))
    assert [c.baseline for c in story.changes if isinstance(c, Transition)] == [True, True, False]


def test_r2_what_fails_to_get_through_just_after_wake_is_tested_again() -> None:
    story = Story()
    story.see(0, page(0), ping(0))
    story.judge.wake(at(100))
    assert not story.pings(101, *[Symptom.TIMEOUT_CONNECT] * 3, gap_s=10).suspect
    assert story.see(170, ping(170, Symptom.TIMEOUT_CONNECT)).suspect


def test_a_clock_set_back_leaves_no_evidence_from_the_future() -> None:
    story = Story()
    story.see(3600, page(3600), ping(3600))
    assert story.see(0).level is Level.UNKNOWN


readings = st.lists(
    st.one_of(
        st.tuples(st.just("ping"), st.sampled_from(list(Symptom)), st.sampled_from(["keyless", "free", "paid"])),
        st.tuples(st.just("page"), st.sampled_from(list(Level)), st.booleans()),
        st.tuples(st.just("net"), st.sampled_from(list(NetworkState)), st.none()),
        st.tuples(st.just("time"), st.integers(1, 900), st.none()),
    ),
    max_size=30,
)


@given(readings)
def test_no_green_without_fresh_evidence_and_no_outage_without_failure(steps: list[tuple[str, object, object]]) -> None:
    story, now, seen = Story(), 0.0, list[tuple[float, str, object]]()
    for what_, value, extra in steps:
        now += float(value) if isinstance(value, int) else 10.0
        reading: tuple[Reading, ...] = ()
        if isinstance(value, Symptom):
            reading = (ping(now, value, str(extra)),)
        elif isinstance(value, Level):
            reading = (page(now, {"api": value}) if extra else page(now, error="no"),)
        elif isinstance(value, NetworkState):
            reading = (NetworkReading(at(now), value),)
        seen.append((now, str(extra) if what_ == "ping" else what_, value))
        verdict = story.see(now, *reading)
        if verdict.level is Level.OPERATIONAL:
            assert any(now - moment <= (930 if w == "paid" else 390) and w != "time" for moment, w, value in seen)
        if verdict.level is Level.DOWN:
            bad = (Level.DOWN, Level.DEGRADED, *(s for s in Symptom if s not in (OK, Symptom.SKIPPED)))
            assert any(value in bad for _, _, value in seen)
        if verdict.cause is Cause.PROVIDER:
            assert verdict.level in (Level.DOWN, Level.DEGRADED)
    transitions = [change for change in story.changes if isinstance(change, Transition)]
    assert len(transitions) <= len(steps)


@given(st.permutations([page(0, {"api": Level.DEGRADED}), ping(0, BAD, "free"), ping(0, OK), page(0, error="x")]))
def test_the_order_within_a_round_decides_nothing(order: list[Reading]) -> None:
    shuffled = Story().see(0, *order)
    straight = Story().see(0, *sorted(order, key=lambda _: random.random()))
    assert what(shuffled) == what(straight)
