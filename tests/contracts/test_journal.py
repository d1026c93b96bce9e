"""What every Journal keeps, the one on disk and the fake alike."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.adapters.journal_rows import START, at, incident, ping, snapshot, turn
from tests.fakes import FakeJournal
from trayapp.adapters.journal import SqliteJournal
from trayapp.model.level import Level
from trayapp.model.ports import Journal
from trayapp.model.reading import NetworkState, Symptom
from trayapp.model.verdict import NetworkTransition


class JournalContract:
    """Subclass it and give `make`; a Test class then inherits the promises."""

    def make(self, folder: Path) -> Journal:
        raise NotImplementedError

    async def test_what_is_spent_adds_up_by_provider_and_from_a_moment_on(self, tmp_path: Path) -> None:
        journal = self.make(tmp_path)
        for seconds, usd in ((0, 0.5), (10, 0.25), (20, 0.125)):
            journal.spend("acme", usd, at(seconds))
        journal.spend("other", 7.0, at(20))
        assert await journal.spent("acme", at(10)) == 0.375
        assert await journal.spent("nobody", START) == 0
        await journal.close()

    async def test_a_key_that_never_worked_has_no_moment(self, tmp_path: Path) -> None:
        journal = self.make(tmp_path)
        journal.ping(ping(0, kind="keyless"))
        assert await journal.key_worked_at("acme") is None
        await journal.close()

    @pytest.mark.parametrize("kind", ["free", "paid"])
    @pytest.mark.parametrize("symptom", [Symptom.OK, Symptom.SLOW, Symptom.REQUEST_INVALID])
    async def test_a_key_worked_when_a_ping_with_it_was_answered_last(
        self, tmp_path: Path, kind: str, symptom: Symptom
    ) -> None:
        journal = self.make(tmp_path)
        for seconds in (0, 60):
            journal.ping(ping(seconds, symptom, kind=kind))
        for refused in set(Symptom) - {Symptom.OK, Symptom.SLOW, Symptom.REQUEST_INVALID}:
            journal.ping(ping(90, refused, kind=kind))
        assert await journal.key_worked_at("acme") == at(60)
        assert await journal.key_worked_at("other") is None
        await journal.close()

    async def test_a_text_is_kept_under_its_name_until_the_next(self, tmp_path: Path) -> None:
        journal = self.make(tmp_path)
        assert await journal.recalled("held") is None
        journal.remember("held", lambda: "one")
        journal.remember("held", lambda: "two")
        journal.remember("other", lambda: "three")
        assert await journal.recalled("held") == "two"
        await journal.close()

    async def test_every_call_returns_at_once(self, tmp_path: Path) -> None:
        journal = self.make(tmp_path)
        started = time.perf_counter()
        for number in range(100):
            journal.transition(turn(Level.OPERATIONAL, Level.DOWN, number), "down")
            journal.network(NetworkTransition(at(number), NetworkState.ONLINE, NetworkState.OFFLINE))
            journal.incidents("acme", [incident()], at(number))
            journal.ping(ping(number))
            journal.snapshot(snapshot(Level.DOWN, number), "online")
        # 500 commits to a disk take longer than this; putting them in a queue takes a few milliseconds.
        assert (time.perf_counter() - started) / 500 < 0.001
        await journal.close()

    async def test_closing_twice_and_writing_after_it_is_no_fault(self, tmp_path: Path) -> None:
        journal = self.make(tmp_path)
        await journal.close()
        await journal.close()
        journal.ping(ping(0))
        journal.spend("acme", 1.0, START)


class TestSqliteJournal(JournalContract):
    def make(self, folder: Path) -> Journal:
        return SqliteJournal.open(folder / "data" / "journal.sqlite3", START)


class TestFakeJournal(JournalContract):
    def make(self, folder: Path) -> Journal:
        return FakeJournal()


async def test_what_was_spent_and_which_key_worked_is_remembered_over_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    for number in (1, 2):
        journal = SqliteJournal.open(path, START)
        journal.ping(ping(number))
        journal.spend("acme", 1.0, at(number))
        assert await journal.key_worked_at("acme") == at(number)
        assert await journal.spent("acme", START) == number
        await journal.close()
