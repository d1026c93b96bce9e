"""Notices on Linux: the desktop's own notification daemon, asked over D-Bus.

https://specifications.freedesktop.org/notification-spec/latest/ says what may be asked; the daemon says which part of
it it knows. Every call has two seconds. Neither Qt nor plyer nor desktop-notifier escapes the body, replaces a notice
in place, or reports a daemon that is missing or stuck; hence this file.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trayapp.adapters.notifiers._asking import unheard
from trayapp.adapters.notifiers._deadline import DEADLINE_S, Stuck
from trayapp.adapters.notifiers._text import BODY_LENGTH, LABEL_LENGTH, TITLE_LENGTH, clean, escaped
from trayapp.adapters.notifiers._thread import in_daemon_thread
from trayapp.model.effect import Notify, Urgency
from trayapp.model.picture import Command
from trayapp.model.ports import Capability, Refused

if TYPE_CHECKING:
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

PLATFORMS = ("linux",)
RANK = 10

#: The .desktop file's name: daemons group by it, and take icon and the user's settings from it.
DESKTOP_ENTRY = "io.github.uptray.Uptray"
#: Seconds for leaving the bus, out of the one in which the program ends.
CLOSING_S = 0.3

_NAME, _PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
_BUS, _BUS_PATH = "org.freedesktop.DBus", "/org/freedesktop/DBus"
_MATCHES = (
    f"type='signal',sender='{_NAME}',interface='{_NAME}'",
    f"type='signal',sender='{_BUS}',interface='{_BUS}',member='NameOwnerChanged',arg0='{_NAME}'",
)
_ABSENT = {f"org.freedesktop.DBus.Error.{error}" for error in ("ServiceUnknown", "NameHasNoOwner")}
_URGENCIES = {Urgency.LOW: 0, Urgency.NORMAL: 1, Urgency.CRITICAL: 2}
#: Daemons that draw the default action as one more button: https://docs.xfce.org/apps/xfce4-notifyd/spec
_WITHOUT_CLICK = {"Xfce Notify Daemon"}


class Freedesktop:
    """The notification daemon on the session bus. Bus and daemon may go and come back at any time."""

    def __init__(
        self, opened: Callable[[str], None], address: str | None = None, asked: Callable[[Command], None] = unheard
    ) -> None:
        """`opened` gets the https address of a notice that was clicked, `asked` what a button asks for.

        `address`: of the bus, None: the session's.
        """
        self.name = "freedesktop"
        self._opened = opened
        self._asked = asked
        self._address = address
        self._turn = asyncio.Lock()
        self._bus: MessageBus | None = None
        self._under_way: set[asyncio.Task[Any]] = set()
        self._forget_daemon()

    def _forget_daemon(self) -> None:
        """Ids die with the daemon that gave them, and the next one may be able to do something else."""
        self._daemon: str | None = None
        self._announced: frozenset[str] | None = None
        self._has_click = False
        self._shown: dict[str, int] = {}
        #: What each action of a notice does, by its id and the action's key.
        self._deeds: dict[int, Mapping[str, Callable[[], None]]] = {}

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What the daemon announced; nothing before `start`."""
        if self._announced is None:
            return frozenset()
        able = {Capability.REPLACE, Capability.WITHDRAW}
        if "actions" in self._announced:
            able |= {Capability.ACTIONS, Capability.CLICK} if self._has_click else {Capability.ACTIONS}
        return frozenset(able)

    async def start(self) -> None:
        """Ask the daemon what it can do. Raises Refused: no bus, no daemon; Stuck: it does not answer."""
        async with self._bounded():
            await self._meet()

    async def notify(self, notice: Notify) -> None:
        """Show it, in the place of the one with the same key. Raises Refused; Stuck when the daemon did not answer."""
        async with self._bounded():
            announced = await self._meet()
            has_buttons = "actions" in announced
            body = clean(notice.text(has_buttons=has_buttons), BODY_LENGTH)
            if "body-markup" in announced:
                body = escaped(body)
            title, actions = clean(notice.title, TITLE_LENGTH), self._actions(notice) if has_buttons else []
            deeds = self._answers(notice) if has_buttons else {}
            request = ("Uptray", self._shown.get(notice.key, 0), "", title, body, actions, _hints(notice), -1)
            call = asyncio.ensure_future(self._call("Notify", "u", "susssasa{sv}i", *request))
            self._under_way.add(call)
            call.add_done_callback(partial(self._was_shown, notice.key, deeds))
            await asyncio.shield(call)

    async def withdraw(self, key: str) -> None:
        """Take the notice away; nothing when it is gone already. Raises Stuck when the daemon does not answer."""
        if key not in self._shown:
            return
        async with self._bounded():
            await self._meet()
            number = self._shown.pop(key, None)
            if number is not None:
                self._deeds.pop(number, None)
                await self._call("CloseNotification", "", "u", number)

    async def close(self) -> None:
        """Leave the bus. What is shown stays, for it still holds."""
        bus, self._bus = self._bus, None
        self._forget_daemon()
        if bus is not None and bus.connected:
            # Not in turn: a call that hangs must not hold up the program's end.
            bus.disconnect()
            with contextlib.suppress(OSError, EOFError):
                async with asyncio.timeout(CLOSING_S):
                    await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]  # dbus-fast 5.2 gives it no types

    def _actions(self, notice: Notify) -> list[str]:
        """Return key and label of each action. A click opens a page, and never asks for anything."""
        named = [(f"ask-{place}", label) for place, (label, _) in enumerate(notice.commands)]
        actions = [text for key, label in named for text in (key, clean(label, LABEL_LENGTH))]
        label, link = notice.action or ("", "")
        if not link.startswith("https://"):
            return actions
        shown = clean(label, LABEL_LENGTH) or "Open"
        click = ["default", shown] if self._has_click else []
        return [*click, *actions, "open", shown]

    def _answers(self, notice: Notify) -> Mapping[str, Callable[[], None]]:
        """Return what each action does."""
        deeds = {f"ask-{place}": partial(self._asked, command) for place, (_, command) in enumerate(notice.commands)}
        link = notice.action[1] if notice.action else ""
        if link.startswith("https://"):
            deeds |= dict.fromkeys(("default", "open"), partial(self._opened, link))
        return deeds

    def _was_shown(self, key: str, deeds: Mapping[str, Callable[[], None]], call: asyncio.Task[list[Any]]) -> None:
        """Remember the id, also when the answer came too late for `notify`: the notice is there to be replaced."""
        self._under_way.discard(call)
        if call.cancelled() or call.exception() is not None:
            return
        number = call.result()[0]
        self._deeds.pop(self._shown.get(key, 0), None)
        self._shown[key] = number
        if deeds:
            self._deeds[number] = deeds

    @asynccontextmanager
    async def _bounded(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(DEADLINE_S), self._turn:
                yield
        except TimeoutError:
            raise Stuck(f"the notification daemon did not answer within {DEADLINE_S:g} s") from None
        except (OSError, EOFError) as error:
            raise Refused(f"the session bus went away ({type(error).__name__})") from error

    async def _meet(self) -> frozenset[str]:
        """Return what the daemon announces, on a bus that is connected."""
        # Two turns of the loop, in which dbus-fast hears that the bus has gone: what it cannot write to a dead bus, it
        # leaves behind as a future whose error nobody fetches.
        for _ in range(2):
            await asyncio.sleep(0)
        if self._bus is None or not self._bus.connected:
            self._forget_daemon()
            self._bus = await self._connect()
        if self._announced is None:
            announced = frozenset((await self._call("GetCapabilities", "as"))[0])
            server = clean((await self._call("GetServerInformation", "ssss"))[0], LABEL_LENGTH)
            self.name = f"freedesktop ({server})"
            self._has_click = server not in _WITHOUT_CLICK
            self._announced = announced
        return self._announced

    async def _connect(self) -> MessageBus:
        try:
            # Some 100 ms of loading, which would hold up the loop.
            dbus_fast, aio = await in_daemon_thread(_load)
        except ImportError as error:
            raise Refused(f"dbus-fast cannot be loaded ({error})") from error
        try:
            bus: MessageBus = await aio.MessageBus(bus_address=self._address or _session_address()).connect()
        except (OSError, EOFError, dbus_fast.AuthError, dbus_fast.InvalidAddressError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise Refused(f"there is no session bus ({error or type(error).__name__})") from error
        bus.add_message_handler(self._on_message)
        for match in _MATCHES:
            await bus.call(dbus_fast.Message(_BUS, _BUS_PATH, _BUS, "AddMatch", signature="s", body=[match]))
        return bus

    async def _call(self, member: str, returns: str, signature: str = "", *body: Any) -> list[Any]:
        """Call the daemon. Raises Refused: it is not there, answers with an error, or with something else."""
        from dbus_fast import Message, MessageType

        if self._bus is None:
            raise Refused("the notifier is closed")
        reply = await self._bus.call(Message(_NAME, _PATH, _NAME, member, signature=signature, body=list(body)))
        if reply.message_type is MessageType.ERROR:
            if reply.error_name in _ABSENT:
                raise Refused("no notification daemon is running on the session bus")
            raise Refused(f"the notification daemon refused {member} ({clean(reply.error_name or '', 100)})")
        if reply.signature != returns:
            raise Refused(f"the notification daemon answered {member} with nonsense")
        self._daemon = reply.sender
        return list(reply.body)

    def _on_message(self, message: Message) -> None:
        """Hear the daemon go, a notice close, a button pressed. Anybody on the bus may claim so: see who speaks."""
        if message.sender == _BUS and message.member == "NameOwnerChanged":
            self._forget_daemon()
        elif message.interface == _NAME and message.sender == self._daemon:
            if (message.member, message.signature) == ("NotificationClosed", "uu"):
                self._closed(message.body[0])
            elif (message.member, message.signature) == ("ActionInvoked", "us"):
                self._invoked(*message.body)

    def _closed(self, number: int) -> None:
        self._deeds.pop(number, None)
        self._shown = {key: shown for key, shown in self._shown.items() if shown != number}

    def _invoked(self, number: int, action: str) -> None:
        deed = self._deeds.get(number, {}).get(action)
        if deed is not None:
            asyncio.get_running_loop().call_soon(deed)


def make(opened: Callable[[str], None], asked: Callable[[Command], None]) -> Freedesktop:
    """Return the notifier for the session bus."""
    return Freedesktop(opened, asked=asked)


def _load() -> tuple[Any, Any]:
    return importlib.import_module("dbus_fast"), importlib.import_module("dbus_fast.aio")


def _hints(notice: Notify) -> dict[str, Any]:
    from dbus_fast import Variant

    # The urgency is a byte; some daemons overlook an integer.
    return {
        "urgency": Variant("y", _URGENCIES[notice.urgency]),
        "desktop-entry": Variant("s", DESKTOP_ENTRY),
    }


def _session_address() -> str:
    """Return the session bus's address; where systemd opens it when nothing says so. Raises Refused."""
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    if address:
        return address
    socket = Path(os.environ.get("XDG_RUNTIME_DIR") or "/nonexistent") / "bus"
    if not socket.exists():
        raise Refused("there is no session bus (DBUS_SESSION_BUS_ADDRESS is not set)")
    return f"unix:path={socket}"
