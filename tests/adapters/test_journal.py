"""The journal on disk: what it keeps, how it opens, and what it does with what is older or newer than itself."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.adapters.journal_rows import START, at, has_rows, incident, ping, rows, snapshot, turn
from tests.until import eventually
from trayapp.adapters.journal import SqliteJournal
from trayapp.adapters.journal_read import Recorded, read_key_worked_at, read_snapshots
from trayapp.adapters.journal_schema import STEPS, VERSION, migrate
from trayapp.model.level import Level
from trayapp.model.ports import Refused
from trayapp.model.reading import NetworkState
from trayapp.model.verdict import NetworkTransition


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.sqlite3"


async def test_everything_that_happened_is_in_the_file(path: Path) -> None:
    journal = SqliteJournal.open(path, START)
    journal.transition(turn(Level.OPERATIONAL, Level.DOWN, 40, since=10), "Acme is down")
    journal.network(NetworkTransition(at(50), NetworkState.ONLINE, NetworkState.DNS, "no name"))
    journal.incidents("acme", [incident(), incident("i2")], at(60))
    journal.incidents("acme", [incident(status="resolved", resolved_at=at(90).isoformat())], at(90))
    await journal.close()
    assert rows(path, "SELECT previous, level, cause, since, summary FROM verdicts") == [
        ("operational", "down", "provider", at(10).timestamp(), "Acme is down")
    ]
    assert rows(path, "SELECT previous, state, detail FROM networks") == [("online", "dns", "no name")]
    seen = (at(60).timestamp(), at(90).timestamp())
    assert rows(path, "SELECT id, status, first_seen, last_seen FROM incidents ORDER BY id") == [
        ("i1", "resolved", *seen),
        ("i2", "investigating", seen[0], seen[0]),
    ]


async def test_the_last_snapshot_of_each_provider_is_read_back(path: Path) -> None:
    journal = SqliteJournal.open(path, START)
    for seconds, level in ((0, Level.OPERATIONAL), (60, Level.DOWN)):
        journal.snapshot(snapshot(level, seconds), "online")
    journal.snapshot(snapshot(Level.OFFLINE, 61, provider="other"), "dns")
    await journal.close()
    recorded = read_snapshots(path)
    assert [(kept.provider, kept.document["level"], kept.at) for kept in recorded.snapshots] == [
        ("acme", "down", at(60)),
        ("other", "offline", at(61)),
    ]
    assert recorded.snapshots[0].stale_after_s == 210
    assert recorded.network == "dns"


async def test_readers_see_what_was_written_while_the_writer_goes_on(path: Path) -> None:
    journal = SqliteJournal.open(path, START)
    with closing(sqlite3.connect(path)) as early:
        for number in range(1, 50):
            journal.spend("acme", 1.0, at(number))
            journal.snapshot(snapshot(Level.OPERATIONAL, number), "online")
            assert await journal.spent("acme", START) == number
            assert early.execute("SELECT total(usd) FROM spend").fetchone()[0] >= number
            assert len(read_snapshots(path).snapshots) <= 1
    await journal.close()
    assert read_snapshots(path).snapshots[0].at == at(49)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps files private by their folder")
async def test_the_files_and_their_folder_are_the_owners_alone(path: Path) -> None:
    mask = os.umask(0)
    try:
        journal = SqliteJournal.open(path, START)
        journal.spend("acme", 1.0, START)
        await eventually(lambda: has_rows(path, "SELECT 1 FROM spend"))
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
        await journal.close()
    finally:
        os.umask(mask)
    assert modes == dict.fromkeys((f"journal.sqlite3{suffix}" for suffix in ("", "-wal", "-shm", ".lock")), 0o600)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_journal_that_others_may_read_becomes_the_owners_alone(path: Path) -> None:
    asyncio.run(SqliteJournal.open(path, START).close())
    path.chmod(0o644)
    asyncio.run(SqliteJournal.open(path, START).close())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 or sys.platform == "win32"


async def test_opening_in_an_empty_folder_is_quick(tmp_path: Path) -> None:
    took = []
    for number in range(5):
        started = time.perf_counter()
        journal = SqliteJournal.open(tmp_path / str(number) / "journal.sqlite3", START)
        took.append(time.perf_counter() - started)
        await journal.close()
    assert min(took) < 0.03


async def test_closing_writes_all_that_waits_within_a_second(path: Path) -> None:
    journal = SqliteJournal.open(path, START)
    for number in range(300):
        journal.ping(ping(number))
    started = time.perf_counter()
    await journal.close()
    assert time.perf_counter() - started < 1.2
    assert {file.name for file in path.parent.iterdir()} == {"journal.sqlite3", "journal.sqlite3.lock"}
    assert rows(path, "SELECT sum(made) FROM pings GROUP BY span") == [(300,)] * 3


def _make(path: Path, version: int, statements: str = "") -> None:
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"{statements}; PRAGMA user_version = {version}")


def test_a_journal_from_a_newer_uptray_is_refused_and_left_untouched(path: Path) -> None:
    _make(path, VERSION + 1, "PRAGMA journal_mode = WAL; CREATE TABLE later (a)")
    before = path.read_bytes()
    with pytest.raises(Refused, match=f"version {VERSION + 1}, and this Uptray knows {VERSION}"):
        SqliteJournal.open(path, START)
    assert path.read_bytes() == before
    assert not list(path.parent.glob("*.damaged-*"))


def test_a_newer_journal_whose_writer_was_killed_is_left_untouched_too(path: Path, tmp_path: Path) -> None:
    _make(tmp_path / "made" / "j", 0, "PRAGMA journal_mode = WAL; CREATE TABLE later (a)")
    path.parent.mkdir()
    with closing(sqlite3.connect(tmp_path / "made" / "j")) as writer:
        writer.executescript(f"INSERT INTO later VALUES (1); PRAGMA user_version = {VERSION + 1}")
        for suffix in ("", "-wal"):
            path.with_name(path.name + suffix).write_bytes((tmp_path / "made" / f"j{suffix}").read_bytes())
    before = [path.read_bytes(), path.with_name(f"{path.name}-wal").read_bytes()]
    with pytest.raises(Refused, match="left untouched"):
        SqliteJournal.open(path, START)
    assert [path.read_bytes(), path.with_name(f"{path.name}-wal").read_bytes()] == before


async def test_an_empty_file_becomes_a_journal(path: Path) -> None:
    _make(path, 0)
    journal = SqliteJournal.open(path, START)
    assert journal.complaint is None
    await journal.close()
    assert rows(path, "PRAGMA user_version") == [(VERSION,)]


def test_a_migration_keeps_the_rows_and_is_made_once(tmp_path: Path) -> None:
    steps = [*STEPS, ["ALTER TABLE spend ADD COLUMN model TEXT", "CREATE TABLE fresh (a)"]]
    with closing(sqlite3.connect(tmp_path / "j", isolation_level=None)) as connection:
        migrate(connection)
        connection.execute("INSERT INTO spend VALUES ('acme', 1, 0.5)")
        for _ in range(2):
            migrate(connection, steps)
            assert connection.execute("SELECT provider, usd, model FROM spend").fetchall() == [("acme", 0.5, None)]
            assert connection.execute("PRAGMA user_version").fetchone() == (VERSION + 1,)


def test_a_step_that_fails_leaves_the_journal_as_it_was(tmp_path: Path) -> None:
    steps = [*STEPS, ["CREATE TABLE fresh (a)", "ALTER TABLE missing ADD COLUMN b"]]
    with closing(sqlite3.connect(tmp_path / "j", isolation_level=None)) as connection:
        migrate(connection)
        with pytest.raises(sqlite3.OperationalError, match="missing"):
            migrate(connection, steps)
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
        assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'fresh'").fetchall()


async def test_what_is_too_old_is_dropped_when_the_app_has_run_again(path: Path) -> None:
    journal = SqliteJournal.open(path, START)
    journal.ping(ping(0))
    journal.transition(turn(Level.OPERATIONAL, Level.DOWN, 0), "")
    await journal.close()
    for days, kept in ((1, [60, 3600, 86400]), (3, [3600, 86400]), (61, [86400]), (731, [])):
        later = at(days * 86400)
        journal = SqliteJournal.open(path, later)
        journal.snapshot(snapshot(Level.OPERATIONAL, days * 86400), "online")
        await journal.close()
        assert [row[0] for row in rows(path, "SELECT span FROM pings ORDER BY span")] == kept
        assert len(rows(path, "SELECT 1 FROM verdicts")) == (1 if days < 730 else 0)


def test_where_there_is_no_journal_nothing_is_recorded_and_none_is_made(path: Path) -> None:
    assert read_snapshots(path) == Recorded()
    assert read_key_worked_at(path, "acme") is None
    assert not path.parent.exists()


async def test_a_text_that_cannot_be_kept_costs_its_own_entry_alone(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    journal = SqliteJournal.open(path, START)
    journal.network(NetworkTransition(at(1), NetworkState.ONLINE, NetworkState.DNS, "half a character: \ud800"))
    journal.network(NetworkTransition(at(2), NetworkState.DNS, NetworkState.ONLINE, "whole"))
    await journal.close()
    assert rows(path, "SELECT detail FROM networks") == [("whole",)]
    assert "one entry of the journal is lost" in caplog.text
