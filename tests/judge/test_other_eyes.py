"""Paid pings, agents of the user's and third parties beside the unbilled pings: who sees what, and who decides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.worlds import PAID, T0, acme, at, elsewhere, incident, page, ping
from trayapp.judge.judge import Judge
from trayapp.model.level import Cause, Level
from trayapp.model.reading import Component, Observation, Page, PageReading, PassiveReading, Reading, Symptom
from trayapp.model.settings import MonitorSettings, Scope
from trayapp.model.verdict import Case, Verdict

OK, BAD, FULL = Symptom.OK, Symptom.SERVER_ERROR, Symptom.OVERLOADED


class Story:
    def __init__(self, scope: Scope | None = None, **changes: object) -> None:
        self.judge = Judge([acme(**changes)], MonitorSettings(), {"acme": scope or Scope()}, T0)

    def see(self, seconds: float, *readings: Reading) -> Verdict:
        self.judge.take(Observation("acme", at(seconds), readings), at(seconds))
        return self.judge.verdicts[0]

    def paid(self, *symptoms: Symptom, gap_s: float = 120, model: str = "small") -> Verdict:
        for index, symptom in enumerate(symptoms):
            now = index * gap_s
            paid = replace(ping(now, symptom, "paid"), model=model)
            verdict = self.see(now, page(now), ping(now, OK, "free"), paid)
        return verdict


def test_r8_one_overload_is_a_glitch_and_two_of_five_are_overload() -> None:
    assert Story().paid(OK, FULL).level is Level.OPERATIONAL
    verdict = Story().paid(OK, FULL, OK, FULL)
    assert (verdict.level, verdict.symptom) == (Level.DEGRADED, FULL)


def test_r8_overload_that_does_not_end_is_an_outage_though_the_models_list_answers() -> None:
    assert Story().paid(*[FULL] * 4, gap_s=50).level is Level.DEGRADED
    verdict = Story().paid(*[FULL] * 6, gap_s=50)
    assert (verdict.level, verdict.cause, verdict.case) == (Level.DOWN, Cause.PROVIDER, Case.SILENT_PAGE)


def test_generation_that_fails_is_an_outage_though_the_models_list_answers() -> None:
    verdict = Story().paid(BAD, BAD, BAD, gap_s=30)
    assert (verdict.level, verdict.evidence[-1].model) == (Level.DOWN, "small")


def test_generation_with_a_model_that_the_user_does_not_use_decides_nothing() -> None:
    verdict = Story(Scope(models=("large",))).paid(BAD, BAD, BAD, gap_s=30)
    assert verdict.level is Level.OPERATIONAL


def test_generation_that_works_contradicts_the_page_and_an_accepted_key_does_not() -> None:
    red = page(0, {"api": Level.DOWN})
    paid = replace(ping(0, OK, "paid"), model="small")
    story = Story(probes=(PAID,))
    cases = [story.see(n * 30, replace(red, at=at(n * 30)), replace(paid, at=at(n * 30))).case for n in range(4)]
    assert cases == [Case.REPORTED_ACCEPTED, Case.REPORTED_ACCEPTED, Case.REPORTED_WORKS, Case.REPORTED_WORKS]
    assert Story().see(0, red, ping(0, OK, "free")).case is Case.REPORTED_ACCEPTED


def test_what_failed_for_the_user_and_works_again_is_ahead_of_the_page() -> None:
    story = Story()
    for seconds in (0, 60):
        story.see(seconds, page(seconds), ping(seconds, OK, "free"))
    for seconds in (120, 125, 140):
        story.see(seconds, page(seconds, {"api": Level.DOWN}), ping(seconds, BAD, "free"))
    for seconds in (600, 640, 680):
        verdict = story.see(seconds, page(seconds, {"api": Level.DOWN}), ping(seconds, OK, "free"))
    assert verdict.case is Case.REPORTED_WORKS


def agent(seconds: float, symptom: Symptom) -> PassiveReading:
    return PassiveReading("acme", at(seconds), symptom, 200, None, "small", "codex")


def test_an_agent_that_is_answered_contradicts_the_page() -> None:
    story, red = Story(), page(0, {"api": Level.DOWN})
    assert story.see(0, red, ping(0), agent(0, OK)).case is not Case.REPORTED_WORKS
    assert story.see(9, agent(5, OK), agent(7, OK), agent(9, OK)).case is Case.REPORTED_WORKS


@pytest.mark.parametrize(("uptime", "level"), [(61.0, Level.DEGRADED), (99.9, Level.OPERATIONAL)])
def test_a_third_party_turns_a_single_failure_into_trouble_but_is_never_enough_alone(
    uptime: float, level: Level
) -> None:
    story = Story()
    alone = story.see(0, page(0), ping(0), elsewhere(0, uptime))
    assert alone.level is Level.OPERATIONAL
    assert story.see(60, page(60), ping(60, BAD), elsewhere(60, uptime)).level is level


def test_a_third_party_to_whom_everybody_looks_bad_is_not_believed() -> None:
    story = Story()
    story.see(0, page(0), ping(0))
    everywhere = replace(elsewhere(60, 20.0), peers=(10.0, 30.0))
    verdict = story.see(60, page(60), ping(60, BAD), everywhere)
    assert (verdict.level, verdict.elsewhere) == (Level.OPERATIONAL, None)


def test_r11_what_goes_up_and_down_is_unstable_and_said_once() -> None:
    story, cases = Story(), []
    now = 0.0
    for _ in range(6):
        for symptom in (BAD, BAD, BAD, OK, OK, OK, OK):
            now += 30
            cases.append(story.see(now, page(now), ping(now, symptom)).case)
    assert Case.UNSTABLE in cases
    assert story.judge.verdicts[0].unstable


def roster(levels: list[Level]) -> PageReading:
    components = tuple(Component(f"m{n}", f"Model {n}", level.value, level) for n, level in enumerate(levels))
    return PageReading("acme", at(0), "https://status.acme.test", Page(components))


@pytest.mark.parametrize(
    ("down", "expected"), [(0, Level.OPERATIONAL), (2, Level.OPERATIONAL), (4, Level.DEGRADED), (6, Level.DOWN)]
)
def test_of_a_page_with_a_component_a_model_a_few_are_not_the_service(down: int, expected: Level) -> None:
    feed = acme().feed
    assert feed is not None
    story = Story(feed=replace(feed, components=(), roster=True))
    levels = [Level.DOWN] * down + [Level.OPERATIONAL] * (10 - down)
    assert story.see(0, roster(levels), ping(0)).level is expected


def test_of_such_a_page_the_model_that_the_user_names_counts_alone() -> None:
    feed = acme().feed
    assert feed is not None
    story = Story(Scope(components=("Model 0",)), feed=replace(feed, components=(), roster=True))
    assert story.see(0, roster([Level.DOWN] + [Level.OPERATIONAL] * 9), ping(0)).level is Level.DOWN


@pytest.mark.parametrize(("preset", "level"), [("api", Level.DOWN), ("chat", Level.OPERATIONAL)])
def test_a_preset_chooses_what_counts(preset: str, level: Level) -> None:
    feed = acme().feed
    assert feed is not None
    api, docs = feed.components
    two = replace(feed, components=(api, replace(docs, scope=("chat",))))
    story = Story(Scope(presets=(preset,)), feed=two)
    assert story.see(0, page(0, {"api": Level.DOWN}, [incident("api")]), ping(0)).level is level


def test_an_answer_ends_an_agent_s_suspicion_whose_failures_are_long_past() -> None:
    story = Story()
    story.see(0, page(0), ping(0), agent(0, BAD))
    assert story.judge.held("acme").real.is_suspect
    story.see(200, page(200), ping(200), agent(200, OK))
    assert not story.judge.held("acme").real.is_suspect


def test_of_a_page_of_words_that_nobody_knows_nothing_is_known() -> None:
    feed = acme().feed
    assert feed is not None
    story = Story(feed=replace(feed, components=(), roster=True))
    assert story.see(0, roster([Level.UNKNOWN] * 3), ping(0)).level is Level.UNKNOWN


def test_a_ping_sent_beside_another_changes_no_steadiness() -> None:
    story = Story()
    story.see(0, page(0), ping(0, OK, "free"), ping(0, OK, beside=True))
    assert len(story.judge.held("acme").steadiness.states) == 1


def test_a_page_that_is_as_it_was_is_not_reckoned_anew() -> None:
    story = Story()
    first = page(0)
    story.see(0, first)
    counted = story.judge.held("acme").counted
    story.see(120, replace(first, at=at(120)))
    assert story.judge.held("acme").counted is counted
