"""When to look again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.worlds import T0, acme, at, incident, page, ping
from trayapp.judge import schedule
from trayapp.judge.judge import Judge
from trayapp.judge.watched import Watched
from trayapp.model.reading import Observation, PageReading, ProbeReading, Reading, Symptom
from trayapp.model.settings import MonitorSettings

EVEN = 0.5
SETTINGS = MonitorSettings()


def held(*readings: Reading) -> Watched:
    judge = Judge([acme()], SETTINGS, {}, T0)
    for reading in readings:
        judge.take(Observation("acme", T0, (reading,)), at(90))
    return judge.held("acme")


def ping_after(
    watched: Watched, seconds: float = 0, saving: bool = False, settings: MonitorSettings = SETTINGS
) -> float:
    return schedule.ping_after_s(watched, settings, at(seconds), EVEN, saving=saving)


def test_all_well_is_looked_at_seldom() -> None:
    assert schedule.feed_after_s(held(page(0), ping(0)), SETTINGS, EVEN) == 120
    assert ping_after(held(ping(0))) == 60
    assert ping_after(held(ping(0)), saving=True) == 120
    assert schedule.paid_after_s(held(ping(0)), SETTINGS, EVEN) == 300


def test_a_page_is_read_more_often_while_anything_is_not_well() -> None:
    assert schedule.feed_after_s(held(), SETTINGS, EVEN) == 60


def test_r4_re_checks_follow_at_5_15_and_30_seconds() -> None:
    bad, good = ping(0, Symptom.SERVER_ERROR), ping(1)
    assert [ping_after(held(bad, *[good] * n)) for n in range(4)] == [5, 15, 30, 5]


def test_r10_a_paid_ping_is_repeated_sooner_while_it_fails_but_not_in_a_hurry() -> None:
    bad = ping(0, Symptom.SERVER_ERROR, "paid")
    assert [schedule.paid_after_s(held(*[bad] * n), SETTINGS, EVEN) for n in (1, 3)] == [30, 120]


def test_without_re_checks_a_suspicion_waits_for_the_next_ping() -> None:
    settings = replace(SETTINGS, recheck_after_s=())
    assert ping_after(held(ping(0, Symptom.SERVER_ERROR)), settings=settings) == 60


@pytest.mark.parametrize(("lasted_s", "after_s"), [(60, 30), (1200, 60), (7200, 60)])
def test_r10_trouble_is_watched_closely_at_first(lasted_s: float, after_s: float) -> None:
    trouble = held(*[ping(n, Symptom.SERVER_ERROR) for n in range(3)])
    assert ping_after(trouble, lasted_s) == after_s


def test_a_server_that_asks_to_be_left_alone_is() -> None:
    assert ping_after(held(ping(0, retry_after_s=300))) == 300


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_r3_intervals_are_spread_by_a_tenth(chance: float) -> None:
    assert 270 <= schedule.paid_after_s(held(), SETTINGS, chance) <= 330


def test_the_first_looks_are_soon_and_not_all_at_once() -> None:
    firsts = [schedule.first_after_s(i, 4, EVEN) for i in range(4)]
    assert firsts == sorted(set(firsts))
    assert firsts[-1] < 0.5


def watched(id: str, *rounds: tuple[float, ProbeReading | PageReading]) -> Watched:
    provider = replace(acme(), id=id)
    judge = Judge([provider], SETTINGS, {}, T0)
    for seconds, reading in rounds:
        judge.take(Observation(id, at(seconds), (replace(reading, provider=id),)), at(seconds))
    return judge.held(id)


LOST = Symptom.TIMEOUT_CONNECT


def test_r5_when_one_begins_to_fail_on_the_way_the_others_are_looked_at_at_once() -> None:
    before = watched("one", (0, ping(0)))
    after = watched("one", (0, ping(0)), (60, ping(60, LOST)))
    others = [after, watched("two", (0, ping(0))), watched("three", (55, ping(55))), watched("four")]
    assert schedule.prompted(before, after, others, at(60)) == ("two",)
    assert schedule.prompted(after, after, others, at(60)) == ()


def test_r5_an_error_of_the_provider_s_own_is_no_reason_to_look_at_others() -> None:
    before = watched("one", (0, ping(0)))
    after = watched("one", (0, ping(0)), (60, ping(60, Symptom.SERVER_ERROR)))
    assert schedule.prompted(before, after, [watched("two", (0, ping(0)))], at(60)) == ()


def test_r13_a_new_incident_that_counts_has_its_provider_looked_at_at_once() -> None:
    well, told = page(0), page(60, incidents=[incident("api")])
    before, after = watched("one", (0, well)), watched("one", (0, well), (60, told))
    assert schedule.prompted(before, after, [], at(60)) == ("one",)
    assert schedule.prompted(after, after, [], at(60)) == ()
    assert schedule.prompted(watched("one"), before, [], at(0)) == ()
