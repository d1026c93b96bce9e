"""The reducer: observations go in, transitions come out. The only state of the pure rooms lives here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from trayapp.judge.confirm import KIN, NO_PINGS, Kin, taken
from trayapp.judge.gate import NO_WAY_THROUGH
from trayapp.judge.watched import Watched, verdict
from trayapp.model.level import Cause, Level
from trayapp.model.provider import Provider
from trayapp.model.reading import NetworkReading, NetworkState, Observation, PageReading, ProbeReading, Reading
from trayapp.model.settings import MonitorSettings, Scope
from trayapp.model.verdict import Case, NetworkTransition, Transition, Verdict

#: After wake or a change of network a failure to get through is re-tested for so long, never counted (R2).
GRACE = timedelta(seconds=60)

_TROUBLED = (Level.DOWN, Level.DEGRADED, Level.BLOCKED)
_BLOCKING = (NetworkState.OFFLINE, NetworkState.CAPTIVE_PORTAL, NetworkState.DNS, NetworkState.PROXY, NetworkState.TLS)

Change = Transition | NetworkTransition


class Judge:
    """Holds what is true of every watched provider; knows no clock, so a year goes through it in a moment."""

    def __init__(
        self, providers: Iterable[Provider], settings: MonitorSettings, scopes: Mapping[str, Scope], now: datetime
    ) -> None:
        self._settings = settings
        self.network = NetworkReading(now, NetworkState.UNKNOWN)
        self._grace_until = now
        self._held: dict[str, Watched] = {}
        self._silent = set[str]()
        for provider in providers:
            first = Verdict(provider.id, Level.UNKNOWN, Cause.UNKNOWN, Case.NOTHING_FRESH, since=now, at=now)
            self._held[provider.id] = Watched(provider, scopes.get(provider.id, Scope()), first)
            self._silent.add(provider.id)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts in the order in which the providers are watched."""
        return tuple(held.verdict for held in self._held.values())

    def held(self, provider: str) -> Watched:
        """Return all that is held of a provider."""
        return self._held[provider]

    def inherit(self, other: Judge) -> None:
        """Go on with what the other held of the providers that both watch in the same way."""
        self.network = other.network
        for name, held in self._held.items():
            known = other._held.get(name)
            if known is not None and known.provider == held.provider:
                self._held[name] = replace(known, scope=held.scope)
                self._silent -= {name} - other._silent

    def remember_key(self, provider: str, worked_at: datetime) -> None:
        """Take from the journal that the provider's key worked then: a refusal now is a surprise (R6)."""
        held = self._held[provider]
        self._held[provider] = replace(held, pings=replace(held.pings, key_worked_at=worked_at))

    def wake(self, now: datetime) -> None:
        """Begin anew after sleep, a change of network, or a jump of the clock; what comes first alarms nobody."""
        self._grace_until = now + GRACE
        for name, held in self._held.items():
            kept = replace(NO_PINGS, key_worked_at=held.pings.key_worked_at, trouble=held.pings.trouble)
            self._held[name] = replace(held, pings=kept)
            self._silent.add(name)

    def take(self, observation: Observation, now: datetime) -> tuple[Change, ...]:
        """Follow one observation, and return what changed by it and by the time that has passed."""
        changes: list[Change] = []
        readings = sorted(observation.readings, key=_order)
        for reading in readings:
            if isinstance(reading, NetworkReading):
                changes += self._take_network(reading, quietly=observation.provider in self._silent)
        held = self._held.get(observation.provider)
        is_out_there = held is not None and not held.provider.local
        if self.network.state is NetworkState.UNKNOWN and is_out_there and any(map(_got_through, readings)):
            self.network = NetworkReading(now, NetworkState.ONLINE, "an answer came")
        if held is not None:
            self._held[observation.provider] = self._after(held, readings, now)
        for name in self._held:
            changes += self._settle(name, now, looked=name == observation.provider)
        return tuple(changes)

    def _take_network(self, reading: NetworkReading, *, quietly: bool) -> tuple[Change, ...]:
        before, self.network = self.network, reading
        if reading.state is before.state:
            self.network = replace(reading, at=before.at)
            return ()
        if NetworkState.UNKNOWN in (before.state, reading.state) and not self._blocks(reading, before):
            return ()
        return (NetworkTransition(reading.at, before.state, reading.state, reading.detail, baseline=quietly),)

    @staticmethod
    def _blocks(*readings: NetworkReading) -> bool:
        return any(reading.state in _BLOCKING for reading in readings)

    def _after(self, held: Watched, readings: Iterable[Reading], now: datetime) -> Watched:
        forgiving = now < self._grace_until
        cut_off = self._blocks(self.network) and not held.provider.local
        for reading in readings:
            if isinstance(reading, PageReading):
                held = replace(held, look=reading, page=reading if reading.page is not None else held.page)
            elif isinstance(reading, ProbeReading) and not (cut_off and reading.symptom in NO_WAY_THROUGH):
                held = replace(held, pings=taken(held.pings, reading, forgiving=forgiving))
        return held

    def _settle(self, name: str, now: datetime, *, looked: bool) -> tuple[Change, ...]:
        held = self._held[name]
        before = held.verdict
        after = verdict(held, self.network, self._settings, now)
        self._held[name] = replace(held, verdict=after)
        quiet = name in self._silent
        if looked and after.level is not Level.UNKNOWN and not after.suspect:
            self._silent.discard(name)
        return (Transition(before, after, baseline=quiet),) if _differs(before, after) else ()


def _got_through(reading: Reading) -> bool:
    """True when somebody out there answered: then nobody need ask the neutral targets."""
    if isinstance(reading, ProbeReading):
        return KIN[reading.symptom] is not Kin.NOTHING and reading.symptom not in NO_WAY_THROUGH
    return isinstance(reading, PageReading) and reading.page is not None


def _differs(before: Verdict, after: Verdict) -> bool:
    """True when people should hear of it: another level or culprit, or in trouble another story."""
    same = (before.level, before.cause) == (after.level, after.cause)
    return not same or (after.level in _TROUBLED and before.case is not after.case)


def _order(reading: Reading) -> tuple[int, datetime, str]:
    """Give readings of one round one order, so that the order in which they came in decides nothing."""
    if isinstance(reading, NetworkReading):
        return 0, reading.at, ""
    if isinstance(reading, PageReading):
        return 1, reading.at, reading.url
    return 2, reading.at, reading.kind
