"""The journal's file: locked, opened for writing in WAL, brought to our version, set aside when it is damaged."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trayapp.adapters.journal_lock import Lock
from trayapp.adapters.journal_read import connect as connect_for_reading
from trayapp.adapters.journal_schema import migrate, version
from trayapp.model.refused import Refused

#: How long one write may wait for another process: a reader that brings log and file together, a tool of the user's.
_BUSY_S = 5.0

#: Primary codes of a file that is not, or no longer, a journal (https://sqlite.org/rescode.html). ERROR is a schema
#: that is not ours, or a format number that SQLite does not know.
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_FORMAT}
_DISK = {
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN),
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PERM, sqlite3.SQLITE_PROTOCOL),
}


def code(error: sqlite3.Error) -> int:
    """Return SQLite's primary code; what Python itself cannot read of a file, text that is not UTF-8, has none."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF


def is_damage(error: Exception) -> bool:
    """True when something in the file cannot be right; a call that we made wrongly is not among it."""
    # SQLite's own message may quote the noise that it met, and is then no text either.
    if isinstance(error, UnicodeDecodeError):
        return True
    mistaken = isinstance(error, sqlite3.ProgrammingError | sqlite3.InterfaceError)
    damaged = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return isinstance(error, sqlite3.Error) and not mistaken and code(error) in damaged


def is_busy(error: Exception) -> bool:
    """True when another process writes at this moment."""
    return isinstance(error, sqlite3.Error) and code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_of_the_disk(error: Exception) -> bool:
    """True when the same write may succeed later: the disk is full or away, or may not be written now."""
    return isinstance(error, OSError | Refused) or (isinstance(error, sqlite3.Error) and code(error) in _DISK)


class JournalFile:
    """Where the journal is; `open` gives a connection as often as one is needed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock(path.with_name(f"{path.name}.lock"))
        self._opened: tuple[int, int] | None = None

    def open(self, now: datetime) -> tuple[sqlite3.Connection, str | None]:
        """Return a connection, and a line for the user when a damaged file had to be set aside for it.

        Raises Refused for a folder in its place and for a file from a newer Uptray, Held when another program keeps
        the journal, and sqlite3.Error or OSError for a disk that does not let us.
        """
        self._lock.take()
        try:
            return self._connect(), None
        except Refused:
            self._lock.release()
            raise
        except UnicodeDecodeError:
            pass
        except sqlite3.Error as error:
            if not self._is_broken(error):
                raise
        return self.begin_anew(now)

    def begin_anew(self, now: datetime) -> tuple[sqlite3.Connection, str]:
        """Set the file aside, and return a connection to a new one with a line about it. Raises as `open` does."""
        aside = self.path.with_name(f"{self.path.name}.damaged-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
        # What SQLite kept beside the file belongs to it and goes along.
        for suffix in ("", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                self.path.with_name(self.path.name + suffix).replace(aside.with_name(aside.name + suffix))
        return self._connect(), f"the journal was damaged; it is kept as {aside.name}, and a new one is begun"

    def is_gone(self) -> bool:
        """True when the file that was opened last was removed or replaced: what is written there nobody reads."""
        return self._opened is not None and self._identity() != self._opened

    def read(self, question: Callable[[sqlite3.Connection], Any]) -> Any:
        """Return what the file answers to one who does not write it. Raises sqlite3.Error."""
        with closing(connect_for_reading(self.path)) as connection:
            return question(connection)

    def release(self) -> None:
        """Let another program keep the journal."""
        self._lock.release()

    def _identity(self) -> tuple[int, int] | None:
        with contextlib.suppress(OSError):
            found = self.path.stat()
            return found.st_dev, found.st_ino
        return None

    def _connect(self) -> sqlite3.Connection:
        self._check_version()
        # Before SQLite makes it: its own mode would follow the umask. The files beside it take this one's mode.
        # Only when it is new: closing a file lets go of every lock that this process holds on it (POSIX).
        with contextlib.suppress(FileExistsError):
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with contextlib.suppress(OSError):
            self.path.chmod(0o600)
        connection = sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("quick_check")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            migrate(connection)
        except BaseException:
            connection.close()
            raise
        self._opened = self._identity()
        return connection

    def _check_version(self) -> None:
        """Look without touching: opened for writing, even a file that is left alone is brought together with its log.

        Raises Refused for a file from a newer Uptray, and for a folder.
        """
        if self.path.is_dir():
            raise Refused(f"{self.path}: the journal should be here, and this is a folder")
        if not self.path.exists():
            return
        with (
            contextlib.suppress(sqlite3.Error, UnicodeDecodeError),
            closing(connect_for_reading(self.path)) as connection,
        ):
            try:
                version(connection)
            except Refused as reason:
                raise Refused(f"{self.path}: {reason}") from None

    def _is_broken(self, error: sqlite3.Error) -> bool:
        """True when the file, and not the disk, is the reason."""
        if code(error) == sqlite3.SQLITE_READONLY:
            # A damaged header tells SQLite not to write; a disk that is read-only tells everybody.
            return os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK)
        return code(error) in _BROKEN
