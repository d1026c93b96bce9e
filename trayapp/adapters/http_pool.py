"""The connections of one time: made alike, forgotten together. The only file that speaks to httpx's layers.

A request goes to httpx's transport with no client above it, which could keep a cookie, follow a redirect, log a URL,
or fail at a `Location` that is no URL though redirects are off. The transport is ours, of some lines, because httpx's
own does not pass a network backend on to httpcore, and a backend is where addresses are checked and deadlines kept.
Imports httpx: to be imported only where the network is first needed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpcore
import httpx

from trayapp.adapters import http_proxy
from trayapp.adapters.http_call import CURRENT, Call
from trayapp.adapters.http_line import Line
from trayapp.adapters.http_lookup import Addresses

if TYPE_CHECKING:
    import ssl

#: httpx's own default. Longer, and a connection that died unseen (sleep, another network) is the classic false alarm.
_KEEPALIVE_S = 5.0
_MOST_IDLE = 8


class NotAskable(Exception):
    """httpx can make no request of the URL."""


class Pool(httpx.AsyncBaseTransport):
    """httpx over one httpcore pool, direct or through a proxy.

    Its size has no limit, since the monitor limits how much it asks at once: a place that a cancelled request did not
    give back (httpcore #1093) then keeps nobody waiting.
    """

    def __init__(self, line: Line, tls: ssl.SSLContext | None, proxy: str | None) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            proxy=_proxy(proxy, tls) if proxy else None,
            max_connections=None,
            max_keepalive_connections=_MOST_IDLE,
            keepalive_expiry=_KEEPALIVE_S,
            network_backend=line,
        )

    async def ask(self, call: Call, headers: Mapping[str, str]) -> httpx.Response:
        """Send the call's request; return its answer as soon as the headers are there. Raises NotAskable and `FAULTS`.

        The answer's stream must be read to its end.
        """
        CURRENT.set(call)
        asked = call.request
        try:
            request = httpx.Request(
                asked.method, asked.url, headers=headers, content=asked.body, extensions={"trace": call.trace}
            )
        except (httpx.InvalidURL, UnicodeError):  # the latter for a host that only looks like an encoded one: xn--a
            raise NotAskable from None
        return await self.handle_async_request(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry out the request as it is."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        answer = await self._pool.handle_async_request(
            httpcore.Request(
                request.method, url, headers=request.headers.raw, content=request.stream, extensions=request.extensions
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Pieces(answer))

    async def aclose(self) -> None:
        """Close the connections that nobody uses."""
        await self._pool.aclose()


class _Pieces(httpx.AsyncByteStream):
    """An answer's body as it arrives."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._answer.aiter_stream()

    async def aclose(self) -> None:
        await self._answer.aclose()


class Connections:
    """All pools between two resets. After `retire` they live until the last call that uses them is done."""

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self.proxies = http_proxy.read()
        self.is_retired = False
        self._tls = tls
        addresses = Addresses()
        self._direct = Line(addresses, is_direct=True)
        self._proxied = Line(addresses, is_direct=False)
        self._pools: dict[str | None, Pool] = {}
        self._users = 0

    @asynccontextmanager
    async def use(self, proxy: str | None, *, fresh: bool) -> AsyncIterator[Pool]:
        """Lend the pool of a proxy, or a new one for a single call. A cancelled call retires everything."""
        pool = self._make(proxy) if fresh else self._pools.setdefault(proxy, self._make(proxy))
        self._users += 1
        try:
            yield pool
        except asyncio.CancelledError:
            self.is_retired = True
            raise
        finally:
            self._users -= 1
            if fresh:
                await pool.aclose()
            await self._close_when_done()

    async def retire(self) -> None:
        """Lend no more; calls under way come to their own end."""
        self.is_retired = True
        await self._close_when_done()

    async def cut(self) -> None:
        """Close every connection now; calls under way fail."""
        self.is_retired = True
        for line in (self._direct, self._proxied):
            await line.cut()
        await self._close_when_done()

    def _make(self, proxy: str | None) -> Pool:
        return Pool(self._proxied if proxy else self._direct, self._tls, proxy)

    async def _close_when_done(self) -> None:
        if self.is_retired and not self._users:
            for pool in self._pools.values():
                await pool.aclose()
            self._pools.clear()


def proxy_host(proxy: str | None) -> str | None:
    """Return the host of a proxy's URL: all of it that may be shown."""
    return urlsplit(proxy).hostname if proxy else None


def _proxy(url: str, tls: ssl.SSLContext | None) -> httpcore.Proxy:
    """Return the proxy as httpcore takes it, with the login that its URL may hold."""
    read = httpx.Proxy(url)
    is_https = read.url.scheme == "https"
    return httpcore.Proxy(str(read.url), auth=read.raw_auth, ssl_context=tls if is_https else None)
