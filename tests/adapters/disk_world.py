"""An agent's files for the tests of the disk: one behind a link, one absent, one to be removed, one plain."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from pathlib import Path

from trayapp.adapters.disk import FileDisk
from trayapp.adapters.disk_sys import Sys
from trayapp.model.agent import FileEdit, Named, Switch

AT = datetime(2026, 4, 28, 17, 34, tzinfo=UTC)
KEY = "sk-never-shown"


class World:
    """A home of its own. `states` are the only contents its files may ever have, all of one state."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.data = folder / "data"
        self.store = self.data / "switches"
        agent = self.home / ".agent"
        self.paths = agent / "settings.json", agent / "fresh" / "new.toml", agent / "old.env", agent / "plain.yaml"
        original = b'{"a": 1}\r\n', None, b"OLD=1\n", b"x: 1 # mine"
        switched = b'{"a": "%s"}\r\n' % KEY.encode(), b"b = 1\n", None, b"x: 2 # mine"
        again = b'{"a": 3}\r\n', b"b = 2\n", b"OLD=3\n", b"x: 3 # mine"
        self.states = {"original": original, "switched": switched, "again": again}

    def build(self, state: str = "original") -> World:
        """Make the files, and lead them to the state by the switches there are before it."""
        linked = self.home / "dotfiles" / "settings.json"
        linked.parent.mkdir(parents=True)
        self.paths[0].parent.mkdir()
        self.paths[0].symlink_to("../dotfiles/settings.json")
        for path, content in zip(self.paths, self.states["original"], strict=True):
            if content is not None:
                path.write_bytes(content)
        order = list(self.states)
        for old, new in itertools.pairwise(order[: order.index(state) + 1]):
            self.go(old, new)
        return self

    def disk(self, calls: Sys | None = None, deadline_s: float = 5.0) -> FileDisk:
        return FileDisk(self.data, self.home, calls, deadline_s)

    def contents(self) -> tuple[bytes | None, ...]:
        return tuple(path.read_bytes() if path.exists() else None for path in self.paths)

    def state(self) -> str | None:
        return next((name for name, state in self.states.items() if state == self.contents()), None)

    def switch(self, old: str, new: str, agent: str = "agent") -> Switch:
        rows = zip(self.paths, self.states[old], self.states[new], self.states["original"], strict=True)
        values = (Named(("env", 0), None, KEY),)
        return Switch(agent, new, AT, tuple(FileEdit(*row, values, "json") for row in rows))

    def go(self, old: str, new: str, calls: Sys | None = None) -> None:
        disk = self.disk(calls)
        (disk.restored if new == "original" else disk.commit)(self.switch(old, new))

    def strangers(self) -> list[str]:
        """Return what stands in the home and is none of the agent's."""
        known = {path.name for path in self.paths}
        return [path.name for path in self.home.rglob("*") if not path.is_dir() and path.name not in known]
