"""A D-Bus client for tests that is called like a function: its loop runs in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

T = TypeVar("T")


class CallFailed(ConnectionError):
    """The other side answered with an error, named as D-Bus names it, or did not answer in time."""


class SessionBus:
    """A connection to the bus at `address`."""

    def __init__(self, address: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="session-bus", daemon=True)
        self._thread.start()
        try:
            self._bus = self._wait(self._connect(address), 5)
        except BaseException:
            self._end()
            raise

    def call(
        self, name: str, path: str, interface: str, member: str, signature: str = "", *body: Any, timeout: float = 5
    ) -> list[Any]:
        """Call a method and return its answer without Variants. Raises CallFailed."""
        message = Message(name, path, interface, member, signature=signature, body=list(body))
        try:
            reply = self._wait(self._bus.call(message), timeout)
        except (TimeoutError, EOFError, OSError) as error:
            raise CallFailed(f"{name} {member}: {type(error).__name__}") from error
        if reply.message_type is MessageType.ERROR:
            raise CallFailed(f"{reply.error_name}: {reply.body}")
        return [plain(value) for value in reply.body]

    def get(self, name: str, path: str, interface: str, prop: str) -> Any:
        """Return one property. Raises CallFailed."""
        return self.call(name, path, "org.freedesktop.DBus.Properties", "Get", "ss", interface, prop)[0]

    def has(self, name: str) -> bool:
        """Return whether somebody owns `name`."""
        return bool(self._about("NameHasOwner", name))

    def owner(self, name: str) -> str:
        """Return the unique name of the owner. Raises CallFailed when there is none."""
        return str(self._about("GetNameOwner", name))

    def _about(self, member: str, name: str) -> Any:
        return self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", member, "s", name)[0]

    def close(self) -> None:
        """Disconnect and end the thread."""
        self._wait(self._disconnect(), 5)
        self._end()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _wait(self, work: Coroutine[Any, Any, T], timeout: float) -> T:
        return asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, timeout), self._loop).result()

    async def _connect(self, address: str) -> MessageBus:
        return await MessageBus(bus_address=address).connect()

    async def _disconnect(self) -> None:
        self._bus.disconnect()


def plain(value: Any) -> Any:
    """Return the value with every Variant in it unwrapped."""
    if isinstance(value, Variant):
        return plain(value.value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value
