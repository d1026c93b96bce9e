"""Pages that list only trouble: what they do not name works, as far as they tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trayapp.model.level import Level, rank
from trayapp.model.provider import Feed
from trayapp.model.reading import Component


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


def declared(feed: Feed, names: Sequence[str], text: str = "") -> tuple[str, ...]:
    """Return the declared components that are among the names, or whose name stands in the text."""
    given = {name.casefold().strip() for name in names}
    text = text.casefold()
    return tuple(
        each.id
        for each in feed.components
        if each.id.casefold() in given
        or each.name.casefold() in given
        or each.name.casefold() in text
        or each.id.casefold() in text.split()
    )
