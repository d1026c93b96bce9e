"""How a page is put together from what a platform found: the level of each word, each id once, nothing that is past."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import TypeVar

from trayapp.feeds._badfeed import BadFeed
from trayapp.feeds._text import TITLE, plain
from trayapp.model.level import Level, rank
from trayapp.model.reading import Component, Incident, Maintenance, Page

#: The platforms' words for the state of a component. incident.io says full_outage in its own documents and
#: major_outage in those it makes after Statuspage's. "Information" is given only when something is wrong
#: (https://status.cloud.google.com/incidents.schema.json).
_LEVELS = {
    "operational": Level.OPERATIONAL,
    "degraded_performance": Level.DEGRADED,
    "partial_outage": Level.DEGRADED,
    "major_outage": Level.DOWN,
    "full_outage": Level.DOWN,
    "under_maintenance": Level.MAINTENANCE,
    "AVAILABLE": Level.OPERATIONAL,
    "SERVICE_INFORMATION": Level.DEGRADED,
    "SERVICE_DISRUPTION": Level.DEGRADED,
    "SERVICE_OUTAGE": Level.DOWN,
}

#: Bounds of what is kept. Of incidents the first are, which on every platform are the newest; a page with more
#: components is none of a provider's (the largest known has about 100).
MOST_COMPONENTS = 1000
MOST_INCIDENTS = 200

#: A page's clock may be ahead of ours; what lies further in the future has not happened.
CLOCK_SLACK = timedelta(days=1)

_WORDS = re.compile(r"\w+(?:\.\w+)*")

Kept = TypeVar("Kept", Incident, Maintenance)


def title(name: str, newest: str) -> str:
    """Return an incident's name; some are posted without one, then its newest update speaks for it."""
    return name or plain(newest, TITLE) or "Untitled"


def level(word: str) -> Level:
    """Return our level for a page's word; a word nobody told us of is UNKNOWN, never operational."""
    return _LEVELS.get(word, Level.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Words:
    """A platform's own words for the state of a component: our level for each, and Statuspage's word for an incident
    that brought a component there.
    """

    known: Mapping[str, tuple[Level, str]]

    def level(self, word: str) -> Level:
        """Return our level for the word, UNKNOWN for one nobody told us of."""
        return self.known[word][0] if word in self.known else Level.UNKNOWN

    def worst(self, words: Iterable[str], well: str) -> str:
        """Return the worst of the words, `well` when there are none."""
        return min(words, key=lambda word: rank(self.level(word)), default=well)

    def impact(self, words: Collection[str]) -> str:
        """Return the impact of an incident in which components were in these states."""
        impacts = {self.known[word][1] for word in words if word in self.known}
        return next((impact for impact in ("critical", "major", "minor") if impact in impacts), "none")


def page(
    at: datetime,
    components: Iterable[Component],
    incidents: Iterable[Incident] = (),
    maintenances: Iterable[Maintenance] = (),
    changed_at: datetime | None = None,
) -> Page:
    """Return the page: of incidents with the same id the first, and no announced work whose end has passed.

    Raises BadFeed for components beyond number or with the same id: which of them to believe, nobody can tell.
    Pages go on listing such work as scheduled, sometimes for a year. Given iterators, no more than is kept is made.
    `changed_at`: the newest time that the page gives beside those of its incidents.
    """
    shown = _each_once(components)
    ahead = (work for work in maintenances if work.ends_at is None or work.ends_at > at)
    kept = _first(incidents, MOST_INCIDENTS)
    return Page(shown, kept, _first(ahead, MOST_INCIDENTS), _newest((changed_at, *_told(kept))))


def _told(incidents: Iterable[Incident]) -> Iterator[datetime | None]:
    for each in incidents:
        yield from (each.started_at, each.updated_at, each.resolved_at)


def _newest(times: Iterable[datetime | None]) -> datetime | None:
    return max((time for time in times if time is not None), default=None)


def _each_once(components: Iterable[Component]) -> tuple[Component, ...]:
    kept = tuple(islice(components, MOST_COMPONENTS + 1))
    if len(kept) > MOST_COMPONENTS:
        raise BadFeed(f"components: at most {MOST_COMPONENTS} were expected")
    seen = set[str]()
    for each in kept:
        if each.id in seen:
            raise BadFeed(f"components: an id that stands there once was expected, got {each.id} twice")
        seen.add(each.id)
    return kept


def _first(rows: Iterable[Kept], most: int) -> tuple[Kept, ...]:
    kept: dict[str, Kept] = {}
    for row in islice(rows, most):
        kept.setdefault(row.id, row)
    return tuple(kept.values())


class Names:
    """The names of a page's components, to be found in a title: each without its bracket, as words.

    They are made when first asked for; nearly every incident says itself which components it is about.
    """

    def __init__(self, components: Iterable[Component]) -> None:
        self._components = tuple(components)

    @cached_property
    def _by_first_word(self) -> Mapping[str, Sequence[tuple[Sequence[str], str]]]:
        found: dict[str, list[tuple[Sequence[str], str]]] = {}
        for component in self._components:
            words = _words(component.name.partition(" (")[0])
            if words:
                found.setdefault(words[0], []).append((words, component.id))
        return found

    def within(self, title: str) -> tuple[str, ...]:
        """Return the ids of the components whose names stand in the title, in the order in which they stand there."""
        there, begun = _words(title), self._by_first_word
        found: dict[str, None] = {}
        for start in [at for at, word in enumerate(there) if word in begun]:
            for words, id in begun[there[start]]:
                if there[start : start + len(words)] == words:
                    found[id] = None
        return tuple(found)


def names(components: Iterable[Component]) -> Names:
    """Return what `named` looks for."""
    return Names(components)


def named(title: str, names: Names) -> tuple[str, ...]:
    """Return the ids of the components whose names stand in the title."""
    return names.within(title)


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.casefold())
