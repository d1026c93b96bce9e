"""A request we would like made, and what came of it. A failure is an Outcome too, never an exception."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from trayapp.model.secret import Credential


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, complete; nobody adds to it but the adapter that presents the credential."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    credential: Credential | None = None
    #: Seconds until connected (TLS included), until the first byte of the answer, and for everything.
    connect_s: float = 5.0
    read_s: float = 10.0
    total_s: float = 20.0
    #: Ask with the validators (ETag, Last-Modified) of the last good answer of the same URL.
    conditional: bool = False
    #: Use a connection of its own: a re-check must not inherit a dead one from the pool.
    fresh: bool = False
    #: Plain http and private addresses are refused without this.
    allow_private: bool = False
    #: Stop at the first byte of the body (streamed paid pings).
    first_byte: bool = False


class Failure(StrEnum):
    """Why no HTTP answer came, told apart by cause and phase (knowledge: pings 2.3)."""

    DNS = "dns"
    REFUSED = "refused"
    CONNECT_TIMEOUT = "connect_timeout"
    TLS_TIMEOUT = "tls_timeout"
    TLS_RESET = "tls_reset"
    TLS_UNTRUSTED = "tls_untrusted"
    TLS_HOSTNAME = "tls_hostname"
    TLS_EXPIRED = "tls_expired"
    TLS_OTHER = "tls_other"
    UNREACHABLE = "unreachable"
    READ_TIMEOUT = "read_timeout"
    LOST = "lost"
    CUT = "cut"
    PROXY_AUTH = "proxy_auth"
    PROXY_BLOCKED = "proxy_blocked"
    PROXY_DOWN = "proxy_down"
    TOO_LARGE = "too_large"
    BAD_URL = "bad_url"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a fetch gave: an answer (`status` set) or a failure (`failure` set)."""

    url: str
    status: int | None = None
    #: Names in lower case.
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    failure: Failure | None = None
    #: One line for people: what failed, without any secret.
    detail: str = ""
    #: Seconds from the start to the first byte of the answer, or to the failure.
    seconds: float = 0.0
    #: The server said 304: `body` is the one it sent before.
    unchanged: bool = False
