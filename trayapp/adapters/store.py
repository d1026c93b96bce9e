"""The user's settings on disk: config.toml, and the provider files that ship and those of the user's own."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from trayapp.adapters import detect
from trayapp.adapters.paths import Paths, private_folder, resources
from trayapp.model.default_watch import DEFAULT_WATCH
from trayapp.model.refused import Refused

if TYPE_CHECKING:
    from trayapp.model.provider import Provider
    from trayapp.model.settings import Settings

#: Far above any file a person writes; beyond it the file is not ours.
LARGEST = 256 * 1024

#: A file as it was when looked at: changed when either number is another. None: it is not there.
Stamp = tuple[int, int] | None


class FileStore:
    """The store of one `Paths`. Reads nothing until asked, and makes no file but the template."""

    def __init__(
        self,
        paths: Paths,
        environ: Mapping[str, str] | None = None,
        home: Path | None = None,
        shipped: Path | None = None,
    ) -> None:
        self._paths = paths
        self._environ = os.environ if environ is None else environ
        self._home = home
        self._shipped = shipped
        self._seen: dict[Path, Stamp] | None = None

    def load(self) -> Settings:
        """Return the settings; a missing config.toml gives the defaults.

        Raises Refused: one line with file, line, key and what was expected, or why a file cannot be read.
        """
        from trayapp.model.configuration import read_settings

        # Before reading: what is saved meanwhile counts as changed.
        self._seen = self._stamps()
        return read_settings(self._config() or "", self._paths.config.name, self._files(), self._detected())

    def defaults(self) -> Settings:
        """Return the settings as they are without any file of the user's own: these are never wrong."""
        from trayapp.model.configuration import read_settings

        shipped = _Files(dict(_listed(self._resources() / "providers")))
        return read_settings("", self._paths.config.name, shipped, self._detected())

    def changed(self) -> bool:
        """True when the files differ from those last loaded, well or not."""
        return self._stamps() != self._seen

    def watched(self) -> tuple[str, ...]:
        """Return the ids of the watched providers. Without config.toml nothing is read, and next to nothing imported.

        Raises Refused.
        """
        known = self._remembered()
        if known is not None:
            return known
        files, text = self._files(), self._config()
        detected = tuple(id for id in self._detected() if id in files)
        if text is None:
            return detected or tuple(id for id in DEFAULT_WATCH if id in files)
        from trayapp.model.configuration import read_settings

        settings = read_settings(text, self._paths.config.name, files, detected)
        watched = tuple(provider.id for provider in settings.watch)
        self._remember(watched)
        return watched

    def _remembered(self) -> tuple[str, ...] | None:
        """Return what the same config.toml, found right as a whole, watched: to read it takes longer than Python."""
        import json

        stamp = _stamp(self._paths.config)
        if stamp is None:
            return None
        try:
            kept = json.loads(self._paths.watched.read_bytes())
            is_same = tuple(kept["stamp"]) == stamp and tuple(kept["usual"]) == self._detected()
            return tuple(map(str, kept["watch"])) if is_same else None
        except (OSError, ValueError, LookupError, TypeError):
            return None

    def _remember(self, watch: tuple[str, ...]) -> None:
        import json

        stamp = _stamp(self._paths.config)
        if stamp is None or not self._paths.data.is_dir():
            return
        kept = {"stamp": stamp, "usual": self._detected(), "watch": watch}
        with suppress(OSError):
            _write(self._paths.watched, json.dumps(kept).encode())

    def known(self) -> tuple[str, ...]:
        """Return the ids of all known providers, by the names of their files. Raises Refused."""
        return tuple(self._files())

    def catalogue(self) -> dict[str, Provider]:
        """Return every known provider, watched or not, with the user's wishes. Raises Refused."""
        from trayapp.model.configuration import read_catalogue

        return read_catalogue(self._config() or "", self._paths.config.name, self._files())

    def each(self) -> tuple[dict[str, Provider | Refused], tuple[str, ...]]:
        """Return every known provider by id, or why its file is refused, and the ids that are watched.

        Raises Refused for config.toml.
        """
        from trayapp.model.configuration import read_each

        return read_each(self._config() or "", self._paths.config.name, self._files(), self._detected())

    def shipped(self) -> tuple[Provider, ...]:
        """Return the providers as they ship, without any wish of the user's."""
        from trayapp.model.configuration import read_catalogue

        files = _Files(dict(_listed(self._resources() / "providers")))
        return tuple(read_catalogue("", self._paths.config.name, files).values())

    def own(self) -> frozenset[str]:
        """Return the ids for which there is a file of the user's own. Raises Refused."""
        return frozenset(id for id, _ in _listed(self._paths.providers))

    def names(self) -> dict[str, str]:
        """Return id and name of every known provider. Raises Refused."""
        return {id: provider.name for id, provider in self.catalogue().items()}

    def ensure_config(self) -> Path:
        """Return the path of config.toml; when there is none, a template in which every line is a comment is put there.

        Raises Refused.
        """
        path = self._paths.config
        if not os.path.lexists(path):
            template = read_file(self._resources() / "config.toml", "config.toml")
            private_folder(path.parent)
            try:
                _write(path, (template or "").encode())
            except OSError as error:
                raise Refused(f"{path}: the file could not be written: {error.strerror}") from None
        return path

    def _config(self) -> str | None:
        return read_file(self._paths.config, self._paths.config.name)

    def _files(self) -> Mapping[str, tuple[str, str]]:
        return _Files({id: path for folder in self._folders() for id, path in _listed(folder)})

    def _folders(self) -> tuple[Path, Path]:
        return self._resources() / "providers", self._paths.providers

    def _resources(self) -> Path:
        self._shipped = self._shipped or resources()
        return self._shipped

    def _detected(self) -> tuple[str, ...]:
        return detect.detected(self._environ, self._home or Path.home())

    def _stamps(self) -> dict[Path, Stamp]:
        listed = [path for folder in self._folders() for _, path in _listed(folder)]
        return {path: _stamp(path) for path in (self._paths.config, *listed)}


class _Files(Mapping[str, tuple[str, str]]):
    """Provider id to file name and text, each file read when it is asked for."""

    def __init__(self, found: Mapping[str, Path]) -> None:
        self._found = found

    def __getitem__(self, id: str) -> tuple[str, str]:
        path = self._found[id]
        where = f"{path.parent.name}/{path.name}"
        return where, read_file(path, where) or ""

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __contains__(self, id: object) -> bool:
        return id in self._found


def _listed(folder: Path) -> list[tuple[str, Path]]:
    """Return id and path of each provider file in the folder, by id; none when there is no such folder."""
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208  # Path.iterdir makes an object of every name
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise Refused(f"{folder}: the folder could not be read: {error.strerror}") from None
    return [(name.removesuffix(".toml"), folder / name) for name in names if name.endswith(".toml")]


def read_file(path: Path, where: str) -> str | None:
    """Return the text of a file, None when there is none. Raises Refused with the reason why it cannot be read."""
    try:
        # Not only a folder: to open a named pipe would wait for ever.
        if not stat.S_ISREG(path.stat().st_mode):
            raise Refused(f"{where}: a file was expected, got something else ({path})")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Refused(f"{where}: the file could not be read: {error.strerror} ({path})") from None
    if len(content) > LARGEST:
        raise Refused(f"{where}: a file of at most {LARGEST // 1024} KB was expected ({path})")
    try:
        # Windows' Notepad may begin a file with a byte order mark, which TOML does not allow.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refused(f"{where}, line {line}: UTF-8 text was expected ({path})") from None


def _stamp(path: Path) -> Stamp:
    with suppress(OSError):
        seen = path.stat()
        return seen.st_mtime_ns, seen.st_size
    return None


def _write(path: Path, content: bytes) -> None:
    """Put a new file there, whole or not at all, readable by its owner alone (mkstemp makes it 0600)."""
    # Once in a user's life, and it brings half a dozen modules.
    import tempfile

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
