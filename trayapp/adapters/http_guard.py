"""What may leave at all: which URLs are asked, and to which host a key goes. It is asked before anything is sent.

A key travels in a header, or signs the request (`http_sigv4`), to the hosts it was declared for, and over https; over
plain http only to a server on this machine or in the local network that the user declared. Redirects are never
followed, because httpx forwards `x-api-key`, `api-key` and `x-goog-api-key` to another origin (it drops only
`Authorization`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from trayapp import __version__
from trayapp.adapters import http_sigv4
from trayapp.model import address
from trayapp.model.forms import Unfit
from trayapp.model.request import Request
from trayapp.model.secret import Credential

USER_AGENT = f"uptray/{__version__} (+https://github.com/uptray/uptray)"

#: How a key is presented, by the word in a provider file: header name, and what stands before the key.
_AUTH = {
    "bearer": ("authorization", "Bearer "),
    "x-api-key": ("x-api-key", ""),
    "x-goog-api-key": ("x-goog-api-key", ""),
    "api-key": ("api-key", ""),
    "xi-api-key": ("xi-api-key", ""),
}
#: Nothing of the key itself is sent.
_SIGNED = "sigv4"
#: Written by HTTP itself from the URL and the body.
_FRAMING = frozenset({"host", "content-length", "transfer-encoding", "connection"})
_PORTS = {"https": 443, "http": 80}


class Forbidden(Exception):
    """The request must not be sent; the message says why in one line."""


def headers(request: Request) -> dict[str, str]:
    """Return all headers to send, names in lower case, the key among them. Raises Forbidden: nothing may be sent.

    Only gzip is offered: what is not offered need not be decoded within bounds.
    """
    try:
        address.link(request.allow_private)(request.url)
    except Unfit as unfit:
        raise Forbidden(f"not asked: the URL must be {unfit}") from None
    sent = {"user-agent": USER_AGENT, "accept": "*/*"}
    sent.update((name.lower(), value) for name, value in request.headers.items() if name.lower() not in _FRAMING)
    sent["accept-encoding"] = "gzip"
    if request.credential is not None:
        sent.update(_present(request.credential, request))
    if not all(name.isascii() and value.isascii() and (name + value).isprintable() for name, value in sent.items()):
        raise Forbidden("not asked: a header or the key has characters that HTTP does not carry")
    return sent


def is_loopback(host: str) -> bool:
    """True when the host, as it is written, is this machine."""
    host = host.strip("[]").rstrip(".").lower()
    return (
        host in ("localhost", "::1") or host.endswith(".localhost") or (host.startswith("127.") and _is_numeric(host))
    )


def _is_numeric(host: str) -> bool:
    return host.replace(".", "").isdigit()


def _present(credential: Credential, request: Request) -> dict[str, str]:
    """Return the headers that present the key. Raises Forbidden when it may not go there."""
    parts = urlsplit(request.url)
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme != "https" and not (request.allow_private and address.is_private(host)):
        raise Forbidden(f"not asked: the key is not sent to {host} over plain http")
    port = parts.port or _PORTS[parts.scheme]
    if (host, port) not in {_host(entry, parts.scheme) for entry in credential.hosts}:
        raise Forbidden(f"not asked: {host}:{port} is not a host that the key may be sent to")
    key = credential.secret.reveal()
    if not key:
        raise Forbidden("not asked: the key is empty")
    if credential.auth == _SIGNED:
        try:
            return http_sigv4.signed(request, key, datetime.now(UTC))
        except http_sigv4.Unsigned as reason:
            raise Forbidden(f"not asked: {reason}") from None
    if credential.auth not in _AUTH:
        raise Forbidden("not asked: the provider's file asks for a way to present the key that is not known")
    name, before = _AUTH[credential.auth]
    return {name: before + key}


def _host(entry: str, scheme: str) -> tuple[str, int]:
    """Return a credential's host as name and port; without a port it is the scheme's own."""
    parts = urlsplit(f"//{entry}")
    return (parts.hostname or "").rstrip("."), parts.port or _PORTS[scheme]
