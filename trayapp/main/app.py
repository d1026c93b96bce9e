"""The tray app behind its icon: the same line as in the terminal, with a screen."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import random
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from trayapp.adapters import logs
from trayapp.adapters.clock import SystemClock
from trayapp.adapters.memory import give_back
from trayapp.model.picture import CheckNow, Command, OpenPage, OpenPreferences, Pause, Quit, Refresh
from trayapp.model.ports import Notifier, Refused
from trayapp.model.settings import Settings

if TYPE_CHECKING:
    from trayapp.adapters.journal import SqliteJournal
    from trayapp.adapters.journal_quiet import QuietJournal
    from trayapp.desktop.loop import Desk
    from trayapp.main.house import House
    from trayapp.main.switches import HouseSwitches
    from trayapp.monitor import Monitor, Ports
    from trayapp.steward import Steward

log = logging.getLogger(__name__)

#: How often the files of the settings are looked at for changes.
_RELOAD_S = 5.0
#: Closing may take so long in all; what is not closed by then is left to the system.
_GOODBYE_S = 0.8


async def run_with_log(house: House, desk: Desk) -> None:
    """Run the app until the desk says stop, and keep a log beside the journal."""
    stop_logging = logs.start(house.places.log, logs.Redactor())
    try:
        await App(house, desk).run()
    finally:
        stop_logging()


class App:
    """Joins the desk to the line, and starts the line anew when the settings change."""

    def __init__(self, house: House, desk: Desk) -> None:
        self._house = house
        self._desk = desk
        self._monitor: Monitor | None = None
        self._complaint: str | None = None
        self._has_settled = False
        self._journal: SqliteJournal | QuietJournal | None = None
        self._steward: Steward | None = None
        self._switches: HouseSwitches | None = None

    async def run(self) -> None:
        """Watch until the desk says stop."""
        self._desk.screen.on_command(self.obey)
        settings, ports, notifier = await self._open()
        try:
            while not self._desk.stop.is_set():
                settings = await self._watch(settings, ports)
        finally:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_GOODBYE_S):
                    await ports.fetcher.close()
                    await notifier.close()
                    await ports.journal.close()
            if ports.witness is not None:
                ports.witness.close()

    async def _open(self) -> tuple[Settings, Ports, Notifier]:
        """Open every door. The slow imports are made in a worker thread, so that the icon is there and answers."""
        kit = await asyncio.to_thread(_Kit, self._house)
        settings = self._load() or kit.defaults
        self._journal = kit.journal
        notifier = kit.chain((self._desk.notifier,), self._desk.open_url, sys.platform, self.obey)
        clock = SystemClock()
        self._switches = kit.switches
        self._steward = kit.steward(kit.switches, clock, kit.journal)
        world = (clock, kit.fetcher, kit.keys, kit.journal, self._desk.host)
        ports = kit.ports(*world, notifier, self._desk.screen, kit.witness, self._steward)
        return settings, ports, notifier

    async def _watch(self, settings: Settings, ports: Ports) -> Settings:
        """Watch with these settings until they change or the app stops; return the next ones."""
        from trayapp.monitor import Monitor

        self._monitor = Monitor(settings, ports, random.random, self._complaint, heir_of=self._monitor)
        pause = asyncio.Event()
        watching = asyncio.create_task(self._monitor.run(pause))
        try:
            while not self._desk.stop.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._desk.stop.wait(), _RELOAD_S)
                self._monitor.complaint = self._complaint or self._journal_complaint()
                await self._settle_down()
                if self._house.store.changed():
                    return self._reload(settings)
            return settings
        finally:
            pause.set()
            await watching

    async def _settle_down(self) -> None:
        """Give back, once, what starting took. In a worker thread: it is no work for the window's."""
        if not self._has_settled:
            self._has_settled = True
            await asyncio.to_thread(give_back)

    def _journal_complaint(self) -> str | None:
        return self._journal.complaint if self._journal is not None else None

    def _reload(self, settings: Settings) -> Settings:
        log.info("the settings changed")
        if self._switches is not None:
            self._switches.forget()
        return self._load() or settings

    def _load(self) -> Settings | None:
        """Return the settings, None when they are wrong: the reason is shown, and what was good goes on."""
        try:
            settings = self._house.store.load()
        except Refused as reason:
            self._complaint = str(reason)
            log.warning("%s", reason)
            return None
        self._complaint = None
        return settings

    def obey(self, command: Command) -> None:
        """Do what the user asked for."""
        monitor = self._monitor
        if isinstance(command, Quit):
            self._desk.stop.set()
        elif isinstance(command, OpenPreferences):
            self._open_preferences()
        elif monitor is None:
            return
        elif isinstance(command, CheckNow):
            monitor.check_now()
        elif isinstance(command, Refresh):
            monitor.show()
            self._ask_steward(command)
        elif isinstance(command, Pause):
            monitor.pause(command.seconds)
        elif isinstance(command, OpenPage):
            self._open_page(command.provider, monitor)
        else:
            self._ask_steward(command)

    def _ask_steward(self, command: Command) -> None:
        if self._steward is not None:
            self._steward.obey(command)

    def _open_page(self, name: str, monitor: Monitor) -> None:
        page = next((p.page for p in monitor.settings.watch if p.id == name), None)
        if page:
            self._desk.open_url(page)

    def _open_preferences(self) -> None:
        try:
            self._desk.open_file(self._house.store.ensure_config())
        except Refused as reason:
            log.warning("%s", reason)


class _Kit:
    """What is slow to import or to open, gathered in a worker thread."""

    def __init__(self, house: House) -> None:
        from trayapp.adapters.http import HttpFetcher
        from trayapp.adapters.journal import SqliteJournal
        from trayapp.adapters.journal_quiet import QuietJournal
        from trayapp.adapters.keys import EnvironmentThenVault
        from trayapp.adapters.notifiers import chain
        from trayapp.adapters.transcripts import Transcripts
        from trayapp.adapters.vault_apart import VaultApart
        from trayapp.main.switches import HouseSwitches
        from trayapp.monitor import Ports
        from trayapp.steward import Steward
        from trayapp.transcripts import trails

        # The window is made when the user first wants it; by then its module shall not have to be loaded as well.
        import_module("trayapp.desktop.window")
        self.chain = chain
        self.ports = Ports
        self.steward = Steward
        self.switches = HouseSwitches(house)
        self.fetcher = HttpFetcher()
        self.fetcher.warm()
        vault = VaultApart(tuple(house.store.known()), house.places.keys)
        self.keys = EnvironmentThenVault(vault, os.environ)
        self.journal: SqliteJournal | QuietJournal
        try:
            self.journal = SqliteJournal.open(house.places.journal, datetime.now(UTC))
        except Refused as reason:
            self.journal = QuietJournal(house.places.journal, str(reason))
        self.witness = Transcripts(trails(), Path.home(), os.environ)
        self.defaults = house.store.defaults()
