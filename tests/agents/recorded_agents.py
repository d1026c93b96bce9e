"""What `tests/recorded/agents/<agent>/<case>/` holds, and the home that it stands for.

`target.toml` is the target: `provider`, `name`, optionally `helper`, `key_env`, `clear_key`, and `[route]`. Optional:
`[here]` with `system` ("linux"), `home` ("/home/me"), `cwd` and `environ`, where "~" at the start of a value is the
home; `[use]` with `base_url` or `model` where `current` then says something else than the route (false: says nothing);
`refused`, a piece of the reason why there is no edit. Below `before/` and `after/` are the files of the home, also
those machine-wide ones, below `root/`: `before/root/etc/…`. A file not there is absent.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Any

from trayapp.model.pointing import File, Here, Target
from trayapp.model.provider import Route

RECORDED = Path(__file__).parent.parent / "recorded" / "agents"


@dataclass(frozen=True)
class Case:
    """A folder of a recorded switch."""

    folder: Path

    @property
    def agent(self) -> str:
        return self.folder.parent.name

    @property
    def said(self) -> Mapping[str, Any]:
        return tomllib.loads((self.folder / "target.toml").read_text(encoding="utf-8"))

    @property
    def here(self) -> Here:
        said = self.said.get("here", {})
        system = said.get("system", "linux")
        flavour = PureWindowsPath if system == "windows" else PurePosixPath
        home = flavour(said.get("home", "C:/Users/me" if system == "windows" else "/home/me"))
        environ = {name: value.replace("~", str(home), 1) for name, value in said.get("environ", {}).items()}
        cwd = flavour(said["cwd"].replace("~", str(home), 1)) if "cwd" in said else None
        return Here(home, system, environ, cwd)

    @property
    def target(self) -> Target:
        said = self.said
        helper = said.get("helper")
        return Target(
            provider=said["provider"],
            name=said["name"],
            route=Route(**said["route"]),
            helper=tuple(helper) if helper else None,
            key_env=said.get("key_env"),
            clear_key=said.get("clear_key"),
        )

    def texts(self, files: tuple[File, ...], when: str) -> dict[PurePath, bytes | None]:
        """Return what an agent's files hold "before" or "after"."""
        return {file.path: self._held(file.path, when) for file in files}

    def recorded(self, when: str) -> set[Path]:
        return {found for found in (self.folder / when).rglob("*") if found.is_file()}

    def place(self, path: PurePath, when: str) -> Path:
        """Return where a file of the home, or of the machine, is recorded."""
        home = self.here.home
        below = path.relative_to(home) if path.is_relative_to(home) else PurePath("root", *path.parts[1:])
        return self.folder.joinpath(when, *below.parts)

    def _held(self, path: PurePath, when: str) -> bytes | None:
        place = self.place(path, when)
        return place.read_bytes() if place.is_file() else None


def cases() -> Iterator[Case]:
    """Yield every recorded case."""
    for told in sorted(RECORDED.glob("*/*/target.toml")):
        yield Case(told.parent)
