"""How one look at a provider is made: which requests, in which order, and what they become. Decides nothing.

A keyed ping that fails gets a keyless one beside it, which tells the provider's edge from its sign-in. A ping that
finds no way through has the neutral targets asked, once for all providers that fail at the same moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import datetime
from typing import Any, TypeVar

from trayapp import feeds
from trayapp.judge import elsewhere as others
from trayapp.judge import gate, ping
from trayapp.judge.classify import classify
from trayapp.judge.kin import KIN, Kin
from trayapp.judge.watched import Watched
from trayapp.model.ports import Clock, Fetcher, Journal, Keys
from trayapp.model.provider import Feed, Probe, ProbeKind, Provider
from trayapp.model.reading import (
    ElsewhereReading,
    NetworkReading,
    Page,
    PageReading,
    ProbeReading,
    Reading,
    Symptom,
)
from trayapp.model.request import Outcome
from trayapp.model.settings import MonitorSettings

T = TypeVar("T")

#: Seconds for which the neutral targets' answer serves every provider that asks.
_GATE_HOLDS_S = 5.0
#: A body larger than this is read in a worker thread, so that the loop is free for the window.
_LARGE = 128 * 1024
_LONGEST_RETRY_S = 900.0


class Observer:
    """Makes looks through the ports it is given."""

    def __init__(self, settings: MonitorSettings, clock: Clock, fetcher: Fetcher, keys: Keys, journal: Journal) -> None:
        self._settings = settings
        self._clock = clock
        self._fetcher = fetcher
        self._keys = keys
        self._journal = journal
        self._gate: tuple[float, NetworkReading] | None = None
        self._at_the_gate = asyncio.Lock()
        self._models: dict[str, int] = {}

    async def look(
        self, held: Watched, *, page: bool, unbilled: bool, paid: bool, elsewhere: bool = False
    ) -> tuple[Reading, ...]:
        """Return the readings of one look: all that is due, and the network if it is in doubt."""
        provider = held.provider
        due: list[Coroutine[Any, Any, tuple[Reading, ...]]] = []
        due += [self._page(held)] if page and provider.feed is not None else []
        due += [self._elsewhere(provider)] if elsewhere else []
        due += [self._unbilled(held)] if unbilled else []
        due += [self._paid(held)] if paid else []
        readings = [reading for several in await _together(due) for reading in several]
        found = self._in_doubt(provider, [each for each in readings if isinstance(each, ProbeReading)])
        network = [await self.gate()] if found else []
        return (*network, *readings)

    async def gate(self) -> NetworkReading:
        """Ask the neutral targets, unless they were asked a moment ago."""
        async with self._at_the_gate:
            if self._gate is not None and self._clock.monotonic() - self._gate[0] < _GATE_HOLDS_S:
                return self._gate[1]
            targets = self._settings.connectivity_targets
            outcomes = await asyncio.gather(*(self._fetcher.fetch(gate.request(target)) for target in targets))
            answered = list(zip(targets, outcomes, strict=True))
            state, detail = gate.network(answered)
            reading = NetworkReading(self._clock.now(), state, detail, gate.well(answered))
            self._gate = (self._clock.monotonic(), reading)
            return reading

    def _in_doubt(self, provider: Provider, readings: Sequence[ProbeReading]) -> bool:
        api = provider.api
        failed = any(reading.symptom in gate.NO_WAY_THROUGH for reading in readings)
        return (
            failed
            and api is not None
            and not provider.local
            and gate.applies([api.base_url], self._settings.connectivity_targets)
        )

    async def _page(self, held: Watched) -> tuple[PageReading]:
        """Look at the page at its first address that gives a readable answer; the first reason is kept."""
        feed = held.provider.feed
        assert feed is not None
        first: PageReading | None = None
        for base in feed.bases:
            reading = await self.page_at(held, feed, base)
            if reading.page is not None:
                return (reading,)
            first = first or reading
        assert first is not None
        return (first,)

    async def page_at(self, held: Watched, feed: Feed, base: str) -> PageReading:
        """Look at the page at one of its addresses."""
        provider, allow_private = held.provider.id, held.provider.allow_private
        requests = feeds.requests(feed, base, allow_private=allow_private)
        outcomes = await _together([self._fetcher.fetch(request) for request in requests])
        try:
            second = feeds.follow(feed, base, outcomes, allow_private=allow_private)
            if second:
                outcomes = await _together([self._fetcher.fetch(request) for request in second])
            at, known = self._clock.now(), held.page
            if known is not None and known.url == base and known.page and all(each.unchanged for each in outcomes):
                return PageReading(provider, at, base, known.page)
            return PageReading(provider, at, base, await self._read(feed, outcomes, at))
        except feeds.BadFeed as error:
            return PageReading(provider, self._clock.now(), base, error=str(error))

    async def _read(self, feed: Feed, outcomes: Sequence[Outcome], at: datetime) -> Page:
        if sum(len(outcome.body) for outcome in outcomes) > _LARGE:
            return await asyncio.to_thread(feeds.read, feed, outcomes, at)
        return feeds.read(feed, outcomes, at)

    async def _elsewhere(self, provider: Provider) -> tuple[ElsewhereReading, ...]:
        """Ask who publishes how well the provider serves them; nothing when its file names nobody."""
        request = others.request(provider)
        if request is None:
            return ()
        outcome = await self._fetcher.fetch(request)
        return (others.read(provider, outcome, self._clock.now()),)

    async def _unbilled(self, held: Watched) -> tuple[ProbeReading, ...]:
        """Ping with the key when there is one, else without; without it too when the keyed one failed."""
        provider = held.provider
        door = provider.probe(ProbeKind.KEYLESS)
        free = provider.probe(ProbeKind.FREE)
        suspicious = held.pings.is_suspect or held.pings.trouble is not None
        keyed = await self.ping(provider, free, fresh=suspicious) if free else None
        if keyed is None:
            alone = await self.ping(provider, door, fresh=suspicious) if door else None
            return (alone,) if alone else ()
        if KIN[keyed.symptom] is Kin.FINE or door is None:
            return (keyed,)
        beside = await self.ping(provider, door, fresh=True, beside=True)
        return (keyed, beside) if beside else (keyed,)

    async def _paid(self, held: Watched) -> tuple[ProbeReading, ...]:
        """Ping for money, within the month's cap; a retired model makes room for the next."""
        provider = held.provider
        probe = provider.probe(ProbeKind.PAID)
        if probe is None:
            return ()
        now = self._clock.now()
        month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        cost = ping.cost_usd(probe)
        if await self._journal.spent(provider.id, month) + cost > self._settings.paid_cap_usd_per_month:
            cap = f"the month's cap of {self._settings.paid_cap_usd_per_month:.2f} USD is used up"
            return (ProbeReading(provider.id, "paid", now, Symptom.SKIPPED, detail=cap),)
        index = self._models.get(provider.id, 0)
        model = probe.models[index] if index < len(probe.models) else None
        reading = await self.ping(provider, probe, model=model)
        if reading is None:
            return ()
        self._journal.spend(provider.id, cost, reading.at)
        if reading.symptom is Symptom.REQUEST_INVALID and index + 1 < len(probe.models):
            self._models[provider.id] = index + 1
        return (reading,)

    async def ping(
        self,
        provider: Provider,
        probe: Probe,
        *,
        model: str | None = None,
        fresh: bool = False,
        beside: bool = False,
    ) -> ProbeReading | None:
        """Make one ping; None when it needs a key that is not there."""
        keyless = probe.kind is ProbeKind.KEYLESS
        credential = None if keyless else await self._keys.credential(provider)
        request = ping.request(provider, probe, credential, model, fresh=fresh)
        if request is None:
            return None
        outcome = await self._fetcher.fetch(request)
        symptom, detail = classify(provider, probe, outcome)
        return ProbeReading(
            provider.id,
            probe.kind.value,
            self._clock.now(),
            symptom,
            outcome.status,
            outcome.seconds,
            detail,
            model,
            beside,
            _retry_after_s(outcome),
            _edge(outcome),
        )


async def _together(works: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """Do all of it at once, and return what came of each. What is alone needs no task of its own."""
    if len(works) == 1:
        return [await works[0]]
    return list(await asyncio.gather(*works))


def _retry_after_s(outcome: Outcome) -> float | None:
    """Return the server's wish to be left alone, in seconds and within reason; dates are not read."""
    value = outcome.headers.get("retry-after", "")
    return min(float(value), _LONGEST_RETRY_S) if value.isdecimal() else None


def _edge(outcome: Outcome) -> str:
    """Return whose network stands before the provider and answered, as far as it says so."""
    return "cloudflare" if outcome.headers.get("server", "").lower() == "cloudflare" else ""
