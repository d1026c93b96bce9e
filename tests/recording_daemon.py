"""A notification daemon that shows nothing and writes down what it is asked, byte for byte, in the test's own loop."""

from __future__ import annotations

import html
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from tests.desktop_session import NOTIFICATIONS, DesktopSession
from tests.until import eventually

_PATH = "/org/freedesktop/Notifications"


@dataclass(frozen=True, slots=True)
class Asked:
    """One call of Notify. `hints` are pairs of signature and value; `text` is the body without escapes."""

    sender: str
    replaces: int
    title: str
    body: str
    actions: list[str]
    hints: dict[str, tuple[str, Any]]

    @property
    def text(self) -> str:
        return html.unescape(self.body)


class RecordingDaemon:
    """Gives the ids 1, 2, 3 … and keeps the one that is replaced."""

    def __init__(self, session: DesktopSession) -> None:
        self._address = session.env["DBUS_SESSION_BUS_ADDRESS"]
        self._announced: Sequence[str] = ()
        self._server = "recorder"
        self._held: list[Message] | None = None
        self._last_id = 0
        self.asked: list[Asked] = []

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Be on the bus, without a name."""
        self._bus = await MessageBus(bus_address=self._address).connect()
        try:
            yield
        finally:
            self._bus.disconnect()
            await eventually(lambda: not self._bus.connected)

    @asynccontextmanager
    async def running(self, announced: Sequence[str], server: str = "recorder") -> AsyncIterator[RecordingDaemon]:
        """Be the notification daemon, with these capabilities and this name."""
        self._announced, self._server = announced, server
        async with self.connected():
            self._bus.add_message_handler(self._answer)
            await self._bus.request_name(NOTIFICATIONS)
            yield self

    def hold(self) -> None:
        """Take calls and keep the answers back."""
        self._held = []

    def is_holding(self) -> bool:
        """Return whether a call was taken whose answer is kept back."""
        return bool(self._held)

    def release(self) -> None:
        """Give the answers that were kept back."""
        held, self._held = self._held or [], None
        for message in held:
            self._bus.send(self._reply(message))

    async def press(self, number: int, action: str, to: str | None = None) -> None:
        """Say that the user chose an action; `to` one program alone, past everybody's match rules."""
        await self._say("ActionInvoked", "us", [number, action], to)

    async def dismiss(self, number: int) -> None:
        """Say that the user closed a notice."""
        await self._say("NotificationClosed", "uu", [number, 2])

    async def _say(self, member: str, signature: str, body: list[Any], to: str | None = None) -> None:
        signal = Message.new_signal(_PATH, NOTIFICATIONS, member, signature, body)
        signal.destination = to
        await self._bus.send(signal)

    def _answer(self, message: Message) -> Message | bool | None:
        if message.message_type is not MessageType.METHOD_CALL or message.interface != NOTIFICATIONS:
            return None
        if self._held is not None:
            self._held.append(message)
            return True
        return self._reply(message)

    def _reply(self, message: Message) -> Message:
        if message.member == "GetCapabilities":
            return Message.new_method_return(message, "as", [list(self._announced)])
        if message.member == "GetServerInformation":
            return Message.new_method_return(message, "ssss", [self._server, "tests", "1", "1.2"])
        if message.member == "Notify":
            return Message.new_method_return(message, "u", [self._note(message)])
        return Message.new_method_return(message)

    def _note(self, message: Message) -> int:
        _app, replaces, _icon, title, body, actions, hints, _timeout = message.body
        said = {name: (hint.signature, hint.value) for name, hint in hints.items()}
        self.asked.append(Asked(message.sender or "", replaces, title, body, actions, said))
        if replaces == 0:
            self._last_id += 1
        return replaces or self._last_id
