"""From changes to the edit of a file, and from an edit back to what the user had: the same for every agent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from trayapp.agents._grammar import ABSENT, Key, Put, Set, Splicer, Uneditable, grammar, shown, value_at
from trayapp.model.agent import FileEdit, Named
from trayapp.model.pointing import File, Texts

#: The grammar of a file whose whole text is one value: `llm` keeps the name of its model so.
WHOLE = "whole"


def edited(file: File, data: bytes | None, changes: Sequence[Set]) -> FileEdit:
    """Return the edit that makes the changes. Raises Uneditable, the file named."""
    with naming(file.path):
        after, sources = grammar(file.grammar).edit(data or b"", changes)
        values = tuple(Named(*source) for source in sources if source[1] != source[2])
    return FileEdit(file.path, data, after if values else data, data, values, file.grammar)


def rewritten(file: File, data: bytes | None, text: str) -> FileEdit:
    """Return the edit that gives a file of the grammar "whole" another text. Raises Uneditable."""
    with naming(file.path):
        before = None if data is None else _text(data)
    return FileEdit(file.path, data, text.encode(), data, (Named((), before, text),), file.grammar)


def values(file: File, data: bytes | None) -> Any:
    """Return what a file says, an empty dict when it is absent. Raises Uneditable, the file named."""
    with naming(file.path):
        return grammar(file.grammar).read(data or b"")


def table(file: File, data: bytes | None, key: Key = ()) -> Mapping[str, Any]:
    """Return the table at a path, empty where there is none. Raises Uneditable when something else is there."""
    with naming(file.path):
        found = value_at(grammar(file.grammar).read(data or b""), key)
        if found is ABSENT:
            return {}
        if not isinstance(found, dict):
            raise Uneditable(f"{shown(key)} is not a table of names")
        return found


def undone(edit: FileEdit, now: bytes | None) -> tuple[bytes | None, tuple[str, ...]]:
    """Return the file's content without the switch, and a sentence for each value that is no longer ours and stays.

    Untouched since, the exact original comes back, and absent becomes absent again. Raises Uneditable, the file named,
    when it has become unreadable: nothing can be undone then.
    """
    if now == edit.after and edit.before == edit.original:
        return edit.original, ()
    if now is None:
        return None, (f"{edit.path} was removed since",)
    if edit.grammar == WHOLE:
        return _undone_whole(edit, now)
    with naming(edit.path):
        splicer = grammar(edit.grammar)
        sources = splicer.sources(now, [named.key for named in edit.values])
        ours = [named for named, source in zip(edit.values, sources, strict=True) if source == named.after]
        left = [
            named.key
            for named, source in zip(edit.values, sources, strict=True)
            if source not in (named.after, named.before)
        ]
        back = splicer.splice(now, _puts(splicer, edit, ours, now))
    is_nothing = edit.original is None and not back.strip()
    kept = tuple(f"{shown(key)} in {edit.path} was changed since, and stays" for key in left)
    return None if is_nothing else back, kept


def replanned(
    standing: Sequence[FileEdit], texts: Texts, plan: Callable[[Texts], tuple[FileEdit, ...]]
) -> tuple[FileEdit, ...]:
    """Return the edits of a switch in the place of a standing one: planned on what the files are without that.

    Every file of the standing switch is among them, `before` as it is now and `original` as the user had it. So the
    values of the old target do not stay beside those of the new one. Raises Uneditable, as `plan` and `undone` do.
    """
    old = {edit.path: edit for edit in standing}
    bare = dict(texts) | {edit.path: undone(edit, texts.get(edit.path))[0] for edit in standing}
    new = {edit.path: edit for edit in plan(bare)}
    untouched = {at: replace(edit, after=bare[at], values=()) for at, edit in old.items() if at not in new}
    return tuple(
        replace(edit, before=texts.get(at), original=old[at].original if at in old else edit.original)
        for at, edit in (new | untouched).items()
    )


@contextmanager
def naming(path: PurePath) -> Iterator[None]:
    """Name the file in every Uneditable that comes out of the block."""
    try:
        yield
    except Uneditable as refusal:
        raise Uneditable(refusal.reason, refusal.line, refusal.file or str(path)) from None


def _puts(splicer: Splicer, edit: FileEdit, ours: Sequence[Named], now: bytes) -> tuple[Put, ...]:
    """Return what takes our values back out, with what each replaced, and the containers made for them."""
    before = {named.key: named.before for named in ours}
    changes = [Set(named.key, ABSENT) for named in ours]
    puts = splicer.undo(edit.original or b"", changes, now)
    return tuple(Put(put.key, before.get(put.key)) for put in puts)


def _undone_whole(edit: FileEdit, now: bytes) -> tuple[bytes | None, tuple[str, ...]]:
    if now == edit.after:
        return edit.original, ()
    return now, (f"{edit.path} was changed since, and stays",)


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Uneditable("not UTF-8") from None
