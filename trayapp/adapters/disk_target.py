"""Which file stands behind an agent's path, what it holds, and whether it can be replaced without losing anything."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from trayapp.adapters.disk_sys import Sys, attributes_of
from trayapp.model.refused import Refused

#: Bytes. Agents' settings are a few KB; some keep histories in them.
LARGEST = 5 * 1024 * 1024
#: Folders made for one file: `%APPDATA%/Block/goose/config` is the deepest of the agents we know.
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Wear:
    """What a file has besides its bytes; a file put in its place gets the same. No owner: whoever makes it."""

    mode: int
    uid: int | None = None
    gid: int | None = None
    attributes: dict[str, bytes] = field(default_factory=dict, repr=False)


def behind(path: PurePath) -> Path:
    """Return the real path, which may be absent, at the end of any chain of links. Raises Refused."""
    named = Path(path)
    if not named.is_absolute():
        raise Refused(f"{path}: an absolute path was expected")
    try:
        real = Path(os.path.realpath(named))
        if real.is_symlink():
            raise Refused(f"{path}: its symbolic links lead in a circle")
    except (OSError, ValueError) as error:
        raise Refused(f"{path}: it cannot be looked up: {reason(error)}") from None
    if named.is_symlink() and not real.parent.is_dir():
        raise Refused(f"{path}: a symbolic link to {real}, and there is no such folder")
    return real


def read(calls: Sys, target: Path) -> bytes | None:
    """Return what the file holds, None when there is none. Raises Refused: not a file, too large, not readable."""
    try:
        file = calls.open_to_read(target)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise Refused(f"{target}: {_not_a_file(target) or f'it cannot be read: {reason(error)}'}") from None
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise Refused(f"{target}: a file was expected, this is something else")
        parts = list(iter(lambda: calls.read(file, 1 << 20), b"")) if os.fstat(file).st_size <= LARGEST else None
    except OSError as error:
        raise Refused(f"{target}: it cannot be read: {reason(error)}") from None
    finally:
        os.close(file)
    if parts is None or sum(map(len, parts)) > LARGEST:
        raise Refused(f"{target}: it is larger than {LARGEST >> 20} MB")
    return b"".join(parts)


def _not_a_file(target: Path) -> str:
    """Windows will not even open a folder, Linux no socket."""
    return "a file was expected, this is something else" if target.exists() and not target.is_file() else ""


def wear(target: Path) -> Wear | None:
    """Return what a file has besides its bytes, None when there is none.

    Raises Refused when it could not be replaced whole: read-only, of several names, or of somebody else.
    """
    try:
        found = target.stat()
        attributes = attributes_of(target)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Refused(f"{target}: it cannot be looked at: {reason(error)}") from None
    if found.st_nlink > 1:
        # In place it could be left torn by a crash, and replaced it would be parted from its other names.
        raise Refused(f"{target}: it has {found.st_nlink} names (hard links), which would be parted; left alone")
    # The bit and not only `access`: to root everything is writable. home-manager's files are 0444 in a read-only store.
    if not found.st_mode & stat.S_IWUSR or not os.access(target, os.W_OK):
        raise Refused(f"{target}: it is read-only, so somebody else looks after it; left alone")
    if sys.platform != "win32" and os.geteuid() not in (0, found.st_uid):
        raise Refused(f"{target}: it belongs to another user; left alone")
    return Wear(stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid, attributes)


def missing_folders(target: Path, home: Path) -> tuple[Path, ...]:
    """Return the folders that have to be made for the file, outermost first, only ever below `home`. Raises Refused."""
    missing: list[Path] = []
    folder = target.parent
    while not folder.is_dir():
        if os.path.lexists(folder):
            raise Refused(f"{target}: {folder} should be a folder")
        missing.append(folder)
        folder = folder.parent
    if missing:
        real = Path(os.path.realpath(home))
        if not real.is_dir() or not folder.is_relative_to(real) or len(missing) > _DEEPEST:
            raise Refused(f"{target}: the folder {missing[0]} is not there")
    if not folder.stat().st_mode & stat.S_IWUSR or not os.access(folder, os.W_OK | os.X_OK):
        raise Refused(f"{target}: the folder {folder} is read-only; left alone")
    return tuple(reversed(missing))


def reason(error: Exception) -> str:
    """Return the system's words for it, without any path or content."""
    return getattr(error, "strerror", None) or type(error).__name__
