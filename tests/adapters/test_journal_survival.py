"""What happens to the journal when the process is killed, the disk is full, or the file is damaged."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.adapters.journal_rows import START, at, incident, ping, rows, snapshot, turn
from tests.until import eventually
from trayapp.adapters.journal import SqliteJournal
from trayapp.adapters.journal_file import JournalFile
from trayapp.adapters.journal_history import read_history
from trayapp.adapters.journal_read import read_key_worked_at, read_snapshots
from trayapp.adapters.journal_writer import Writer
from trayapp.model.level import Level
from trayapp.model.ports import Refused

CHILD = Path(__file__).parent / "journal_child.py"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.sqlite3"


# ---- kill -9


def test_killed_at_any_moment_it_leaves_whole_rows(path: Path) -> None:
    written = 0
    for moment in range(20):
        _write_until_killed(path, random.Random(moment).uniform(0, 0.06))
        recorded = read_snapshots(path)
        asyncio.run(_open_and_close(path))
        assert len(recorded.snapshots) == 1
        assert rows(path, "PRAGMA quick_check") == [("ok",)]
        [(by_minute,), (by_hour,), (by_day,)] = rows(path, "SELECT sum(made) FROM pings GROUP BY span")
        assert by_minute == by_hour == by_day > written
        assert rows(path, "SELECT count(*) % 10 FROM incidents") == [(0,)]
        written = by_day
    assert not list(path.parent.glob("*.damaged-*"))


def _write_until_killed(path: Path, after_s: float) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(CHILD), str(path)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"writing\n"
        try:
            child.wait(after_s)
        except subprocess.TimeoutExpired:
            child.kill()
        child.wait(5)
    assert child.returncode != 0


async def _open_and_close(path: Path) -> None:
    journal = SqliteJournal.open(path, START)
    assert journal.complaint is None
    await journal.close()


def test_a_read_of_what_a_killed_writer_left_changes_nothing(path: Path, tmp_path: Path) -> None:
    _write_until_killed(path, 0.02)
    log = path.with_name(f"{path.name}-wal")
    assert log.stat().st_size > 0
    before = (path.read_bytes(), log.read_bytes())
    path.with_name(f"{path.name}-shm").unlink()
    assert read_snapshots(path).snapshots[0].provider == "acme"
    assert read_key_worked_at(path, "acme") is not None
    assert read_history(path, [], 1, at(60)).uptimes[0].pings > 0
    assert (path.read_bytes(), log.read_bytes()) == before


# ---- a full disk


class SmallFile(JournalFile):
    """A file that may not grow: SQLite then says that the disk is full. The limit is each connection's own."""

    def open(self, now: datetime) -> tuple[sqlite3.Connection, str | None]:
        self.connection, complaint = super().open(now)
        self.limit(40)
        return self.connection, complaint

    def limit(self, pages: int) -> None:
        self.connection.execute(f"PRAGMA max_page_count = {pages}")


async def test_on_a_full_disk_it_keeps_everything_in_memory_and_writes_it_when_there_is_room(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "journal.sqlite3"
    file = SmallFile(path)
    journal = SqliteJournal(Writer(file, START, retry_s=0.05))
    for number in range(200):
        journal.transition(turn(Level.OPERATIONAL, Level.DOWN, number), "x" * 1000)
    await eventually(lambda: journal.complaint)
    assert journal.complaint is not None
    assert "cannot be written (database or disk is full)" in journal.complaint
    assert await journal.spent("acme", START) == float("inf")
    kept = rows(path, "SELECT count(*) FROM verdicts")[0][0]
    assert 0 < kept < 200
    assert rows(path, "PRAGMA quick_check") == [("ok",)]
    file.limit(10_000)
    await eventually(lambda: rows(path, "SELECT count(*) FROM verdicts") == [(200,)])
    await eventually(lambda: journal.complaint is None)
    assert await journal.spent("acme", START) == 0
    await journal.close()
    assert caplog.text.count("cannot be written") == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 2 MB."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root may mount a small file system")
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "uptray-test", str(folder)], check=False)
    if made.returncode:
        pytest.skip("mounting is not allowed here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_on_a_disk_that_is_really_full_the_app_goes_on_and_catches_up(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    path = small_disk / "data" / "journal.sqlite3"

    path.parent.mkdir()

    async def live() -> None:
        journal = SqliteJournal(Writer(JournalFile(path), START, retry_s=0.05))
        await _fill(ballast)
        for number in range(50):
            journal.transition(turn(Level.OPERATIONAL, Level.DOWN, number), "x" * 2000)
        await eventually(lambda: journal.complaint)
        await asyncio.to_thread(ballast.unlink)
        await eventually(lambda: journal.complaint is None)
        await journal.close()

    asyncio.run(live())
    assert rows(path, "SELECT count(*) FROM verdicts") == [(50,)]


def test_on_a_disk_that_is_full_from_the_start_the_app_starts_and_catches_up(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    path = small_disk / "journal.sqlite3"

    async def live() -> None:
        await _fill(ballast)
        journal = SqliteJournal(Writer(JournalFile(path), START, retry_s=0.05))
        assert journal.complaint is not None
        journal.spend("acme", 1.0, START)
        assert await journal.spent("acme", START) == float("inf")
        assert await journal.key_worked_at("acme") is None
        await asyncio.to_thread(ballast.unlink)
        await eventually(lambda: journal.complaint is None)
        assert await journal.spent("acme", START) == 1.0
        await journal.close()

    asyncio.run(live())
    assert not list(path.parent.glob("*.damaged-*"))


async def _fill(ballast: Path) -> None:
    def fill() -> None:
        with ballast.open("wb", buffering=0) as file:
            for size in (4096, 1):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError:
                    continue

    await asyncio.to_thread(fill)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refused, match="the folder could not be made"):
        SqliteJournal.open(tmp_path / "file" / "data" / "journal.sqlite3", START)


# ---- a damaged file


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good journal of some pages. A path, since hypothesis prints what a test was given."""
    path = tmp_path_factory.mktemp("whole") / "journal.sqlite3"

    async def live() -> None:
        journal = SqliteJournal.open(path, START)
        for number in range(60):
            journal.ping(ping(number * 60))
            journal.transition(turn(Level.OPERATIONAL, Level.DOWN, number), "x" * 300)
            journal.snapshot(snapshot(Level.DOWN, number), "online")
        journal.incidents("acme", [incident(str(each)) for each in range(30)], START)
        await journal.close()

    asyncio.run(live())
    return path


async def _use(path: Path) -> SqliteJournal:
    """Open the journal, have every kind of thing written and asked, and close it."""
    journal = SqliteJournal.open(path, START)
    for provider in ("acme", "other"):
        journal.ping(ping(5, provider=provider))
        journal.transition(turn(Level.OPERATIONAL, Level.DOWN, 61, provider=provider), "down")
        journal.snapshot(snapshot(Level.DOWN, 62, provider=provider), "online")
        journal.incidents(provider, [incident()], START)
        journal.spend(provider, 1.0, at(0))
        await journal.key_worked_at(provider)
    await journal.spent("acme", START)
    await journal.close()
    return journal


def _look(path: Path) -> None:
    read_snapshots(path)
    read_key_worked_at(path, "acme")
    try:
        read_history(path, [], 30, at(3600))
    except Refused as reason:
        assert "\n" not in str(reason)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "no database at all": lambda whole: b"this was never a database" * 400,
    "a header of zeros": lambda whole: b"\0" * 100 + whole[100:],
    "a format of the future": lambda whole: whole[:18] + b"\x09\x09" + whole[20:],
    "half of it": lambda whole: whole[: len(whole) // 2],
    "a last page cut in two": lambda whole: whole[:-2048],
    "a page of noise": lambda whole: whole[:4096] + random.Random(1).randbytes(4096) + whole[8192:],
    "a version below zero": lambda whole: whole[:60] + b"\xff\xff\xff\xff" + whole[64:],
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_set_aside_with_a_message_and_the_app_goes_on(path: Path, whole: Path, damage: str) -> None:
    path.parent.mkdir()
    damaged = DAMAGE[damage](whole.read_bytes())
    path.write_bytes(damaged)
    _look(path)
    journal = asyncio.run(_use(path))
    [aside] = path.parent.glob("*.damaged-*")
    assert aside.name == "journal.sqlite3.damaged-20260428T170000Z"
    assert aside.read_bytes() == damaged
    assert journal.complaint == f"the journal was damaged; it is kept as {aside.name}, and a new one is begun"
    assert rows(path, "SELECT provider FROM snapshots ORDER BY 1") == [("acme",), ("other",)]


def test_a_database_of_somebody_else_is_set_aside_unharmed(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE verdicts (mine); PRAGMA user_version = 1")
    asyncio.run(_use(path))
    [aside] = path.parent.glob("*.damaged-*")
    assert rows(aside, "SELECT name FROM sqlite_master") == [("verdicts",)]


def test_a_file_that_is_damaged_while_it_is_written_is_set_aside_too(path: Path) -> None:
    async def live() -> SqliteJournal:
        journal = SqliteJournal.open(path, START)
        journal.snapshot(snapshot(Level.DOWN, 60), "online")
        await journal.spent("acme", START)
        await asyncio.to_thread(_overwrite, path)
        journal.snapshot(snapshot(Level.DOWN, 120, provider="other"), "online")
        assert await journal.spent("acme", START) == 0
        await journal.close()
        return journal

    journal = asyncio.run(live())
    assert journal.complaint is not None
    assert "the journal was damaged; it is kept as" in journal.complaint
    assert [kept.provider for kept in read_snapshots(path).snapshots] == ["other"]


def _overwrite(path: Path) -> None:
    """Put noise in place of all tables; a write by somebody else makes the journal look at the file again."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO spend VALUES ('acme', 0, 1)")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = path.stat().st_size
    with path.open("r+b") as content:
        content.seek(4096)
        content.write(random.Random(2).randbytes(size - 4096))


#: A change to a good file: where, in parts of its length, and what is written there; or where it is cut.
CHANGES = st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=64)), max_size=8)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES, kept=st.floats(0, 1) | st.just(1.0))
def test_whatever_became_of_the_file_it_opens_anew_or_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, whole: Path, changes: list[tuple[float, bytes]], kept: float
) -> None:
    content = bytearray(whole.read_bytes())
    for place, text in changes:
        start = int(place * len(content))
        content[start : start + len(text)] = text
    path = tmp_path_factory.mktemp("damaged") / "journal.sqlite3"
    path.write_bytes(bytes(content[: int(kept * len(content))]))
    _look(path)
    try:
        for _ in range(2):
            # Damage that lies deep is found by the first that meets it, and gone for the second.
            journal = asyncio.run(_use(path))
            assert journal.complaint is None or "was damaged" in journal.complaint
    except Refused as reason:
        assert "is left untouched" in str(reason)
        assert int.from_bytes(content[60:64]) > 1
        return
    _look(path)
    assert {kept.provider for kept in read_snapshots(path).snapshots} >= {"acme", "other"}


def test_a_snapshot_that_makes_no_sense_does_not_hide_the_others(path: Path) -> None:
    asyncio.run(_use(path))
    broken = ["{", "[]", "null", "[" * 100_000, b"\xff"]
    with closing(sqlite3.connect(path)) as connection:
        for number, document in enumerate(broken):
            row = (f"broken{number}", 0, 1, "online", document)
            connection.execute("INSERT INTO snapshots VALUES (?, ?, ?, ?, ?)", row)
        connection.execute("INSERT INTO snapshots VALUES ('timeless', 1e300, 1, 'online', '{}')")
        connection.commit()
    assert [kept.provider for kept in read_snapshots(path).snapshots] == ["acme", "other"]
