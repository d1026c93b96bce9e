"""The journal on disk: SQLite in WAL, written by one thread of its own, so that nobody waits for a disk.

Each call is carried out in order and committed by itself: `kill -9` at any moment leaves whole rows, and the newest
of them are lost only when the system itself goes down (`synchronous = NORMAL`). A full disk costs the journal, not
the app.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import queue
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trayapp.adapters.journal_rollup import add, prune
from trayapp.adapters.journal_schema import migrate
from trayapp.adapters.paths import private_folder
from trayapp.model.ports import Snapshot
from trayapp.model.reading import ProbeReading
from trayapp.model.refused import Refused
from trayapp.model.verdict import NetworkTransition, Transition

log = logging.getLogger(__name__)

#: Calls that may wait; with more the disk is stuck, and the newest are dropped.
_WAITING = 10_000
_GOODBYE_S = 1.0
_PRUNE_EVERY_S = 86400.0
#: A stretch without a snapshot that is longer is a gap: asleep, or not running.
_GAP_S = 300.0

Work = Callable[[sqlite3.Connection], Any]


class SqliteJournal:
    """Implements `model.ports.Journal`. `complaint` is for the user: what was set aside, or why nothing is kept."""

    def __init__(self, connection: sqlite3.Connection, complaint: str | None) -> None:
        self.complaint = complaint
        self._connection = connection
        self._work: queue.Queue[Work | None] = queue.Queue(_WAITING)
        self._pruned = 0.0
        self._done: Callable[[], object] = lambda: None
        self._thread = threading.Thread(target=self._write, name="journal", daemon=True)
        self._thread.start()

    @classmethod
    def open(cls, path: Path, now: datetime) -> SqliteJournal:
        """Open the file, made if it is absent; a damaged one is set aside. Raises Refused: not ours to open."""
        private_folder(path.parent)
        try:
            return cls(_connect(path), None)
        except sqlite3.OperationalError as error:
            raise Refused(f"{path}: the journal cannot be opened: {error}") from None
        except sqlite3.DatabaseError:
            aside = path.with_name(f"{path.name}.damaged-{now.astimezone(UTC):%Y%m%dT%H%M%S}")
            _set_aside(path, aside)
            return cls(_connect(path), f"the journal was damaged; it is kept as {aside.name}, and a new one is begun")

    def transition(self, transition: Transition, summary: str) -> None:
        """Keep a change of verdict."""
        before, after = transition.before, transition.after
        row = (
            after.at.timestamp(),
            after.provider,
            before.level.value,
            after.level.value,
            after.cause.value,
            after.case.value,
            after.since.timestamp(),
            transition.baseline,
            summary,
        )
        self._do(lambda c: c.execute("INSERT INTO verdicts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row))

    def network(self, transition: NetworkTransition) -> None:
        """Keep a change of the network."""
        row = (transition.at.timestamp(), transition.before.value, transition.after.value, transition.detail)
        self._do(lambda c: c.execute("INSERT INTO networks VALUES (?, ?, ?, ?)", row))

    def incidents(self, provider: str, document: Sequence[Mapping[str, Any]], now: datetime) -> None:
        """Keep the incidents a page tells of: each is inserted or brought up to date by its id."""
        seen = now.timestamp()
        rows = [
            (
                provider,
                *(i[k] for k in ("id", "name", "status", "impact", "counts", "started_at", "resolved_at")),
                seen,
                seen,
            )
            for i in document
        ]
        self._do(
            lambda c: c.executemany(
                "INSERT INTO incidents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                " name = excluded.name, status = excluded.status, impact = excluded.impact, counts = excluded.counts,"
                " started_at = excluded.started_at, resolved_at = excluded.resolved_at, last_seen = excluded.last_seen",
                rows,
            )
        )

    def ping(self, reading: ProbeReading) -> None:
        """Add a ping to its minute, hour and day."""
        self._do(lambda c: add(c, reading))

    def snapshot(self, snapshot: Snapshot, network: str) -> None:
        """Keep the latest verdict, and that the provider was watched until now."""
        at = snapshot.at.timestamp()
        row = (snapshot.provider, at, snapshot.stale_after_s, network, json.dumps(dict(snapshot.document)))

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("REPLACE INTO snapshots VALUES (?, ?, ?, ?, ?)", row)
            _watched_until(connection, snapshot.provider, at)

        self._do(write)

    def spend(self, provider: str, usd: float, at: datetime) -> None:
        """Add the cost of a paid ping."""
        self._do(lambda c: c.execute("INSERT INTO spend VALUES (?, ?, ?)", (provider, at.timestamp(), usd)))

    async def spent(self, provider: str, since: datetime) -> float:
        """Return the US dollars spent since then; infinite when that cannot be known, so that nothing more is spent."""
        query = "SELECT total(usd) FROM spend WHERE provider = ? AND at >= ?"
        found = await self._ask(lambda c: c.execute(query, (provider, since.timestamp())).fetchone())
        return float(found[0]) if found else float("inf")

    async def key_worked_at(self, provider: str) -> datetime | None:
        """Return when a keyed ping last succeeded, None when none ever did or it cannot be known."""
        query = "SELECT worked_at FROM keys WHERE provider = ?"
        found = await self._ask(lambda c: c.execute(query, (provider,)).fetchone())
        return datetime.fromtimestamp(found[0], UTC) if found else None

    async def close(self) -> None:
        """Write all that is pending, for at most a second, and close."""
        loop = asyncio.get_running_loop()
        done = asyncio.Event()
        self._done = lambda: loop.call_soon_threadsafe(done.set)
        self._put(None)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_S):
                await done.wait()

    async def _ask(self, question: Work) -> Any:
        loop = asyncio.get_running_loop()
        answer = loop.create_future()

        def work(connection: sqlite3.Connection) -> None:
            found = question(connection)
            loop.call_soon_threadsafe(_give, answer, found)

        self._do(work)
        try:
            async with asyncio.timeout(_GOODBYE_S):
                return await answer
        except TimeoutError:
            return None

    def _do(self, work: Work) -> None:
        if self._thread.is_alive():
            self._put(work)

    def _put(self, work: Work | None) -> None:
        with contextlib.suppress(queue.Full):
            self._work.put_nowait(work)

    def _write(self) -> None:
        while (work := self._work.get()) is not None:
            try:
                with self._connection:
                    self._connection.execute("BEGIN IMMEDIATE")
                    work(self._connection)
                    self._prune()
            except sqlite3.Error as error:
                self._complain(error)
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()
        with contextlib.suppress(RuntimeError):
            self._done()

    def _prune(self) -> None:
        now = datetime.now(UTC).timestamp()
        if now - self._pruned > _PRUNE_EVERY_S:
            self._pruned = now
            prune(self._connection, now)

    def _complain(self, error: sqlite3.Error) -> None:
        if self.complaint is None:
            self.complaint = f"the journal cannot be written ({error}); the app goes on without it"
            log.warning("%s", self.complaint)


def _give(answer: asyncio.Future[Any], found: Any) -> None:
    if not answer.done():
        answer.set_result(found)


def _connect(path: Path) -> sqlite3.Connection:
    """Open the file and bring it to our version. Raises sqlite3.DatabaseError for a damaged one, and Refused."""
    if not path.exists():
        # Before SQLite makes it: its own mode would follow the umask.
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    connection = sqlite3.connect(path, timeout=5.0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("quick_check")
        migrate(connection)
        connection.execute("SELECT 1 FROM verdicts, pings, snapshots LIMIT 1").fetchall()
    except BaseException:
        connection.close()
        raise
    with contextlib.suppress(OSError):
        path.chmod(0o600)
    return connection


def _set_aside(path: Path, aside: Path) -> None:
    """Move the damaged file away; what SQLite kept beside it belongs to it and goes along."""
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + suffix).replace(aside.with_name(aside.name + suffix))


def _watched_until(connection: sqlite3.Connection, provider: str, at: float) -> None:
    """Lengthen the provider's watched stretch to `at`, or begin one after a gap."""
    found = connection.execute(
        "SELECT rowid FROM watched WHERE provider = ? AND ended BETWEEN ? AND ? ORDER BY ended DESC LIMIT 1",
        (provider, at - _GAP_S, at),
    ).fetchone()
    if found:
        connection.execute("UPDATE watched SET ended = ? WHERE rowid = ?", (at, found[0]))
    else:
        connection.execute("INSERT INTO watched VALUES (?, ?, ?)", (provider, at, at))
