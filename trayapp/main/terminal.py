"""The line without a screen: one look for `status`, and watching for `watch` and `wait`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trayapp.adapters.clock import SystemClock
from trayapp.adapters.host import PollingHost
from trayapp.adapters.http import HttpFetcher
from trayapp.adapters.journal import SqliteJournal
from trayapp.adapters.journal_quiet import QuietJournal
from trayapp.adapters.keys import EnvironmentThenVault
from trayapp.adapters.transcripts import Transcripts
from trayapp.adapters.vault import KeyringVault
from trayapp.adapters.vault_apart import VaultApart
from trayapp.decide.document import moment
from trayapp.model.ports import Journal, Vault, Witness
from trayapp.model.settings import Settings
from trayapp.monitor import Monitor, Ports
from trayapp.steward import Steward
from trayapp.transcripts import trails

if TYPE_CHECKING:
    from trayapp.main.house import House

#: A person waits at the terminal: a failure is checked again sooner than in the background.
_RECHECKS_S = (1.0, 2.0, 4.0)
#: Seconds after which one look ends with what it has.
_PATIENCE_S = 45.0
#: Seconds that closing may take in all; Ctrl-C and SIGTERM end a command within one.
_GOODBYE_S = 0.8


@contextlib.asynccontextmanager
async def ports(journal: Journal, vault: Vault, witness: Witness | None = None) -> AsyncIterator[Ports]:
    """Open the doors that need no screen, and close them again."""
    fetcher = HttpFetcher()
    keys = EnvironmentThenVault(vault, os.environ)
    try:
        yield Ports(SystemClock(), fetcher, keys, journal, PollingHost(), witness=witness)
    finally:
        if witness is not None:
            witness.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_S):
                await fetcher.close()
                await journal.close()


def unrecorded(house: House) -> Journal:
    """Return a journal that knows what was recorded and records nothing."""
    return QuietJournal(house.places.journal)


def look(house: House, ids: Sequence[str]) -> Mapping[str, Any]:
    """Return the status document after one look at the providers. Records nothing. Raises Refused."""
    settings = house.chosen(ids)
    sooner = tuple(min(pair) for pair in zip(settings.monitor.recheck_after_s, _RECHECKS_S, strict=False))
    settings = replace(settings, monitor=replace(settings.monitor, recheck_after_s=sooner))
    return asyncio.run(_look(house, settings))


async def _look(house: House, settings: Settings) -> Mapping[str, Any]:
    async with ports(unrecorded(house), KeyringVault()) as doors:
        monitor = Monitor(settings, doors, random.random)
        await monitor.settle(_PATIENCE_S)
        return monitor.status()


def watch(house: House, ids: Sequence[str], emit: Callable[[Mapping[str, Any]], bool]) -> None:
    """Monitor until `emit` returns True, or SIGTERM or Ctrl-C; `emit` gets a tick every second. Raises Refused."""
    settings = house.chosen(ids)
    asyncio.run(_watch(house, settings, emit))


async def _watch(house: House, settings: Settings, emit: Callable[[Mapping[str, Any]], bool]) -> None:
    stop = asyncio.Event()
    _obey_signals(stop)

    broken: list[OSError] = []

    def pass_on(event: Mapping[str, Any]) -> None:
        try:
            if emit(event):
                stop.set()
        except OSError as error:
            # Who read it has gone away. That is no defect of the look that the event came from.
            broken.append(error)
            stop.set()

    journal = SqliteJournal.open(house.places.journal, datetime.now(UTC))
    if journal.complaint:
        sys.stderr.write(f"uptray: {journal.complaint}\n")
    vault = VaultApart(house.store.known(), house.places.keys)
    witness = Transcripts(trails(), Path.home(), os.environ)
    async with ports(journal, vault, witness) as doors:
        # The agents' grammars take a while to load: no other command shall wait for them.
        from trayapp.main.switches import HouseSwitches

        steward = Steward(HouseSwitches(house), doors.clock, journal)
        monitor = Monitor(settings, replace(doors, steward=steward), random.random)
        monitor.listen(pass_on)
        ticking = asyncio.create_task(_tick(pass_on))
        try:
            await monitor.run(stop)
        finally:
            ticking.cancel()
    for error in broken:
        raise error


async def _tick(pass_on: Callable[[Mapping[str, Any]], None]) -> None:
    while True:
        pass_on({"event": "tick", "at": moment(datetime.now(UTC))})
        await asyncio.sleep(1.0)


def _obey_signals(stop: asyncio.Event) -> None:
    """End at SIGTERM and Ctrl-C. Windows' loop has no signal handlers: there Ctrl-C raises KeyboardInterrupt."""
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(name, stop.set)
