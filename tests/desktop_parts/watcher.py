"""A StatusNotifierWatcher with a host that draws nothing, as a program: tray items register here and tests read them.

Behaves as the KDE specification says: an item is named by the sender's unique name and its path, and goes when its
owner leaves the bus. `--hung` takes every registration and never answers.
https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/StatusNotifierWatcher/
"""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

from dbus_fast import Message, NameFlag, PropertyAccess
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusBool, DBusInt32, DBusSignature, DBusStr
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

NAME = "org.kde.StatusNotifierWatcher"

#: dbus-fast 5.2 cannot read a deferred "-> None".
Nothing = Annotated[None, DBusSignature("")]


class Watcher(ServiceInterface):
    """The list of items. Registration is answered in `on_message`, where the sender is known."""

    def __init__(self, *, hung: bool = False) -> None:
        super().__init__(NAME)
        self._items: list[str] = []
        self._hung = hung

    def on_message(self, message: Message) -> Message | bool | None:
        if message.member == "RegisterStatusNotifierItem":
            if self._hung:
                return True
            self._register(message.sender or "", message.body[0])
            return Message.new_method_return(message)
        if message.member == "NameOwnerChanged" and message.body[2] == "":
            self._forget(message.body[0])
        return None

    def _register(self, sender: str, said: str) -> None:
        item = sender + said if said.startswith("/") else f"{said}/StatusNotifierItem"
        if item not in self._items:
            self._items.append(item)
            self.StatusNotifierItemRegistered(item)

    def _forget(self, owner: str) -> None:
        for item in [item for item in self._items if item.partition("/")[0] == owner]:
            self._items.remove(item)
            self.StatusNotifierItemUnregistered(item)

    @dbus_method()
    def RegisterStatusNotifierItem(self, service: DBusStr) -> Nothing:
        """Described for introspection; `on_message` answers it."""

    @dbus_method()
    def RegisterStatusNotifierHost(self, service: DBusStr) -> Nothing:
        """There is one host already: this program."""

    @dbus_property(access=PropertyAccess.READ)
    def RegisteredStatusNotifierItems(self) -> Annotated[list[str], DBusSignature("as")]:
        return self._items

    @dbus_property(access=PropertyAccess.READ)
    def IsStatusNotifierHostRegistered(self) -> DBusBool:
        return True

    @dbus_property(access=PropertyAccess.READ)
    def ProtocolVersion(self) -> DBusInt32:
        return 0

    @dbus_signal()
    def StatusNotifierItemRegistered(self, item: str) -> DBusStr:
        return item

    @dbus_signal()
    def StatusNotifierItemUnregistered(self, item: str) -> DBusStr:
        return item

    @dbus_signal()
    def StatusNotifierHostRegistered(self) -> Nothing:
        return None


async def serve(*, hung: bool) -> None:
    bus = await MessageBus().connect()
    watcher = Watcher(hung=hung)
    bus.add_message_handler(watcher.on_message)
    bus.export("/StatusNotifierWatcher", watcher)
    match = "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'"
    driver = "org.freedesktop.DBus"
    await bus.call(Message(driver, "/org/freedesktop/DBus", driver, "AddMatch", signature="s", body=[match]))
    await bus.request_name(NAME, NameFlag.DO_NOT_QUEUE)
    await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]  # dbus-fast 5.2 gives it no types


if __name__ == "__main__":
    asyncio.run(serve(hung="--hung" in sys.argv))
