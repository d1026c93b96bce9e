"""The demo: 28 April 2026 against a stand-in on this machine, with a home, keys and a journal of its own.

Nothing of the user's is read or written: settings are made here, the key is the stand-in's, the journal lives in a
temporary folder and is gone with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from trayapp.adapters.host import PollingHost
from trayapp.adapters.http import HttpFetcher
from trayapp.adapters.journal import SqliteJournal
from trayapp.adapters.keys import EnvironmentThenVault
from trayapp.adapters.paths import Paths
from trayapp.adapters.store import FileStore
from trayapp.adapters.vault import KeyringVault
from trayapp.cli._teller import Teller
from trayapp.model.ports import Host, Notifier, Refused, Screen
from trayapp.model.secret import Secret
from trayapp.model.settings import Settings
from trayapp.model.verdict import Case
from trayapp.monitor import Monitor, Ports
from trayapp.simulator.clock import FastClock
from trayapp.simulator.fetch import HeldFetcher
from trayapp.simulator.report import HEADING, UPTRAY, Change, Row, blame, closings, table, timeline
from trayapp.simulator.scenario import Scenario, scenario
from trayapp.simulator.world import World

_SCENARIO = "april_28_2026"
_WATCH = ("anthropic", "openai", "google")
_KEY = Secret("demo-key-of-the-stand-in")
#: Seconds the drawing of the icons may take: a process of its own that loads Qt.
_DRAWING_S = 60


@dataclass(frozen=True, slots=True)
class Stage:
    """A replay that is ready to begin."""

    scenario: Scenario
    clock: FastClock
    monitor: Monitor
    changes: list[Change]


def replay(speed: float, headless: bool, icons: Path) -> int:
    """Replay the outage `speed` times as fast as it was; return the exit code. Raises Refused."""
    if headless:
        asyncio.run(_headless(speed))
        return _draw(icons)
    from trayapp.main.stage import on_screen

    return on_screen(speed)


@contextlib.asynccontextmanager
async def stage(
    speed: float, screen: Screen | None = None, notifier: Notifier | None = None, host: Host | None = None
) -> AsyncIterator[Stage]:
    """Set up the world, the clock and a monitor that watches it, and clear it all away afterwards. Raises Refused."""
    story = scenario(_SCENARIO)
    network = HttpFetcher()
    # What is imported before the clock runs is not taken for minutes of that afternoon.
    await asyncio.to_thread(network.warm)
    clock = FastClock(story.start, speed)
    changes: list[Change] = []
    with tempfile.TemporaryDirectory(prefix="uptray-demo-", ignore_cleanup_errors=True) as home:
        async with World(story, clock, _KEY) as world:
            settings = _settings(Path(home), world)
            fetcher = HeldFetcher(network, clock)
            journal = SqliteJournal.open(Path(home) / "data" / "journal.sqlite3", clock.now())
            keys = EnvironmentThenVault(KeyringVault(), _environ(settings))
            ports = Ports(clock, fetcher, keys, journal, host or PollingHost(), notifier, screen)
            monitor = Monitor(settings, ports, random.Random(28).random)
            monitor.listen(lambda event: _note(event, monitor, changes))
            try:
                yield Stage(story, clock, monitor, changes)
            finally:
                await fetcher.close()
                await journal.close()


async def tell(play: Stage, stop: asyncio.Event) -> None:
    """Run the replay to its end, or until `stop` is set, and write the story and, at its end, the table."""
    teller = await asyncio.to_thread(Teller, play.scenario.title, sys.stdout)
    play.monitor.listen(lambda event: _line(event, teller))
    running = asyncio.create_task(play.monitor.run(stop))
    facts = asyncio.create_task(_facts(play, teller))
    await play.clock.wait(stop, (play.scenario.end - play.clock.now()).total_seconds())
    is_whole = not stop.is_set()
    stop.set()
    facts.cancel()
    await running
    if is_whole:
        _close(play, teller)


async def _headless(speed: float) -> None:
    async with stage(speed) as play:
        await tell(play, asyncio.Event())


async def _facts(play: Stage, teller: Teller) -> None:
    """Tell what happened and what the page said, each at its moment."""
    never = asyncio.Event()
    for row in timeline(play.scenario, ()):
        await play.clock.wait(never, (row.at - play.clock.now()).total_seconds())
        teller.line(row.at, row.who, row.what)


def _line(event: Mapping[str, Any], teller: Teller) -> None:
    if event["event"] == "verdict":
        at = datetime.fromisoformat(str(event["at"]))
        cause = "" if event["cause"] == "none" else f", cause: {event['cause']}"
        row = Row(at, str(event["provider"]), UPTRAY, f"{event['level']}{cause}: {event['summary']}")
        teller.line(row.at, row.who, row.what)


def _close(play: Stage, teller: Teller) -> None:
    for closing in closings(play.scenario, play.changes):
        teller.table(HEADING, table(closing))
        named = "; ".join(f"{cause} at {when}" for cause, when in blame(closing))
        teller.note(f"Whose fault Uptray said it was: {named}" if named else "Uptray said nothing.")


def _settings(home: Path, world: World) -> Settings:
    places = Paths(home / "config.toml", home / "data", home / "run")
    places.config.write_text(world.overrides(_WATCH), encoding="utf-8")
    return FileStore(places, environ={}, home=home).load()


def _environ(settings: Settings) -> Mapping[str, str]:
    """Return an environment in which every watched provider has the stand-in's key, so that no keyring is asked."""
    return {p.api.key_env: _KEY.reveal() for p in settings.watch if p.api and p.api.key_env}


def _note(event: Mapping[str, Any], monitor: Monitor, changes: list[Change]) -> None:
    if event["event"] == "verdict":
        verdict = next(v for v in monitor.verdicts if v.provider == event["provider"])
        works = verdict.case is Case.REPORTED_WORKS
        changes.append(Change(verdict.at, verdict.provider, verdict.level, verdict.cause, str(event["summary"]), works))


def _draw(folder: Path) -> int:
    """Have the icons written by a process of its own, since this one has no screen and loads no Qt."""
    command = [sys.executable, "-m", "trayapp.desktop.icons", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_DRAWING_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Refused(f"the icons could not be drawn: {type(error).__name__}") from None
    if done.returncode:
        raise Refused(f"the icons could not be drawn: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}")
    sys.stdout.write(f"The icon of each state is in {folder}\n")
    return 0
