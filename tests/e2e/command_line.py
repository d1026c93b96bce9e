"""The command as a shell runs it: a process of its own, in a home of its own, with no key or keyring of the developer's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
#: Far above any deadline of the product: a command that needs this long hangs.
_HUNG_S = 90.0


@dataclass(frozen=True, slots=True)
class Said:
    """What a command wrote, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The output as JSON."""
        return json.loads(self.out)

    @property
    def levels(self) -> dict[str, str]:
        """Provider to level, of a status document."""
        return {provider["id"]: provider["level"] for provider in self.document["providers"]}

    def provider(self, name: str) -> dict[str, Any]:
        """Return one provider's object of a status document. Raises LookupError."""
        return dict({provider["id"]: provider for provider in self.document["providers"]}[name])


@dataclass(slots=True)
class CommandLine:
    """A shell whose `UPTRAY_HOME` is `home`. `environ` is what every command gets beside the plain environment."""

    home: Path
    environ: Mapping[str, str] = field(default_factory=dict)

    def configure(self, text: str) -> None:
        """Write config.toml."""
        (self.home / "config.toml").write_text(text, encoding="utf-8")

    def run(self, *arguments: str, stdin: str = "", **environ: str) -> Said:
        """Run a command to its end."""
        done = subprocess.run(
            _command(arguments),
            env=self._environ(environ),
            cwd=ROOT,
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_HUNG_S,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    @contextmanager
    def running(self, *arguments: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
        """Let a command run during the block; its output is a pipe. What still runs after the block is killed."""
        with subprocess.Popen(
            _command(arguments),
            env=self._environ(environ),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def written(self) -> dict[str, bytes]:
        """Return every file that lies in the home, by its name there."""
        files = (file for file in self.home.rglob("*") if file.is_file())
        return {str(file.relative_to(self.home)): file.read_bytes() for file in files}

    def _environ(self, more: Mapping[str, str]) -> dict[str, str]:
        return {**plain_environ(os.environ), "UPTRAY_HOME": str(self.home), **self.environ, **more}


def _command(arguments: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "trayapp", *arguments]


def plain_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without keys, proxies, a chosen keyring, and wishes about Uptray."""
    own = ("UPTRAY_", "PYTHON_KEYRING")
    kept = {name: value for name, value in environ.items() if not name.upper().startswith(own)}
    return {name: value for name, value in kept.items() if not name.upper().endswith(("_API_KEY", "_PROXY"))}
