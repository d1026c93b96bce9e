"""The desktop with canned Pictures, as a program: `python tray_program.py FOLDER`, told what to do through files there.

Every command that the user gives is written as a line of `FOLDER/commands`. The name of a level in `FOLDER/level` is
what the next Picture shows, a time in `FOLDER/paused` until when notices are paused. `FOLDER/order` holds a word: `quit`
for QApplication.quit(), as at a session's end, `fail` for a task that fails, `notify` for a message through Qt, `stuck`
for a closing that never ends. `FOLDER/tray` says whether there is a tray, `FOLDER/theme` whether it is light or dark.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QApplication

from trayapp.desktop.bridge import QtScreen
from trayapp.desktop.loop import Desk, run
from trayapp.model.effect import Notify
from trayapp.model.level import Level
from trayapp.model.picture import Command, Fact, Picture, Row
from trayapp.model.ports import Refused

WORDS = {
    Level.OPERATIONAL: "works",
    Level.MAINTENANCE: "maintenance",
    Level.DEGRADED: "degraded",
    Level.DOWN: "down",
    Level.UNKNOWN: "unknown",
    Level.OFFLINE: "your network",
    Level.BLOCKED: "refused for you",
}


def picture(level: Level) -> Picture:
    """Return a picture of three providers, of which the first has this level."""
    first = Row(
        "acme",
        "Acme & Sons",
        level,
        WORDS[level],
        f"Acme API: {WORDS[level]} for you, <b>2 min</b>",
        page="https://status.example.com",
        facts=(Fact("Since", "2 min"), Fact("Status page", "no trouble, read 1 min ago")),
    )
    rows = (
        first,
        Row("beta", "Beta", Level.OPERATIONAL, "works", "Beta works"),
        Row("gamma", "Gamma", Level.UNKNOWN, "unknown", "Gamma has not been looked at yet"),
    )
    word = WORDS[level]
    return Picture(level, f"Acme & Sons: {word}, for 2 min", f"Acme & Sons: {word}\n" + "Beta: works\n" * 20, rows)


class Program:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shown: Picture | None = None

    def obey(self, command: Command) -> None:
        with (self._folder / "commands").open("a") as file:
            file.write(f"{command!r}\n")

    async def start(self, desk: Desk) -> None:
        desk.screen.on_command(self.obey)
        desk.host.on_change(lambda: self.obey("changed"))  # type: ignore[arg-type]  # a line for the test, no Command
        (self._folder / "ready").touch()
        while not desk.stop.is_set():
            level = self._read("level") or "operational"
            paused = self._read("paused")
            wanted = picture(Level(level))
            if paused:
                wanted = replace(wanted, paused_until=datetime.fromisoformat(paused))
            if wanted != self._shown:
                self._shown = wanted
                desk.screen.show(wanted)
            await self._follow(desk)
            self._tell_tray(desk)
            with suppress(TimeoutError):
                await asyncio.wait_for(desk.stop.wait(), 0.05)
        if self._read("order") == "stuck":
            await asyncio.Event().wait()
        (self._folder / "closed").touch()

    async def _follow(self, desk: Desk) -> None:
        order = self._read("order")
        if order in ("quit", "fail", "notify"):
            (self._folder / "order").unlink()
        if order == "quit":
            QApplication.quit()
        elif order == "fail":
            failing = asyncio.create_task(_fail())
            del failing
        elif order == "notify":
            try:
                await desk.notifier.notify(Notify("acme", "Acme is down", "1 < 2 & <b>bold</b>"))
                (self._folder / "notified").write_text("shown")
            except Refused as reason:
                (self._folder / "notified").write_text(str(reason))

    def _tell_tray(self, desk: Desk) -> None:
        is_dark = QApplication.palette().window().color().lightness() < 128
        (self._folder / "theme").write_text("dark" if is_dark else "light")
        if isinstance(desk.screen, QtScreen):
            words = {None: "nobody knows", True: "present", False: "absent"}
            (self._folder / "tray").write_text(words[desk.screen.tray.is_present])

    def _read(self, name: str) -> str:
        with suppress(FileNotFoundError):
            return (self._folder / name).read_text().strip()
        return ""


async def _fail() -> None:
    raise ValueError("made to fail")


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    logging.basicConfig(filename=folder / "log", level=logging.INFO)
    sys.exit(run(Program(folder).start, instance_folder=folder, is_saving=lambda: False))
