"""Which files of records are below a folder: regular ones alone, no links, and not without end."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

#: Entries looked at, and folders within folders.
_MOST, _DEEPEST = 20_000, 6


def listed(folder: Path, begins: str, ends: str) -> tuple[list[tuple[str, int, float]], bool]:
    """Return path, size and time of change of each file so named, and whether these are all there are."""
    found: list[tuple[str, int, float]] = []
    for seen, entry in enumerate(_entries(str(folder), _DEEPEST)):
        if seen >= _MOST:
            return found, False
        name = entry.name
        if not (name.startswith(begins) and name.endswith(ends)):
            continue
        with contextlib.suppress(OSError):
            if entry.is_file(follow_symlinks=False):
                about = entry.stat(follow_symlinks=False)
                found.append((entry.path, about.st_size, about.st_mtime))
    return found, True


def _entries(folder: str, depth: int) -> Iterator[os.DirEntry[str]]:
    """Yield what is in the folder and below it; what may not be entered is passed over, links too."""
    try:
        entries = os.scandir(folder)
    except OSError:
        return
    below: list[str] = []
    # A folder that vanishes ends its own listing.
    with entries, contextlib.suppress(OSError):
        for entry in entries:
            yield entry
            if entry.is_dir(follow_symlinks=False):
                below.append(entry.path)
    for path in below if depth > 1 else ():
        yield from _entries(path, depth - 1)
