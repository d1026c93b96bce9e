"""Slow is what is slow for this user (R9)."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import ping
from trayapp.judge.latency import ENOUGH, Latency, judged, usual_s
from trayapp.model.reading import ProbeReading, Symptom


def answer(index: int, seconds: float, symptom: Symptom = Symptom.OK) -> ProbeReading:
    return replace(ping(index * 60, symptom), seconds=seconds)


def after(*seconds: float, start: Latency | None = None) -> tuple[Latency, list[Symptom]]:
    latency, seen = start or Latency(), []
    for index, each in enumerate(seconds):
        latency, reading = judged(latency, answer(index, each))
        seen.append(reading.symptom)
    return latency, seen


def usual(seconds: float, count: int = ENOUGH) -> Latency:
    chance = random.Random(7)
    return after(*(seconds * chance.uniform(0.8, 1.25) for _ in range(count)))[0]


def test_until_enough_is_known_the_classifier_s_limit_holds() -> None:
    latency = usual(0.2, ENOUGH - 1)
    assert judged(latency, answer(0, 4, Symptom.SLOW))[1].symptom is Symptom.SLOW
    assert judged(latency, answer(0, 2.9))[1].symptom is Symptom.OK
    assert usual_s(latency, "keyless") is None


def test_one_slow_answer_is_nothing() -> None:
    assert after(2.6, 0.2, 0.2, start=usual(0.2))[1] == [Symptom.OK] * 3


def test_answers_that_stay_slow_are_slow_and_say_what_is_usual() -> None:
    latency, seen = after(*[4.0] * 10, start=usual(0.2))
    assert seen[-1] is Symptom.SLOW
    assert "usual is 0.2 s" in judged(latency, answer(10, 4.0))[1].detail


def test_what_is_always_slow_here_is_not_slow() -> None:
    assert judged(usual(3.5), answer(0, 4, Symptom.SLOW))[1].symptom is Symptom.OK


def test_slowness_ends_when_answers_are_usual_again() -> None:
    latency, _ = after(*[4.0] * 10, start=usual(0.2))
    assert after(*[0.2] * 10, start=latency)[1][-1] is Symptom.OK


def test_slow_answers_never_become_the_usual_ones() -> None:
    before = usual(0.2)
    latency, _ = after(*[5.0] * 500, start=before)
    middle = usual_s(before, "keyless")
    assert middle is not None
    assert abs((usual_s(latency, "keyless") or 0) - middle) < 0.1


def test_models_and_kinds_of_pings_have_baselines_of_their_own() -> None:
    latency = usual(0.2)
    paid = replace(answer(0, 5.0), kind="paid", model="large")
    assert judged(latency, paid)[1].symptom is Symptom.OK
    assert usual_s(latency, "paid", "large") is None


def test_failures_teach_nothing() -> None:
    latency = usual(0.2)
    assert judged(latency, answer(0, 30, Symptom.SERVER_ERROR)) == (latency, answer(0, 30, Symptom.SERVER_ERROR))


@given(st.lists(st.floats(0, 1e6, allow_nan=False), max_size=400))
def test_a_baseline_is_bounded_and_in_order(seconds: list[float]) -> None:
    latency, _ = after(*seconds)
    for baseline in latency.baselines.values():
        assert len(baseline.aged) == len(baseline.ordered) <= 300
        assert list(baseline.ordered) == sorted(baseline.aged)


def test_the_baseline_spans_days_not_minutes() -> None:
    latency = usual(0.2)
    kept = len(next(iter(latency.baselines.values())).aged)
    latency, _ = after(*[0.2] * 60, start=latency)
    assert len(next(iter(latency.baselines.values())).aged) <= kept + 3


def test_of_many_days_the_oldest_answers_are_let_go() -> None:
    latency = usual(0.2)
    for half_hour in range(400):
        latency, _ = judged(latency, replace(ping(10_000 + half_hour * 1801), seconds=0.3))
    middle = usual_s(latency, "keyless")
    assert middle is not None
    assert 0.29 < middle < 0.31
    assert len(next(iter(latency.baselines.values())).aged) == 300
