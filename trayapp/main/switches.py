"""The door of the agents for the tray: everything that blocks is done in a worker thread."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from trayapp.decide import tidings
from trayapp.main import agents
from trayapp.model.picture import Plan
from trayapp.model.ports import Refused
from trayapp.model.provider import Provider
from trayapp.model.switching import Candidate, Found
from trayapp.switcher import FAREWELL, AgentHere, Switcher

if TYPE_CHECKING:
    from trayapp.main.house import House

log = logging.getLogger(__name__)

#: Identity, size and time of a file; None: absent.
_Stamp = tuple[int, int, int] | None


class HouseSwitches:
    """Implements `model.switching.Switches` for this machine and user."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._known: tuple[Switcher, Mapping[str, Provider]] | None = None
        self._stamps: dict[PurePath, _Stamp] = {}
        #: What each agent used when no switch of ours stood.
        self._homes: dict[str, str | None] = {}

    def forget(self) -> None:
        """The settings changed: the providers are read again."""
        self._known = None

    async def found(self) -> tuple[Found, ...]:
        """Return the agents of this machine; what a crash left is finished first. Raises Refused."""
        return await asyncio.to_thread(self._found)

    async def changed(self) -> bool:
        """True when a file of theirs is not as it was when they were found last."""
        return await asyncio.to_thread(lambda: any(_stamp(path) != was for path, was in self._stamps.items()))

    async def plan(self, agent: str, provider: str) -> Plan:
        """Return what a switch would change; what keeps it from being made is the plan's `refusal`."""
        return await asyncio.to_thread(self._plan, agent, provider)

    async def switch(self, agent: str, provider: str) -> str:
        """Try the provider, then point the agent at it; return what is to be known, in a sentence. Raises Refused."""

        def work() -> str:
            done = agents.switch(self._house, agent, provider, dry_run=False, force=False, clear_key=False)
            return " ".join(f"{each['reason']}." for each in done["hindrances"])

        return await asyncio.to_thread(work)

    async def restore(self, agent: str) -> str:
        """Put the agent's own settings back; return what was left as it is, in a sentence. Raises Refused."""

        def work() -> str:
            done = agents.restore(self._house, agent, dry_run=False)
            return " ".join(f"{kept[:1].upper()}{kept[1:]}." for each in done for kept in each["kept"])

        return await asyncio.to_thread(work)

    # ---- in a worker thread

    def _switcher(self) -> tuple[Switcher, Mapping[str, Provider]]:
        if self._known is None:
            self._known = agents.switcher(self._house), self._house.store.catalogue()
        return self._known

    def _found(self) -> tuple[Found, ...]:
        switcher, providers = self._switcher()
        try:
            for sentence in switcher.settle():
                log.info("%s", sentence)
        except Refused as reason:
            # Another Uptray is at it, or a file cannot be read: what is there is shown all the same.
            log.warning("%s", reason)
        here = switcher.found()
        paths = (*(path for each in here for path in each.files), *_standing(here))
        self._stamps = {path: _stamp(path) for path in paths}
        return tuple(self._described(each, providers) for each in here)

    def _described(self, here: AgentHere, providers: Mapping[str, Provider]) -> Found:
        standing = here.standing if here.standing is not None and here.standing.note != FAREWELL else None
        if standing is None:
            self._homes[here.id] = here.provider
        known = providers.get(here.provider or "")
        vendor = here.agent.VENDOR
        return Found(
            agent=here.id,
            name=here.agent.NAME,
            uses=known.name if known else here.use.base_url or here.provider or "?",
            provider=here.provider,
            home=self._homes.get(here.id, vendor),
            switched_to=standing.provider if standing else None,
            is_changed=standing is not None and here.is_changed,
            pickup=here.agent.PICKUP,
            targets=tuple(
                Candidate(aim.provider, aim.name, aim.same_upstream and aim.provider != vendor) for aim in here.aims
            ),
            watch_only=here.agent.WATCH_ONLY or here.error or "",
        )

    def _plan(self, agent: str, provider: str) -> Plan:
        switcher, providers = self._switcher()
        known = providers.get(provider)
        name = known.name if known else provider
        try:
            planned = switcher.plan(agent, provider)
        except Refused as reason:
            return tidings.unplanned(agent, provider, str(reason))
        module, _target = switcher.target(agent, provider)
        diffs = [text for _path, text in planned.diffs()]
        return tidings.planned((agent, module.NAME), (provider, name), module.PICKUP, diffs, planned.hindrances)


def _standing(here: tuple[AgentHere, ...]) -> tuple[PurePath, ...]:
    return tuple(edit.path for each in here if each.standing is not None for edit in each.standing.edits)


def _stamp(path: PurePath) -> _Stamp:
    with contextlib.suppress(OSError):
        said = Path(path).stat()
        return said.st_ino, said.st_size, said.st_mtime_ns
    return None
