"""One request on its way: how far it has come, and how long it may still take.

httpx knows a limit for each single read, and none for the whole, so that a server which drips a byte now and then is
never done. Here each wait asks the call how long it may last. Nothing is ever cancelled from outside: httpcore 1.0
can lose the place in its pool of a request that is (https://github.com/encode/httpcore/issues/1093).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextvars import ContextVar
from enum import StrEnum
from typing import Any

from trayapp.model.request import Request


class Phase(StrEnum):
    """What the call is doing."""

    LOOKUP = "lookup"
    CONNECT = "connect"
    #: The proxy is asked to connect us.
    PROXY = "proxy"
    #: The handshake with the proxy, and with the server.
    PROXY_TLS = "proxy_tls"
    TLS = "tls"
    #: Connected; the request is sent, and its answer awaited.
    ANSWER = "answer"
    BODY = "body"


#: Phases of httpcore's trace (https://www.encode.io/httpcore/extensions/#trace) by the end of their name.
_TRACED = {
    "connect_tcp.started": Phase.CONNECT,
    "setup_socks5_connection.started": Phase.PROXY,
    "start_tls.started": Phase.TLS,
    "send_request_headers.started": Phase.ANSWER,
}


class Call:
    """A request, its moments and its phase. Times are seconds of the monotonic clock."""

    def __init__(self, request: Request, proxy_host: str | None = None) -> None:
        self.request = request
        #: The proxy that it goes through, None when it goes directly.
        self.proxy_host = proxy_host
        self.phase = Phase.LOOKUP
        self.started = time.monotonic()
        self._sent = self.started
        #: Nothing more is wanted of the answer.
        self.has_enough = False

    async def trace(self, event: str, details: Mapping[str, Any]) -> None:
        """Follow httpcore through its phases."""
        phase = _TRACED.get(event.partition(".")[2])
        if phase is Phase.TLS and self.proxy_host is not None and details["server_hostname"] == self.proxy_host:
            phase = Phase.PROXY_TLS
        if phase is Phase.ANSWER and details["request"].method == b"CONNECT":
            phase = Phase.PROXY
        if phase is Phase.ANSWER:
            self._sent = time.monotonic()
        self.phase = phase or self.phase

    def remaining(self) -> float:
        """Return the seconds that the next wait may last; 0 when the time is up."""
        now = time.monotonic()
        request = self.request
        if self.phase is Phase.BODY:
            end = now + request.read_s
        elif self.phase is Phase.ANSWER:
            end = self._sent + request.read_s
        else:
            end = self.started + request.connect_s
        return max(0.0, min(end, self.started + request.total_s) - now)

    def limit_s(self) -> float:
        """Return the limit that holds in this phase, for people: the phase's own, or the whole's if that came first."""
        request = self.request
        own = request.read_s if self.phase in (Phase.ANSWER, Phase.BODY) else request.connect_s
        return request.total_s if self.seconds() >= request.total_s else own

    def seconds(self) -> float:
        """Return the seconds since the call began."""
        return time.monotonic() - self.started


#: The call that the running task makes: httpcore's network streams are not told for which request they wait.
CURRENT: ContextVar[Call] = ContextVar("call")
