"""The doors that the commands walk through; what lies behind each is imported only then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trayapp.adapters.paths import Paths, paths
from trayapp.adapters.store import FileStore

if TYPE_CHECKING:
    from trayapp.cli._doors import Check
    from trayapp.model.history import History
    from trayapp.model.secret import Secret
    from trayapp.model.settings import Settings


class House:
    """Implements `cli._doors.Doors` for this machine."""

    def __init__(self, places: Paths | None = None) -> None:
        self.places = places or paths()
        self.store = FileStore(self.places)

    def settings(self) -> Settings:
        """Return the user's settings. Raises Refused."""
        return self.store.load()

    def names(self) -> Mapping[str, str]:
        """Return id and name of every known provider. Raises Refused."""
        return self.store.names()

    def providers(self) -> Sequence[Mapping[str, Any]]:
        """Return an object for each known provider. Raises Refused."""
        from trayapp.main.catalogue import providers

        return providers(self)

    def check_provider(
        self, file: Path, *, offline: bool, paid: bool, warn: Callable[[str], None]
    ) -> Mapping[str, Any]:
        """Validate a provider file and try what it declares. Raises Refused."""
        from trayapp.main.trial import check

        return check(self, file, offline=offline, paid=paid, warn=warn)

    def watched(self) -> Sequence[str]:
        """Return the ids that are watched. Raises Refused."""
        return self.store.watched()

    def recorded(self, ids: Sequence[str]) -> Mapping[str, Any]:
        """Return what was recorded, aged to now; what was not is unknown and stale."""
        from trayapp.adapters.journal_read import read_snapshots
        from trayapp.decide import document

        found = read_snapshots(self.places.journal)
        now = datetime.now(UTC)
        kept = {snapshot.provider: snapshot for snapshot in found.snapshots if snapshot.provider in ids}
        rows = []
        for name in ids:
            if (snapshot := kept.get(name)) is None:
                rows.append(document.unrecorded(name, name, now))
                continue
            age_s = (now - snapshot.at).total_seconds()
            shown = str(snapshot.document.get("name", name))
            rows.append(document.aged(snapshot.document, shown, age_s, snapshot.stale_after_s))
        fresh = any(not row["stale"] for row in rows)
        return document.status(rows, found.network if fresh else "unknown", now)

    def live(self, ids: Sequence[str]) -> Mapping[str, Any]:
        """Look at once, and return the status document. Raises Refused."""
        from trayapp.main.terminal import look

        return look(self, ids)

    def agents(self) -> Sequence[Mapping[str, Any]]:
        """Return an object for each coding agent that is here. Raises Refused."""
        from trayapp.main.agents import agents

        return agents(self)

    def switch_agent(
        self, agent: str, provider: str, *, dry_run: bool, force: bool, clear_key: bool
    ) -> Mapping[str, Any]:
        """Point an agent at a provider. Raises Refused."""
        from trayapp.main.agents import switch

        return switch(self, agent, provider, dry_run=dry_run, force=force, clear_key=clear_key)

    def restore_agent(self, agent: str | None, *, dry_run: bool) -> Sequence[Mapping[str, Any]]:
        """Put back an agent's own settings, or those of all for None. Raises Refused."""
        from trayapp.main.agents import restore

        return restore(self, agent, dry_run=dry_run)

    def run_agent(self, agent: str | None, via: str | None, arguments: Sequence[str]) -> int:
        """Start an agent for one session; return its exit code where it does not take our place. Raises Refused."""
        from trayapp.main.agents import run

        return run(self, agent, via, arguments)

    def default_agent(self) -> str | None:
        """Return the agent that is started when none is named."""
        from trayapp.main.agents import default

        return default(self)

    def set_default_agent(self, agent: str) -> None:
        """Choose it. Raises Refused."""
        from trayapp.main.agents import set_default

        set_default(self, agent)

    def live_or_recorded(self, ids: Sequence[str]) -> Mapping[str, Any]:
        """Return what was recorded while it is fresh, else look now. Raises Refused."""
        recorded = self.recorded(ids)
        return self.live(ids) if any(row["stale"] for row in recorded["providers"]) else recorded

    def watch(self, ids: Sequence[str], emit: Callable[[Mapping[str, Any]], bool]) -> None:
        """Monitor until `emit` returns True for an event, or SIGTERM or Ctrl-C. Raises Refused."""
        from trayapp.main.terminal import watch

        watch(self, ids, emit)

    def history(self, ids: Sequence[str], days: float) -> History:
        """Return what was recorded. Raises Refused."""
        from trayapp.adapters.journal_history import read_history

        return read_history(self.places.journal, ids, days, datetime.now(UTC))

    def put_key(self, provider: str, secret: Secret) -> str:
        """Store a key, bound to the provider's host. Raises Refused."""
        from trayapp.main.keyring import put

        return put(self, provider, secret)

    def get_key(self, provider: str) -> Secret | None:
        """Return the key, from the environment or the keyring. Raises Refused."""
        from trayapp.main.keyring import get

        return get(self, provider)

    def delete_key(self, provider: str) -> bool:
        """Remove the key from the keyring. Raises Refused."""
        from trayapp.main.keyring import delete

        return delete(self, provider)

    def test_key(self, provider: str) -> tuple[bool, str]:
        """Make one free request with the key. Raises Refused."""
        from trayapp.main.keyring import test

        return test(self, provider)

    def doctor(self) -> Sequence[Check]:
        """Look at what works here."""
        from trayapp.main.doctor import examine

        return examine(self)

    def demo(self, speed: float, headless: bool, icons: Path) -> int:
        """Replay the outage of 28 April 2026 in a home of its own. Raises Refused."""
        from trayapp.main.demo import replay

        return replay(speed, headless, icons)

    def replay(self, file: Path, evidence: str, *, as_json: bool) -> int:
        """Replay the incidents of a file with this evidence. Raises Refused."""
        from trayapp.main.replay import replay

        return replay(file, evidence, as_json=as_json)

    def tray(self) -> int:
        """Start the tray app; return its exit code. Raises Refused."""
        from trayapp.main.tray import run

        return run(self)

    def chosen(self, ids: Sequence[str]) -> Settings:
        """Return the settings with just these providers watched; all the user's when none is named. Raises Refused."""
        from dataclasses import replace

        settings = self.settings()
        if not ids:
            return settings
        known = {provider.id: provider for provider in settings.watch}
        if not known.keys() >= set(ids):
            known = {**self.store.catalogue(), **known}
        return replace(settings, watch=tuple(known[name] for name in ids))
