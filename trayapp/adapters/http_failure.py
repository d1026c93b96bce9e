"""Why no answer came, told by the chain of exceptions and by how far the call had come.

httpx says `ConnectError` for an unknown name, a closed port, a forged certificate and a dead proxy alike; whose fault
it is lies in what caused it and in the phase (observed with httpx 0.28 and httpcore 1.0 on Python 3.11). The texts
are ours: those of the exceptions may hold a URL's query or a header.
"""

from __future__ import annotations

import socket
import ssl
from urllib.parse import urlsplit

import anyio
import httpcore
import socksio

from trayapp.adapters.http_call import Call, Phase
from trayapp.adapters.http_line import chain, is_unreachable
from trayapp.adapters.http_lookup import PrivateAddress
from trayapp.model.request import Failure

Told = tuple[Failure, str]

#: Everything that the network, a proxy or a server can make the layers below raise.
FAULTS = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    anyio.BrokenResourceError,
    anyio.ClosedResourceError,
    anyio.EndOfStream,
    socksio.SOCKSError,
    OSError,
)
#: How the layers below say that the other side has gone.
_GONE = (anyio.BrokenResourceError, anyio.EndOfStream, ssl.SSLEOFError, ConnectionError)

#: Codes of certificate verification: OpenSSL's X509_V_ERR_…, Windows' CERT_E_…, macOS' errSec…
_EXPIRED = {9, 10, 0x800B0101, -67818, -67819}
_WRONG_HOST = {62, 63, 64, 0x800B010F, -67602}

#: What a proxy answers when it could not reach the server itself.
_BAD_GATEWAY = {"502": Failure.REFUSED, "503": Failure.REFUSED, "504": Failure.CONNECT_TIMEOUT}
#: The same of a SOCKS proxy, and of one that does not let us in (RFC 1928, section 6), by a word of httpcore's text.
_SOCKS = {
    "refused": Failure.REFUSED,
    "General": Failure.REFUSED,
    "unreachable": Failure.UNREACHABLE,
    "TTL": Failure.CONNECT_TIMEOUT,
    "not allowed": Failure.PROXY_BLOCKED,
    "username": Failure.PROXY_AUTH,
    "Requested": Failure.PROXY_AUTH,
}


def tell(error: BaseException, call: Call) -> Told:
    """Return the failure, and one line about it that holds the host and nothing else of the request."""
    if isinstance(error, httpcore.ProxyError):
        return _by_proxy(str(error), call)
    if isinstance(error, httpcore.LocalProtocolError):
        return Failure.OTHER, "not asked: the request cannot be written as HTTP"
    return _TELLERS[call.phase](error, call)


def _host(call: Call) -> str:
    parts = urlsplit(call.request.url)
    name = parts.hostname or ""
    return name if parts.port is None else f"{name}:{parts.port}"


def _is_timeout(error: BaseException) -> bool:
    return any(isinstance(cause, httpcore.TimeoutException | TimeoutError) for cause in chain(error))


def _connecting(error: BaseException, call: Call) -> Told:
    if call.proxy_host is not None:
        return Failure.PROXY_DOWN, f"the proxy {call.proxy_host} cannot be reached"
    host = _host(call)
    if any(isinstance(cause, PrivateAddress) for cause in chain(error)):
        return Failure.DNS, f"{host} leads to a private address, which needs allow_private = true"
    if any(isinstance(cause, socket.gaierror) for cause in chain(error)):
        return Failure.DNS, f"the name {host} cannot be looked up"
    if _is_timeout(error):
        if call.phase is Phase.LOOKUP:
            return Failure.DNS, f"looking up the name {host} took over {_limit(call)}"
        return Failure.CONNECT_TIMEOUT, f"no connection to {host} within {_limit(call)}"
    if any(isinstance(cause, ConnectionRefusedError) for cause in chain(error)):
        return Failure.REFUSED, f"{host} refuses connections"
    if is_unreachable(error):
        return Failure.UNREACHABLE, f"no way leads to {host}"
    return Failure.LOST, f"the connection to {host} could not be made"


def _asking_proxy(error: BaseException, call: Call) -> Told:
    if _is_timeout(error):
        return Failure.CONNECT_TIMEOUT, f"the proxy {call.proxy_host} gave no connection within {_limit(call)}"
    return Failure.PROXY_DOWN, f"the proxy {call.proxy_host} closed the connection"


def _by_proxy(said: str, call: Call) -> Told:
    """Judge a proxy's refusal: httpcore gives its status line, or the reason of a SOCKS proxy."""
    status = said[:3] if said[:3].isdecimal() else ""
    if status == "407":
        return Failure.PROXY_AUTH, f"the proxy {call.proxy_host} wants a login"
    failure = _BAD_GATEWAY.get(status) or next((to for word, to in _SOCKS.items() if word in said), None)
    if failure is Failure.PROXY_AUTH:
        return failure, f"the proxy {call.proxy_host} wants another login"
    if failure in (None, Failure.PROXY_BLOCKED):
        shown = f" (HTTP {status})" if status else ""
        return Failure.PROXY_BLOCKED, f"the proxy {call.proxy_host} refuses {_host(call)}{shown}"
    assert failure is not None
    return failure, f"the proxy {call.proxy_host} could not reach {_host(call)}"


def _shaking_hands(error: BaseException, call: Call) -> Told:
    host = _host(call) if call.phase is Phase.TLS else f"the proxy {call.proxy_host}"
    verified = next((cause for cause in chain(error) if isinstance(cause, ssl.SSLCertVerificationError)), None)
    if verified is not None:
        return _distrusted(verified, host)
    if _is_timeout(error):
        return Failure.TLS_TIMEOUT, f"connected to {host}, but no TLS handshake within {_limit(call)}"
    if any(isinstance(cause, _GONE) for cause in chain(error)):
        return Failure.TLS_RESET, f"the connection to {host} was cut during the TLS handshake"
    return Failure.TLS_OTHER, f"the TLS handshake with {host} failed"


def _distrusted(error: ssl.SSLCertVerificationError, host: str) -> Told:
    code = getattr(error, "verify_code", 0)
    if code in _EXPIRED:
        return Failure.TLS_EXPIRED, f"the certificate of {host} is not valid at this time; is the clock right?"
    if code in _WRONG_HOST:
        return Failure.TLS_HOSTNAME, f"the certificate shown for {host} is for another name"
    return Failure.TLS_UNTRUSTED, f"the certificate of {host} is not from an authority that this system trusts"


def _awaiting(error: BaseException, call: Call) -> Told:
    if _is_timeout(error):
        return Failure.READ_TIMEOUT, f"{_host(call)} did not answer within {_limit(call)}"
    if any(
        isinstance(cause, httpcore.RemoteProtocolError) and "disconnected" not in str(cause) for cause in chain(error)
    ):
        return Failure.LOST, f"{_host(call)} answered with something that is not HTTP"
    return Failure.LOST, f"{_host(call)} closed the connection without an answer"


def _reading(error: BaseException, call: Call) -> Told:
    if _is_timeout(error):
        return Failure.READ_TIMEOUT, f"the answer of {_host(call)} did not end within {_limit(call)}"
    return Failure.CUT, f"the answer of {_host(call)} was cut off"


def _limit(call: Call) -> str:
    return f"{call.limit_s():g} s"


_TELLERS = {
    Phase.LOOKUP: _connecting,
    Phase.CONNECT: _connecting,
    Phase.PROXY: _asking_proxy,
    Phase.PROXY_TLS: _shaking_hands,
    Phase.TLS: _shaking_hands,
    Phase.ANSWER: _awaiting,
    Phase.BODY: _reading,
}
