"""One file to which another program appends, read line by line from where it was left. Never written, never locked.

The program may cut the file, put another in its place or remove it at any moment. A line that is too long is passed
over, and one that is not finished yet is left for the next time.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence

#: A longer line holds a conversation or a file, and is dropped before anything in it is looked at.
LONGEST = 64 * 1024
#: Bytes read at once, and of one file in one go.
_CHUNK, _MOST = 256 * 1024, 1024 * 1024
#: Who is so far behind goes on at the end.
_HOPELESS = 4 * 1024 * 1024

#: A link in place of the file is not followed, a pipe does not block; Windows knows neither, and translates line ends.
_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))


class Tail:
    """The place in one file. Not for several threads at once."""

    __slots__ = ("_file", "_follows_line", "_offset", "_skips", "is_foreign")

    def __init__(self, offset: int) -> None:
        self._offset = offset
        self._file: tuple[int, int] | None = None
        #: Before the offset a line ended when we were there last; another byte there is another content.
        self._follows_line = False
        #: In the middle of a line that is passed over.
        self._skips = False
        #: Its lines are about somebody else; nothing of it is read any more.
        self.is_foreign = False

    def lines(self, path: str, marks: Sequence[bytes]) -> list[bytes]:
        """Return the new lines that have one of the marks. Raises OSError: it is gone, or may not be read."""
        file = os.open(path, _FLAGS)
        try:
            return self._read(file, marks)
        finally:
            os.close(file)

    def _read(self, file: int, marks: Sequence[bytes]) -> list[bytes]:
        about = os.fstat(file)
        if not stat.S_ISREG(about.st_mode):
            return []
        which = (about.st_dev, about.st_ino)
        if about.st_size < self._offset or self._file not in (None, which) or self._is_rewritten(file):
            self._go_to(0)
        self._file = which
        if about.st_size - self._offset > _HOPELESS:
            self._go_to(about.st_size, skips=True)
        os.lseek(file, self._offset, os.SEEK_SET)
        found: list[bytes] = []
        end = self._offset + _MOST
        while self._offset < end:
            before = self._offset
            found += self._taken(os.read(file, _CHUNK), marks)
            if self._offset == before:
                break
            os.lseek(file, self._offset, os.SEEK_SET)
        return found

    def _is_rewritten(self, file: int) -> bool:
        if not self._follows_line:
            return False
        os.lseek(file, self._offset - 1, os.SEEK_SET)
        return os.read(file, 1) != b"\n"

    def _go_to(self, offset: int, *, skips: bool = False) -> None:
        self._offset, self._skips, self._follows_line = offset, skips, False

    def _taken(self, data: bytes, marks: Sequence[bytes]) -> list[bytes]:
        """Take the whole lines at the beginning of `data`, and go on behind them."""
        if self._skips:
            passed, end, _ = data.partition(b"\n")
            self._offset += len(passed) + len(end)
            self._skips, self._follows_line = not end, bool(end)
            return []
        last = data.rfind(b"\n")
        if last < 0:
            if len(data) > LONGEST:
                self._go_to(self._offset + len(data), skips=True)
            return []
        self._offset, self._follows_line = self._offset + last + 1, True
        lines = data[:last].split(b"\n")
        return [line for line in lines if len(line) <= LONGEST and any(mark in line for mark in marks)]


def first_line(path: str) -> bytes:
    """Return the first line of the file, b"" when it is too long or not finished. Raises OSError."""
    file = os.open(path, _FLAGS)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            return b""
        line, end, _ = os.read(file, LONGEST + 1).partition(b"\n")
        return line if end else b""
    finally:
        os.close(file)
