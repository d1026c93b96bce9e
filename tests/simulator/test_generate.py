"""Made-up years are like real ones, and the same seed makes the same year."""

from __future__ import annotations

import statistics
from datetime import UTC, datetime

import pytest

from trayapp.simulator.generate import ANTHROPIC, edge_faults, provider_year, volley
from trayapp.simulator.scenario import Incident, Path, Scenario

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def year() -> Scenario:
    return provider_year(ANTHROPIC, 1, START, 1000)


def told(year: Scenario) -> list[Incident]:
    return [each for each in year.incidents if len(each.posts) > 1]


def minutes(late: list[float]) -> float:
    return statistics.median(late) / 60


def test_the_same_seed_makes_the_same_year() -> None:
    assert provider_year(ANTHROPIC, 3, START, 30) == provider_year(ANTHROPIC, 3, START, 30)
    assert provider_year(ANTHROPIC, 3, START, 30) != provider_year(ANTHROPIC, 4, START, 30)


def test_there_are_about_as_many_incidents_as_there_were(year: Scenario) -> None:
    assert 1.2 < len(year.incidents) / 1000 < 1.5


def test_the_page_is_late_by_twenty_odd_minutes(year: Scenario) -> None:
    lags = [(each.posts[0].at - each.start).total_seconds() for each in told(year)]
    assert 17 < minutes(lags) < 26
    assert 0.55 < sum(lag <= 1800 for lag in lags) / len(lags) < 0.75


def test_resolved_comes_about_twenty_five_minutes_after_recovery(year: Scenario) -> None:
    assert 22 < minutes([(each.posts[-1].at - each.end).total_seconds() for each in told(year)]) < 32


def test_one_in_five_is_never_told_of_while_it_lasts(year: Scenario) -> None:
    posted = [each for each in year.incidents if each.path is not Path.PAGE]
    late = [each for each in posted if len(each.posts) == 1]
    assert 0.16 < len(late) / len(posted) < 0.24
    assert all(each.posts[0].status == "resolved" and each.posts[0].at > each.end for each in late)


def test_one_in_six_is_posted_when_it_is_over(year: Scenario) -> None:
    over = sum(each.posts[0].at > each.end for each in told(year))
    assert 0.08 < over / len(told(year)) < 0.24


def test_seven_in_ten_are_about_one_model_and_name_it(year: Scenario) -> None:
    single = [each for each in year.incidents if each.path is Path.MODEL]
    assert 0.65 < len(single) / len(year.incidents) < 0.75
    assert all(each.models[0].title() in each.name for each in single)


def test_three_in_twenty_have_no_impact(year: Scenario) -> None:
    none = sum(each.posts[0].impact == "none" for each in told(year))
    assert 0.11 < none / len(told(year)) < 0.19


def test_posts_are_in_the_order_of_time(year: Scenario) -> None:
    for each in year.incidents:
        assert [post.at for post in each.posts] == sorted(post.at for post in each.posts)


def test_outages_of_a_volley_know_nothing_of_each_other() -> None:
    made = volley("x", START, 40, edge_faults())
    for one, other in zip(made.incidents, made.incidents[1:], strict=False):
        assert max(one.end, one.posts[-1].at) < other.start
