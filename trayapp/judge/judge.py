"""The reducer: observations go in, transitions come out. The only state of the pure rooms lives here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from trayapp.judge import crowd as crowds
from trayapp.judge.confirm import NO_PINGS, PAID, REAL, forgotten, taken
from trayapp.judge.crowd import Crowd
from trayapp.judge.elsewhere import trustworthy
from trayapp.judge.evidence import age_s
from trayapp.judge.flap import noted
from trayapp.judge.gate import NO_WAY_THROUGH
from trayapp.judge.kin import KIN, Kin
from trayapp.judge.latency import judged
from trayapp.judge.watched import OTHERS_HOLD_S, Watched, looked, verdict
from trayapp.model.level import Cause, Level
from trayapp.model.provider import Provider
from trayapp.model.reading import (
    ElsewhereReading,
    NetworkReading,
    NetworkState,
    Observation,
    PageReading,
    PassiveReading,
    ProbeReading,
    Reading,
    Symptom,
)
from trayapp.model.settings import MonitorSettings, Scope
from trayapp.model.verdict import Case, NetworkTransition, Transition, Verdict

#: After wake or a change of network a failure to get through is re-tested for so long, never counted (R2).
GRACE = timedelta(seconds=60)
#: While fewer neutral targets answer than have done, losses are the line's: a failure to get through counts for nothing
#: for so long (R1).
_WEAK = timedelta(minutes=10)
#: A look at one provider brings the others' verdicts up to date too, but not more often than this.
_REFRESH = timedelta(seconds=15)

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
        self._crowd = crowds.NOBODY
        self._most_well, self._weak_until = 0, now
        self._resumed = set[str]()
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
                kept = replace(known, scope=held.scope, page=None)
                self._held[name] = looked(kept, known.page) if known.page is not None else kept
                self._silent -= {name} - other._silent

    def remember_key(self, provider: str, worked_at: datetime) -> None:
        """Take from the journal that the provider's key worked then: a refusal now is a surprise (R6)."""
        held = self._held[provider]
        self._held[provider] = replace(held, pings=replace(held.pings, key_worked_at=worked_at))

    def resume(self, held: Watched, *, silent: bool) -> None:
        """Go on with what was held of a provider before the program ended; `silent`: what comes first alarms nobody.

        That it is still so is told once, as the first verdict after any start is, and alarms nobody either.
        """
        name = held.provider.id
        self._held[name] = held
        self._resumed.add(name)
        if not silent:
            self._silent.discard(name)

    def is_silent(self, provider: str) -> bool:
        """True until the first verdict after start or wake."""
        return provider in self._silent

    def wake(self, now: datetime) -> None:
        """Begin anew after sleep, a change of network, or a jump of the clock; what comes first alarms nobody."""
        self._grace_until = now + GRACE
        for name, held in self._held.items():
            pings, paid = held.pings, held.paid
            kept = replace(NO_PINGS, key_worked_at=pings.key_worked_at, trouble=pings.trouble)
            self._held[name] = replace(held, pings=kept, paid=replace(NO_PINGS, trouble=paid.trouble))
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
        before, self._crowd = self._crowd, self._together(now)
        all_of_them = before != self._crowd or bool(changes)
        for name, each in self._held.items():
            if name == observation.provider or all_of_them or now - each.verdict.at >= _REFRESH:
                changes += self._settle(name, now, looked=name == observation.provider)
        return tuple(changes)

    def _together(self, now: datetime) -> Crowd:
        """Look for a crowd only when somebody fails, which is seldom."""
        failing = sum(bool(held.pings.window or held.pings.trouble) for held in self._held.values())
        return crowds.crowd(self._held.values(), now) if failing > 1 else crowds.NOBODY

    def _take_network(self, reading: NetworkReading, *, quietly: bool) -> tuple[Change, ...]:
        if reading.well < self._most_well:
            self._weak_until = reading.at + _WEAK
        self._most_well = max(self._most_well, reading.well)
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
        cut_off = self._blocks(self.network) and not held.provider.local
        for reading in readings:
            if isinstance(reading, PageReading):
                held = looked(held, reading)
            elif isinstance(reading, ElsewhereReading):
                held = self._heard_elsewhere(held, reading)
            elif isinstance(reading, PassiveReading):
                # That an agent found no way through says as much of the way: our own ping at once tells whose it is.
                if reading.symptom not in NO_WAY_THROUGH:
                    held = replace(held, real=taken(held.real, _as_ping(reading), habit=REAL))
            elif isinstance(reading, ProbeReading) and not (cut_off and reading.symptom in NO_WAY_THROUGH):
                held = self._pinged(held, reading, now)
        real = forgotten(held.real, now, REAL)
        return held if real is held.real else replace(held, real=real)

    def _forgives(self, held: Watched, now: datetime) -> bool:
        """True while a failure to get through may well be our own: just after wake, and on a weak line."""
        return now < self._grace_until or (now < self._weak_until and not held.provider.local)

    def _heard_elsewhere(self, held: Watched, reading: ElsewhereReading) -> Watched:
        """Take a third party's word unless everybody looks bad to it."""
        others = [each.elsewhere for each in self._held.values() if each.elsewhere and each.provider != held.provider]
        fresh = [other for other in others if age_s(other.at, reading.at) <= OTHERS_HOLD_S]
        return replace(held, elsewhere=reading if trustworthy((*fresh, reading)) else None)

    def _pinged(self, held: Watched, reading: ProbeReading, now: datetime) -> Watched:
        forgiving = self._forgives(held, now)
        if reading.kind == "paid":
            latency, reading = judged(held.latency, reading, frozen=held.paid.trouble is not None)
            paid = taken(held.paid, reading, forgiving=forgiving, habit=PAID)
            return replace(held, latency=latency, paid=paid)
        latency, reading = judged(held.latency, reading, frozen=held.pings.trouble is not None)
        if reading.symptom is Symptom.SLOW and self._is_everything_slow(held, now):
            reading = replace(reading, symptom=Symptom.OK)
        pings = taken(held.pings, reading, forgiving=forgiving)
        if reading.beside:
            return replace(held, latency=latency, pings=pings)
        steadiness = noted(held.steadiness, pings.trouble is None and held.paid.trouble is None, reading.at)
        return replace(held, latency=latency, pings=pings, steadiness=steadiness)

    def _is_everything_slow(self, held: Watched, now: datetime) -> bool:
        """True when another provider turned slow just now: then it is our own line (R9)."""
        others = (each.newest for each in self._held.values() if each.provider != held.provider)
        return any(
            reading.symptom is Symptom.SLOW and now - reading.at < GRACE for newest in others for reading in newest
        )

    def _settle(self, name: str, now: datetime, *, looked: bool) -> tuple[Change, ...]:
        held = self._held[name]
        before = held.verdict
        feed, pages = held.provider.feed, ""
        if feed is not None and held.look is not None and held.look.error is not None:
            pages = crowds.pages_down(self._held.values(), feed.platform)
        after = verdict(held, self.network, self._settings, now, self._crowd, pages)
        self._held[name] = replace(held, verdict=after, reported_at=_reported_at(held, after))
        quiet = name in self._silent
        if looked and name in self._resumed:
            self._resumed.discard(name)
            if not _differs(before, after):
                before, quiet = replace(before, level=Level.UNKNOWN, cause=Cause.UNKNOWN, case=Case.NOTHING_FRESH), True
        if looked and after.level is not Level.UNKNOWN and not after.suspect:
            self._silent.discard(name)
        return (Transition(before, after, baseline=quiet),) if _differs(before, after) else ()


def _reported_at(held: Watched, after: Verdict) -> datetime | None:
    """Return since when the page reports trouble; a look at it that failed tells nothing new."""
    if after.feed is None or after.feed.level is Level.UNKNOWN:
        return held.reported_at
    is_bad = after.feed.level in (Level.DEGRADED, Level.DOWN)
    return (held.reported_at or after.at) if is_bad else None


def _as_ping(reading: PassiveReading) -> ProbeReading:
    """Return what an agent met as one more ping, by somebody else's hand."""
    said = " ".join(str(word) for word in (reading.http_status, reading.code) if word)
    detail = f"{reading.agent}: {said or reading.symptom.value}"
    return ProbeReading(
        reading.provider, "passive", reading.at, reading.symptom, reading.http_status, 0.0, detail, reading.model
    )


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
