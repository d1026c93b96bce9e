"""Tells of changes: the user by notices, listeners by the events of `uptray watch --json`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from trayapp.decide import document, notify, tidings
from trayapp.decide.wording import summary
from trayapp.model.effect import Effect, Notify
from trayapp.model.picture import Offer
from trayapp.model.ports import Notifier, Refused
from trayapp.model.provider import Provider
from trayapp.model.settings import NotificationSettings
from trayapp.model.verdict import NetworkTransition, Transition

log = logging.getLogger(__name__)

Listener = Callable[[dict[str, Any]], None]

_FOR_EVER = datetime.max.replace(tzinfo=UTC)


class Herald:
    """Knows which episodes are open and whether the user wants quiet. Notices wait in line: nobody waits for them."""

    def __init__(self, notifier: Notifier | None, wishes: NotificationSettings) -> None:
        self._notifier = notifier
        self._wishes = wishes
        self._announced = notify.Announced()
        self._paused_until: datetime | None = None
        self._listeners: list[Listener] = []
        self._notices: asyncio.Queue[Effect] = asyncio.Queue()

    def inherit(self, other: Herald) -> None:
        """Go on with what the other told of, and with the quiet the user asked it for."""
        self._announced, self._paused_until = other._announced, other._paused_until

    @property
    def announced(self) -> notify.Announced:
        """What was told of."""
        return self._announced

    def resume(self, announced: notify.Announced | None) -> None:
        """Go on with what was told of before a restart."""
        if announced is not None:
            self._announced = announced

    def listen(self, listener: Listener) -> None:
        """Have `listener` called with each event."""
        self._listeners.append(listener)

    def emit(self, event: dict[str, Any]) -> None:
        """Hand an event to every listener."""
        for listener in self._listeners:
            listener(event)

    def announce(
        self,
        change: Transition | NetworkTransition,
        provider: Provider | None,
        now: datetime,
        *,
        all_down: bool,
        offer: Offer | None = None,
    ) -> None:
        """Tell of one change; `provider` is the one it is about, None for the network's; `offer`: what would help."""
        if isinstance(change, NetworkTransition):
            self.emit(document.network_event(change))
        elif provider and (change.before.level, change.before.cause) != (change.after.level, change.after.cause):
            self.emit(document.verdict_event(change, summary(change.after, provider, now)))
        paused = self.paused_until(now) is not None
        effects, self._announced = notify.effects(
            change, provider, self._announced, self._wishes, paused=paused, all_down=all_down
        )
        for effect in effects:
            self._notices.put_nowait(tidings.offered(effect, offer) if isinstance(effect, Notify) else effect)

    def tell(self, notice: Notify, now: datetime, *, by_itself: bool) -> None:
        """Tell what became of an agent; `by_itself`: nobody asked, so quiet is kept when the user wants quiet."""
        if by_itself and (not self._wishes.enabled or self.paused_until(now) is not None):
            return
        self._notices.put_nowait(notice)

    async def run(self) -> None:
        """Show notices in their order, one at a time, until cancelled."""
        while True:
            effect = await self._notices.get()
            if self._notifier is None:
                continue
            try:
                if isinstance(effect, Notify):
                    await self._notifier.notify(effect)
                else:
                    await self._notifier.withdraw(effect.key)
            except Refused as reason:
                log.warning("a notice was not shown: %s", reason)

    def pause(self, seconds: float | None, now: datetime) -> None:
        """No notices for so many seconds; None: until told otherwise; 0: speak again."""
        self._paused_until = _FOR_EVER if seconds is None else now + timedelta(seconds=seconds)

    def paused_until(self, now: datetime) -> datetime | None:
        """Return until when there is quiet, None when there is none."""
        return self._paused_until if self._paused_until is not None and now < self._paused_until else None
