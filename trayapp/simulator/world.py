"""The stand-in world: a server for each vendor's page and each vendor's API, which live through a scenario.

Which part of a service is broken is the scenario's; what a request notices of it is the request's own way through that
service. The time is a given clock's, so a whole afternoon may pass in seconds.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import pkgutil
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from functools import partial
from http import HTTPStatus
from importlib import import_module
from random import Random
from types import ModuleType
from typing import cast

from trayapp.model.ports import Clock, Refused
from trayapp.model.secret import Secret
from trayapp.simulator import apis, pages
from trayapp.simulator.apis import Dialect
from trayapp.simulator.apis._door import Broken, Door
from trayapp.simulator.board import Extra, board
from trayapp.simulator.desk import Desk, PageDesk
from trayapp.simulator.exchange import Answer, Ask, Manner, Reply, html_answer, json_answer
from trayapp.simulator.listener import Listener
from trayapp.simulator.pages import Platform
from trayapp.simulator.scenario import Incident, Path, Scenario
from trayapp.simulator.vendors import Vendor

#: The role of the server that stands for the rest of the internet, and the path at which it says that all is well.
NEUTRAL = "neutral"
TARGET = "/generate_204"

_REMEMBERED = 10_000
_KEY_HEADERS = ("authorization", "x-api-key", "x-goog-api-key", "api-key")


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
        self._valid_key = valid_key
        self._first_port = first_port
        self._asked = 0
        #: Seeded by the incident: two runs with the same requests are alike.
        self._dice = {incident.id: Random(incident.id) for incident in scenario.incidents}
        self._listeners: dict[str, Listener] = {}
        self._desks: dict[str, Desk] = {}
        self._pages: dict[str, PageDesk] = {}
        self.requests: deque[Asked] = deque(maxlen=_REMEMBERED)
        for vendor in scenario.vendors:
            if vendor.platform:
                self._add_page(vendor, cast(Platform, _protocol(pages, vendor.platform)))
            if vendor.dialect:
                self._add_api(vendor, cast(Dialect, _protocol(apis, vendor.dialect)))
        self._desks[NEUTRAL] = Desk(self._listener(NEUTRAL, _neutral), _edge_page)

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
        lines = ["[monitor]", f'connectivity_targets = ["{self.neutral.url}{TARGET}"]']
        if watch is not None:
            lines.append(f"watch = {json.dumps(list(watch))}")
        for vendor in self._scenario.vendors:
            if watch is None or vendor.id in watch:
                lines += ["", f"[providers.{vendor.id}]", "allow_private = true"]
                lines += [f'feed.url = "{self.page(vendor.id).url}"'] if vendor.platform else []
                lines += [f'api.base_url = "{self.api(vendor.id).url}"'] if vendor.dialect else []
        return "\n".join(lines) + "\n"

    def _add_page(self, vendor: Vendor, platform: Platform) -> None:
        extra, role = Extra(), f"{vendor.id}.page"
        listener = self._listener(role, partial(self._from_page, vendor, platform, extra))
        self._pages[vendor.id] = PageDesk(listener, _edge_page, extra, vendor.components, self._clock.now)
        self._desks[role] = self._pages[vendor.id]

    def _add_api(self, vendor: Vendor, dialect: Dialect) -> None:
        role = f"{vendor.id}.api"
        listener = self._listener(role, partial(self._from_api, vendor, dialect))
        self._desks[role] = Desk(listener, lambda status: dialect.error(status, None, "", self._asked))

    def _listener(self, role: str, answer: Callable[[Ask], Reply]) -> Listener:
        self._listeners[role] = Listener(partial(self._reply, role, answer))
        return self._listeners[role]

    async def _reply(self, role: str, answer: Callable[[Ask], Reply], ask: Ask) -> Reply:
        """Note the request, and let the desk answer it, or else the world."""
        is_keyed = any(name in ask.headers for name in _KEY_HEADERS) or "key=" in ask.query
        now = self._clock.now()
        self.requests.append(Asked(now, role, ask.method, ask.path, is_keyed))
        self._asked += 1
        desk = self._desks[role]
        if desk.delay_s:
            await asyncio.sleep(desk.delay_s)
        reply = desk.reply or answer(ask)
        if isinstance(reply, Manner):
            return reply
        return replace(reply, headers={"date": format_datetime(now, usegmt=True), **reply.headers})

    def _from_page(self, vendor: Vendor, platform: Platform, extra: Extra, ask: Ask) -> Reply:
        try:
            self._through(vendor, Path.PAGE, "")
        except Broken as broken:
            return broken.fault.manner if broken.fault.manner is not Manner.ERROR else _edge_page(broken.fault.status)
        told = (incident for incident in self._scenario.incidents if incident.provider == vendor.id)
        shown = board(vendor, self._scenario.start, told, extra, self._clock.now())
        document = platform.answer(vendor, shown, ask.path)
        return _edge_page(404) if document is None else _validated(ask, json_answer(document))

    def _from_api(self, vendor: Vendor, dialect: Dialect, ask: Ask) -> Reply:
        door = Door(self._asked, self._accepts, partial(self._through, vendor))
        try:
            door.through(Path.EDGE, "")
            return dialect.answer(vendor, ask, door)
        except Broken as broken:
            fault = broken.fault
            if fault.manner is not Manner.ERROR:
                return fault.manner
            if fault.code is None:
                return _edge_page(fault.status)
            return dialect.error(fault.status, fault.code, fault.message, door.number)

    def _accepts(self, key: str) -> bool:
        return Secret(key) == self._valid_key

    def _through(self, vendor: Vendor, path: Path, model: str) -> None:
        """Let a request pass through a path. Raises Broken when an incident is on there and takes this request."""
        now = self._clock.now()
        for incident in self._scenario.incidents:
            concerns = incident.provider == vendor.id and incident.is_on(now) and _touches(incident, path, model)
            if concerns and self._dice[incident.id].random() < incident.share:
                raise Broken(incident.fault)


def _protocol(family: ModuleType, name: str) -> ModuleType:
    """Return the module of a family that speaks the protocol `name`. Raises Refused when there is none."""
    known = sorted(module.name for module in pkgutil.iter_modules(family.__path__) if not module.name.startswith("_"))
    if name not in known:
        raise Refused(f"one of {', '.join(known)} was expected as protocol, got {name[:50]!a}")
    return import_module(f"{family.__name__}.{name}")


def _touches(incident: Incident, path: Path, model: str) -> bool:
    if incident.path is Path.MODEL:
        return path is Path.INFERENCE and any(piece.lower() in model.lower() for piece in incident.models)
    return incident.path is path


def _neutral(ask: Ask) -> Reply:
    return Answer(204) if ask.path == TARGET else _edge_page(404)


def _edge_page(status: int) -> Answer:
    """Return the page that an edge shows; some of its statuses (520 to 530) have no words of their own."""
    known = {each.value: each.phrase for each in HTTPStatus}
    return html_answer(status, f"{status} {known.get(status, 'Error')}")


def _validated(ask: Ask, answer: Answer) -> Answer:
    """Return the answer with its ETag, or a 304 without a body to who has it already (RFC 9110, section 13.1.2)."""
    tag = f'W/"{hashlib.sha256(answer.body).hexdigest()[:32]}"'
    headers = {**answer.headers, "etag": tag, "cache-control": "max-age=0, private, must-revalidate"}
    known = {each.strip().removeprefix("W/") for each in ask.headers.get("if-none-match", "").split(",")}
    if known & {"*", tag.removeprefix("W/")}:
        return Answer(304, {name: headers[name] for name in ("etag", "cache-control")})
    return replace(answer, headers=headers)
