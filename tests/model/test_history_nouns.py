"""Uptime in percent."""

from __future__ import annotations

from tests.worlds import T0, at
from trayapp.model.history import History, OfficialIncident, Outage, Uptime
from trayapp.model.level import Cause, Level


def uptime(watched_s: float, down_s: float) -> Uptime:
    return Uptime("acme", watched_s, watched_s - down_s, 0, down_s, 0, 10, 1, 100.0)


def test_uptime_is_the_watched_time_that_was_not_down() -> None:
    assert uptime(1000, 10).percent == 99.0
    assert uptime(1000, 0).percent == 100.0


def test_where_nothing_was_watched_there_is_no_uptime() -> None:
    assert uptime(0, 0).percent is None


def test_a_history_is_a_value() -> None:
    outage = Outage("acme", Level.DOWN, Cause.PROVIDER, T0, None, "fails")
    told = OfficialIncident("acme", "i1", "Errors", "major", None, T0, None)
    assert History(T0, at(60), (), (outage,), (told,)) == History(T0, at(60), (), (outage,), (told,))
