"""The door of `uptray providers`: the catalogue, with what was recorded lately. Asks no keyring and no network."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from trayapp.adapters.journal_read import Kept, read_snapshots
from trayapp.decide.document import moment
from trayapp.model.provider import Api, Feed, Provider
from trayapp.model.refused import Refused

if TYPE_CHECKING:
    from trayapp.main.house import House

#: A clock that was set back by more makes a record one of the future, which tells nothing.
_SLACK_S = 5.0


def providers(house: House) -> Sequence[Mapping[str, Any]]:
    """Return an object for each known provider, in the order of the ids; one whose file is wrong has an `error`.

    Raises Refused for config.toml.
    """
    known, watched = house.store.each()
    own = house.store.own()
    fresh = _fresh(house, datetime.now(UTC))
    return [
        _row(id, made, "own" if id in own else "shipped", watched=id in watched, kept=fresh.get(id))
        for id, made in sorted(known.items())
    ]


def _fresh(house: House, now: datetime) -> dict[str, Kept]:
    """Return what was recorded and still holds, by provider."""
    return {
        kept.provider: kept
        for kept in read_snapshots(house.places.journal).snapshots
        if -_SLACK_S <= (now - kept.at).total_seconds() <= kept.stale_after_s
    }


def _row(id: str, made: Provider | Refused, source: str, *, watched: bool, kept: Kept | None) -> dict[str, Any]:
    error = _error(made, source)
    provider = made if isinstance(made, Provider) else Provider(id, id)
    return {
        "id": id,
        "name": provider.name,
        "source": source,
        "watched": watched,
        "error": error,
        "feed": _feed(provider.feed) if provider.feed else None,
        "feed_reason": None if provider.feed or error else provider.note or "its file names no status page",
        "probes": [{"kind": each.kind.value, "method": each.method, "path": each.path} for each in provider.probes],
        "routes": [{"protocol": each.protocol, "base_url": each.base_url} for each in provider.routes],
        **_api(provider.api),
        "local": provider.local,
        "note": provider.note,
        "level": str(kept.document.get("level", "unknown")) if kept else "unknown",
        "checked_at": moment(kept.at) if kept else None,
    }


def _error(made: Provider | Refused, source: str) -> str | None:
    """Return why the provider cannot be used as it is declared, None when it can."""
    if isinstance(made, Refused):
        return str(made)
    if made.feed is None or source == "shipped":
        return None
    # Every platform is imported for this; the files that ship are known to name ones that there are.
    from trayapp.feeds import platforms

    known = platforms()
    if made.feed.platform in known:
        return None
    return f"feed.platform: one of {', '.join(known)} was expected, got {made.feed.platform}"


def _feed(feed: Feed) -> dict[str, Any]:
    return {
        "platform": feed.platform,
        "url": feed.url,
        "fallbacks": list(feed.fallbacks),
        "page": feed.page or feed.url,
        "components": [{"id": each.id, "name": each.name, "scope": list(each.scope)} for each in feed.components],
    }


def _api(api: Api | None) -> dict[str, Any]:
    if api is None:
        return {"auth": None, "key_env": None, "key_set": False, "key_page": None, "hosts": []}
    return {
        "auth": api.auth,
        "key_env": api.key_env,
        "key_set": bool(api.key_env and os.environ.get(api.key_env, "").strip()),
        "key_page": api.key_page,
        "hosts": list(api.hosts),
    }
