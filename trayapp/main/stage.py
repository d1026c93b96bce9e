"""The demo on a screen: the real light, window and notices, and the timeline in the terminal beside them."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from trayapp.adapters.host import PollingHost
from trayapp.adapters.notifiers import chain
from trayapp.desktop.loop import Desk, run
from trayapp.main.demo import stage, tell
from trayapp.model.picture import CheckNow, Command, OpenPage, Pause, Quit, Refresh


def on_screen(speed: float) -> int:
    """Replay with a light of its own; return the exit code. Quit ends it early."""
    host = PollingHost()

    async def start(desk: Desk) -> None:
        await play(desk, speed)

    with tempfile.TemporaryDirectory(prefix="uptray-demo-", ignore_cleanup_errors=True) as folder:
        return run(start, instance_folder=Path(folder), is_saving=lambda: host.is_saving)


async def play(desk: Desk, speed: float) -> None:
    """Replay on this desk; Quit ends it early."""
    await asyncio.to_thread(import_module, "trayapp.desktop.window")
    notifier = chain((desk.notifier,), desk.open_url, sys.platform)
    async with stage(speed, desk.screen, notifier, desk.host) as staged:

        def obey(command: Command) -> None:
            if isinstance(command, Quit):
                desk.stop.set()
            elif isinstance(command, CheckNow):
                staged.monitor.check_now()
            elif isinstance(command, Refresh):
                staged.monitor.show()
            elif isinstance(command, Pause):
                staged.monitor.pause(command.seconds)
            elif isinstance(command, OpenPage):
                sys.stdout.write("The status page is the stand-in's; it is not opened.\n")

        desk.screen.on_command(obey)
        await tell(staged, desk.stop)
    await notifier.close()
