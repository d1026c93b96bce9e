"""A real desktop for tests, private to them: X server, D-Bus, and, on demand, what a desktop has beside.

Everything lives in one temporary folder (home, runtime and XDG folders) and ends with `close()`. The bus starts no
service by itself, so "there is no notification daemon" is then really so.
"""

from __future__ import annotations

import contextlib
import html
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

from tests.session_bus import CallFailed, SessionBus
from tests.until import until

PARTS = Path(__file__).parent / "desktop_parts"
NOTIFICATIONS = "org.freedesktop.Notifications"
WATCHER = "org.kde.StatusNotifierWatcher"
SECRETS = "org.freedesktop.secrets"

#: What would lead a test to the developer's own desktop.
_OUTSIDE = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "QT_QPA_PLATFORM", "XDG_CURRENT_DESKTOP")


def requires(*tools: str) -> None:
    """Skip the test when one of the programs is not installed, and say which."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice as dunst keeps it in its history; `body` is the text the user read, without escapes."""

    id: int
    title: str
    body: str
    app: str


class DesktopSession:
    """The desktop. The bus and, with `display`, the X server run at once; the other parts when they are started.

    `env` is the environment for a program that shall live in it. A part is started once (again after `stop`), and
    skips the test when its program is not installed. Parts: bus, display, watcher, notifications, keyring, trayer,
    weston.
    """

    def __init__(self, *, display: bool = True) -> None:
        requires("dbus-daemon", *(["Xvfb"] if display else []))
        # Short, since the path of a Unix socket must stay under 108 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="uptray-"))
        self._parts: dict[str, subprocess.Popen[bytes]] = {}
        self._spawned: list[subprocess.Popen[bytes]] = []
        self._client: SessionBus | None = None
        self._has_markup = True
        self.env = self._environment()
        try:
            self.start_bus()
            if display:
                self.start_display()
        except BaseException:
            self.close()
            raise

    def _environment(self) -> dict[str, str]:
        env = {key: value for key, value in os.environ.items() if key not in _OUTSIDE}
        folders = {
            "HOME": "home",
            "XDG_RUNTIME_DIR": "run",
            "XDG_CONFIG_HOME": "home/.config",
            "XDG_DATA_HOME": "home/.local/share",
            "XDG_CACHE_HOME": "home/.cache",
            "XDG_STATE_HOME": "home/.local/state",
        }
        for variable, folder in folders.items():
            (self.folder / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
            env[variable] = str(self.folder / folder)
        (self.folder / "logs").mkdir()
        env["NO_AT_BRIDGE"] = "1"
        env["UPTRAY_TEST_PICK"] = str(self.folder / "pick")
        env["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={self.folder / 'run' / 'bus'}"
        return env

    # ---- programs

    def spawn(
        self, *command: str | Path, env: Mapping[str, str] | None = None, **popen: Any
    ) -> subprocess.Popen[bytes]:
        """Start a program that ends with the desktop. `env` comes on top of the desktop's; output goes to a log."""
        words = [str(word) for word in command]
        log = self.folder / "logs" / f"{len(self._spawned):02}-{Path(words[0]).name}.log"
        with log.open("wb") as sink:
            popen = {"stdin": subprocess.DEVNULL, "stdout": sink, "stderr": sink, **popen}
            process = subprocess.Popen(words, env={**self.env, **(env or {})}, **popen)
        self._spawned.append(process)
        return process

    def run(
        self, *command: str | Path, env: Mapping[str, str] | None = None, timeout: float = 20
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end."""
        words = [str(word) for word in command]
        environment = {**self.env, **(env or {})}
        return subprocess.run(words, env=environment, capture_output=True, text=True, timeout=timeout, check=False)

    def log(self) -> str:
        """Return what the programs wrote, to be shown when a test fails."""
        logs = sorted((self.folder / "logs").iterdir())
        return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-2000:]}" for log in logs)

    def stop(self, part: str) -> None:
        """End a part, if it runs, and wait until it is gone."""
        if part == "bus" and self._client is not None:
            self._client.close()
            self._client = None
        process = self._parts.pop(part, None)
        if process is not None:
            _end(process)

    def is_running(self, part: str) -> bool:
        """Return whether the part was started and has not ended."""
        return part in self._parts and self._parts[part].poll() is None

    def close(self) -> None:
        """End everything and remove the folder."""
        if self._client is not None:
            self._client.close()
        for process in reversed(self._spawned):
            _end(process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> DesktopSession:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # ---- bus and display

    @property
    def bus(self) -> SessionBus:
        """A client on the desktop's bus."""
        if self._client is None:
            self._client = SessionBus(self.env["DBUS_SESSION_BUS_ADDRESS"])
        return self._client

    def wait_name(self, name: str, timeout: float = 10) -> None:
        """Wait until somebody owns `name` on the bus."""
        try:
            until(lambda: self.bus.has(name), timeout)
        except TimeoutError as error:
            raise TimeoutError(f"{name} did not come up\n{self.log()}") from error

    def start_bus(self) -> None:
        """Start the message bus, always at the same address."""
        if self.is_running("bus"):
            return
        socket = self.folder / "run" / "bus"
        socket.unlink(missing_ok=True)
        config = self.folder / "bus.conf"
        config.write_text((PARTS / "session-bus.conf").read_text().format(socket=socket))
        self._announced("bus", "dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile", "--print-address")

    def start_display(self) -> None:
        """Start the X server; it chooses a free display by itself."""
        if self.is_running("display"):
            return
        requires("Xvfb")
        number = self._announced("display", "Xvfb", "-screen", "0", "1024x768x24", "-nolisten", "tcp", "-displayfd")
        self.env["DISPLAY"] = f":{number}"
        self.env["QT_QPA_PLATFORM"] = "xcb"

    def _announced(self, part: str, *command: str) -> str:
        """Start a part that says on a file descriptor, its last argument, when it is up; return what it said."""
        readable, writable = os.pipe()
        glue = "=" if command[-1].startswith("--") else " "
        words = [*command[:-1], *f"{command[-1]}{glue}{writable}".split(" ")]
        with os.fdopen(readable, encoding="ascii") as answer:
            try:
                self._parts[part] = self.spawn(*words, pass_fds=[writable])
            finally:
                os.close(writable)
            said = answer.readline().strip()
        if not said:
            raise RuntimeError(f"{command[0]} did not come up\n{self.log()}")
        return said

    # ---- parts

    def start_watcher(self, *, hung: bool = False) -> None:
        """Start a StatusNotifierWatcher with a host, so that tray items register on the bus."""
        if not self.is_running("watcher"):
            options = ("--hung",) if hung else ()
            self._parts["watcher"] = self.spawn(sys.executable, PARTS / "watcher.py", *options)
        self.wait_name(WATCHER)

    def start_notifications(self, *, markup: bool = True) -> None:
        """Start dunst; without `markup` it does not announce body-markup."""
        requires("dunst")
        if not self.is_running("notifications"):
            self._has_markup = markup
            rc = self.folder / "dunstrc"
            template = (PARTS / "dunstrc").read_text()
            rc.write_text(template.format(markup="full" if markup else "no", pick=PARTS / "pick.sh"))
            self._parts["notifications"] = self.spawn("dunst", "-config", rc)
        self.wait_name(NOTIFICATIONS)

    def start_hung(self, name: str) -> None:
        """Let a program own `name` that never answers; `stop("hung")` ends it."""
        self._parts["hung"] = self.spawn(sys.executable, PARTS / "hung.py", name)
        self.wait_name(name)

    def start_keyring(self, password: str = "test") -> None:
        """Start gnome-keyring, unlocked."""
        requires("gnome-keyring-daemon")
        if not self.is_running("keyring"):
            options = ("--foreground", "--unlock", "--components=secrets")
            daemon = self.spawn("gnome-keyring-daemon", *options, stdin=subprocess.PIPE)
            self._parts["keyring"] = daemon
            if daemon.stdin is not None:
                # Without a newline, which would become part of the password.
                daemon.stdin.write(password.encode())
                daemon.stdin.close()
        self.wait_name(SECRETS)

    def start_trayer(self) -> None:
        """Start an XEmbed tray, the other kind of host."""
        requires("trayer")
        if not self.is_running("trayer"):
            options = ("--edge", "top", "--align", "left", "--widthtype", "request", "--height", "32")
            self._parts["trayer"] = self.spawn("trayer", *options)

    def start_weston(self) -> dict[str, str]:
        """Start a headless Wayland compositor; return what sends a Qt program there, for `spawn(env=...)`."""
        requires("weston")
        if not self.is_running("weston"):
            options = ("--backend=headless-backend.so", "--socket=wl-test", "--idle-time=0")
            self._parts["weston"] = self.spawn("weston", *options)
        until((self.folder / "run" / "wl-test").exists)
        return {"WAYLAND_DISPLAY": "wl-test", "QT_QPA_PLATFORM": "wayland"}

    # ---- notices

    def displayed(self) -> int:
        """Return how many notices dunst shows now."""
        return int(
            self.bus.get(NOTIFICATIONS, "/org/freedesktop/Notifications", "org.dunstproject.cmd0", "displayedLength")
        )

    def history(self) -> list[Shown]:
        """Close all notices and return every one since dunst was started, newest first."""
        self._dunst("NotificationCloseAll")
        until(lambda: self.displayed() == 0)
        text = html.unescape if self._has_markup else str
        return [
            Shown(entry["id"], entry["summary"], text(entry["body"]), entry["appname"])
            for entry in self._dunst("NotificationListHistory")[0]
        ]

    def click_notice(self) -> None:
        """Do the default action of the newest notice, as a click on it does."""
        self._dunst("NotificationAction", "u", 0)

    def choose(self, label: str) -> None:
        """Choose the button with this label among those of all notices, through dunst's own menu."""
        (self.folder / "pick").write_text(label)
        self._dunst("ContextMenuCall")

    def _dunst(self, member: str, signature: str = "", *body: Any) -> list[Any]:
        path = "/org/freedesktop/Notifications"
        return self.bus.call(NOTIFICATIONS, path, "org.dunstproject.cmd0", member, signature, *body)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
    if process.poll() is None:
        process.kill()
    process.wait()


__all__ = ["NOTIFICATIONS", "SECRETS", "WATCHER", "CallFailed", "DesktopSession", "Shown", "requires", "until"]
