"""What was, read back out of the journal: uptime of the watched time, outages as measured, incidents as told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.adapters.journal_rows import START, at, incident, ping, snapshot, turn
from trayapp.adapters.journal import SqliteJournal
from trayapp.adapters.journal_history import read_history
from trayapp.model.history import History, Uptime
from trayapp.model.level import Cause, Level
from trayapp.model.ports import Refused
from trayapp.model.reading import Symptom

WELL, DOWN, DEGRADED, UNKNOWN, OFFLINE, BLOCKED = (
    Level.OPERATIONAL,
    Level.DOWN,
    Level.DEGRADED,
    Level.UNKNOWN,
    Level.OFFLINE,
    Level.BLOCKED,
)
MINUTE = 60


class Life:
    """A journal that is written as the line writes it, a look each minute; `seconds` is where it stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seconds = 0.0
        self.level = UNKNOWN
        self._days: list[Callable[[SqliteJournal], None]] = []

    def is_(self, level: Level, minutes: int, since: float | None = None) -> Life:
        """Hold `level` for so many minutes, seen at each of them."""

        def write(journal: SqliteJournal, start: float = self.seconds, before: Level = self.level) -> None:
            if level is not before:
                journal.transition(turn(before, level, start, since), f"acme is {level.value}")
            for minute in range(minutes + 1):
                journal.snapshot(snapshot(level, start + minute * MINUTE, start if since is None else since), "online")

        self._days.append(write)
        self.seconds += minutes * MINUTE
        self.level = level
        return self

    def sleeps(self, minutes: int) -> Life:
        self.seconds += minutes * MINUTE
        return self

    def starts_again(self) -> Life:
        self.level = UNKNOWN
        return self

    def history(self, days: float = 1, after_s: float = 0) -> History:
        asyncio.run(self._write())
        return read_history(self.path, ["acme"], days, at(self.seconds + after_s))

    async def _write(self) -> None:
        journal = SqliteJournal.open(self.path, START)
        for day in self._days:
            day(journal)
        self._days.clear()
        await journal.close()


@pytest.fixture
def life(tmp_path: Path) -> Life:
    return Life(tmp_path / "journal.sqlite3")


def seen(history: History) -> list[tuple[str, float, float | None]]:
    """Return each outage with the seconds from START at which it began and ended."""
    return [
        (
            outage.level.value,
            (outage.started_at - START).total_seconds(),
            (outage.ended_at - START).total_seconds() if outage.ended_at else None,
        )
        for outage in history.outages
    ]


def test_uptime_is_the_part_of_the_watched_time_that_was_not_down(life: Life) -> None:
    [uptime] = life.is_(WELL, 90).is_(DOWN, 10).history().uptimes
    assert (uptime.watched_s, uptime.well_s, uptime.down_s) == (6000, 5400, 600)
    assert uptime.percent == 90


def test_each_level_has_its_own_time_and_maintenance_is_well(life: Life) -> None:
    life.is_(WELL, 10).is_(Level.MAINTENANCE, 10).is_(DEGRADED, 20).is_(BLOCKED, 30).is_(DOWN, 40)
    [uptime] = life.history().uptimes
    assert (uptime.well_s, uptime.degraded_s, uptime.blocked_s, uptime.down_s) == (1200, 1200, 1800, 2400)
    assert uptime.watched_s == 6600


def test_time_asleep_and_time_in_which_nothing_was_known_count_for_nobody(life: Life) -> None:
    life.is_(WELL, 10).sleeps(600).is_(WELL, 10).is_(UNKNOWN, 30).is_(OFFLINE, 30).is_(DOWN, 5)
    [uptime] = life.history().uptimes
    assert (uptime.watched_s, uptime.down_s) == (1500, 300)


def test_trouble_begins_at_its_first_failure_not_when_it_was_believed(life: Life) -> None:
    history = life.is_(WELL, 10).is_(DOWN, 10, since=10 * MINUTE - 40).is_(WELL, 10).history()
    assert seen(history) == [("down", 560, 1200)]
    assert history.uptimes[0].down_s == 640


def test_an_outage_does_not_begin_before_somebody_watched(life: Life) -> None:
    assert seen(life.is_(DOWN, 10, since=-5000).is_(WELL, 1).history()) == [("down", 0, 600)]


def test_an_outage_that_is_older_than_the_first_look_begins_with_that_look(life: Life) -> None:
    history = life.is_(UNKNOWN, 2).is_(DOWN, 10, since=-5000).is_(WELL, 1).history()
    assert seen(history) == [("down", 0, 720)]
    assert history.uptimes[0].down_s == 720


def test_an_outage_tells_what_was_said_of_it_and_whose_it_was(life: Life) -> None:
    [outage] = life.is_(WELL, 1).is_(BLOCKED, 10).is_(WELL, 1).history().outages
    assert (outage.summary, outage.cause, outage.level) == ("acme is blocked", Cause.ACCOUNT, BLOCKED)


def test_an_outage_that_lasts_has_no_end(life: Life) -> None:
    assert seen(life.is_(WELL, 10).is_(DOWN, 10).history(after_s=60)) == [("down", 600, None)]


def test_what_was_down_when_the_app_ended_is_not_known_to_be_down_still(life: Life) -> None:
    assert seen(life.is_(WELL, 10).is_(DOWN, 10).history(after_s=7200)) == [("down", 600, 1200)]


def test_an_outage_ends_where_it_was_last_seen_when_nobody_watched_its_end(life: Life) -> None:
    history = life.is_(DOWN, 10).sleeps(500).starts_again().is_(WELL, 10).history()
    assert seen(history) == [("down", 0, 600)]
    assert history.uptimes[0].down_s == 600


def test_after_a_restart_what_held_before_does_not_hold_until_it_is_seen_again(life: Life) -> None:
    history = life.is_(DOWN, 10).sleeps(100).starts_again().is_(UNKNOWN, 60).is_(WELL, 10).history()
    assert history.uptimes[0].down_s == 600
    assert seen(history) == [("down", 0, 600)]


def test_a_short_time_without_knowledge_does_not_end_an_outage(life: Life) -> None:
    history = life.is_(DOWN, 10).is_(OFFLINE, 20).is_(DOWN, 10).is_(WELL, 1).history()
    assert seen(history) == [("down", 0, 2400)]
    assert history.uptimes[0].down_s == 1200


def test_trouble_before_and_after_a_night_is_two_outages(life: Life) -> None:
    history = life.is_(DOWN, 10).sleeps(480).is_(DOWN, 10).is_(WELL, 1).history()
    assert seen(history) == [("down", 0, 600), ("down", 29400, 30000)]


def test_another_level_is_another_outage(life: Life) -> None:
    history = life.is_(DEGRADED, 10).is_(DOWN, 10).is_(WELL, 1).history()
    assert seen(history) == [("degraded", 0, 600), ("down", 600, 1200)]


def test_a_look_that_comes_late_is_no_gap_and_three_minutes_without_one_are(life: Life) -> None:
    for pause, watched in ((2, 1200 + 120), (4, 1200)):
        other = Life(life.path.with_name(f"{pause}.sqlite3"))
        assert other.is_(WELL, 10).sleeps(pause).is_(WELL, 10).history().uptimes[0].watched_s == watched


def test_who_wishes_to_be_asked_rarely_has_longer_gaps(tmp_path: Path) -> None:
    async def write() -> None:
        journal = SqliteJournal.open(tmp_path / "j", START)
        for number in range(4):
            journal.snapshot(snapshot(WELL, number * 600, holds_s=3 * 600 + 30), "online")
        await journal.close()

    asyncio.run(write())
    assert read_history(tmp_path / "j", [], 1, at(1800)).uptimes[0].watched_s == 1800


def test_a_clock_that_is_set_back_counts_no_time_twice(life: Life) -> None:
    life.is_(WELL, 60)
    life.seconds -= 30 * MINUTE
    assert life.is_(WELL, 60).history().uptimes[0].watched_s == 90 * MINUTE


def test_only_the_days_that_were_asked_for_are_told(life: Life) -> None:
    life.is_(DOWN, 10).is_(WELL, 60).sleeps(3 * 1440).is_(DEGRADED, 30).is_(WELL, 30)
    history = life.history(days=1)
    assert [outage.level for outage in history.outages] == [DEGRADED]
    assert history.uptimes[0].watched_s == 3600
    assert history.since == history.until - timedelta(days=1)
    assert len(life.history(days=7).outages) == 2


def test_the_window_cuts_what_reaches_into_it(life: Life) -> None:
    life.is_(DOWN, 48 * 60)
    history = life.history(days=1)
    assert history.uptimes[0].down_s == 86400
    assert seen(history) == [("down", 0, None)]


@pytest.mark.parametrize(("days", "counted"), [(1 / 24, 1), (1.5, 2), (30, 3), (365, 4)])
def test_pings_are_counted_from_the_finest_sums_that_are_kept(tmp_path: Path, days: float, counted: int) -> None:
    async def write() -> None:
        journal = SqliteJournal.open(tmp_path / "j", START)
        for ago in (0.5 / 24, 1, 20, 100):
            journal.ping(ping(-ago * 86400, Symptom.SERVER_ERROR))
        await journal.close()

    asyncio.run(write())
    [uptime] = read_history(tmp_path / "j", ["acme"], days, START).uptimes
    assert (uptime.pings, uptime.failed, uptime.median_ms) == (counted, counted, None)


def test_incidents_are_those_that_were_open_in_the_window(tmp_path: Path) -> None:
    day = 86400
    listed = [
        incident("old", started_at=at(-300 * day).isoformat(), resolved_at=at(-299 * day).isoformat()),
        incident("late", started_at=at(-2 * day).isoformat(), resolved_at=at(-day).isoformat()),
        incident("open"),
        incident("undated", started_at=None),
    ]

    async def write() -> None:
        journal = SqliteJournal.open(tmp_path / "j", START)
        journal.incidents("acme", listed, at(0))
        await journal.close()

    asyncio.run(write())
    incidents = read_history(tmp_path / "j", ["acme"], 7, at(60)).incidents
    assert [item.id for item in incidents] == ["late", "open", "undated"]
    assert (incidents[0].resolved_at, incidents[0].first_seen_at) == (at(-day), at(0))


def test_without_ids_everything_that_was_watched_is_told_and_an_unknown_id_is_empty(tmp_path: Path) -> None:
    async def write() -> None:
        journal = SqliteJournal.open(tmp_path / "j", START)
        for provider in ("beta", "alpha"):
            journal.snapshot(snapshot(WELL, 0, provider=provider), "online")
        await journal.close()

    asyncio.run(write())
    assert [uptime.provider for uptime in read_history(tmp_path / "j", [], 1, at(60)).uptimes] == ["alpha", "beta"]
    [nobody] = read_history(tmp_path / "j", ["nobody"], 1, at(60)).uptimes
    assert nobody == Uptime("nobody", 0, 0, 0, 0, 0, 0, 0, None)
    assert nobody.percent is None


def test_without_a_journal_history_is_empty(tmp_path: Path) -> None:
    assert read_history(tmp_path / "none", [], 1, START) == History(START - timedelta(days=1), START)


def test_a_file_that_is_no_journal_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "j").write_text("nothing of the kind" * 100)
    with pytest.raises(Refused, match="the journal cannot be read: file is not a database"):
        read_history(tmp_path / "j", [], 1, START)
