"""Who keeps the journal when several programs would write it, and what becomes of one whose file is taken away."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.journal_rows import START, at, ping, rows, snapshot, turn
from tests.until import eventually
from trayapp.adapters.journal import SqliteJournal
from trayapp.adapters.journal_file import JournalFile
from trayapp.adapters.journal_history import read_history
from trayapp.adapters.journal_lock import Held, Lock
from trayapp.adapters.journal_quiet import QuietJournal
from trayapp.adapters.journal_read import read_snapshots
from trayapp.adapters.journal_writer import Writer
from trayapp.model.level import Level
from trayapp.model.ports import Refused
from trayapp.model.reading import NetworkState
from trayapp.model.verdict import NetworkTransition

CHILD = Path(__file__).parent / "journal_child.py"
ROOT = Path(__file__).parents[2]
ELSEWHERE = "another Uptray keeps the journal; this one goes on with it when that one ends"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.sqlite3"


def _impatient(path: Path) -> SqliteJournal:
    """A journal that tries again soon."""
    return SqliteJournal(Writer(JournalFile(path), START, retry_s=0.02))


# ---- two that would write


async def test_the_first_keeps_it_and_the_second_says_so_and_writes_nothing(path: Path) -> None:
    first, second = SqliteJournal.open(path, START), SqliteJournal.open(path, START)
    assert (first.complaint, second.complaint) == (None, ELSEWHERE)
    first.snapshot(snapshot(Level.OPERATIONAL, 60), "online")
    second.snapshot(snapshot(Level.DOWN, 60), "online")
    second.transition(turn(Level.OPERATIONAL, Level.DOWN, 60), "down")
    await first.close()
    await second.close()
    assert [kept.document["level"] for kept in read_snapshots(path).snapshots] == ["operational"]
    assert rows(path, "SELECT * FROM verdicts") == []


async def test_of_two_that_begin_at_the_same_moment_one_keeps_it(path: Path) -> None:
    for number in range(10):
        place = path.parent / str(number) / path.name
        both = await asyncio.gather(*(asyncio.to_thread(SqliteJournal.open, place, START) for _ in range(2)))
        assert {journal.complaint for journal in both} == {None, ELSEWHERE}
        for journal in both:
            journal.spend("acme", 1.0, START)
            await journal.close()
        assert rows(place, "SELECT count(*) FROM spend") == [(1,)]
        assert not list(place.parent.glob("*.damaged-*"))


async def test_beside_another_it_knows_what_is_recorded_and_spends_nothing(path: Path) -> None:
    first, second = SqliteJournal.open(path, START), SqliteJournal.open(path, START)
    first.ping(ping(30))
    assert await first.spent("acme", START) == 0
    assert await second.key_worked_at("acme") == at(30)
    assert await second.spent("acme", START) == float("inf")
    await first.close()
    await second.close()


async def test_when_the_first_ends_the_second_goes_on_with_what_happens_then(path: Path) -> None:
    first = SqliteJournal.open(path, START)
    second = _impatient(path)
    second.transition(turn(Level.UNKNOWN, Level.DOWN, 0), "before")
    assert await second.key_worked_at("acme") is None
    await first.close()

    def is_taken_over() -> bool:
        second.snapshot(snapshot(Level.DOWN, 60), "online")
        return second.complaint is None

    await eventually(is_taken_over)
    second.transition(turn(Level.DOWN, Level.OPERATIONAL, 60), "after")
    assert await second.spent("acme", START) == 0
    assert rows(path, "SELECT summary FROM verdicts") == [("after",)]
    await second.close()


def test_one_that_was_killed_no_longer_keeps_it(path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(CHILD), str(path)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"writing\n"
        assert asyncio.run(_complaint(path)) == ELSEWHERE
        child.kill()
    assert asyncio.run(_complaint(path)) is None


async def _complaint(path: Path) -> str | None:
    journal = SqliteJournal.open(path, START)
    try:
        return journal.complaint
    finally:
        await journal.close()


def test_a_program_that_was_started_by_the_keeper_does_not_keep_it_too(path: Path) -> None:
    journal = SqliteJournal.open(path, START)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        asyncio.run(journal.close())
        assert asyncio.run(_complaint(path)) is None
        child.communicate(b"\n")


def test_a_journal_that_is_refused_is_kept_by_nobody(path: Path) -> None:
    asyncio.run(_complaint(path))
    ours = path.read_bytes()
    newer = ours[:60] + (99).to_bytes(4) + ours[64:]
    path.write_bytes(newer)
    for _ in range(2):
        with pytest.raises(Refused, match="version 99"):
            SqliteJournal.open(path, START)
    assert path.read_bytes() == newer
    path.write_bytes(ours)
    assert asyncio.run(_complaint(path)) is None


def test_a_lock_is_taken_once_and_may_be_let_go_of_twice(tmp_path: Path) -> None:
    lock, other = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    lock.take()
    lock.take()
    with pytest.raises(Held):
        other.take()
    lock.release()
    lock.release()
    other.take()
    other.release()


# ---- a file that is taken away


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody remove a file that is open")
@pytest.mark.parametrize("suffixes", [("",), ("", "-wal", "-shm"), ("-wal",)])
async def test_a_journal_that_is_removed_while_it_is_written_begins_anew(path: Path, suffixes: tuple[str, ...]) -> None:
    journal = SqliteJournal.open(path, START)
    journal.snapshot(snapshot(Level.DOWN, 0), "online")
    assert await journal.spent("acme", START) == 0
    for suffix in suffixes:
        path.with_name(path.name + suffix).unlink()
    journal.snapshot(snapshot(Level.DOWN, 60, provider="other"), "online")
    assert await journal.spent("acme", START) == 0
    await journal.close()
    assert "other" in {kept.provider for kept in read_snapshots(path).snapshots}
    assert rows(path, "PRAGMA quick_check") == [("ok",)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody remove a file that is open")
async def test_when_its_whole_folder_is_gone_it_says_so_and_comes_back_with_it(path: Path) -> None:
    path.parent.mkdir()
    journal = _impatient(path)
    shutil.rmtree(path.parent)
    journal.spend("acme", 1.0, START)
    await eventually(lambda: journal.complaint)
    assert journal.complaint is not None
    assert "cannot be written (" in journal.complaint
    path.parent.mkdir()
    await eventually(lambda: journal.complaint is None)
    assert await journal.spent("acme", START) == 1.0
    await journal.close()


# ---- a place where none can be


def test_a_folder_in_its_place_is_refused_and_left_as_it_is(path: Path) -> None:
    path.mkdir(parents=True, mode=0o755)
    mode = path.stat().st_mode
    with pytest.raises(Refused, match="this is a folder") as refusal:
        SqliteJournal.open(path, START)
    assert "\n" not in str(refusal.value)
    assert path.stat().st_mode == mode
    assert read_snapshots(path).snapshots == ()
    with pytest.raises(Refused, match="the journal cannot be read"):
        read_history(path, [], 1, START)


@pytest.fixture
def foreign() -> Iterator[Path]:
    """A folder in which this process may make nothing, even when root runs the tests."""
    if sys.platform == "win32":
        pytest.skip("Windows knows other rights")
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o555)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    yield folder
    if is_root:
        os.seteuid(0)
    folder.chmod(0o700)
    shutil.rmtree(folder)


async def test_in_a_folder_that_may_not_be_written_the_app_starts_and_tells_the_reason(foreign: Path) -> None:
    journal = SqliteJournal.open(foreign / "journal.sqlite3", START)
    journal.ping(ping(0))
    assert await journal.key_worked_at("acme") is None
    assert journal.complaint == (
        "the journal cannot be written (Permission denied); what happens is kept in memory meanwhile"
    )
    await journal.close()
    with pytest.raises(Refused, match="the folder could not be made"):
        SqliteJournal.open(foreign / "data" / "journal.sqlite3", START)


# ---- one that only looks


def test_the_quiet_journal_knows_what_was_recorded_and_changes_nothing(path: Path) -> None:
    asyncio.run(_ping(SqliteJournal.open(path, START)))
    before = path.read_bytes()
    asyncio.run(_quietly(QuietJournal(path, "a reason")))
    assert path.read_bytes() == before


async def _ping(journal: SqliteJournal) -> None:
    journal.ping(ping(30))
    await journal.close()


async def _quietly(quiet: QuietJournal) -> None:
    quiet.transition(turn(Level.OPERATIONAL, Level.DOWN, 0), "down")
    quiet.network(NetworkTransition(START, NetworkState.ONLINE, NetworkState.DNS))
    quiet.incidents("acme", [], START)
    quiet.ping(ping(60))
    quiet.snapshot(snapshot(Level.DOWN, 0), "online")
    quiet.spend("acme", 1.0, START)
    assert await quiet.key_worked_at("acme") == at(30)
    assert await quiet.spent("acme", START) == float("inf")
    assert quiet.complaint == "a reason"
    await quiet.close()


def test_reading_what_is_recorded_loads_nothing_else_of_ours() -> None:
    command = (
        "import sys, trayapp.adapters.journal_read;"
        "print(sorted(name for name in sys.modules if name.split('.')[0] == 'trayapp'), 'asyncio' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "['trayapp', 'trayapp.adapters', 'trayapp.adapters.journal_read'] False\n"
