"""A replay: a scenario through the real line (monitor, parsers, classifier, reducer) on virtual time, in this process.

Nothing of the user's is read or written, nothing leaves the process: the settings are those that ship, the key is the
stand-in's, journal and notices are lists.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from trayapp.adapters.paths import Paths
from trayapp.adapters.store import FileStore
from trayapp.main.onlooker import Onlooker, agent_model
from trayapp.model.effect import Notify
from trayapp.model.ports import Capability, Clock, Refused, Snapshot
from trayapp.model.provider import ProbeKind, Provider
from trayapp.model.reading import ProbeReading
from trayapp.model.secret import Credential, Secret
from trayapp.model.settings import MonitorSettings, Settings
from trayapp.model.verdict import Case, NetworkTransition, Transition
from trayapp.monitor import Monitor, Ports
from trayapp.simulator.evidence import Evidence
from trayapp.simulator.inside import InsideFetcher, InsideNetwork
from trayapp.simulator.mishap import sleeps
from trayapp.simulator.report import Change
from trayapp.simulator.scenario import Scenario
from trayapp.simulator.virtual import VirtualClock, run

KEY = Secret("replay-key-of-the-stand-in")
#: Whom to watch in a world in which no provider fails.
_ANYBODY = ("anthropic",)
#: So much a paid ping may cost in a replay, where nobody pays.
_CAP_USD = 1000.0


#: What a set of evidence switches on or off. As it ships, a third party is asked once there is trouble.
_SWITCHES: Mapping[Evidence, Mapping[str, Any]] = {
    Evidence.PAGE: {"elsewhere": "never"},
    Evidence.DEFAULT: {},
    Evidence.THIRD_PARTY: {"elsewhere": "always"},
    Evidence.PASSIVE: {"passive": True},
    Evidence.PAID: {"paid_probes": True, "paid_cap_usd_per_month": _CAP_USD},
}


@dataclass(frozen=True, slots=True)
class Toast:
    """A notice that was shown."""

    at: datetime
    notice: Notify


@dataclass(slots=True)
class Played:
    """What the line said and did."""

    scenario: Scenario
    evidence: Evidence
    #: Every change of a verdict or of its story, with the sentence at that moment.
    transitions: list[tuple[Transition, str]] = field(default_factory=list)
    networks: list[NetworkTransition] = field(default_factory=list)
    toasts: list[Toast] = field(default_factory=list)
    #: Defects of ours that the line survived: what is measured is then not worth much.
    defects: list[str] = field(default_factory=list)

    def changes(self) -> tuple[Change, ...]:
        """Return what was said of the providers."""
        return tuple(
            Change(v.at, v.provider, v.level, v.cause, said, v.case is Case.REPORTED_WORKS, v.case.value)
            for v, said in ((transition.after, said) for transition, said in self.transitions)
        )

    def told(self) -> tuple[tuple[datetime, str, str], ...]:
        """Return when a notice was shown, its title and its text."""
        return tuple((toast.at, toast.notice.title, toast.notice.body) for toast in self.toasts)


class _Recorder:
    """The port Journal, kept in lists; and the port Notifier, which shows every notice to nobody."""

    name = "replay"

    def __init__(self, played: Played, clock: Clock) -> None:
        self._played = played
        self._clock = clock
        self._worked: dict[str, datetime] = {}

    def transition(self, transition: Transition, summary: str) -> None:
        self._played.transitions.append((transition, summary))

    def network(self, transition: NetworkTransition) -> None:
        self._played.networks.append(transition)

    def incidents(self, provider: str, document: Sequence[Mapping[str, Any]], now: datetime) -> None:
        """Nobody reads them here."""

    def ping(self, reading: ProbeReading) -> None:
        """Nobody reads them here."""

    def snapshot(self, snapshot: Snapshot, network: str) -> None:
        """Nobody reads them here."""

    def spend(self, provider: str, usd: float, at: datetime) -> None:
        """Nobody pays here."""

    async def spent(self, provider: str, since: datetime) -> float:
        return 0.0

    def remember(self, name: str, text: Callable[[], str]) -> None:
        """Nothing is taken up again here."""

    async def recalled(self, name: str) -> str | None:
        return None

    async def key_worked_at(self, provider: str) -> datetime | None:
        return None

    @property
    def capabilities(self) -> frozenset[Capability]:
        return frozenset(Capability)

    async def start(self) -> None:
        """Be there."""

    async def notify(self, notice: Notify) -> None:
        self._played.toasts.append(Toast(self._clock.now(), notice))

    async def withdraw(self, key: str) -> None:
        """Nobody sees them here."""

    async def close(self) -> None:
        """Have nothing to let go."""


class _Defects(logging.Handler):
    """Keeps what the line logs as a defect of its own, in place of the log."""

    def __init__(self, played: Played) -> None:
        super().__init__(logging.ERROR)
        self._played = played

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self._played.defects.append(f"{record.getMessage()}: {error!r}")


class _Keys:
    """The port Keys: every provider has the stand-in's key."""

    def __init__(self) -> None:
        self._made: dict[str, Credential] = {}

    async def credential(self, provider: Provider) -> Credential | None:
        if provider.api is None:
            return None
        if provider.id not in self._made:
            self._made[provider.id] = Credential(KEY, provider.api.auth, provider.api.hosts)
        return self._made[provider.id]


class _Host:
    """The port Host of a machine that tells of nothing by itself, as most do."""

    is_saving = False

    def on_change(self, call: Callable[[], None]) -> None:
        """Never call."""


@cache
def catalogue() -> Mapping[str, Provider]:
    """Return the providers that ship."""
    nowhere = Path("replay-has-no-home")
    return FileStore(Paths(nowhere / "config.toml", nowhere, nowhere), environ={}, home=nowhere).catalogue()


def settings(scenario: Scenario, evidence: Evidence, known: Mapping[str, Provider]) -> Settings:
    """Return the settings that ship, for the providers that the scenario is about, with just this evidence."""
    accounts = (mine.provider for mine in scenario.mine if mine.provider)
    about = dict.fromkeys((*(each.provider for each in scenario.incidents), *accounts, *scenario.scopes))
    watch = tuple(known[name] for name in (about or _ANYBODY) if name in known)
    if not watch:
        raise Refused("the scenario is about no provider that Uptray knows")
    if evidence is Evidence.PAGE:
        watch = tuple(replace(provider, probes=()) for provider in watch)
    monitor = replace(MonitorSettings(), **_SWITCHES[evidence])
    return Settings(monitor=monitor, watch=watch, scopes=scenario.scopes)


def asked_model(evidence: Evidence, provider: str) -> str:
    """Return the model that this evidence is about, "" when it is about none."""
    known = catalogue().get(provider)
    if known is None:
        return ""
    if evidence is Evidence.THIRD_PARTY:
        return known.elsewhere.model if known.elsewhere else ""
    if evidence is Evidence.PASSIVE:
        return agent_model(known)
    probe = known.probe(ProbeKind.PAID)
    return probe.models[0] if probe and probe.models else ""


def play(
    scenario: Scenario, evidence: Evidence = Evidence.DEFAULT, seed: int = 28, wishes: Settings | None = None
) -> Played:
    """Run the scenario from its start to its end. Raises Refused."""
    with _seldom_collecting():
        return run(_play(scenario, evidence, seed, wishes or settings(scenario, evidence, catalogue())))


async def _play(scenario: Scenario, evidence: Evidence, seed: int, wishes: Settings) -> Played:
    clock = VirtualClock(scenario.start)
    network = InsideNetwork(scenario, KEY, wishes.watch, wishes.monitor.connectivity_targets)
    played = Played(scenario, evidence)
    recorder = _Recorder(played, clock)
    witness = Onlooker(network, clock, wishes.watch, KEY) if wishes.monitor.passive else None
    ports = Ports(clock, InsideFetcher(network, clock), _Keys(), recorder, _Host(), recorder, witness=witness)
    monitor = Monitor(wishes, ports, Random(seed).random)
    with _listening(_Defects(played)):
        stop = asyncio.Event()
        running = asyncio.create_task(monitor.run(stop))
        for mine in sleeps(scenario.mine):
            await clock.wait(stop, (mine.start - clock.now()).total_seconds())
            clock.sleep_until(min(mine.end, scenario.end))
        await clock.wait(stop, (scenario.end - clock.now()).total_seconds())
        stop.set()
        await running
    return played


@contextlib.contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Look for circular garbage seldom: a year makes little of it, and the usual looking took a fifth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextlib.contextmanager
def _listening(handler: logging.Handler) -> Iterator[None]:
    log = logging.getLogger("trayapp.monitor")
    log.addHandler(handler)
    log.propagate, before = False, log.propagate
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.propagate = before
