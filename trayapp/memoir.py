"""What is held outlives the program: written to the journal now and then, taken up again at the start."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from trayapp.decide.notify import Announced
from trayapp.judge.judge import Judge
from trayapp.judge.memory import Memory, memory, resumed
from trayapp.model.codec import Unreadable, plain, revived
from trayapp.model.ports import Journal

T = TypeVar("T")

log = logging.getLogger(__name__)

_ANNOUNCED = "announced"
#: Without a change it is written down so often: what is lost by a crash is at most that much of a baseline.
_EVERY = timedelta(minutes=5)


class Memoir:
    """Keeps a judge's memory in a journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._kept: dict[str, datetime] = {}
        self._announced: Announced | None = None

    def keep(self, judge: Judge, name: str, now: datetime, *, changed: bool) -> None:
        """Write down what is held of a provider, when it changed or long enough ago."""
        if not changed and now - self._kept.get(name, now - _EVERY) < _EVERY:
            return
        self._kept[name] = now
        self._write(f"held:{name}", memory(judge.held(name), silent=judge.is_silent(name)))

    def keep_announced(self, announced: Announced) -> None:
        """Write down what was told of, when that changed."""
        if announced is not self._announced:
            self._announced = announced
            self._write(_ANNOUNCED, announced)

    async def recall(self, judge: Judge, names: Iterable[str], now: datetime) -> None:
        """Have the judge go on with what was held of these providers."""
        for name in names:
            kept = await self._read(f"held:{name}", Memory)
            if kept is not None:
                held, silent = resumed(judge.held(name), kept, now)
                judge.resume(held, silent=silent)

    async def announced(self) -> Announced | None:
        """Return what was told of before the restart."""
        return await self._read(_ANNOUNCED, Announced)

    def _write(self, name: str, noun: object) -> None:
        # Nouns do not change, so they can be put into words in the journal's own thread.
        self._journal.remember(name, lambda: json.dumps(plain(noun), separators=(",", ":")))

    async def _read(self, name: str, kind: type[T]) -> T | None:
        text = await self._journal.recalled(name)
        if text is None:
            return None
        try:
            return revived(kind, json.loads(text))
        except (Unreadable, ValueError) as error:
            log.warning("what was kept as %s is not taken up again: %s", name, error)
            return None
