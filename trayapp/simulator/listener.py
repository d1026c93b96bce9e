"""One HTTP/1.1 server on 127.0.0.1: bytes to asks and answers to bytes, by h11; what to answer it is told."""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import urlsplit

import h11

from trayapp.model.ports import Refused
from trayapp.simulator.exchange import Answer, Ask, Manner, Reply

HOST = "127.0.0.1"

#: Bounds of what a client may do: size of a head and of a body in bytes, seconds of silence, connections at once.
_LARGEST_HEAD = 16 * 1024
_LARGEST_BODY = 1024 * 1024
_IDLE_S = 75.0
_MOST_CONNECTIONS = 200
_PIECE = 64 * 1024


class Listener:
    """Serves one role. `answer` is called for each request, on the loop."""

    def __init__(self, answer: Callable[[Ask], Awaitable[Reply]]) -> None:
        self._answer = answer
        self._socket: socket.socket | None = None
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._port = 0

    @property
    def url(self) -> str:
        """The address, without a slash at its end; known once it is open."""
        return f"http://{HOST}:{self._port}"

    async def open(self, port: int = 0) -> None:
        """Listen at the port, 0 for any that is free. Raises Refused when it is in use."""
        self._socket = _bound(port)
        self._port = self._socket.getsockname()[1]
        await self.accept()

    async def accept(self) -> None:
        """Take connections, after `open` and again after `refuse`."""
        if self._server is None:
            assert self._socket is not None, "open comes first"
            self._server = await asyncio.start_server(self._connected, sock=self._socket)

    async def refuse(self) -> None:
        """Take no more connections and cut those there are; the port stays ours, so that it answers nobody."""
        if self._server is not None:
            await self._stop()
            self._socket = _bound(self._port)

    async def close(self) -> None:
        """Cut every connection and give the port back."""
        await self._stop()
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    async def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
            self._socket = None
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None, "asyncio runs this as a task"
        self._connections.add(task)
        try:
            # A client that breaks off, or off the rules, is nobody's fault here. To be cancelled is how a connection
            # ends here; asyncio's streams before Python 3.12 log a task that ends cancelled as a defect.
            with suppress(OSError, TimeoutError, h11.ProtocolError, asyncio.CancelledError):
                if len(self._connections) <= _MOST_CONNECTIONS:
                    await self._serve(reader, writer)
        finally:
            self._connections.discard(task)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = h11.Connection(h11.SERVER, max_incomplete_event_size=_LARGEST_HEAD)
        while (ask := await _ask(wire, reader)) is not None:
            reply = await self._answer(ask)
            if isinstance(reply, Manner) and reply is not Manner.HANG:
                # Here a connection that is cut stands for one that was refused, and for a name that is not known.
                writer.transport.abort()
                return
            if not isinstance(reply, Answer):
                # Whatever else comes is not heard, only that the client goes.
                while await reader.read(_PIECE):
                    pass
                return
            await _send(wire, writer, ask, reply)
            if wire.our_state is not h11.DONE or wire.their_state is not h11.DONE:
                return
            wire.start_next_cycle()


def _bound(port: int) -> socket.socket:
    """Return a socket that has the port, and does not listen yet. Raises Refused when another has it."""
    # asyncio switches Nagle's delay off only on sockets that name TCP; with it each answer would take 40 ms.
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":
            # There SO_REUSEADDR would let two servers share a port.
            made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((HOST, port))
    except (OSError, OverflowError) as error:
        made.close()
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        raise Refused(f"port {port} of {HOST} {'is in use' if taken else 'cannot be had'}") from None
    return made


async def _ask(wire: h11.Connection, reader: asyncio.StreamReader) -> Ask | None:
    """Return the next request, None when the client has closed. Raises h11's errors, TimeoutError and OSError."""
    head: h11.Request | None = None
    body = bytearray()
    while True:
        event = wire.next_event()
        if event is h11.NEED_DATA:
            async with asyncio.timeout(_IDLE_S):
                wire.receive_data(await reader.read(_PIECE))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > _LARGEST_BODY:
                return None
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            return _read(head, bytes(body))
        else:
            return None


def _read(head: h11.Request, body: bytes) -> Ask:
    target = urlsplit(head.target.decode("latin-1"))
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}
    return Ask(head.method.decode("latin-1"), target.path, target.query, headers, body)


async def _send(wire: h11.Connection, writer: asyncio.StreamWriter, ask: Ask, answer: Answer) -> None:
    headers = list(answer.headers.items())
    is_bare = answer.status in (204, 304)
    if not answer.stream and not is_bare:
        headers.append(("content-length", str(len(answer.body))))
    pieces = () if is_bare or ask.method == "HEAD" else answer.stream or (answer.body,)
    _write(wire, writer, h11.Response(status_code=answer.status, headers=headers, reason=_reason(answer.status)))
    for piece in pieces:
        _write(wire, writer, h11.Data(data=piece))
        await writer.drain()
    _write(wire, writer, h11.EndOfMessage())
    await writer.drain()


def _write(wire: h11.Connection, writer: asyncio.StreamWriter, event: h11.Event) -> None:
    data = wire.send(event)
    if data:
        writer.write(data)


def _reason(status: int) -> str:
    """Return the status' usual words; edges make up statuses of their own, which have none."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
