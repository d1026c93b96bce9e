"""The change itself: every file of a record put at `after`, or every file put back at `before`.

New files are whole and on the disk beside their targets before the first target is replaced, so what can run out
(space, permission) runs out while nothing has changed yet.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from trayapp.adapters.disk_record import Place, Record
from trayapp.adapters.disk_sys import Sys
from trayapp.adapters.disk_target import Wear, behind, read
from trayapp.model.agent import FileEdit
from trayapp.model.refused import Refused


def apply(calls: Sys, record: Record) -> None:
    """Put every file at `after`. Raises Refused and OSError, with some files there and others not: then `undo` it."""
    changed = [(edit, place) for edit, place in record.pairs if edit.before != edit.after]
    for edit, place in changed:
        if edit.after is not None:
            _make_folders(calls, place.folders)
            write_new(calls, place.temp, edit.after, place.wear)
    for edit, place in changed:
        if behind(edit.path) != place.target:
            raise Refused(f"{edit.path}: another file was put there meanwhile")
        _exchange(calls, place, edit.before, edit.after)
    _sync(calls, (place for _, place in changed))
    for edit, place in changed:
        if read(calls, place.target) != edit.after:
            raise Refused(f"{place.target}: something else changed it meanwhile")
    clear(calls, record)


def clear(calls: Sys, record: Record) -> None:
    """Take away what a complete change needs no more: folders made for a file that is gone, and new files not used."""
    for place in record.places:
        with suppress(FileNotFoundError, NotADirectoryError):
            calls.unlink(place.temp)
    _remove_empty(calls, (place for edit, place in record.pairs if edit.after is None))


def undo(calls: Sys, record: Record) -> tuple[Path, ...]:
    """Put every file back at `before`, and return those left alone since they hold something else. Raises OSError."""
    others: list[Path] = []
    for edit, place in record.pairs:
        with suppress(FileNotFoundError, NotADirectoryError):
            calls.unlink(place.temp)
        try:
            _put_back(calls, edit, place)
        # Not found: a file that had been removed, and now its folder is gone too.
        except (Refused, FileNotFoundError, NotADirectoryError):
            others.append(place.target)
    _sync(calls, record.places)
    _remove_empty(calls, (place for edit, place in record.pairs if edit.before is None))
    return tuple(others)


def is_done(calls: Sys, record: Record) -> bool:
    """True when every file is at `after`."""
    with suppress(Refused):
        return all(read(calls, place.target) == edit.after for edit, place in record.pairs)
    return False


def _put_back(calls: Sys, edit: FileEdit, place: Place) -> None:
    content = read(calls, place.target)
    if content == edit.before:
        return
    if content != edit.after:
        raise Refused(f"{place.target}: something else changed it meanwhile")
    if edit.before is not None:
        write_new(calls, place.temp, edit.before, place.wear)
    try:
        _exchange(calls, place, edit.after, edit.before)
    except Refused:
        with suppress(FileNotFoundError):
            calls.unlink(place.temp)
        raise


def _make_folders(calls: Sys, folders: Iterable[Path]) -> None:
    for folder in folders:
        if not folder.is_dir():
            calls.mkdir(folder)
            calls.sync_folder(folder.parent)


def write_new(calls: Sys, path: Path, content: bytes, wear: Wear) -> None:
    """Make a file with that content, on the disk when this returns. Raises OSError; then it is not there."""
    file = calls.create(path)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[calls.write(file, rest) :]
        # In this order: a change of owner takes permissions away, and the access list is above them.
        if wear.uid is not None and wear.gid is not None:
            calls.own(file, wear.uid, wear.gid)
        calls.permit(file, wear.mode)
        calls.dress(file, wear.attributes)
        calls.fsync(file)
    except OSError as error:
        with suppress(OSError):
            calls.unlink(path)
        # Of a write the system does not say the file.
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        os.close(file)


def _exchange(calls: Sys, place: Place, expected: bytes | None, content: bytes | None) -> None:
    """Put the new file (None: nothing) in the target's place if that is still as expected. Raises Refused, OSError."""
    # Nothing stands between this look and the next line: agents share no lock with us, so this is as near as it gets.
    if read(calls, place.target) != expected:
        raise Refused(f"{place.target}: something else changed it meanwhile")
    if content is None:
        calls.unlink(place.target)
    else:
        calls.replace(place.temp, place.target)


def _sync(calls: Sys, places: Iterable[Place]) -> None:
    for folder in dict.fromkeys(place.target.parent for place in places):
        with suppress(FileNotFoundError):
            calls.sync_folder(folder)


def _remove_empty(calls: Sys, places: Iterable[Place]) -> None:
    """Take away the folders that Uptray made, as far as nothing is in them."""
    for place in places:
        for folder in reversed(place.folders):
            with suppress(OSError):
                calls.rmdir(folder)
