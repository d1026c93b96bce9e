"""The handful of system calls that change the disk, one method each, so that tests can stop at any of them."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

#: Windows refuses to replace a file that a virus scanner, an indexer or the agent itself has open; mostly it passes.
_TRIES, _PAUSE_S = 10, 0.05

#: Windows would turn line ends about; elsewhere a named pipe put in a file's place must not make us wait.
_PLAIN = getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
#: A link put in a file's place after it was looked up is not followed.
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class Sys:
    """The calls as the system has them. All raise OSError."""

    def open_to_read(self, path: Path) -> int:
        """Open a file that is there and no link."""
        return os.open(path, os.O_RDONLY | _PLAIN | _NO_LINK)

    def read(self, file: int, most: int) -> bytes:
        """Return up to `most` bytes, none at the end."""
        return os.read(file, most)

    def create(self, path: Path) -> int:
        """Open a new file, for its owner alone; one of that name must not be there."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _PLAIN | _NO_LINK, 0o600)

    def write(self, file: int, content: memoryview) -> int:
        """Write some of it and return how many bytes."""
        return os.write(file, content)

    def fsync(self, file: int) -> None:
        """Have it on the disk before anything that follows."""
        os.fsync(file)

    def sync_folder(self, folder: Path) -> None:
        """Have the folder's names on the disk. Windows knows no such call."""
        if sys.platform != "win32":
            file = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(file)
            finally:
                os.close(file)

    def replace(self, source: Path, target: Path) -> None:
        """Put one file in the place of the other, in one step."""
        for _ in range(_TRIES if sys.platform == "win32" else 0):
            try:
                source.replace(target)
                return
            except PermissionError:
                time.sleep(_PAUSE_S)
        source.replace(target)

    def unlink(self, path: Path) -> None:
        """Remove a file."""
        path.unlink()

    def mkdir(self, path: Path) -> None:
        """Make a folder for its owner alone."""
        path.mkdir(mode=0o700)

    def rmdir(self, path: Path) -> None:
        """Remove an empty folder."""
        path.rmdir()

    def own(self, file: int, uid: int, gid: int) -> None:
        """Give the open file to that owner and group, unless it is theirs."""
        if sys.platform != "win32":
            found = os.fstat(file)
            if (found.st_uid, found.st_gid) != (uid, gid):
                os.fchown(file, uid, gid)

    def permit(self, file: int, mode: int) -> None:
        """Give the open file these permissions; Windows takes them from the folder."""
        if sys.platform != "win32":
            os.fchmod(file, mode)

    def dress(self, file: int, attributes: Mapping[str, bytes]) -> None:
        """Give the open file exactly these extended attributes of the kinds in `attributes_of`."""
        if sys.platform == "linux":
            worn = attributes_of(file)
            for name in worn.keys() - attributes.keys():
                os.removexattr(file, name)
            for name, value in attributes.items():
                if worn.get(name) != value:
                    os.setxattr(file, name, value)


def attributes_of(file: int | Path) -> dict[str, bytes]:
    """Return the user's own attributes and the access list. Others are the system's to give (labels, capabilities).

    Linux keeps an access list as an attribute (acl(5)); Python reaches neither on macOS and Windows.
    """
    if sys.platform != "linux":
        return {}
    try:
        names = os.listxattr(file)
    except OSError:
        # A file system without them.
        return {}
    return {name: os.getxattr(file, name) for name in names if name.startswith("user.") or name in _ACCESS}


_ACCESS = frozenset({"system.posix_acl_access"})
