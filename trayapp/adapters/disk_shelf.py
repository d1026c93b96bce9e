"""The private folder of what must not be lost: kept bytes, the record at work, the standing ones, and the last ended.

```
switches/  lock  restore.sh
           AGENT.pending.json       written before the first touch, gone when all is done or undone
           AGENT.standing.json      the switch in force
           AGENT.000012.json        ended: the last twenty of each agent
           bytes/SHA-256            each content once, as long as any record speaks of it
```
A pending record becomes the standing one by a single rename: that is the moment at which a switch has happened.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from trayapp.adapters.disk_change import write_new
from trayapp.adapters.disk_record import Record, named, names_in, parsed, written
from trayapp.adapters.disk_script import Line, scripts
from trayapp.adapters.disk_sys import Sys
from trayapp.adapters.disk_target import Wear, reason
from trayapp.adapters.paths import private_folder
from trayapp.model.refused import Refused

#: Ended records kept for each agent.
_ENDED = 20
_PENDING, _STANDING = "pending.json", "standing.json"
_AGENT = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_ENDED_NAME = re.compile(r"(.+)\.(\d{6,})\.json")
_NEW = ".new"
_DAMAGE = (ValueError, LookupError, TypeError, AttributeError)


class Shelf:
    """The folder of one Uptray. Changed only by who holds its lock; read by anyone."""

    def __init__(self, folder: Path, calls: Sys) -> None:
        self._folder = folder
        self._bytes = folder / "bytes"
        self._calls = calls
        self._is_script_new = False

    def ready(self) -> Path:
        """Make the folder, for its owner alone, and return the path of its lock. Raises Refused."""
        for folder in (self._folder.parent, self._folder, self._bytes):
            private_folder(folder)
        try:
            self._folder.chmod(0o700)
        except OSError as error:
            raise Refused(f"{self._folder}: it cannot be made private: {reason(error)}") from None
        return self._folder / "lock"

    def pending(self) -> tuple[str, ...]:
        """Return the agents with a record that was begun and not finished."""
        return self._agents(_PENDING)

    def agents(self) -> tuple[str, ...]:
        """Return the agents with a standing switch."""
        return self._agents(_STANDING)

    def standing(self, agent: str) -> Record | None:
        """Return the agent's standing record. Raises Refused when it cannot be read."""
        return self._read(agent, _STANDING)

    def begun(self, agent: str) -> Record | None:
        """Return the record that was begun and not finished. Raises Refused when it cannot be read."""
        return self._read(agent, _PENDING)

    def next_number(self, agent: str) -> int:
        """Return the number of the agent's next record."""
        standing = self.standing(agent)
        return 1 + max([standing.number if standing else 0, *self._ended(agent)])

    def begin(self, record: Record) -> None:
        """Keep the bytes and the record on the disk. Raises Refused, OSError."""
        self._is_script_new = False
        for name, content in record.contents.items():
            if _read(self._bytes / name) != content:
                self._put(self._bytes / name, content)
        self._calls.sync_folder(self._bytes)
        self._write_scripts(record)
        self._put(self._file(record.switch.agent, _PENDING), written(record))
        self._calls.sync_folder(self._folder)

    def finish(self, record: Record) -> None:
        """Let the record stand, or with it end the standing one. In one step. Raises Refused, OSError."""
        # The script of `begin` speaks of it already, and of the one before, which harms nothing.
        self._is_script_new = not record.ends
        agent = record.switch.agent
        pending, standing = self._file(agent, _PENDING), self._file(agent, _STANDING)
        old = self.standing(agent)
        if record.ends:
            if old:
                self._calls.replace(standing, self._ended_file(old))
            # It has happened: what fails from here on is done by the next recovery, or by the system in its own time.
            with suppress(OSError):
                self._calls.sync_folder(self._folder)
                self._calls.replace(pending, self._ended_file(record))
        else:
            if old:
                self._put(self._ended_file(old), written(old))
            self._calls.replace(pending, standing)
        with suppress(OSError):
            self._calls.sync_folder(self._folder)

    def drop(self, record: Record) -> None:
        """End a record that was undone. Raises OSError."""
        self._calls.replace(self._file(record.switch.agent, _PENDING), self._ended_file(record))
        self._calls.sync_folder(self._folder)

    def tidy(self) -> None:
        """Bring the script up to date and remove what no record speaks of any more. Raises nothing: it can wait."""
        with suppress(OSError, Refused, *_DAMAGE):
            if not self._is_script_new:
                self._write_scripts()
            for agent in {match[1] for path in self._folder.iterdir() if (match := _ENDED_NAME.fullmatch(path.name))}:
                for number in sorted(self._ended(agent))[:-_ENDED]:
                    self._calls.unlink(self._file(agent, f"{number:06}.json"))
            records = [path.read_bytes() for path in self._folder.glob("*.json")]
            spoken_of = set[str]().union(*map(names_in, records))
            stray = [path for path in self._bytes.iterdir() if path.name not in spoken_of]
            for path in (*stray, *self._folder.glob(f"*{_NEW}")):
                self._calls.unlink(path)

    def _agents(self, ending: str) -> tuple[str, ...]:
        found = (path.name.removesuffix(f".{ending}") for path in self._folder.glob(f"*.{ending}"))
        return tuple(sorted(agent for agent in found if _AGENT.fullmatch(agent)))

    def _ended(self, agent: str) -> list[int]:
        matches = map(_ENDED_NAME.fullmatch, (path.name for path in self._folder.glob(f"{agent}.*.json")))
        return [int(match[2]) for match in matches if match and match[1] == agent]

    def _file(self, agent: str, ending: str) -> Path:
        if not _AGENT.fullmatch(agent):
            raise ValueError("an agent's id is lower-case letters, digits, - and _")
        return self._folder / f"{agent}.{ending}"

    def _ended_file(self, record: Record) -> Path:
        return self._file(record.switch.agent, f"{record.number:06}.json")

    def _read(self, agent: str, ending: str) -> Record | None:
        path = self._file(agent, ending)
        try:
            text = _read(path)
            return None if text is None else parsed(text, self._content)
        except OSError as error:
            raise Refused(f"{path}: the record cannot be read: {reason(error)}") from None
        except _DAMAGE:
            raise Refused(f"{path}: the record is damaged, or a newer Uptray's; left alone") from None

    def _content(self, name: str) -> bytes:
        content = _read(self._bytes / name)
        if content is None or named(content) != name:
            raise ValueError("kept bytes are missing or damaged")
        return content

    def _put(self, path: Path, content: bytes, mode: int = 0o600) -> None:
        new = path.with_name(f"{path.name}{_NEW}")
        with suppress(FileNotFoundError):
            self._calls.unlink(new)
        write_new(self._calls, new, content, Wear(mode))
        self._calls.replace(new, path)

    def _write_scripts(self, beginning: Record | None = None) -> None:
        """Write them for what stands and what has begun; a file may then be as the one or the other left it."""
        begun = [beginning, *map(self.begun, self.pending())]
        known = [record for record in (*begun, *map(self.standing, self.agents())) if record]
        # Latest first: should two agents share a file, the later one's original is what the earlier one left.
        records = sorted(known, key=lambda record: record.switch.at, reverse=True)
        lines: dict[tuple[str, Path], Line] = {}
        for record in records:
            for edit, place in record.pairs:
                key = record.switch.agent, place.target
                original, ours = (_name(edit.original), _name(edit.after))
                others = lines[key].ours if key in lines else ()
                lines[key] = Line(place.target, (*others, ours), original, place.wear.mode, place.folders)
        for name, text in scripts(lines.values()).items():
            if _read(self._folder / name) != text:
                self._put(self._folder / name, text, 0o700)


def _name(content: bytes | None) -> str:
    return "" if content is None else named(content)


def _read(path: Path) -> bytes | None:
    with suppress(FileNotFoundError, NotADirectoryError):
        return path.read_bytes()
    return None
