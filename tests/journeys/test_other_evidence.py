"""Other eyes and the agents on this machine, through the real line on a clock that moves only when told to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from tests.fakes import FakeClock, FakeFetcher, FakeHost, FakeJournal, FakeKeys, FakeNotifier, FakeWitness
from tests.worlds import acme
from trayapp.hearing import Hearing
from trayapp.model.provider import Elsewhere, Provider
from trayapp.model.reading import PassiveReading, Symptom
from trayapp.model.request import Outcome, Request
from trayapp.model.settings import MonitorSettings, NotificationSettings, Settings
from trayapp.monitor import Monitor, Ports
from trayapp.plan import NEVER, Plan

PAGE, API, OTHERS = "https://status.acme.test", "https://api.acme.test", "https://openrouter.ai"
WATCHED = replace(acme(), elsewhere=Elsewhere("openrouter", "acme/large", "acme"))


class World:
    """One provider, an agent, and a third party."""

    def __init__(self, *, provider: Provider = WATCHED, passive: bool = True, elsewhere: str = "trouble") -> None:
        self.clock, self.witness = FakeClock(), FakeWitness()
        components = [{"id": "api", "name": "Acme API", "status": "operational"}]
        document = {"page": {"id": "p", "name": "A", "url": PAGE}, "components": components, "incidents": []}
        page = json.dumps({**document, "scheduled_maintenances": []}).encode()
        rows = [{"tag": "acme", "uptime_last_5m": 20, "uptime_last_30m": 60}, {"tag": "b", "uptime_last_5m": 99.9}]
        others = json.dumps({"data": {"endpoints": rows}}).encode()
        kind = {"content-type": "application/json"}
        self.fetcher = FakeFetcher(
            {
                PAGE: lambda request: Outcome(request.url, 200, kind, page),
                OTHERS: lambda request: Outcome(request.url, 200, kind, others),
                "http://neutral.test": lambda request: Outcome(request.url, 204),
            }
        )
        self.answer(401)
        wishes = MonitorSettings(
            connectivity_targets=("http://neutral.test/204",), passive=passive, elsewhere=elsewhere
        )
        self.ports = Ports(
            self.clock, self.fetcher, FakeKeys(), FakeJournal(), FakeHost(), FakeNotifier(), witness=self.witness
        )
        settings = Settings(wishes, NotificationSettings(), (provider,))
        self.monitor = Monitor(settings, self.ports, lambda: 0.5)

    def answer(self, status: int) -> None:
        def outcome(request: Request) -> Outcome:
            return Outcome(request.url, status, {"content-type": "application/json"}, b"{}", seconds=0.1)

        self.fetcher.answers[API] = outcome

    def asked(self, start: str) -> int:
        return sum(request.url.startswith(start) for request in self.fetcher.asked)

    def meet(self, symptom: Symptom = Symptom.OVERLOADED, provider: str = "acme") -> None:
        now = self.clock.now()
        self.witness.meet(PassiveReading(provider, now, symptom, 529, "overloaded_error", None, "claude-code"))

    @asynccontextmanager
    async def running(self, seconds: float = 7) -> AsyncIterator[None]:
        stop = asyncio.Event()
        running = asyncio.create_task(self.monitor.run(stop))
        await self.clock.advance(seconds)
        try:
            yield
        finally:
            stop.set()
            await running


async def test_what_an_agent_met_is_looked_into_at_once() -> None:
    world = World()
    async with world.running():
        before = world.asked(API)
        world.meet()
        await world.clock.advance(5)
        assert world.asked(API) == before + 1


async def test_an_agent_that_fails_ten_times_has_not_ten_looks_follow() -> None:
    world = World()
    async with world.running():
        before = world.asked(PAGE)
        for _ in range(10):
            world.meet()
            await world.clock.advance(1)
        assert world.asked(PAGE) - before <= 2


async def test_what_worked_waits_for_the_next_look() -> None:
    world = World()
    async with world.running():
        before = world.asked(API)
        world.meet(Symptom.OK)
        world.meet(provider="nobody")
        await world.clock.advance(10)
        assert world.asked(API) == before


async def test_no_witness_is_heard_who_was_not_asked_for() -> None:
    world = World(passive=False)
    async with world.running():
        before = world.asked(API)
        world.meet()
        await world.clock.advance(10)
        assert world.asked(API) == before
        assert await world.witness.poll() == ()


async def test_what_was_heard_is_bounded_and_handed_over_once() -> None:
    woken: list[str] = []
    clock, witness = FakeClock(), FakeWitness()
    hearing = Hearing(clock, ["acme"], woken.append)
    await witness.poll()
    for _ in range(80):
        witness.meet(PassiveReading("acme", clock.now(), Symptom.OVERLOADED, 529, None, None, "codex"))
    listening = asyncio.create_task(hearing.listen(witness))
    await clock.advance(0)
    assert len(hearing.take("acme")) == 50
    assert hearing.take("acme") == ()
    assert woken == ["acme"]
    listening.cancel()


async def test_a_third_party_is_asked_in_trouble_every_two_minutes_and_not_in_calm() -> None:
    world = World()
    async with world.running():
        await world.clock.advance(1000)
        assert world.asked(OTHERS) == 0
        world.answer(500)
        await world.clock.advance(70)
        assert world.asked(OTHERS) == 1
        await world.clock.advance(240)
        assert world.asked(OTHERS) == 3
        assert not any(request.credential for request in world.fetcher.asked if request.url.startswith(OTHERS))
        world.answer(401)
        await world.clock.advance(600)
        known = world.asked(OTHERS)
        await world.clock.advance(1200)
        assert world.asked(OTHERS) == known


async def test_who_wishes_has_a_third_party_asked_in_calm_too_or_never() -> None:
    always, never, undeclared = World(elsewhere="always"), World(elsewhere="never"), World(provider=acme())
    for world in (always, never, undeclared):
        async with world.running(1810):
            world.answer(500)
            await world.clock.advance(130)
    assert always.asked(OTHERS) == 4
    assert (never.asked(OTHERS), undeclared.asked(OTHERS)) == (0, 0)


def test_a_plan_knows_what_is_due_and_a_poke_costs_nothing() -> None:
    plan = Plan(page=10, ping=5)
    assert plan.next() == 5
    assert plan.due(7, poked=False) == {"page": False, "unbilled": True, "paid": False, "elsewhere": False}
    plan = Plan(page=10, ping=10, paid=3, elsewhere=30)
    assert plan.due(4, poked=True) == {"page": True, "unbilled": True, "paid": False, "elsewhere": False}
    assert plan.due(4, poked=False)["paid"]
    plan.ask_elsewhere(4, 120, asked=False)
    assert plan.elsewhere == 4
    plan.ask_elsewhere(4, 120, asked=True)
    assert plan.elsewhere == 124
    plan.ask_elsewhere(50, 60, asked=False)
    assert plan.elsewhere == 64
    plan.ask_elsewhere(50, NEVER, asked=False)
    assert plan.elsewhere == NEVER
