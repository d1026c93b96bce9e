"""The journal's one writer: a daemon thread that carries calls out in order, each committed by itself.

`kill -9` at any moment leaves whole rows, and the newest of them are lost only when the system itself goes down
(`synchronous = NORMAL`). When the disk is full or does not answer, what was to be written is kept in memory and tried
again; a file that turns out to be damaged is set aside, and one that was removed is made anew. While another program
keeps the journal, nothing of ours goes into it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

from trayapp.adapters.journal_file import is_busy, is_damage, is_of_the_disk
from trayapp.adapters.journal_lock import Held

log = logging.getLogger(__name__)

#: Calls that may wait for the thread, and calls that may wait for the disk; beyond it the newest, the oldest go.
_WAITING = 5_000
_OWED = 2_000
_GOODBYE_S = 1.0
_BUSY_AGAIN_S = 1.0
_HELD_AGAIN_S = 5.0

Work = Callable[[sqlite3.Connection], Any]


class File(Protocol):
    """What gives a connection; see `journal_file.JournalFile`."""

    def open(self, now: datetime) -> tuple[sqlite3.Connection, str | None]:
        """Return a connection and a complaint."""

    def begin_anew(self, now: datetime) -> tuple[sqlite3.Connection, str]:
        """Return a connection to a new file and a complaint."""

    def is_gone(self) -> bool:
        """True when the connection's file is no longer the journal."""

    def read(self, question: Work) -> Any:
        """Return what the file answers to one who does not write it."""

    def release(self) -> None:
        """Let another program keep the journal."""


class Writer:
    """Holds the connection. `complaint` is for the user: what was set aside, or why nothing is kept."""

    def __init__(self, file: File, now: datetime, retry_s: float = 30.0) -> None:
        """Open the file. Raises Refused when it is from a newer Uptray."""
        self._file = file
        self._retry_s = retry_s
        self._started = now.timestamp() - time.monotonic()
        self._work: queue.Queue[tuple[Work, Callable[[Any], None] | None] | None] = queue.Queue(_WAITING)
        self._owed: deque[Work] = deque(maxlen=_OWED)
        self._again_at = 0.0
        self._connection: sqlite3.Connection | None = None
        self._lasting: str | None = None
        self._passing: str | None = None
        self.is_kept_elsewhere = False
        self._closed: Callable[[], object] = lambda: None
        try:
            self._connection, self._lasting = file.open(now)
        except (sqlite3.Error, OSError) as error:
            # Who opens it reads `complaint`; a warning would come to the terminal a second time.
            self._put_off(error, log.info)
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    @property
    def complaint(self) -> str | None:
        """Why nothing is kept now, else what was set aside."""
        return self._passing or self._lasting

    def now(self) -> float:
        """Return the time that was given at the start, gone on steadily, in seconds since 1970."""
        return self._started + time.monotonic()

    def do(self, work: Work) -> None:
        """Have `work` done in its turn, in a transaction of its own; returns at once."""
        if self._thread.is_alive():
            self._put((work, None))

    async def ask(self, question: Work) -> Any:
        """Return the answer after all that came before; None when it cannot be had within a second."""
        if not self._thread.is_alive():
            return None
        loop = asyncio.get_running_loop()
        answer = loop.create_future()

        def give(found: Any) -> None:
            if not answer.done():
                answer.set_result(found)

        def reply(found: Any) -> None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(give, found)

        self._put((question, reply))
        try:
            async with asyncio.timeout(_GOODBYE_S):
                return await answer
        except TimeoutError:
            return None

    async def close(self) -> None:
        """Write all that is pending, for at most a second, and close."""
        if not self._thread.is_alive():
            return
        loop = asyncio.get_running_loop()
        done = asyncio.Event()
        self._closed = lambda: loop.call_soon_threadsafe(done.set)
        self._put(None)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_S):
                await done.wait()

    def _put(self, item: tuple[Work, Callable[[Any], None] | None] | None) -> None:
        with contextlib.suppress(queue.Full):
            self._work.put_nowait(item)

    # ---- in the thread

    def _run(self) -> None:
        while True:
            try:
                item = self._work.get(timeout=self._patience_s())
            except queue.Empty:
                self._pay()
                continue
            if item is None:
                break
            self._take(*item)
        self._again_at = 0.0
        self._pay()
        self._let_go()
        self._file.release()
        # The loop may be gone when the disk was slower than our patience.
        with contextlib.suppress(RuntimeError):
            self._closed()

    def _patience_s(self) -> float | None:
        return max(0.0, self._again_at - time.monotonic()) if self._owed else None

    def _take(self, work: Work, reply: Callable[[Any], None] | None) -> None:
        if reply is not None:
            reply(self._answer(work))
            return
        if self.is_kept_elsewhere and time.monotonic() < self._again_at:
            # The other sees the same providers, and what it writes is to be read as one account.
            return
        self._owed.append(work)
        self._pay()

    def _answer(self, question: Work) -> Any:
        """Return what the file says; while something is owed it does not know the whole truth."""
        try:
            if self.is_kept_elsewhere:
                return self._file.read(question)
            return None if self._connection is None or self._owed else question(self._connection)
        except (sqlite3.Error, UnicodeDecodeError):
            log.warning("the journal gave no answer", exc_info=True)
            return None

    def _pay(self) -> None:
        """Write what is owed, oldest first, unless the disk failed a moment ago."""
        if time.monotonic() < self._again_at:
            return
        while self._owed:
            try:
                self._commit(self._owed[0])
            except Exception as error:
                if is_of_the_disk(error):
                    self._put_off(error)
                    return
                if is_damage(error):
                    if self._begin_anew():
                        continue
                    return
                log.exception("one entry of the journal is lost")
            self._owed.popleft()
        if self._passing is not None and self._connection is not None:
            log.info("the journal is written again")
            self._passing = None

    def _commit(self, work: Work) -> None:
        if self._file.is_gone():
            self._let_go()
        if self._connection is None:
            self._connection, lasting = self._file.open(self._moment())
            self._lasting = lasting or self._lasting
            self.is_kept_elsewhere = False
        with self._connection as connection:
            connection.execute("BEGIN IMMEDIATE")
            work(connection)

    def _begin_anew(self) -> bool:
        """Set the damaged file aside; False when that is not possible either."""
        self._let_go()
        try:
            self._connection, self._lasting = self._file.begin_anew(self._moment())
        except (sqlite3.Error, OSError) as error:
            self._put_off(error)
            return False
        log.warning("%s", self._lasting)
        return True

    def _let_go(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None

    def _moment(self) -> datetime:
        return datetime.fromtimestamp(self.now(), UTC)

    def _put_off(self, error: Exception, tell: Callable[..., None] = log.warning) -> None:
        if is_busy(error):
            self._again_at = time.monotonic() + _BUSY_AGAIN_S
            return
        self._again_at = time.monotonic() + self._retry_s
        self.is_kept_elsewhere = isinstance(error, Held)
        if self.is_kept_elsewhere:
            self._again_at = time.monotonic() + min(self._retry_s, _HELD_AGAIN_S)
            self._owed.clear()
            told = str(error)
        else:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            told = f"the journal cannot be written ({reason}); what happens is kept in memory meanwhile"
        if self._passing != told:
            self._passing = told
            tell("%s", told)
