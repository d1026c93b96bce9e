"""Where Uptray's files live on this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from trayapp.model.refused import Refused


class Paths(NamedTuple):
    """Uptray's files; none need exist. All paths are absolute. No dataclass: these load `inspect`; a shell waits."""

    config: Path
    #: Folder of the journal, the log and the switch store.
    data: Path
    #: Folder of what lives only as long as the app: its lock and its socket.
    runtime: Path

    @property
    def providers(self) -> Path:
        """The folder of the user's own provider files."""
        return self.config.parent / "providers"

    @property
    def journal(self) -> Path:
        """The journal of what happened."""
        return self.data / "journal.sqlite3"

    @property
    def watched(self) -> Path:
        """What config.toml was last seen to watch; can be lost at any time."""
        return self.data / "watched.json"

    @property
    def keys(self) -> Path:
        """An empty file that is touched when a key was stored or removed, so that a running app asks anew."""
        return self.data / "keys.changed"

    @property
    def log(self) -> Path:
        """The log of what we did."""
        return self.data / "uptray.log"


def paths(environ: Mapping[str, str] | None = None) -> Paths:
    """Return where things live: below `UPTRAY_HOME` when it is set, else in the platform's own folders."""
    environ = os.environ if environ is None else environ
    home = environ.get("UPTRAY_HOME")
    if home:
        folder = Path(home).expanduser().absolute()
        return Paths(folder / "config.toml", folder / "data", folder / "data" / "run")
    # Only without UPTRAY_HOME, and it takes some milliseconds.
    import platformdirs

    config = platformdirs.user_config_path("uptray", appauthor=False)
    data = platformdirs.user_data_path("uptray", appauthor=False)
    # Not platformdirs' own: without XDG_RUNTIME_DIR it falls back to a folder in /tmp, whose name others can take.
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    return Paths(config / "config.toml", data, Path(runtime, "uptray") if Path(runtime).is_absolute() else data / "run")


def private_folder(folder: Path) -> Path:
    """Make the folder, for its owner alone (0700), unless it is there, and return it. Raises Refused."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise Refused(f"{folder}: the folder could not be made: {error.strerror}") from None
    return folder


def resources(package: Path | None = None, frozen: str | None = None) -> Path:
    """Return the folder of what ships with Uptray: provider files, icons, the template of config.toml.

    It is in the package when installed, beside it in a checkout, and below `frozen` (PyInstaller's `sys._MEIPASS`) in
    a frozen app. Raises Refused when it is nowhere.
    """
    package = Path(__file__).parents[1] if package is None else package
    frozen = getattr(sys, "_MEIPASS", None) if frozen is None else frozen
    found = [package / "resources", package.parent / "resources"]
    if frozen:
        found = [Path(frozen, "trayapp", "resources"), Path(frozen, "resources"), *found]
    for folder in found:
        if (folder / "providers").is_dir():
            return folder
    raise Refused(f"{package}: the provider files that ship with Uptray are missing; install it again")
