"""A switch as a record on disk: JSON that names the kept bytes by their SHA-256, so that one is stored once.

The bytes themselves are not in it; a record is replaced in one step, whatever the size of the files it is about.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from trayapp.adapters.disk_target import Wear
from trayapp.model.agent import FileEdit, Named, Switch

#: Another shape of the record is another number; one from a newer Uptray is left alone.
_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where an edit is carried out: the real file, the new one made beside it, and what that one shall have."""

    target: Path
    temp: Path
    wear: Wear
    #: Folders that Uptray made for the file, outermost first.
    folders: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A switch and its places. `ends`: with it the agent's standing switch ends. `number` counts an agent's records."""

    switch: Switch
    places: tuple[Place, ...]
    ends: bool
    number: int

    @property
    def pairs(self) -> Iterator[tuple[FileEdit, Place]]:
        """Each edit with its place."""
        return zip(self.switch.edits, self.places, strict=True)

    @property
    def contents(self) -> dict[str, bytes]:
        """Every content it speaks of, by name."""
        kept = (content for edit in self.switch.edits for content in (edit.original, edit.before, edit.after))
        return {named(content): content for content in kept if content is not None}


def named(content: bytes) -> str:
    """Return the name under which a content is kept."""
    return hashlib.sha256(content).hexdigest()


def written(record: Record) -> bytes:
    """Return the record as JSON text."""
    switch = record.switch
    edits = [{**_edit(edit), **_place(place)} for edit, place in record.pairs]
    document = {
        "schema": _SCHEMA, "number": record.number, "ends": record.ends, "agent": switch.agent,
        "provider": switch.provider, "at": switch.at.isoformat(), "note": switch.note, "edits": edits,
    }  # fmt: skip
    return json.dumps(document, indent=1).encode()


def parsed(text: bytes, content: Callable[[str], bytes]) -> Record:
    """Return the record of a JSON text; `content` finds kept bytes by name. Raises ValueError, LookupError, TypeError.

    A name that is no content's, or content that is not there, is for `content` to refuse with one of these.
    """
    told = json.loads(text)
    if told["schema"] != _SCHEMA:
        raise ValueError("written by a newer Uptray")
    edits = tuple(_read_edit(edit, content) for edit in told["edits"])
    at = datetime.fromisoformat(told["at"])
    switch = Switch(told["agent"], told["provider"], at, edits, told["note"])
    return Record(switch, tuple(map(_read_place, told["edits"])), bool(told["ends"]), int(told["number"]))


def names_in(text: bytes) -> set[str]:
    """Return the names of the contents a record speaks of. Raises ValueError, LookupError, TypeError."""
    edits = json.loads(text)["edits"]
    return {edit[time] for edit in edits for time in ("before", "after", "original") if edit[time] is not None}


def _edit(edit: FileEdit) -> dict[str, Any]:
    name = {time: None if kept is None else named(kept) for time, kept in _times(edit).items()}
    values = [[list(value.key), value.before, value.after] for value in edit.values]
    return {"path": str(edit.path), **name, "values": values, "grammar": edit.grammar, "mode": edit.mode}


def _times(edit: FileEdit) -> dict[str, bytes | None]:
    return {"before": edit.before, "after": edit.after, "original": edit.original}


def _read_edit(told: dict[str, Any], content: Callable[[str], bytes]) -> FileEdit:
    before, after, original = (
        None if told[time] is None else content(told[time]) for time in ("before", "after", "original")
    )
    values = tuple(Named(tuple(key), was, now) for key, was, now in told["values"])
    return FileEdit(Path(told["path"]), before, after, original, values, told["grammar"], told["mode"])


def _place(place: Place) -> dict[str, Any]:
    attributes = {name: base64.b64encode(value).decode() for name, value in place.wear.attributes.items()}
    return {
        "target": str(place.target), "temp": place.temp.name, "folders": [str(folder) for folder in place.folders],
        "wear": {"mode": place.wear.mode, "uid": place.wear.uid, "gid": place.wear.gid, "attributes": attributes},
    }  # fmt: skip


def _read_place(told: dict[str, Any]) -> Place:
    target, worn = Path(told["target"]), told["wear"]
    attributes = {name: base64.b64decode(value) for name, value in worn["attributes"].items()}
    wear = Wear(worn["mode"], worn["uid"], worn["gid"], attributes)
    return Place(target, target.with_name(told["temp"]), wear, tuple(map(Path, told["folders"])))
