"""From config.toml and the provider files to Settings: the user's wishes, with the watched providers resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from trayapp.model.address import target
from trayapp.model.catalogue import provider
from trayapp.model.default_watch import DEFAULT_WATCH
from trayapp.model.forms import Unfit, flag, line, nearest, number, one_of, seconds
from trayapp.model.forms import table as a_table
from trayapp.model.overlay import overlaid
from trayapp.model.provider import Provider
from trayapp.model.refused import Refused
from trayapp.model.settings import (
    ELSEWHERE_WHEN,
    LEAST_COOL_DOWN_S,
    FallbackSettings,
    MonitorSettings,
    NotificationSettings,
    Scope,
    Settings,
)
from trayapp.model.source import Origins, Source
from trayapp.model.table import MOST_WARNINGS, Table

#: Provider id to the file's name for messages and its text, the user's own already in place of the shipped. A text is
#: asked for only when it is needed.
Files = Mapping[str, tuple[str, str]]

#: Asking more often tells nobody more, and a status page may take it for an attack.
_LEAST_S = 5.0

#: Keys of `[providers.<id>]` that say what counts for this user; all others are the provider file's own.
_SCOPE = ("components", "models", "presets")


def read_settings(text: str, where: str, files: Files, detected: Sequence[str] = ()) -> Settings:
    """Return what `text`, the content of config.toml, asks for; "" gives the defaults.

    `where` names config.toml in messages, `detected` are the providers found in use on this machine. Raises Refused:
    one line with file, line, key and what was expected. Unknown keys become `warnings`.
    """
    reader = _Reader(text, where, files)
    monitor, notifications, fallback = reader.monitor(), reader.notifications(), reader.fallback()
    watch = reader.watch(detected)
    scopes = reader.scopes()
    # What the user says about a provider is checked at once, not on the day when it is watched.
    providers = {id: reader.provider(id) for id in dict.fromkeys((*watch, *reader.wishes))}
    watched = tuple(providers[id] for id in watch)
    warnings = (*reader.warnings(), *reader.idle(fallback, watch))
    return Settings(monitor, notifications, watched, scopes, warnings, fallback)


def read_catalogue(text: str, where: str, files: Files) -> dict[str, Provider]:
    """Return every known provider by id, watched or not, with the user's wishes. Raises Refused."""
    reader = _Reader(text, where, files)
    return {id: reader.provider(id) for id in files}


def read_each(
    text: str, where: str, files: Files, detected: Sequence[str] = ()
) -> tuple[dict[str, Provider | Refused], tuple[str, ...]]:
    """Return every known provider by id, or why its file is refused, and the ids that are watched.

    One wrong file takes nothing from the others. Raises Refused for config.toml.
    """
    wrong: dict[str, Refused] = {}
    sound: dict[str, tuple[str, str]] = {}
    for id in files:
        try:
            name, content = files[id]
            Source(name, content).read()
        except Refused as reason:
            # Known by its id all the same, so that a config.toml that watches it is not what is called wrong.
            wrong[id], name, content = reason, id, ""
        sound[id] = (name, content)
    reader = _Reader(text, where, sound)
    return {id: wrong.get(id) or _tried(reader, id) for id in files}, reader.watch(detected)


def _tried(reader: _Reader, id: str) -> Provider | Refused:
    try:
        return reader.provider(id)
    except Refused as reason:
        return reason


class _Reader:
    """One reading of config.toml: gathers the warnings of everything that was read."""

    def __init__(self, text: str, where: str, files: Files) -> None:
        self._source = Source(where, text)
        self._config = Table.of(self._source)
        self._monitor = self._config.table("monitor")
        self._files = files
        self._warnings: list[str] = []

    @cached_property
    def _former(self) -> dict[str, str]:
        """Old id to new id. It takes every provider file, so it is asked for only after an id that is not there."""
        texts = {id: Table.of(Source(*self._files[id])) for id in self._files}
        return {old: id for id, table in texts.items() for old in table.each("formerly", line())}

    def _current(self, name: str) -> str | None:
        return name if name in self._files else self._former.get(name)

    def _id(self, value: Any) -> str:
        """Return the id of a known provider (a form)."""
        if not isinstance(value, str):
            raise Unfit("the id of a provider")
        current = self._current(value)
        if current is None:
            near = nearest(value, self._files)
            raise Unfit("the id of a known provider" + (f' (perhaps "{near}")' if near else ""))
        return current

    def watch(self, detected: Sequence[str]) -> tuple[str, ...]:
        if self._monitor.has("watch"):
            return tuple(dict.fromkeys(self._monitor.each("watch", self._id, least=1)))
        found = tuple(id for id in detected if id in self._files)
        return found or tuple(id for id in DEFAULT_WATCH if id in self._files)

    def monitor(self) -> MonitorSettings:
        table, default = self._monitor, MonitorSettings()
        interval = seconds(_LEAST_S)
        feed_s = table.get("feed_interval_s", interval, default.feed_interval_s)
        probe_s = table.get("probe_interval_s", interval, default.probe_interval_s)
        rechecks = table.each("recheck_after_s", seconds(0), most=10)
        targets = table.each("connectivity_targets", target, most=10)
        table.each("watch", self._id, least=1)
        return MonitorSettings(
            feed_interval_s=feed_s,
            # Trouble never makes us look less often, saving never more often.
            feed_interval_trouble_s=table.get(
                "feed_interval_trouble_s", interval, min(feed_s, default.feed_interval_trouble_s)
            ),
            probe_interval_s=probe_s,
            probe_interval_saving_s=table.get(
                "probe_interval_saving_s", interval, max(probe_s, default.probe_interval_saving_s)
            ),
            paid_interval_s=table.get("paid_interval_s", interval, default.paid_interval_s),
            recheck_after_s=rechecks if table.has("recheck_after_s") else default.recheck_after_s,
            paid_probes=table.get("paid_probes", flag, default.paid_probes),
            paid_cap_usd_per_month=table.get(
                "paid_cap_usd_per_month", number(0, 1_000_000, "US dollars"), default.paid_cap_usd_per_month
            ),
            connectivity_targets=targets if table.has("connectivity_targets") else default.connectivity_targets,
            elsewhere=table.get("elsewhere", one_of(ELSEWHERE_WHEN), default.elsewhere),
            passive=table.get("passive", flag, default.passive),
        )

    def notifications(self) -> NotificationSettings:
        table, default = self._config.table("notifications"), NotificationSettings()
        about = table.each("about", one_of(default.about))
        return NotificationSettings(
            enabled=table.get("enabled", flag, default.enabled),
            about=about if table.has("about") else default.about,
            mute=table.each("mute", self._id),
        )

    def fallback(self) -> FallbackSettings:
        table, default = self._config.table("fallback"), FallbackSettings()
        lists = table.table("agents")
        return FallbackSettings(
            enabled=table.get("enabled", flag, default.enabled),
            after_s=table.get("after_s", seconds(0), default.after_s),
            back_after_s=table.get("back_after_s", seconds(0), default.back_after_s),
            cool_down_s=table.get("cool_down_s", seconds(LEAST_COOL_DOWN_S), default.cool_down_s),
            blocked=table.get("blocked", flag, default.blocked),
            agents={agent: tuple(dict.fromkeys(lists.each(agent, self._id, most=20))) for agent in lists.names},
        )

    def idle(self, fallback: FallbackSettings, watch: Sequence[str]) -> Iterator[str]:
        """Yield a warning for each stand-in that nobody can know to work, since it is not watched."""
        for id in dict.fromkeys(id for ids in fallback.agents.values() for id in ids if id not in watch):
            if fallback.enabled:
                yield (
                    f"{self._source.file}: fallback.agents: {id} is not watched, so nothing is switched to it by itself"
                )

    @cached_property
    def wishes(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Provider id to what `[providers.<name>]` says, by the name it stands under: the id or a former one."""
        table = self._config.table("providers")
        wishes: dict[str, dict[str, dict[str, Any]]] = {}
        for name in (*self._files, *table.names):
            id = self._current(name)
            if id is not None and (wish := table.get(name, a_table, None)) is not None:
                wishes.setdefault(id, {})[name] = wish
        return wishes

    def scopes(self) -> dict[str, Scope]:
        scopes = {}
        for id, wishes in self.wishes.items():
            for name, wish in wishes.items():
                table = Table(wish, {(): (self._source, ())}, ("providers", name))
                scope = Scope(*(table.each(key, line()) for key in _SCOPE))
                if scope != Scope():
                    scopes[id] = scope
        return scopes

    def provider(self, id: str) -> Provider:
        source = Source(*self._files[id])
        values = source.read()
        origins: Origins = {(): (source, ())}
        for name, wish in self.wishes.get(id, {}).items():
            own = {key: value for key, value in wish.items() if key not in _SCOPE}
            values, origins = overlaid(values, origins, own, self._source, ("providers", name))
        table = Table(values, origins)
        made = provider(id, table)
        self._warnings.extend(table.warnings())
        self._check_presets(made)
        return made

    def _check_presets(self, made: Provider) -> None:
        """Refuse a preset that no component is of: everything would be out of scope, and nothing would say why."""
        known = sorted({preset for each in (made.feed.components if made.feed else ()) for preset in each.scope})
        for name, wish in self.wishes.get(made.id, {}).items():
            table = Table(wish, {(): (self._source, ())}, ("providers", name))
            if any(preset not in known for preset in table.each("presets", line())):
                raise table.refusal("presets", f"a list of {' and '.join(known) or 'none: no component has one'}")

    def warnings(self) -> tuple[str, ...]:
        return (*self._config.warnings(), *self._warnings)[: MOST_WARNINGS + 1]
