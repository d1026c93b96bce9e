"""A provider's file with the user's own wishes laid over it, before either is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trayapp.model.source import Key, Origins, Source

#: Lists of tables whose tables have a name of their own: the wish `route.anthropic.base_url` means the table in
#: `[[route]]` whose protocol is "anthropic". Where there is none it becomes one.
_NAMED: dict[Key, str] = {("route",): "protocol", ("probe",): "kind", ("feed", "component"): "id"}

#: A wish for the first ends the second, unless the user names that too: fallbacks and hosts of the vendor's own
#: address have no business with another. The key was bound to the vendor's hosts when it was entered; with the hosts
#: gone it is not sent to the new address until the user binds it anew.
_ENDS = ((("feed", "url"), ("feed", "fallbacks")), (("api", "base_url"), ("api", "hosts")))


def overlaid(
    values: Mapping[str, Any], origins: Origins, wish: Mapping[str, Any], source: Source, start: Key
) -> tuple[dict[str, Any], Origins]:
    """Return `values` with `wish` over them, and where each part comes from.

    `wish` stands in `source` at `start`. Neither argument is changed.
    """
    found = dict(origins)
    merged = _merge(values, wish, (), found, source, start)
    for (table, cause), (_, ended) in _ENDS:
        wished = wish.get(table)
        if isinstance(wished, dict) and cause in wished and ended not in wished:
            merged[table].pop(ended, None)
    return merged, found


def _merge(
    values: Mapping[str, Any],
    wish: Mapping[str, Any],
    at: Key,
    found: dict[Key, tuple[Source, Key]],
    source: Source,
    start: Key,
) -> dict[str, Any]:
    merged = dict(values)
    for name, value in wish.items():
        key, old = (*at, name), merged.get(name)
        if isinstance(value, dict) and key in _NAMED:
            merged[name] = _merge_named(old, value, key, found, source, (*start, name))
        elif isinstance(value, dict) and isinstance(old, dict):
            merged[name] = _merge(old, value, key, found, source, (*start, name))
        else:
            merged[name] = value
            found[key] = (source, (*start, name))
    return merged


def _merge_named(
    old: Any, wish: Mapping[str, Any], at: Key, found: dict[Key, tuple[Source, Key]], source: Source, start: Key
) -> list[Any]:
    tables = list(old) if isinstance(old, list) else []
    named = _NAMED[at]
    for name, value in wish.items():
        places = [index for index, table in enumerate(tables) if isinstance(table, dict) and table.get(named) == name]
        if places and isinstance(value, dict):
            index = places[0]
            tables[index] = _merge(tables[index], value, (*at, index), found, source, (*start, name))
        else:
            found[(*at, len(tables))] = (source, (*start, name))
            tables.append({named: name, **value} if isinstance(value, dict) else value)
    return tables
