"""Pages that list only trouble: what they do not name works, as far as they tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trayapp.model.level import Level, rank
from trayapp.model.provider import Feed
from trayapp.model.reading import Component

_WORDS = re.compile(r"\w+(?:\.\w+)*")


@dataclass(frozen=True, slots=True)
class Hit:
    """An open incident's word for the components it names, and our level for that word."""

    word: str
    level: Level
    components: tuple[str, ...]


def components(feed: Feed, hits: Iterable[Hit], well: str) -> list[Component]:
    """Return the declared components, each with the worst word of what names it, and `well` when nothing does."""
    worst: dict[str, Hit] = {}
    for hit in hits:
        for id in hit.components:
            known = worst.get(id)
            if known is None or rank(hit.level) < rank(known.level):
                worst[id] = hit
    return [_component(each.id, each.name, worst, well) for each in feed.components]


def _component(id: str, name: str, worst: Mapping[str, Hit], well: str) -> Component:
    hit = worst.get(id)
    return Component(id, name, hit.word, hit.level) if hit else Component(id, name, well, Level.OPERATIONAL)


def every(feed: Feed) -> tuple[str, ...]:
    """Return all declared components: what an incident that names none may be about."""
    return tuple(each.id for each in feed.components)


def declared(feed: Feed, names: Iterable[str]) -> tuple[str, ...]:
    """Return the declared components whose id or name is among the names."""
    given = {name.casefold().strip() for name in names}
    return tuple(each.id for each in feed.components if given & {each.id.casefold(), each.name.casefold()})


def spoken_of(feed: Feed, title: str, names: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the declared components that a title or a list of names speaks of, as whole words.

    In the title an id counts as well; among the names only as one of them, for "API" is not "API Management".
    """
    told, listed = _words(title), [_words(name) for name in names]
    found = []
    for each in feed.components:
        by_id, by_name = _words(each.id), _words(each.name)
        if by_id in listed or _stands(by_id, told) or any(_stands(by_name, words) for words in (told, *listed)):
            found.append(each.id)
    return tuple(found)


def _stands(wanted: Sequence[str], words: Sequence[str]) -> bool:
    return bool(wanted) and f" {' '.join(wanted)} " in f" {' '.join(words)} "


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.casefold())
