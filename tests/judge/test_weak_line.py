"""A line that loses much is no provider's fault (R1)."""

from __future__ import annotations

from tests.worlds import T0, acme, at, page, ping
from trayapp.judge.judge import Judge
from trayapp.model.level import Level
from trayapp.model.reading import NetworkReading, NetworkState, Observation, PassiveReading, Reading, Symptom
from trayapp.model.settings import MonitorSettings
from trayapp.model.verdict import Verdict

LOST = Symptom.TIMEOUT_CONNECT


class Line:
    def __init__(self) -> None:
        self.judge = Judge([acme()], MonitorSettings(), {}, T0)
        self.see(0, NetworkReading(at(0), NetworkState.ONLINE, "", 3), page(0), ping(0))

    def see(self, seconds: float, *readings: Reading) -> Verdict:
        self.judge.take(Observation("acme", at(seconds), readings), at(seconds))
        return self.judge.verdicts[0]

    def lose(self, seconds: float, well: int) -> Verdict:
        gate = NetworkReading(at(seconds), NetworkState.ONLINE, "", well)
        return self.see(seconds, gate, ping(seconds, LOST))


def test_r1_what_is_lost_while_neutral_sites_are_lost_too_counts_for_nothing() -> None:
    line = Line()
    for seconds in (60, 65, 80, 110, 140):
        verdict = line.lose(seconds, well=2)
    assert verdict.level is Level.OPERATIONAL
    assert not verdict.suspect


def test_r1_what_is_lost_while_neutral_sites_all_answer_counts() -> None:
    line = Line()
    for seconds in (60, 65, 80):
        verdict = line.lose(seconds, well=3)
    assert verdict.level is Level.DOWN


def test_r1_a_target_that_never_answered_here_makes_no_line_weak() -> None:
    judge = Judge([acme()], MonitorSettings(), {}, T0)
    for seconds in (0, 60, 65, 80):
        gate = NetworkReading(at(seconds), NetworkState.ONLINE, "", 2)
        seen = (gate, page(seconds), ping(seconds, Symptom.OK if seconds == 0 else LOST))
        judge.take(Observation("acme", at(seconds), seen), at(seconds))
    assert judge.verdicts[0].level is Level.DOWN


def test_r1_an_answer_that_is_an_error_counts_on_a_weak_line_too_when_it_was_heard() -> None:
    line = Line()
    line.lose(60, well=1)
    for seconds in (800, 805, 820):
        verdict = line.see(seconds, ping(seconds, Symptom.SERVER_ERROR))
    assert verdict.level is Level.DOWN


def met(seconds: float, symptom: Symptom) -> PassiveReading:
    return PassiveReading("acme", at(seconds), symptom, None, None, "small", "claude-code")


def test_what_an_agent_lost_on_a_weak_line_counts_for_nothing() -> None:
    line = Line()
    line.lose(60, well=1)
    for seconds in range(61, 75):
        verdict = line.see(seconds, met(seconds, Symptom.CONNECTION_LOST))
    assert verdict.level is Level.OPERATIONAL


def test_single_failures_of_an_agent_are_chance_and_many_at_once_are_not() -> None:
    line = Line()
    for seconds in (100, 400, 700):
        verdict = line.see(seconds, met(seconds, Symptom.SERVER_ERROR), ping(seconds), page(seconds))
    assert verdict.level is Level.OPERATIONAL
    for seconds in (1000, 1005, 1010):
        verdict = line.see(seconds, met(seconds, Symptom.SERVER_ERROR), ping(seconds), page(seconds))
    assert verdict.level is Level.DEGRADED
    for seconds in (1015, 1020, 1025, 1030):
        verdict = line.see(seconds, met(seconds, Symptom.SERVER_ERROR), ping(seconds), page(seconds))
    assert verdict.level is Level.DOWN


def test_what_an_agent_met_is_forgotten_when_it_works_no_more() -> None:
    line = Line()
    for seconds in range(100, 140, 5):
        line.see(seconds, met(seconds, Symptom.SERVER_ERROR))
    verdict = line.see(1200, page(1200), ping(1200))
    assert verdict.level is Level.OPERATIONAL
