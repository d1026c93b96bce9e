"""Suspicion, confirmation and recovery, rule by rule."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import at, ping
from trayapp.judge.confirm import NO_PINGS, Pings, taken
from trayapp.judge.kin import KIN, Kin
from trayapp.model.reading import Symptom

OK, BAD, SLOW = Symptom.OK, Symptom.SERVER_ERROR, Symptom.OVERLOADED


def after(symptoms: Sequence[Symptom], gap_s: float = 20, start: Pings = NO_PINGS, kind: str = "keyless") -> Pings:
    for index, symptom in enumerate(symptoms):
        start = taken(start, ping(index * gap_s, symptom, kind))
    return start


def test_every_symptom_has_a_kin() -> None:
    assert set(KIN) == set(Symptom)


def test_r4_a_first_failure_is_only_a_suspicion() -> None:
    pings = after([OK, BAD])
    assert pings.is_suspect
    assert pings.trouble is None
    assert pings.counted == (1, 1)


@pytest.mark.parametrize(
    ("seen", "kin", "partly"),
    [
        ([BAD, BAD, BAD], Kin.HARD, False),
        ([BAD, OK, BAD, BAD], Kin.HARD, True),
        ([BAD, OK, OK, BAD, OK, BAD], Kin.HARD, True),
        ([SLOW, SLOW, SLOW], Kin.SOFT, True),
        ([Symptom.NO_CREDIT, Symptom.NO_CREDIT], Kin.ACCOUNT, False),
        ([Symptom.PROXY_AUTH, Symptom.PROXY_AUTH], Kin.MINE, False),
    ],
)
def test_r4_a_suspicion_is_confirmed_by_re_checks(seen: list[Symptom], kin: Kin, partly: bool) -> None:
    trouble = after(seen).trouble
    assert trouble is not None
    assert (trouble.kin, trouble.partly, trouble.since) == (kin, partly, at(0))


def test_r4_three_failures_of_different_kinds_in_ten_are_an_error_rate() -> None:
    trouble = after([BAD, OK, SLOW, OK, OK, BAD, OK, OK, OK, OK]).trouble
    assert trouble is not None
    assert (trouble.kin, trouble.partly) == (Kin.HARD, True)


def test_r4_a_second_failure_asks_for_more_pings_and_alone_is_chance() -> None:
    pings = after([BAD, OK, BAD, OK, OK])
    assert pings.is_suspect
    pings = after([BAD, OK, BAD, *[OK] * 7])
    assert not pings.is_suspect
    assert pings.trouble is None


def test_r4_one_failure_of_five_is_a_glitch_and_forgotten() -> None:
    pings = after([BAD, OK, OK, OK, OK])
    assert not pings.is_suspect
    assert pings.trouble is None
    assert pings.glitches == (at(0),)


def test_r4_five_glitches_in_half_an_hour_are_an_error_rate() -> None:
    assert after([BAD, OK, OK, OK, OK] * 4).trouble is None
    trouble = after([BAD, OK, OK, OK, OK] * 5).trouble
    assert trouble is not None
    assert trouble.partly


def test_r4_five_glitches_over_hours_are_nothing() -> None:
    assert after([BAD, OK, OK, OK, OK] * 5, gap_s=600).trouble is None


def test_r6_a_key_that_never_worked_is_refused_after_two_tries() -> None:
    assert after([Symptom.AUTH_SUSPECT] * 2, kind="free").trouble is not None


def test_r6_a_key_that_worked_gets_the_benefit_of_a_third_try() -> None:
    worked = taken(NO_PINGS, ping(-60, OK, "free"))
    assert after([Symptom.AUTH_SUSPECT] * 2, start=worked, kind="free").trouble is None
    assert after([Symptom.AUTH_SUSPECT] * 3, start=worked, kind="free").trouble is not None


def test_r2_a_failure_to_get_through_just_after_wake_is_not_counted() -> None:
    assert not taken(NO_PINGS, ping(0, Symptom.TIMEOUT_CONNECT), forgiving=True).is_suspect
    assert taken(NO_PINGS, ping(0, Symptom.NO_CREDIT), forgiving=True).is_suspect


def test_a_ping_beside_and_a_skipped_one_decide_nothing() -> None:
    assert taken(NO_PINGS, ping(0, BAD, beside=True)).window == ()
    assert taken(NO_PINGS, ping(0, Symptom.SKIPPED)).window == ()


def test_r10_back_after_three_good_pings_over_a_minute() -> None:
    down = after([BAD] * 3)
    good = [taken(down, ping(100))]
    for seconds in (130, 160):
        good.append(taken(good[-1], ping(seconds)))
    assert [g.trouble is None for g in good] == [False, False, True]


def test_r10_three_good_pings_within_a_minute_are_not_enough() -> None:
    pings = after([BAD] * 3)
    for seconds in (100, 110, 120):
        pings = taken(pings, ping(seconds))
    assert pings.trouble is not None


def test_r10_a_failure_in_between_starts_the_count_anew() -> None:
    pings = after([BAD] * 3)
    for seconds, symptom in ((100, OK), (130, OK), (160, BAD), (190, OK), (220, OK)):
        pings = taken(pings, ping(seconds, symptom))
    assert pings.trouble is not None


def test_r8_overload_in_a_row_over_minutes_is_an_outage() -> None:
    assert after([SLOW] * 5, gap_s=60).trouble is not None
    trouble = after([SLOW] * 6, gap_s=60).trouble
    assert trouble is not None
    assert not trouble.partly


def test_an_outage_that_lets_half_through_becomes_partial() -> None:
    trouble = after([BAD, BAD, BAD, OK, OK, BAD, OK, BAD]).trouble
    assert trouble is not None
    assert trouble.partly


def test_trouble_that_changes_its_kin_is_told_as_the_new_one() -> None:
    trouble = after([Symptom.AUTH_SUSPECT] * 2 + [BAD] * 3, kind="free").trouble
    assert trouble is not None
    assert trouble.kin is Kin.HARD


def test_one_failure_of_another_kind_does_not_rename_the_trouble() -> None:
    trouble = after([BAD] * 3 + [Symptom.RATE_LIMITED]).trouble
    assert trouble is not None
    assert trouble.kin is Kin.HARD


@given(st.lists(st.tuples(st.sampled_from(list(Symptom)), st.sampled_from(["keyless", "free", "paid"]), st.booleans())))
def test_trouble_always_has_failures_behind_it(seen: list[tuple[Symptom, str, bool]]) -> None:
    pings, changes, last = NO_PINGS, 0, None
    for index, (symptom, kind, beside) in enumerate(seen):
        pings = taken(pings, ping(index * 30, symptom, kind, beside=beside))
        changes += (pings.trouble is None) is not (last is None)
        last = pings.trouble
        if pings.trouble is not None:
            assert KIN[pings.trouble.symptom] is pings.trouble.kin
            assert any(KIN[s] is pings.trouble.kin for s, _, _ in seen[: index + 1])
        failed, tried = pings.counted
        assert 0 <= failed <= tried
    assert changes <= len(seen)
