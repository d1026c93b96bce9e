"""Where a test sets by hand what one server of the stand-in world does, whatever its scenario says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from trayapp.model.reading import Maintenance
from trayapp.simulator.board import Extra, posted
from trayapp.simulator.exchange import Answer, Manner, Reply, json_answer
from trayapp.simulator.listener import Listener
from trayapp.simulator.scenario import Post


class Desk:
    """One server. `usual` gives its own error for a status."""

    def __init__(self, listener: Listener, usual: Callable[[int], Answer]) -> None:
        self._listener = listener
        self._usual = usual
        #: What every request is answered, None: what the world says.
        self.reply: Reply | None = None
        #: Real seconds before each answer.
        self.delay_s = 0.0

    @property
    def url(self) -> str:
        """The address of this server."""
        return self._listener.url

    def fail(
        self,
        status: int = 500,
        body: bytes | str | Mapping[str, Any] | list[Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answer every request so, also with a 200 that is broken; without a body with the vendor's own error."""
        if body is None:
            usual = self._usual(status)
            self.reply = Answer(status, {**usual.headers, **(headers or {})}, usual.body)
        elif isinstance(body, Mapping | list):
            self.reply = json_answer(body, status, headers)
        else:
            raw = body.encode() if isinstance(body, str) else body
            self.reply = Answer(status, {"content-type": _kind(raw), **(headers or {})}, raw)

    def hang(self) -> None:
        """Take every request, and never answer."""
        self.reply = Manner.HANG

    def drop(self) -> None:
        """Close the connection of every request without an answer."""
        self.reply = Manner.DROP

    def slow(self, seconds: float) -> None:
        """Answer as the world says, so many real seconds later."""
        self.delay_s = seconds

    async def refuse(self) -> None:
        """Refuse connections, as a server does that is not running."""
        await self._listener.refuse()

    async def work(self) -> None:
        """End all of it: answer as the world says, at once."""
        self.reply, self.delay_s = None, 0.0
        await self._listener.accept()


class PageDesk(Desk):
    """A status page, where things can be put up too. States and statuses are Statuspage's words."""

    def __init__(
        self,
        listener: Listener,
        usual: Callable[[int], Answer],
        extra: Extra,
        components: Collection[str],
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(listener, usual)
        self._extra = extra
        self._components = components
        self._now = now

    def component(self, id: str, state: str) -> None:
        """Set a component's state; a word that the platform does not know is shown as it is. Raises KeyError."""
        self._extra.components[self._known(id)] = (self._now(), state)

    def incident(
        self,
        id: str,
        name: str,
        status: str = "investigating",
        impact: str = "major",
        components: Mapping[str, str] | None = None,
        text: str = "",
    ) -> None:
        """Post an update under the incident with this id, a new one at first. Raises KeyError."""
        states = {self._known(component): state for component, state in (components or {}).items()}
        posted(self._extra, id, name, Post(self._now(), status, impact, states, text))

    def maintenance(
        self,
        id: str,
        name: str,
        starts_at: datetime,
        ends_at: datetime,
        components: Collection[str] = (),
        status: str = "scheduled",
    ) -> None:
        """Announce work, or change what was announced under this id; no component changes by it. Raises KeyError."""
        touched = tuple(self._known(component) for component in components)
        self._extra.maintenances[id] = self._now(), Maintenance(id, name, status, starts_at, ends_at, touched)

    def _known(self, id: str) -> str:
        if id not in self._components:
            raise KeyError(id)
        return id


def _kind(body: bytes) -> str:
    first = body.lstrip()[:1]
    if first == b"<":
        return "text/html; charset=utf-8"
    return "application/json" if first in (b"{", b"[") else "text/plain; charset=utf-8"
