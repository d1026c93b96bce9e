"""A private desktop and a stand-in world for the benchmarks, and our app in it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dbus_fast import Message
from dbus_fast.aio import MessageBus

from tests.benchmarks._measure import end, quiet
from tests.desktop_session import DesktopSession
from tests.live_world import LiveWorld
from tests.tray_client import items, wait_item
from tests.until import until

FLOORS = Path(__file__).parent / "floors"
WATCH = ("anthropic", "openai", "google", "local")


@dataclass(slots=True)
class Desk:
    """Where the programs run."""

    session: DesktopSession
    live: LiveWorld
    home: Path

    def ours(self) -> tuple[str, ...]:
        """Return the command that starts our app."""
        return sys.executable, "-m", "trayapp"

    def floor(self, name: str, *arguments: str) -> tuple[str, ...]:
        """Return the command that starts one of the floors."""
        return sys.executable, str(FLOORS / f"{name}.py"), *arguments

    @contextmanager
    def running(self, command: Sequence[str]) -> Iterator[tuple[int, float]]:
        """Start a program; yield its process id, and the ms from its start to its icon."""
        process, took = asyncio.run(self._started(command))
        try:
            wait_item(self.session.bus)
            yield process.pid, took
        finally:
            end(process)
            until(lambda: not items(self.session.bus), 10)

    async def _started(self, command: Sequence[str]) -> tuple[subprocess.Popen[bytes], float]:
        """Start a program; return it and its ms to the icon, of which the watcher's signal tells without delay."""
        bus = await MessageBus(bus_address=self.session.env["DBUS_SESSION_BUS_ADDRESS"]).connect()
        came = asyncio.Event()

        def hear(message: Message) -> None:
            if message.member == "StatusNotifierItemRegistered":
                came.set()

        bus.add_message_handler(hear)
        driver, match = "org.freedesktop.DBus", "type='signal',member='StatusNotifierItemRegistered'"
        await bus.call(Message(driver, "/org/freedesktop/DBus", driver, "AddMatch", signature="s", body=[match]))
        environ = quiet(self.session.env, self.home / "bytecode", UPTRAY_HOME=str(self.home))
        began = time.perf_counter()
        process = _quietly(command, environ)
        try:
            async with asyncio.timeout(20):
                await came.wait()
            return process, (time.perf_counter() - began) * 1000
        except BaseException:
            end(process)
            raise
        finally:
            bus.disconnect()


def _quietly(command: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def desk() -> Iterator[Desk]:
    """Bring everything up."""
    with tempfile.TemporaryDirectory() as folder, LiveWorld() as live, DesktopSession() as session:
        session.start_watcher()
        session.start_notifications()
        home = Path(folder)
        (home / "config.toml").write_text(live.config(WATCH, hasty=False), encoding="utf-8")
        yield Desk(session, live, home)
