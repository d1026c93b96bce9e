"""A program that owns a bus name and answers no call: what a stuck daemon looks like to its clients."""

from __future__ import annotations

import asyncio
import sys

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus


def swallow(message: Message) -> bool | None:
    return True if message.message_type is MessageType.METHOD_CALL else None


async def serve(name: str) -> None:
    bus = await MessageBus().connect()
    bus.add_message_handler(swallow)
    await bus.request_name(name)
    await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]  # dbus-fast 5.2 gives it no types


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
