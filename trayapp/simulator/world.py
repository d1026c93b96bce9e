"""The stand-in world: a server for each vendor's page and each vendor's API, which live through a scenario.

Which part of a service is broken is the scenario's; what a request notices of it is the request's own way through that
service. The time is a given clock's, so a whole afternoon may pass in seconds.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from functools import partial

from trayapp.model.ports import Clock, Refused
from trayapp.model.secret import Secret
from trayapp.simulator.desk import Desk, PageDesk
from trayapp.simulator.exchange import Answer, Ask, Manner, Reply
from trayapp.simulator.listener import Listener
from trayapp.simulator.scenario import Scenario
from trayapp.simulator.service import KEY_HEADERS, ApiService, PageService, edge_page
from trayapp.simulator.vendors import Vendor

#: The role of the server that stands for the rest of the internet, and the path at which it says that all is well.
NEUTRAL = "neutral"
TARGET = "/generate_204"

_REMEMBERED = 10_000

#: What a server answers to a request at a moment.
Serve = Callable[[Ask, datetime], Reply]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that came in, without its query and headers: a key may stand in either."""

    at: datetime
    #: "anthropic.page", "anthropic.api", …, "neutral".
    role: str
    method: str
    path: str
    #: A key was presented, valid or not.
    is_keyed: bool


class World:
    """Listens between `start` and `close`. `valid_key` is the one key that every API accepts.

    With `first_port` the servers take that port and those after it, in the order of the scenario's vendors; otherwise
    any that are free. Raises Refused for a vendor with a protocol that is not here.
    """

    def __init__(self, scenario: Scenario, clock: Clock, valid_key: Secret, first_port: int = 0) -> None:
        self._scenario = scenario
        self._clock = clock
        self._first_port = first_port
        self._listeners: dict[str, Listener] = {}
        self._desks: dict[str, Desk] = {}
        self._pages: dict[str, PageDesk] = {}
        self.requests: deque[Asked] = deque(maxlen=_REMEMBERED)
        for vendor in scenario.vendors:
            if vendor.platform:
                self._add_page(vendor, PageService(vendor, scenario))
            if vendor.dialect:
                self._add_api(vendor, ApiService(vendor, scenario, valid_key))
        self._desks[NEUTRAL] = Desk(self._listener(NEUTRAL, _neutral), edge_page)

    async def start(self) -> None:
        """Open every server. Raises Refused when a port is in use; then none is open."""
        try:
            for offset, listener in enumerate(self._listeners.values()):
                await listener.open(self._first_port + offset if self._first_port else 0)
        except Refused:
            await self.close()
            raise

    async def close(self) -> None:
        """Close every server and cut every connection."""
        await asyncio.gather(*(listener.close() for listener in self._listeners.values()))

    async def __aenter__(self) -> World:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def page(self, provider: str) -> PageDesk:
        """Return the desk of a provider's status page. Raises KeyError when it has none."""
        return self._pages[provider]

    def api(self, provider: str) -> Desk:
        """Return the desk of a provider's API. Raises KeyError when it has none."""
        return self._desks[f"{provider}.api"]

    @property
    def neutral(self) -> Desk:
        """The desk of the rest of the internet."""
        return self._desks[NEUTRAL]

    def overrides(self, watch: Collection[str] | None = None) -> str:
        """Return a config.toml that points Uptray at this world.

        With `watch` it names the providers to be watched, and points only those.
        """
        # What others see of the real provider is no evidence about its stand-in.
        lines = ["[monitor]", 'elsewhere = "never"', f'connectivity_targets = ["{self.neutral.url}{TARGET}"]']
        if watch is not None:
            lines.append(f"watch = {json.dumps(list(watch))}")
        for vendor in self._scenario.vendors:
            if watch is None or vendor.id in watch:
                lines += ["", f"[providers.{vendor.id}]", "allow_private = true"]
                lines += [f'feed.url = "{self.page(vendor.id).url}"'] if vendor.platform else []
                lines += [f'api.base_url = "{self.api(vendor.id).url}"'] if vendor.dialect else []
        return "\n".join(lines) + "\n"

    def _add_page(self, vendor: Vendor, service: PageService) -> None:
        role = f"{vendor.id}.page"
        listener = self._listener(role, service.answer)
        self._pages[vendor.id] = PageDesk(listener, edge_page, service.extra, vendor.components, self._clock.now)
        self._desks[role] = self._pages[vendor.id]

    def _add_api(self, vendor: Vendor, service: ApiService) -> None:
        role = f"{vendor.id}.api"
        self._desks[role] = Desk(self._listener(role, service.answer), service.error)

    def _listener(self, role: str, answer: Serve) -> Listener:
        self._listeners[role] = Listener(partial(self._reply, role, answer))
        return self._listeners[role]

    async def _reply(self, role: str, answer: Serve, ask: Ask) -> Reply:
        """Note the request, and let the desk answer it, or else the world."""
        is_keyed = any(name in ask.headers for name in KEY_HEADERS) or "key=" in ask.query
        now = self._clock.now()
        self.requests.append(Asked(now, role, ask.method, ask.path, is_keyed))
        desk = self._desks[role]
        if desk.delay_s:
            await asyncio.sleep(desk.delay_s)
        reply = desk.reply or answer(ask, self._clock.now())
        if isinstance(reply, Manner):
            return reply
        if reply.after_s:
            await asyncio.sleep(reply.after_s)
        return replace(reply, headers={"date": format_datetime(now, usegmt=True), **reply.headers})


def _neutral(ask: Ask, now: datetime) -> Reply:
    return Answer(204) if ask.path == TARGET else edge_page(404)
