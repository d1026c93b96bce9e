"""Which of many stretches of time are on at a moment, asked a million times in the order of time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Generic, Protocol, TypeVar


class Stretch(Protocol):
    """Something that lasts from `start` until just before `end`."""

    @property
    def start(self) -> datetime:
        """When it begins."""

    @property
    def end(self) -> datetime:
        """When it is over."""


S = TypeVar("S", bound=Stretch)

_EVER = datetime.max.replace(tzinfo=UTC)


class Spans(Generic[S]):
    """The answer is kept until it changes."""

    def __init__(self, items: Iterable[S]) -> None:
        self._items = tuple(items)
        self._edges = sorted({edge for item in self._items for edge in (item.start, item.end)})
        self._since = self._until = datetime.min.replace(tzinfo=UTC)
        self._on: tuple[S, ...] = ()

    def at(self, now: datetime) -> tuple[S, ...]:
        """Return those that are on, in their given order."""
        if not self._since <= now < self._until:
            index = bisect_right(self._edges, now)
            self._since = self._edges[index - 1] if index else datetime.min.replace(tzinfo=UTC)
            self._until = self._edges[index] if index < len(self._edges) else _EVER
            self._on = tuple(item for item in self._items if item.start <= now < item.end)
        return self._on
