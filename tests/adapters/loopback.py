"""Real servers on loopback that answer, stall, lie and hang up as they are told."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from trayapp.model.request import Request


@dataclass
class Server:
    port: int = 0
    scheme: str = "http"
    #: The head of each request, and its body behind it, in the order of arrival.
    heads: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    connections: int = 0
    #: Bytes that were sent, as far as the loop took them.
    sent: int = 0

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self.port}/v1/models"

    async def hear(self, reader: asyncio.StreamReader) -> str:
        """Read one request; return its head."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lengths = [line.split(":")[1] for line in head.splitlines() if line.lower().startswith("content-length:")]
        self.heads.append(head)
        self.bodies.append(await reader.readexactly(int(lengths[0])) if lengths else b"")
        return head


Handler = Callable[[Server, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """Serve until the block ends; whatever a handler still does then is cancelled."""
    server = Server(scheme="https" if tls else "http")
    running: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        server.connections += 1
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
                await handler(server, reader, writer)
        finally:
            running.discard(task)
            writer.close()

    listening = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in list(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await asyncio.sleep(0)


def message(status: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """Return an answer as it goes over the wire."""
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    if not any(name.lower() == "content-length" for name in headers or {}):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def answering(status: str = "200 OK", body: bytes = b"{}", headers: Mapping[str, str] | None = None) -> Handler:
    """Answer every request alike, on connections that stay open."""

    async def handle(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await server.hear(reader)
            writer.write(message(status, body, headers))
            await writer.drain()

    return handle


def saying(raw: bytes) -> Handler:
    """Answer the first request with these bytes and hang up."""

    async def handle(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.hear(reader)
        writer.write(raw)
        await writer.drain()

    return handle


def dripping(head: bytes, piece: bytes = b"x", pause_s: float = 0.05) -> Handler:
    """Answer the first request with `head`, then a piece now and then, for ever."""

    async def handle(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.hear(reader)
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()
            server.sent += len(piece)
            await asyncio.sleep(pause_s)

    return handle


async def silent(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take everything, and say nothing."""
    await reader.read(-1)
    await asyncio.sleep(60)


async def unread(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Keep the connection and do nothing with it."""
    await asyncio.sleep(60)


def resetting(after: Callable[[Server, asyncio.StreamReader], Awaitable[object]]) -> Handler:
    """Reset the connection (RST) once `after` is done."""

    async def handle(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await after(server, reader)
        reset(writer)

    return handle


def reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST: without lingering, what was not sent is thrown away and the other side is told at once."""
    own = writer.get_extra_info("socket")
    own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def closed_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def asking(url: str, **more: object) -> Request:
    """Return a request to loopback with short deadlines."""
    settings = {"connect_s": 1.0, "read_s": 1.0, "total_s": 3.0, "allow_private": True, **more}
    return Request(url, **settings)  # type: ignore[arg-type]  # the fields are named by the caller
