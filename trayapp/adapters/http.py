"""The network: a Request goes out, an Outcome comes back. The real adapter of the port `Fetcher`, with httpx.

Whatever the network, a proxy or a server does becomes an Outcome with the reason told apart; nothing of it is raised.
One request is one request: HTTP/1.1, no redirect followed, nothing retried, no cookie kept or sent, because each of
these would hide from the judge what it is to judge.

`http_guard` says what may leave, `http_proxy` by which way, `http_tls` whom we trust; `http_pool` and `http_line` hold
the connections, `http_call` the deadlines; `http_answer` and `http_body` take in what arrives, within bounds,
`http_memory` keeps it, and `http_failure` says what went wrong.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING
from weakref import WeakSet

from trayapp.adapters import http_guard
from trayapp.adapters.http_call import Call
from trayapp.adapters.http_memory import Answer, Memory
from trayapp.model.request import Failure, Outcome, Request

if TYPE_CHECKING:
    import ssl

    from trayapp.adapters.http_pool import Connections, Pool


class HttpFetcher:
    """Belongs to one event loop; only `warm` may be called from another thread."""

    def __init__(self) -> None:
        self._warming = threading.Lock()
        self._is_warm = False
        self._tls: ssl.SSLContext | None = None
        self._distrust = ""
        self._connections: Connections | None = None
        #: Those of before a reset too, as long as calls use them.
        self._alive: WeakSet[Connections] = WeakSet()
        self._memory = Memory()
        self._is_closed = False

    def warm(self) -> None:
        """Import httpx and read the trusted certificates: about 0.3 s, so that the first request need not.

        Call it in a worker thread, after the icon is shown; without it the first request does the same, in a thread.
        """
        with self._warming:
            if self._is_warm:
                return
            import trayapp.adapters.http_answer
            import trayapp.adapters.http_failure
            import trayapp.adapters.http_pool  # noqa: F401  (imported for its slowness)
            from trayapp.adapters import http_tls

            with suppress(ImportError):  # anyio imports this at its first use, which would be on the loop
                import_module("anyio._backends._asyncio")
            for name in ("httpx", "httpcore"):  # httpx logs whole URLs at INFO
                logging.getLogger(name).setLevel(logging.WARNING)
            try:
                self._tls = self._tls or http_tls.context()
                self._distrust = ""
            except http_tls.NoTrust as reason:
                self._distrust = str(reason)
            self._is_warm = True

    async def fetch(self, request: Request) -> Outcome:
        """Make the request within its deadlines. Never raises for the network's, a proxy's or the server's faults."""
        try:
            headers = http_guard.headers(request)
        except http_guard.Forbidden as reason:
            return Outcome(request.url, failure=Failure.BAD_URL, detail=str(reason))
        if not self._is_warm:
            await asyncio.to_thread(self.warm)
        if self._is_closed:
            return Outcome(request.url, failure=Failure.OTHER, detail="not asked: closing")
        if self._distrust and request.url.lower().startswith("https:"):
            return Outcome(request.url, failure=Failure.OTHER, detail=f"not asked: {self._distrust}")
        from trayapp.adapters.http_proxy import BadProxy

        connections = self._current()
        try:
            proxy = await _way(connections, request.url)
        except BadProxy as reason:
            return Outcome(request.url, failure=Failure.OTHER, detail=f"not asked: {reason}")
        async with connections.use(proxy, fresh=request.fresh) as pool:
            return await self._ask(pool, request, headers, proxy)

    async def reset(self) -> None:
        """Forget every connection, the proxies, and a missing certificate file; calls under way end by themselves."""
        connections, self._connections = self._connections, None
        self._is_warm = self._tls is not None
        if connections is not None:
            await connections.retire()

    async def close(self) -> None:
        """Close every connection now: calls under way fail, later ones are not made."""
        self._is_closed = True
        alive = list(self._alive)
        self._connections = None
        self._memory.clear()
        for connections in alive:
            await connections.cut()

    def _current(self) -> Connections:
        from trayapp.adapters.http_pool import Connections

        if self._connections is None or self._connections.is_retired:
            self._connections = Connections(self._tls)
            self._alive.add(self._connections)
        return self._connections

    async def _ask(self, pool: Pool, request: Request, headers: dict[str, str], proxy: str | None) -> Outcome:
        from trayapp.adapters.http_answer import read
        from trayapp.adapters.http_failure import FAULTS, tell
        from trayapp.adapters.http_pool import NotAskable, proxy_host

        is_remembered = request.conditional and request.method == "GET" and request.credential is None
        known = self._memory.recall(request.url) if is_remembered else None
        call = Call(request, proxy_host(proxy))
        try:
            answer = await pool.ask(call, {**headers, **(known.validators() if known else {})})
            outcome = await read(call, answer)
        except NotAskable:
            return Outcome(request.url, failure=Failure.BAD_URL, detail="not asked: not a URL")
        except FAULTS as error:
            failure, detail = tell(error, call)
            return Outcome(request.url, failure=failure, detail=detail, seconds=call.seconds())
        if is_remembered and outcome.status == 200:
            self._memory.keep(request.url, Answer(outcome.headers, outcome.body))
        if known is not None and outcome.status == 304:
            return replace(
                outcome, status=200, headers=_renewed(known, outcome.headers), body=known.body, unchanged=True
            )
        return outcome


async def _way(connections: Connections, url: str) -> str | None:
    """Return the proxy to take. Raises BadProxy. The system's exceptions may need a look-up, in a thread."""
    if connections.proxies.is_system:
        return await asyncio.to_thread(connections.proxies.choose, url)
    return connections.proxies.choose(url)


def _renewed(known: Answer, headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of an answer that was confirmed by status 304 (RFC 9111, section 3.2)."""
    return {**known.headers, **{name: value for name, value in headers.items() if not name.startswith("content-")}}
