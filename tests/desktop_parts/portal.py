"""The settings portal of a desktop, as a program, of which the tests set `color-scheme` by calling `Set`.

https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Settings.html
"""

from __future__ import annotations

import asyncio

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

NAME = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
SETTINGS = "org.freedesktop.portal.Settings"
SCHEME = ("org.freedesktop.appearance", "color-scheme")


async def serve() -> None:
    bus = await MessageBus().connect()
    scheme = Variant("u", 0)

    def answer(message: Message) -> Message | None:
        nonlocal scheme
        if message.message_type is not MessageType.METHOD_CALL:
            return None
        if message.member == "ReadOne" and tuple(message.body) == SCHEME:
            return Message.new_method_return(message, "v", [scheme])
        if message.member == "Set":
            scheme = Variant("u", message.body[0])
            bus.send(Message.new_signal(PATH, SETTINGS, "SettingChanged", "ssv", [*SCHEME, scheme]))
            return Message.new_method_return(message)
        return None

    bus.add_message_handler(answer)
    await bus.request_name(NAME)
    await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]  # dbus-fast 5.2 gives it no types


if __name__ == "__main__":
    asyncio.run(serve())
