"""The records that coding agents keep on this machine, watched for what their provider answered them.

Only regular files below the agent's own folder are read, from their ends at the moment of the first look, and nothing
is ever written there. What a reader does not recognise by its marks is passed over unread; what it returns is all that
is kept. A home on a hung network drive costs nothing but the evidence: the thread that hangs is a daemon.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

from trayapp.adapters.tail import Tail, first_line
from trayapp.adapters.trail_files import listed
from trayapp.model.reading import PassiveReading
from trayapp.model.trail import Foreign, Trail

log = logging.getLogger(__name__)

#: Seconds one call waits for its answer.
_DEADLINE_S = 2.0
#: Seconds between two lookings for new files.
_LIST_S = 15.0
#: After such a silence of ours nobody was watching: begin anew at the ends.
_PAUSE_S = 60.0
#: Of each agent the files that changed last, within a day.
_MOST_FILES, _DAY = 50, timedelta(days=1)
#: A new file that is larger was not written just now.
_NEW = 1024 * 1024
#: A record holds for so long, and may come from a clock that is so far ahead.
_FRESH, _AHEAD = timedelta(minutes=10), timedelta(minutes=2)
_MOST_READINGS = 100
_MOST_REMEMBERED = 500
_LARGEST_SETTINGS = 256 * 1024


class _Files:
    """What is known of one agent's files."""

    def __init__(self, trail: Trail, home: Path, environ: Mapping[str, str]) -> None:
        self.trail = trail
        self._environ = environ
        self.folder = _folder(trail, home, environ)
        self._tails: dict[str, Tail] = {}
        self._active: tuple[str, ...] = ()

    def begin(self, now: datetime) -> None:
        """Forget everything, and start at the end of every file."""
        self._tails = {}
        self._list(now, new=False)

    def look_for_new(self, now: datetime) -> None:
        """Find new files, and which ones have changed last."""
        self._list(now, new=True)

    def _list(self, now: datetime, *, new: bool) -> None:
        found, is_whole = listed(self.folder / self.trail.below, self.trail.begins, self.trail.ends)
        known = self._tails
        since = (now - _DAY).timestamp()
        self._tails = {}
        for path, size, _ in found:
            offset = 0 if new and is_whole and size <= _NEW else size
            self._tails[path] = known.get(path) or Tail(offset)
        newest = sorted(((changed, path) for path, _, changed in found if changed >= since), reverse=True)
        self._active = tuple(path for _, path in newest[:_MOST_FILES])

    def readings(self) -> Iterable[PassiveReading]:
        """Read what is new in the files that have changed last."""
        at_home = self.is_at_home()
        for path in self._active:
            tail = self._tails[path]
            with contextlib.suppress(OSError):
                lines = tail.lines(path, self.trail.marks)
                if lines and at_home and not tail.is_foreign:
                    yield from self._read(path, tail, lines)

    def _read(self, path: str, tail: Tail, lines: list[bytes]) -> Iterable[PassiveReading]:
        heads = [first_line(path)] if self.trail.headed else []
        for line in (*heads, *lines):
            said = self.trail.read(line)
            if isinstance(said, Foreign):
                tail.is_foreign = True
                return
            if said is not None:
                yield said

    def is_at_home(self) -> bool:
        """True when the agent is known to talk to its own provider."""
        texts = {}
        for name in self.trail.settings:
            try:
                with (self.folder / name).open("rb") as file:
                    texts[name] = file.read(_LARGEST_SETTINGS + 1).decode()
            except FileNotFoundError:
                continue
            except (OSError, ValueError):
                return False
            if len(texts[name]) > _LARGEST_SETTINGS:
                return False
        return self.trail.at_home(texts, self._environ)


class Transcripts:
    """Implements `Witness` with the files of this machine."""

    def __init__(
        self,
        trails: Iterable[Trail],
        home: Path,
        environ: Mapping[str, str],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._files = [_Files(trail, home, environ) for trail in trails]
        self._now = now
        self._steady = steady
        self._begun: datetime | None = None
        self._looked = self._listed = 0.0
        self._told: dict[tuple[object, ...], None] = {}
        self._found: queue.SimpleQueue[PassiveReading] = queue.SimpleQueue()
        self._working = threading.Lock()
        self._is_closed = False

    async def poll(self) -> tuple[PassiveReading, ...]:
        """Return what was recorded since the last call; see `Witness`."""
        if not self._is_closed and self._working.acquire(blocking=False):
            loop = asyncio.get_running_loop()
            done = asyncio.Event()

            def work() -> None:
                try:
                    self._look()
                except Exception as error:  # a defect; its text may hold a line of somebody's conversation
                    log.warning("agents' records could not be read: %s", type(error).__name__)
                finally:
                    self._working.release()
                    # The loop may be closed by the time a slow drive answers.
                    with contextlib.suppress(RuntimeError):
                        loop.call_soon_threadsafe(done.set)

            threading.Thread(target=work, name="transcripts", daemon=True).start()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_DEADLINE_S):
                    await done.wait()
        return self._drained()

    def describe(self) -> str:
        """Return in one line whose records are watched for, and whose not, with the reason."""
        said = []
        for files in self._files:
            if not files.folder.is_dir():
                continue
            said.append(files.trail.agent + ("" if files.is_at_home() else " (not: it may be pointed elsewhere)"))
        return ", ".join(said) or "no agent has kept any here"

    def close(self) -> None:
        """Let go of everything, without waiting."""
        self._is_closed = True

    def _drained(self) -> tuple[PassiveReading, ...]:
        found = []
        with contextlib.suppress(queue.Empty):
            while True:
                found.append(self._found.get_nowait())
        found.sort(key=lambda reading: reading.at)
        return tuple(found[-_MOST_READINGS:])

    def _look(self) -> None:
        now, moment = self._now(), self._steady()
        paused = moment - self._looked > _PAUSE_S
        self._looked = moment
        if self._begun is None or paused:
            self._begun, self._listed = now, moment
            for files in self._files:
                files.begin(now)
            return
        if moment - self._listed >= _LIST_S:
            self._listed = moment
            for files in self._files:
                files.look_for_new(now)
        since = max(self._begun, now - _FRESH)
        for reading in chain.from_iterable(files.readings() for files in self._files):
            if self._is_closed:
                return
            if since <= reading.at <= now + _AHEAD:
                self._tell(reading)

    def _tell(self, reading: PassiveReading) -> None:
        """Pass it on, once: agents copy old lines into new files when a session is resumed."""
        key = (reading.agent, reading.at, reading.symptom)
        if key not in self._told:
            self._told[key] = None
            while len(self._told) > _MOST_REMEMBERED:
                del self._told[next(iter(self._told))]
            self._found.put(reading)


def _folder(trail: Trail, home: Path, environ: Mapping[str, str]) -> Path:
    moved = environ.get(trail.variable)
    if not moved:
        return home / trail.folder
    return Path(moved, trail.folder) if trail.moves_home else Path(moved)
