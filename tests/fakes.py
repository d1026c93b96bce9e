"""Small working stand-ins for the ports: one for each, kept honest by the contract suites."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import PurePath
from typing import Any

from trayapp.model.agent import Switch
from trayapp.model.effect import Notify
from trayapp.model.picture import Command, Picture
from trayapp.model.ports import Capability, Refused, Snapshot
from trayapp.model.provider import Provider
from trayapp.model.reading import PassiveReading, ProbeReading, Symptom
from trayapp.model.request import Failure, Outcome, Request
from trayapp.model.secret import Credential, Secret
from trayapp.model.settings import Settings
from trayapp.model.verdict import NetworkTransition, Transition

START = datetime(2026, 4, 28, 17, 0, tzinfo=UTC)


class FakeClock:
    """Time that moves only when it is told to, or when `run` lets it jump from one waiter to the next."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._seconds = 0.0
        self._skew = timedelta()
        self._waiters: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._seconds) + self._skew

    def monotonic(self) -> float:
        return self._seconds

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        if event.is_set():
            return True
        timer = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiters, (self._seconds + max(0.0, seconds), next(self._order), timer))
        rung = asyncio.ensure_future(event.wait())
        try:
            await asyncio.wait({timer, rung}, return_when=asyncio.FIRST_COMPLETED)
            return event.is_set()
        finally:
            timer.cancel()
            rung.cancel()

    async def advance(self, seconds: float) -> None:
        """Let `seconds` pass, waking each waiter at its own moment."""
        end = self._seconds + seconds
        await self._calm()
        while self._waiters and self._waiters[0][0] <= end:
            due, _, timer = heapq.heappop(self._waiters)
            if not timer.done():
                self._seconds = max(self._seconds, due)
                timer.set_result(None)
                await self._calm()
        self._seconds = end
        await self._calm()

    def jump(self, seconds: float) -> None:
        """Set the wall clock forward or back, as sleep or a user does; the steady one stays."""
        self._skew += timedelta(seconds=seconds)

    @staticmethod
    async def _calm() -> None:
        for _ in range(40):
            await asyncio.sleep(0)


Answer = Outcome | Callable[[Request], Outcome]


class FakeFetcher:
    """A world of answers by URL prefix; what is not in it cannot be looked up. Remembers what was asked."""

    def __init__(self, answers: Mapping[str, Answer] | None = None) -> None:
        self.answers: dict[str, Answer] = dict(answers or {})
        self.asked: list[Request] = []
        self.resets = 0

    async def fetch(self, request: Request) -> Outcome:
        self.asked.append(request)
        for prefix in sorted(self.answers, key=len, reverse=True):
            if request.url.startswith(prefix):
                answer = self.answers[prefix]
                return answer if isinstance(answer, Outcome) else answer(request)
        return Outcome(request.url, failure=Failure.DNS, detail="no such name")

    async def reset(self) -> None:
        self.resets += 1

    async def close(self) -> None:
        return None


class FakeHost:
    """A machine that sleeps and wakes on demand."""

    def __init__(self) -> None:
        self.is_saving = False
        self._calls: list[Callable[[], None]] = []

    def on_change(self, call: Callable[[], None]) -> None:
        self._calls.append(call)

    def change(self) -> None:
        for call in self._calls:
            call()


class FakeVault:
    """A keyring in memory; `refusal` makes every call fail with it."""

    def __init__(self, refusal: str | None = None) -> None:
        self.refusal = refusal
        self._kept: dict[str, tuple[Secret, str]] = {}

    def _check(self) -> None:
        if self.refusal is not None:
            raise Refused(self.refusal)

    async def get(self, provider: str) -> Secret | None:
        self._check()
        return self._kept[provider][0] if provider in self._kept else None

    async def put(self, provider: str, secret: Secret, host: str) -> None:
        self._check()
        self._kept[provider] = (secret, host)

    async def delete(self, provider: str) -> bool:
        self._check()
        return self._kept.pop(provider, None) is not None

    async def host(self, provider: str) -> str | None:
        self._check()
        return self._kept[provider][1] if provider in self._kept else None

    def describe(self) -> str:
        return self.refusal or "in memory"


class FakeKeys:
    """Keys by provider id."""

    def __init__(self, keys: Mapping[str, str] | None = None) -> None:
        self.keys = dict(keys or {})

    async def credential(self, provider: Provider) -> Credential | None:
        if provider.api is None or provider.id not in self.keys:
            return None
        return Credential(Secret(self.keys[provider.id]), provider.api.auth, provider.api.hosts)


class FakeJournal:
    """Everything that was recorded, in lists."""

    def __init__(self) -> None:
        self.transitions: list[tuple[Transition, str]] = []
        self.networks: list[NetworkTransition] = []
        self.pings: list[ProbeReading] = []
        self.snapshots: dict[str, Snapshot] = {}
        self.kept_incidents: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.costs: dict[str, list[tuple[datetime, float]]] = defaultdict(list)
        self.worked: dict[str, datetime] = {}
        self.texts: dict[str, str] = {}

    def transition(self, transition: Transition, summary: str) -> None:
        self.transitions.append((transition, summary))

    def network(self, transition: NetworkTransition) -> None:
        self.networks.append(transition)

    def incidents(self, provider: str, document: Sequence[Mapping[str, Any]], now: datetime) -> None:
        self.kept_incidents.update({(provider, str(item["id"])): item for item in document})

    def ping(self, reading: ProbeReading) -> None:
        self.pings.append(reading)
        if reading.kind != "keyless" and reading.symptom in (Symptom.OK, Symptom.SLOW, Symptom.REQUEST_INVALID):
            self.worked[reading.provider] = reading.at

    def snapshot(self, snapshot: Snapshot, network: str) -> None:
        self.snapshots[snapshot.provider] = snapshot

    def spend(self, provider: str, usd: float, at: datetime) -> None:
        self.costs[provider].append((at, usd))

    async def spent(self, provider: str, since: datetime) -> float:
        return sum(usd for at, usd in self.costs[provider] if at >= since)

    def remember(self, name: str, text: Callable[[], str]) -> None:
        self.texts[name] = text()

    async def recalled(self, name: str) -> str | None:
        return self.texts.get(name)

    async def key_worked_at(self, provider: str) -> datetime | None:
        return self.worked.get(provider)

    async def close(self) -> None:
        return None


class FakeNotifier:
    """A desktop that remembers what it showed; `refusal` makes it refuse."""

    name = "fake"

    def __init__(self, refusal: str | None = None) -> None:
        self.refusal = refusal
        self.shown: list[Notify] = []
        self.live: dict[str, Notify] = {}

    @property
    def capabilities(self) -> frozenset[Capability]:
        return frozenset(Capability)

    async def start(self) -> None:
        if self.refusal is not None:
            raise Refused(self.refusal)

    async def notify(self, notice: Notify) -> None:
        await self.start()
        self.shown.append(notice)
        self.live[notice.key] = notice

    async def withdraw(self, key: str) -> None:
        await self.start()
        self.live.pop(key, None)

    async def close(self) -> None:
        self.live.clear()


class FakeScreen:
    """A screen that remembers its pictures."""

    def __init__(self) -> None:
        self.pictures: list[Picture] = []
        self._calls: list[Callable[[Command], None]] = []

    def show(self, picture: Picture) -> None:
        self.pictures.append(picture)

    def on_command(self, call: Callable[[Command], None]) -> None:
        self._calls.append(call)

    def ask(self, command: Command) -> None:
        for call in self._calls:
            call(command)


class FakeStore:
    """Settings in memory."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def load(self) -> Settings:
        return self.settings

    def changed(self) -> bool:
        return False


class FakeWitness:
    """Agents that meet what a test says; what was met before the first poll is nobody's business."""

    def __init__(self) -> None:
        self._met: list[PassiveReading] = []
        self._begun = False

    def meet(self, reading: PassiveReading) -> None:
        if self._begun:
            self._met.append(reading)

    async def poll(self) -> tuple[PassiveReading, ...]:
        self._begun = True
        met, self._met = self._met, []
        return tuple(sorted(met, key=lambda reading: reading.at))

    def describe(self) -> str:
        return "a fake agent"

    def close(self) -> None:
        self._begun = False


class FakeDisk:
    """Files in memory, without links, folders or crashes; `refusal` makes it refuse every change."""

    def __init__(self, files: Mapping[PurePath, bytes] | None = None, refusal: str | None = None) -> None:
        self.files = dict(files or {})
        self.refusal = refusal
        self._standing: dict[str, Switch] = {}

    def read(self, path: PurePath) -> bytes | None:
        return self.files.get(path)

    def commit(self, switch: Switch) -> None:
        self._carry_out(switch, ends=False)
        self._standing[switch.agent] = switch

    def restored(self, switch: Switch) -> None:
        self._carry_out(switch, ends=True)
        del self._standing[switch.agent]

    def standing(self) -> tuple[Switch, ...]:
        return tuple(self._standing[agent] for agent in sorted(self._standing))

    def recover(self) -> tuple[str, ...]:
        return ()

    def _carry_out(self, switch: Switch, *, ends: bool) -> None:
        if self.refusal is not None:
            raise Refused(self.refusal)
        self._check_succession(switch, ends)
        for edit in switch.edits:
            if self.files.get(edit.path) != edit.before:
                raise Refused(f"{edit.path}: something else changed it meanwhile")
        for edit in switch.edits:
            self.files.pop(edit.path, None)
            if edit.after is not None:
                self.files[edit.path] = edit.after

    def _check_succession(self, switch: Switch, ends: bool) -> None:
        standing = self._standing.get(switch.agent)
        if ends and standing is None:
            raise Refused(f"{switch.agent}: it is not switched, so there is nothing to restore")
        originals = {edit.path: edit.original for edit in standing.edits} if standing else {}
        planned = {edit.path: edit.original for edit in switch.edits}
        fresh = [edit for edit in switch.edits if edit.path not in originals]
        if {**planned, **originals} != planned or any(edit.original != edit.before for edit in fresh):
            raise Refused(f"{switch.agent}: it was switched by another Uptray meanwhile")
