"""The user of a replay at work: a coding agent that asks its model, and records the errors that it meets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from trayapp.judge import ping
from trayapp.judge.classify import classify
from trayapp.judge.errorbody import error_body
from trayapp.model.ports import Clock
from trayapp.model.provider import Probe, ProbeKind, Provider
from trayapp.model.reading import PassiveReading, Symptom
from trayapp.model.request import Request
from trayapp.model.secret import Credential, Secret
from trayapp.simulator.inside import InsideNetwork

#: Hours of the day, UTC, in which the agent is used.
WORK = range(9, 17)
#: Seconds between two requests of an agent at work, and before each further attempt at one that failed.
_PACE_S = 30.0
_AGAIN_S = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 32.0, 32.0, 32.0)
#: Who was not asked for so long was asleep, and so was the agent.
_ASLEEP = timedelta(minutes=2)


def is_at_work(at: datetime) -> bool:
    """True in the hours in which the agent is used."""
    return at.hour in WORK


def agent_model(provider: Provider) -> str:
    """Return the model that the agent asks: the middle one of the provider's route, or the one of its paid ping."""
    named = provider.routes[0].models if provider.routes else {}
    probe = provider.probe(ProbeKind.PAID)
    usual = probe.models[0] if probe and probe.models else ""
    return named.get("sonnet") or next(iter(named.values()), usual)


@dataclass(slots=True)
class _Asker:
    """One provider's agent: the request it makes, when it makes the next, and how often that has failed."""

    provider: Provider
    probe: Probe
    request: Request
    model: str
    next: datetime
    failed: int = 0


class Onlooker:
    """The port Witness. Only errors are recorded, each attempt by itself, as Claude Code does."""

    def __init__(self, network: InsideNetwork, clock: Clock, providers: Iterable[Provider], key: Secret) -> None:
        self._network = network
        self._clock = clock
        self._dice = Random("onlooker")
        self._last = clock.now()
        self._askers = [asker for each in providers if (asker := _asker(each, key, clock.now())) is not None]

    async def poll(self) -> tuple[PassiveReading, ...]:
        """Work until now, and return the errors that were met."""
        now = self._clock.now()
        was_asleep, self._last = now - self._last > _ASLEEP, now
        found: list[PassiveReading] = []
        for asker in self._askers:
            if was_asleep:
                asker.next = now
            while asker.next <= now:
                at = asker.next
                reading = self._asked(asker, at) if is_at_work(at) else None
                found += [reading] if reading else []
                asker.next = at + timedelta(seconds=self._pause_s(asker))
        return tuple(sorted(found, key=lambda reading: reading.at))

    def _asked(self, asker: _Asker, at: datetime) -> PassiveReading | None:
        outcome = self._network.outcome(asker.request, at)
        symptom, _ = classify(asker.provider, asker.probe, outcome)
        if symptom in (Symptom.OK, Symptom.SLOW):
            asker.failed = 0
            return None
        asker.failed += 1
        code = next(iter(error_body(outcome.body).codes), None)
        at += timedelta(seconds=outcome.seconds)
        return PassiveReading(asker.provider.id, at, symptom, outcome.status, code, asker.model, "claude-code")

    def _pause_s(self, asker: _Asker) -> float:
        again = 0 < asker.failed <= len(_AGAIN_S)
        return _AGAIN_S[asker.failed - 1] if again else self._dice.expovariate(1 / _PACE_S)

    def describe(self) -> str:
        """Return whose records these are."""
        return "the agent of a replay"

    def close(self) -> None:
        """Have nothing to let go."""


def _asker(provider: Provider, key: Secret, now: datetime) -> _Asker | None:
    probe, api, model = provider.probe(ProbeKind.PAID), provider.api, agent_model(provider)
    if probe is None or api is None:
        return None
    request = ping.request(provider, probe, Credential(key, api.auth, api.hosts), model)
    return _Asker(provider, probe, request, model, now) if request else None
