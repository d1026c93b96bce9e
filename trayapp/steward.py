"""Looks after the coding agents: what they use, what is offered, what the user asks for, and what happens by itself.

Everything that touches a disk is behind the door `Switches`, off the loop. The screen is shown what was found last.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from trayapp.decide import agents, switch, tidings
from trayapp.decide.switch import Policy
from trayapp.herald import Herald
from trayapp.model.codec import Unreadable, plain, revived
from trayapp.model.effect import Flip, Notify, Repoint
from trayapp.model.picture import (
    Command,
    DropPlan,
    Offer,
    Picture,
    Plan,
    PlanSwitch,
    Refresh,
    RestoreAgent,
    SwitchAgent,
)
from trayapp.model.ports import Clock, Journal, Refused
from trayapp.model.settings import FallbackSettings
from trayapp.model.switching import Found, Switches
from trayapp.model.verdict import Verdict

log = logging.getLogger(__name__)

#: So often the agents' files are looked at, when nothing asks for it sooner.
_LOOK_S = 60.0
#: So often it is asked whether one of them changed, which opens none.
_GLANCE_S = 5.0
_KEPT_AS = "fallback"


class Steward:
    """Lives as long as the app; each monitor that comes with new settings takes it over by `attach`."""

    def __init__(self, switches: Switches, clock: Clock, journal: Journal) -> None:
        self._switches = switches
        self._clock = clock
        self._journal = journal
        self._found: tuple[Found, ...] = ()
        self._plan: Plan | None = None
        self._policy = Policy()
        self._kept: Policy | None = None
        self._has_looked = False
        self._poked = asyncio.Event()
        #: One change at a time; while it is under way nothing is decided on what was found before it.
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    def attach(
        self,
        herald: Herald,
        wishes: FallbackSettings,
        verdicts: Callable[[], tuple[Verdict, ...]],
        show: Callable[[], None],
    ) -> None:
        """Serve this monitor from now on."""
        self._herald, self._wishes, self._verdicts, self._show = herald, wishes, verdicts, show

    async def run(self) -> None:
        """Look at the agents again and again, until cancelled. What the user asked for goes on to its end."""
        await self._recall()
        while True:
            await asyncio.wait({self._start(self._look())})
            self.step()
            await self._reason_to_look()

    async def _reason_to_look(self) -> None:
        """Return after a minute, or sooner when it is asked for or a file changed."""
        end = self._clock.monotonic() + _LOOK_S
        while self._clock.monotonic() < end:
            if await self._clock.wait(self._poked, _GLANCE_S) or await self._switches.changed():
                break
        self._poked.clear()

    def step(self) -> None:
        """Do by itself what is due, as the user allowed."""
        if not self._has_looked or self._turn.locked():
            return
        now, before = self._clock.now(), self._policy
        flips, self._policy = switch.step(before, self._found, self._by_id(), self._wishes, now)
        for found in self._found:
            if self._policy.charge(found.agent).stopped and not before.charge(found.agent).stopped:
                self._herald.tell(tidings.stopped(found), now, by_itself=True)
        if flips:
            self._start(self._flip(flips, before))
        self._keep()

    @property
    def offer(self) -> Offer | None:
        """What would help now."""
        return agents.offer(self._found, self._by_id(), self._wishes.agents)

    def adorned(self, picture: Picture) -> Picture:
        """Return the picture with what the screen shows of the agents."""
        return agents.adorned(picture, self._found, self._by_id(), self._wishes.agents, self._plan)

    def obey(self, command: Command) -> None:
        """Do what the user asked for, if it is about an agent."""
        if isinstance(command, PlanSwitch):
            self._start(self._show_plan(command))
        elif isinstance(command, DropPlan):
            self._drop_plan()
        elif isinstance(command, SwitchAgent | RestoreAgent):
            self._drop_plan()
            self._start(self._change(command))
        elif isinstance(command, Refresh):
            self._poked.set()

    def _drop_plan(self) -> None:
        self._plan = None
        self._show()

    async def _show_plan(self, wanted: PlanSwitch) -> None:
        self._plan = await self._switches.plan(wanted.agent, wanted.provider)
        self._show()

    async def _change(self, wanted: SwitchAgent | RestoreAgent) -> None:
        """Carry out what the user chose, and tell how it ended."""
        async with self._turn:
            put_back = isinstance(wanted, RestoreAgent)
            notice = await self._carried_out(wanted)
            if notice is not None:
                self._policy = switch.chosen(self._policy, wanted.agent, self._clock.now(), put_back=put_back)
                self._keep()
        self._show()

    async def _carried_out(self, wanted: SwitchAgent | RestoreAgent, flip: Flip | None = None) -> Notify | None:
        """Return the notice of what was done, None when it was refused; either is told."""
        found = self._of(wanted.agent)
        try:
            if isinstance(wanted, SwitchAgent):
                said = await self._switches.switch(wanted.agent, wanted.provider)
                done = tidings.switched(found, wanted.provider, said, flip)
            else:
                done = tidings.restored(found, await self._switches.restore(wanted.agent), flip)
        except Refused as reason:
            log.warning("%s was left as it is: %s", wanted.agent, reason)
            if flip is None or not switch.was_refused(self._policy, flip):
                self._tell(tidings.refused(found.name, wanted.agent, str(reason)), flip)
            return None
        await self._look()
        self._tell(done, flip)
        return done

    async def _flip(self, flips: tuple[Flip, ...], before: Policy) -> None:
        async with self._turn:
            for flip in flips:
                wanted = (
                    SwitchAgent(flip.agent, flip.provider) if isinstance(flip, Repoint) else RestoreAgent(flip.agent)
                )
                log.info("by itself, as [fallback] allows: %r", wanted)
                if await self._carried_out(wanted, flip) is None:
                    charge = before.charge(flip.agent)
                    self._policy = switch.failed(self._policy, flip, charge, self._clock.now())
            self._keep()
        self._show()

    async def _look(self) -> None:
        """Find the agents, and tell of those that use another provider than before."""
        try:
            found = await self._switches.found()
        except Refused as reason:
            log.warning("the agents here are not known: %s", reason)
            return
        before = {each.agent: each for each in self._found}
        self._found, had_looked, self._has_looked = found, self._has_looked, True
        for each in found:
            old = before.get(each.agent)
            if had_looked and old is not None and old.switched_to != each.switched_to:
                self._herald.emit(tidings.switch_event(old, each, self._clock.now()))
        if tuple(before.values()) != found:
            self._show()

    def _tell(self, notice: Notify, flip: Flip | None) -> None:
        self._herald.tell(notice, self._clock.now(), by_itself=flip is not None)

    def _of(self, agent: str) -> Found:
        return next((each for each in self._found if each.agent == agent), Found(agent, agent, ""))

    def _by_id(self) -> dict[str, Verdict]:
        return {verdict.provider: verdict for verdict in self._verdicts()}

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (defect := task.exception()) is not None:
            log.error("looking after the agents failed by a defect of ours", exc_info=defect)

    # ---- what outlives the program

    def _keep(self) -> None:
        """Write down what was done, when that changed; how long a provider fails is counted anew after a start."""
        kept = Policy(charges=self._policy.charges)
        if kept != self._kept:
            self._kept = kept
            self._journal.remember(_KEPT_AS, lambda: json.dumps(plain(kept), separators=(",", ":")))

    async def _recall(self) -> None:
        if self._kept is not None:
            return
        self._kept = Policy()
        text = await self._journal.recalled(_KEPT_AS)
        if text is not None:
            try:
                self._policy = self._kept = revived(Policy, json.loads(text))
            except (Unreadable, ValueError) as error:
                log.warning("what was kept of switches by itself is not taken up again: %s", error)
