"""How a connection is made and waited on: to addresses that were checked, and within the call's deadlines.

The address that was checked is the one that is connected to, so that a name cannot be public when it is looked at and
private when it is used (DNS rebinding). Through a proxy the proxy looks the name up, and nothing can be said about it.
Imports httpcore: to be imported only where the network is first needed.
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpcore

from trayapp.adapters.http_call import CURRENT, Phase
from trayapp.adapters.http_lookup import Addresses, public

if TYPE_CHECKING:
    import ssl

#: Seconds that one address has alone before the next is tried beside it (RFC 8305 calls for 250 ms).
_HEAD_START_S = 0.25
_LONGEST_CHAIN = 20
_NO_WAY = {
    errno.ENETUNREACH,
    errno.EHOSTUNREACH,
    errno.EADDRNOTAVAIL,
    errno.EAFNOSUPPORT,
    errno.ENETDOWN,
    errno.EHOSTDOWN,
}


class Enough(Exception):
    """Ends the reading of a body of which no more is wanted, from below, so that every layer above closes in order."""


class Line(httpcore.AsyncNetworkBackend):
    """Makes connections. `is_direct`: not to a proxy, so that private addresses are refused."""

    def __init__(self, addresses: Addresses, *, is_direct: bool) -> None:
        self._addresses = addresses
        self._is_direct = is_direct
        self._inner = httpcore.AnyIOBackend()
        self._open: set[_Stream] = set()
        self._is_cut = False

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (the signature is httpcore's; the call has the deadline)
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Look the host up and connect to it. Raises httpcore's ConnectError or ConnectTimeout."""
        call = CURRENT.get()
        call.phase = Phase.LOOKUP
        try:
            async with asyncio.timeout(call.remaining()):
                addresses = await self._addresses.of(host)
                if self._is_direct and not call.request.allow_private:
                    addresses = public(addresses)
                call.phase = Phase.CONNECT
                return await self.hold(await self._race(addresses, port))
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        except OSError as error:
            raise httpcore.ConnectError from error

    async def hold(self, inner: httpcore.AsyncNetworkStream) -> _Stream:
        """Return the connection with the call's deadlines on it. Raises ConnectError when all were cut meanwhile."""
        stream = _Stream(inner, self)
        if self._is_cut:
            await stream.aclose()
            raise httpcore.ConnectError
        self._open.add(stream)
        return stream

    def release(self, stream: _Stream) -> None:
        """Hold the connection no longer."""
        self._open.discard(stream)

    async def cut(self) -> None:
        """Close every connection, and each that is still being made as soon as it is."""
        self._is_cut = True
        for stream in list(self._open):
            await stream.aclose()

    async def sleep(self, seconds: float) -> None:
        """Wait; httpcore asks for it between retries, of which there are none."""
        await asyncio.sleep(seconds)

    async def _race(self, addresses: Sequence[str], port: int) -> httpcore.AsyncNetworkStream:
        """Return the first connection that is made; each address has a head start on the next (RFC 8305)."""
        if len(addresses) == 1:
            return await self._inner.connect_tcp(addresses[0], port)
        started: list[asyncio.Task[httpcore.AsyncNetworkStream]] = []
        running: set[asyncio.Task[httpcore.AsyncNetworkStream]] = set()
        winner = None
        try:
            while winner is None and (running or len(started) < len(addresses)):
                if len(started) < len(addresses):
                    started.append(asyncio.create_task(self._inner.connect_tcp(addresses[len(started)], port)))
                    running.add(started[-1])
                patience = _HEAD_START_S if len(started) < len(addresses) else None
                done, running = await asyncio.wait(running, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
                winner = next((runner for runner in done if runner.exception() is None), None)
        finally:
            await _drop([runner for runner in started if runner is not winner])
        if winner is None:
            raise _telling([error for runner in started if (error := runner.exception())])
        return winner.result()


class _Stream(httpcore.AsyncNetworkStream):
    """A connection that waits no longer than the call for which it waits."""

    def __init__(self, inner: httpcore.AsyncNetworkStream, line: Line) -> None:
        self._inner = inner
        self._line = line

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  (httpcore's signature)
        call = CURRENT.get()
        if call.has_enough:
            raise Enough
        return await self._inner.read(max_bytes, call.remaining())

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  (httpcore's signature)
        await self._inner.write(buffer, CURRENT.get().remaining())

    async def aclose(self) -> None:
        self._line.release(self)
        with suppress(OSError):
            await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore's signature)
    ) -> httpcore.AsyncNetworkStream:
        try:
            inner = await self._inner.start_tls(ssl_context, server_hostname, CURRENT.get().remaining())
        finally:
            self._line.release(self)
        return await self._line.hold(inner)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


async def _drop(runners: Sequence[asyncio.Task[httpcore.AsyncNetworkStream]]) -> None:
    """End the runners that came too late, and close what they brought."""
    for runner in runners:
        runner.cancel()
    for late in await asyncio.gather(*runners, return_exceptions=True):
        if not isinstance(late, BaseException):
            await late.aclose()


def _telling(errors: Sequence[BaseException]) -> BaseException:
    """Return the error that tells most: where a family is not connected at all, the other's says what is wrong."""
    return next((error for error in errors if not is_unreachable(error)), errors[0])


def is_unreachable(error: BaseException) -> bool:
    """True when no way leads to the address."""
    return any(isinstance(cause, OSError) and cause.errno in _NO_WAY for cause in chain(error))


def chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and what caused it, from the outermost in."""
    seen: BaseException | None = error
    for _ in range(_LONGEST_CHAIN):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or seen.__context__
