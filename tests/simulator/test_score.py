"""Figures are taken from what was said in time: no credit for luck, none for what was said before or about others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from trayapp.model.level import Cause, Level
from trayapp.simulator.report import Change
from trayapp.simulator.scenario import Fault, Incident, Path, Post, Scenario
from trayapp.simulator.score import Heard, heard, unfounded

START = datetime(2026, 1, 1, 10, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


INCIDENT = Incident(
    "it", "anthropic", "It", Path.EDGE, at(10), at(50), Fault(),
    posts=(Post(at(30), "investigating", "major"), Post(at(80), "resolved", "major")),
)  # fmt: skip
WORLD = Scenario("w", "w", START, at(120), (INCIDENT,))


def said(
    minutes: float, level: Level, cause: Cause = Cause.PROVIDER, *, works: bool = False, provider: str = "anthropic"
) -> Change:
    return Change(at(minutes), provider, level, cause, "said", works)


def found(*changes: Change) -> Heard:
    (only,) = heard(WORLD, changes)
    return only


WELL = said(0, Level.OPERATIONAL, Cause.NONE)


def test_times_count_from_the_truth_and_leads_from_the_page() -> None:
    made = found(WELL, said(12, Level.DOWN), said(53, Level.OPERATIONAL, Cause.NONE))
    assert (made.onset_s, made.lead_s, made.recovery_lead_s) == (120, 1080, 1620)


def test_works_for_you_is_told_but_is_no_alarm() -> None:
    made = found(WELL, said(31, Level.DEGRADED, works=True))
    assert made.alarm is None and made.told is not None and made.onset_s is None


def test_works_for_you_is_a_recovery() -> None:
    assert found(WELL, said(12, Level.DOWN), said(52, Level.DEGRADED, works=True)).recovered_at == at(52)


def test_an_alarm_before_the_outage_or_about_another_is_not_credited() -> None:
    assert found(said(5, Level.DOWN), said(6, Level.OPERATIONAL, Cause.NONE)).alarm is None
    assert found(said(12, Level.DOWN, provider="openai")).alarm is None


def test_an_alarm_that_ended_before_the_outage_did_is_no_recovery() -> None:
    assert found(said(12, Level.DOWN), said(20, Level.OPERATIONAL, Cause.NONE)).recovered_at is None


def test_to_blame_the_account_is_counted_after_ten_minutes() -> None:
    assert not found(said(12, Level.BLOCKED, Cause.ACCOUNT), said(19, Level.DOWN)).blamed_account
    assert found(said(12, Level.BLOCKED, Cause.ACCOUNT)).blamed_account
    assert found(said(12, Level.DOWN), said(25, Level.BLOCKED, Cause.ACCOUNT)).blamed_account


def test_an_alarm_is_unfounded_when_nothing_was_wrong_on_either_side() -> None:
    early, during, posted, late = (said(minutes, Level.DOWN) for minutes in (5, 20, 70, 90))
    other = said(20, Level.DOWN, provider="openai")
    assert unfounded(WORLD, [WELL, early, during, posted, late, other]) == (early, late, other)
    assert unfounded(WORLD, [said(5, Level.DEGRADED, works=True), said(5, Level.OFFLINE, Cause.NETWORK)]) == ()
