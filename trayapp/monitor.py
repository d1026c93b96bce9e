"""The line, which is the whole product: what is due, observe it, judge, record, then tell, then show.

Each watched provider walks it at its own pace, so that one that hangs keeps nobody waiting.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from trayapp.decide import document, present
from trayapp.decide.wording import summary
from trayapp.hearing import Hearing
from trayapp.herald import Herald, Listener
from trayapp.judge import schedule
from trayapp.judge.evidence import fresh_for_s
from trayapp.judge.judge import Change, Judge
from trayapp.judge.watched import Watched
from trayapp.memoir import Memoir
from trayapp.model.later import Later
from trayapp.model.level import Level
from trayapp.model.picture import Picture
from trayapp.model.ports import Clock, Fetcher, Host, Journal, Keys, Notifier, Screen, Snapshot, Witness
from trayapp.model.provider import Provider
from trayapp.model.reading import NetworkState, Observation, ProbeReading, Reading
from trayapp.model.settings import Settings
from trayapp.model.verdict import NetworkTransition, Verdict
from trayapp.observer import Observer
from trayapp.plan import NEVER, Plan
from trayapp.steward import Steward

log = logging.getLogger(__name__)

#: The wall clock may drift from the steady one by so much before we hold that the machine slept or the clock was set.
_JUMP_S = 30.0
#: After a defect of ours in one provider's look, the next look is taken so much later.
_AFTER_DEFECT_S = 60.0


@dataclass(frozen=True, slots=True)
class Ports:
    """The doors of the world that the line walks through."""

    clock: Clock
    fetcher: Fetcher
    keys: Keys
    journal: Journal
    host: Host
    notifier: Notifier | None = None
    screen: Screen | None = None
    witness: Witness | None = None
    steward: Steward | None = None


class Monitor:
    """Walks the line for every watched provider. Holds the ports; what is true is held by its judge."""

    def __init__(
        self,
        settings: Settings,
        ports: Ports,
        chance: Callable[[], float],
        complaint: str | None = None,
        heir_of: Monitor | None = None,
    ):
        """`chance` gives a number between 0 and 1 for jitter; `complaint` is a line to show until it is mended.

        `heir_of`: the monitor before the settings changed; what it held and told of is not begun anew.
        """
        self.settings = settings
        self.complaint = complaint
        self._ports = ports
        self._chance = chance
        self._providers = {provider.id: provider for provider in settings.watch}
        now = ports.clock.now()
        self._judge = Judge(settings.watch, settings.monitor, settings.scopes, now)
        self._observer = Observer(settings.monitor, ports.clock, ports.fetcher, ports.keys, ports.journal)
        self._herald = Herald(ports.notifier, settings.notifications)
        if heir_of is not None:
            self._judge.inherit(heir_of._judge)
            self._herald.inherit(heir_of._herald)
        self._hearing = Hearing(ports.clock, self._providers, lambda name: self._wake_up[name].set())
        self._memoir = Memoir(ports.journal)
        self._is_heir = heir_of is not None
        self._wake_up = {name: asyncio.Event() for name in self._providers}
        self._skew_s = self._skew()
        ports.host.on_change(self.woke)
        if ports.steward is not None:
            ports.steward.attach(self._herald, settings.fallback, lambda: self.verdicts, self.show)

    def listen(self, listener: Listener) -> None:
        """Have `listener` called with each event of `uptray watch --json`."""
        self._herald.listen(listener)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts, in the user's order."""
        return self._judge.verdicts

    async def run(self, stop: asyncio.Event) -> None:
        """Watch until `stop` is set; everything under way is then dropped at once."""
        await self._recall()
        self.show()
        tasks = [asyncio.create_task(self._watch(i, p)) for i, p in enumerate(self._providers.values())]
        tasks.append(asyncio.create_task(self._herald.run()))
        if self._ports.witness is not None and self.settings.monitor.passive:
            tasks.append(asyncio.create_task(self._hearing.listen(self._ports.witness)))
        if self._ports.steward is not None:
            tasks.append(asyncio.create_task(self._ports.steward.run()))
        try:
            await stop.wait()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def settle(self, patience_s: float) -> None:
        """Look at everything once, and again while a failure is being checked, for at most `patience_s` seconds."""
        await self._recall()
        end = self._ports.clock.monotonic() + patience_s
        await asyncio.gather(*(self._settle(held, end) for held in self._providers))

    async def _settle(self, name: str, end: float) -> None:
        clock = self._ports.clock
        await self.step(name, page=True, unbilled=True, paid=False)
        while self._judge.held(name).pings.is_suspect and clock.monotonic() < end:
            await clock.wait(asyncio.Event(), self._ping_after_s(name))
            await self.step(name, page=False, unbilled=True, paid=False)

    async def step(
        self, name: str, *, page: bool, unbilled: bool, paid: bool, elsewhere: bool = False
    ) -> tuple[Change, ...]:
        """Walk the line once for one provider: observe, judge, record, tell, show. Returns what changed."""
        clock = self._ports.clock
        started, before = clock.now(), self._judge.held(name)
        readings = await self._observe(before, page=page, unbilled=unbilled, paid=paid, elsewhere=elsewhere)
        readings = (*self._hearing.take(name), *readings)
        now = clock.now()
        changes = self._judge.take(Observation(name, started, readings), now)
        self._record(name, before, readings, changes, now)
        all_down = bool(changes) and all(v.level is Level.DOWN for v in self.verdicts)
        offer = self._ports.steward.offer if self._ports.steward is not None and changes else None
        for change in changes:
            provider = None if isinstance(change, NetworkTransition) else self._providers[change.after.provider]
            self._herald.announce(change, provider, now, all_down=all_down, offer=offer)
        if self._ports.steward is not None:
            self._ports.steward.step()
        self._memoir.keep(self._judge, name, now, changed=bool(changes))
        self._memoir.keep_announced(self._herald.announced)
        self.show()
        for each in schedule.prompted(before, self._judge.held(name), map(self._judge.held, self._providers), now):
            self._wake_up[each].set()
        return changes

    async def _observe(self, held: Watched, **due: bool) -> tuple[Reading, ...]:
        """Look, unless our own network is known to be the trouble: then only ask whether it is back."""
        if self._judge.network.state not in (NetworkState.ONLINE, NetworkState.UNKNOWN) and not held.provider.local:
            network = await self._observer.gate()
            if network.state is not NetworkState.ONLINE:
                return (network,)
            await self._begin_anew()
            return (network, *await self._observer.look(held, **due))
        return await self._observer.look(held, **due)

    def _record(
        self, name: str, before: Watched, readings: Sequence[Reading], changes: Sequence[Change], now: datetime
    ) -> None:
        journal = self._ports.journal
        for reading in readings:
            if isinstance(reading, ProbeReading):
                journal.ping(reading)
        for change in changes:
            if isinstance(change, NetworkTransition):
                journal.network(change)
            else:
                journal.transition(change, self._sentence(change.after, now))
        self._record_incidents(name, before, now)
        held = self._judge.held(name)
        every = self.settings.monitor
        holds = fresh_for_s(every.probe_interval_s if held.provider.probes else every.feed_interval_s)
        made = Later(partial(self._document, held.verdict, now))
        journal.snapshot(Snapshot(name, made, now, holds), self._judge.network.state.value)

    def _record_incidents(self, name: str, before: Watched, now: datetime) -> None:
        old, new = before.verdict.feed, self._judge.held(name).verdict.feed
        page = new.reading.page if new and new.reading else None
        if page is None or old is None or old.reading is None or old.reading.page is not page:
            for event in document.incident_events(name, old, new, now):
                self._herald.emit(event)
        if page and (old is None or old.reading is not new.reading if new else False):
            counts = new.counts if new else frozenset()
            self._ports.journal.incidents(name, [document.incident(i, i.id in counts) for i in page.incidents], now)

    async def _watch(self, index: int, provider: Provider) -> None:
        clock, name = self._ports.clock, provider.id
        first = clock.monotonic() + schedule.first_after_s(index, len(self._providers), self._chance())
        plan = Plan(page=first, ping=first, paid=first if self.settings.monitor.paid_probes else NEVER)
        while True:
            poked = await clock.wait(self._wake_up[name], plan.next() - clock.monotonic())
            self._wake_up[name].clear()
            self._notice_a_jump()
            due = plan.due(clock.monotonic(), poked=poked)
            try:
                await self.step(name, **due)
                self._replan(plan, name, **due)
            except Exception:
                log.exception("a look at %s failed by a defect of ours", name)
                later = clock.monotonic() + _AFTER_DEFECT_S
                plan = Plan(page=later, ping=later, paid=max(plan.paid, later))

    def _replan(self, plan: Plan, name: str, *, page: bool, unbilled: bool, paid: bool, elsewhere: bool) -> None:
        held, now = self._judge.held(name), self._ports.clock.monotonic()
        settings, chance = self.settings.monitor, self._chance()
        if page:
            plan.page = now + schedule.feed_after_s(held, settings, chance)
        if unbilled or held.pings.is_suspect:
            plan.ping = now + self._ping_after_s(name)
        if plan.paid < NEVER:
            after_s = schedule.paid_after_s(held, settings, chance)
            plan.paid = now + after_s if paid else min(plan.paid, now + after_s)
        plan.ask_elsewhere(now, schedule.elsewhere_after_s(held, settings, chance), asked=elsewhere)

    def _ping_after_s(self, name: str) -> float:
        held, now = self._judge.held(name), self._ports.clock.now()
        saving = self._ports.host.is_saving
        return schedule.ping_after_s(held, self.settings.monitor, now, self._chance(), saving=saving)

    async def _recall(self) -> None:
        """Go on where the last run ended, and know which keys have worked: a refusal now is the surprise it is."""
        if not self._is_heir:
            await self._memoir.recall(self._judge, self._providers, self._ports.clock.now())
            self._herald.resume(await self._memoir.announced())
        for name, provider in self._providers.items():
            if provider.api is not None:
                worked = await self._ports.journal.key_worked_at(name)
                if worked is not None:
                    self._judge.remember_key(name, worked)

    def check_now(self) -> None:
        """Look at everything at once."""
        for event in self._wake_up.values():
            event.set()

    def woke(self) -> None:
        """The machine woke, or the network changed: forget connections and begin anew."""
        self._judge.wake(self._ports.clock.now())
        self._skew_s = self._skew()
        self._resetting = asyncio.ensure_future(self._ports.fetcher.reset())
        self.check_now()

    async def _begin_anew(self) -> None:
        self._judge.wake(self._ports.clock.now())
        await self._ports.fetcher.reset()
        self.check_now()

    def _notice_a_jump(self) -> None:
        if abs(self._skew() - self._skew_s) > _JUMP_S:
            log.info("the clock jumped by %.0f s", self._skew() - self._skew_s)
            self.woke()

    def _skew(self) -> float:
        return self._ports.clock.now().timestamp() - self._ports.clock.monotonic()

    def pause(self, seconds: float | None) -> None:
        """No notices for so many seconds; None: until told otherwise; 0: speak again."""
        self._herald.pause(seconds, self._ports.clock.now())
        self.show()

    def show(self) -> None:
        """Bring the screen up to date."""
        if self._ports.screen is not None:
            self._ports.screen.show(self.picture())

    def picture(self) -> Picture:
        """Return what the screen shows now."""
        now = self._ports.clock.now()
        paused = self._herald.paused_until(now)
        complaint = self.complaint or next(iter(self.settings.warnings), None)
        shown = present.picture(self.verdicts, self._providers, now, paused_until=paused, complaint=complaint)
        return shown if self._ports.steward is None else self._ports.steward.adorned(shown)

    def document(self, name: str, now: datetime) -> dict[str, Any]:
        """Return one provider's object of the interface."""
        return self._document(self._judge.held(name).verdict, now)

    def _document(self, verdict: Verdict, now: datetime) -> dict[str, Any]:
        return document.document(verdict, self._providers[verdict.provider], self._sentence(verdict, now))

    def status(self) -> dict[str, Any]:
        """Return the whole document of `uptray status --json`."""
        now = self._ports.clock.now()
        return document.status([self.document(n, now) for n in self._providers], self._judge.network.state.value, now)

    def _sentence(self, verdict: Verdict, now: datetime) -> str:
        return summary(verdict, self._providers[verdict.provider], now)
