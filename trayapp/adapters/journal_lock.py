"""Who keeps the journal: of all programs that would write it at once, the app and `uptray watch` say, the first.

Two monitors may see different things (another key in the environment, other providers), and both in one journal would
make an outage of each difference. The lock is the system's, on a file beside the journal: it is free again as soon as
its holder is gone, killed or not. That file stays; were it removed, two could each hold one of the same name.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path

#: What the systems answer when somebody else holds the lock.
_TAKEN = (errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK, errno.EDEADLK)


class Held(OSError):
    """Another program keeps the journal now."""


class Lock:
    """Held from `take` to `release`; a program that ends lets go of it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> None:
        """Take the lock unless it is ours already. Raises Held, and OSError when its file cannot be opened."""
        if self._file is not None:
            return
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(file)
        except OSError as error:
            os.close(file)
            if error.errno in _TAKEN:
                raise Held("another Uptray keeps the journal; this one goes on with it when that one ends") from None
            # A file system that knows no locks (some network folders): the journal is worth more than the lock.
            return
        self._file = file

    def release(self) -> None:
        """Let go of it, if it is held."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.close(self._file)
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        # Not lockf: that lock would be lost as soon as anything in this process closed the file.
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
