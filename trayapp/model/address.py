"""Which addresses a file may name, before anything is looked up or connected to.

Only https to public hosts, without a user name. Plain http and addresses of this machine or the local network need the
file's own `allow_private = true`, so that a provider file from elsewhere cannot make Uptray call a router or a local
service (server-side request forgery, on a desktop). A name that resolves to a private address is the fetcher's to
refuse: nothing here knows the network.
"""

from __future__ import annotations

import re
from contextlib import suppress
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from trayapp.model.forms import Form, Unfit

_LONGEST = 500
#: Visible ASCII. urlsplit drops tabs and line ends in silence, and other clients read a backslash as a slash.
_PLAIN = re.compile(r"[!-\[\]-~]+")
_NAME = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})\.?")
#: A last label like this makes clients take the whole for an IPv4 address: 127.1, 0x7f000001, 2130706433
#: (https://url.spec.whatwg.org/#ends-in-a-number-checker).
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0[xX][0-9a-fA-F]*)\.?")
#: A name or a bracketed address, and a port; no user name. urlsplit lets "[::1]evil" pass on Python 3.11.
_NETLOC = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[^\[\]:@]+)(?::[0-9]*)?")
_PORTS = {"https": 443, "http": 80}

_EXPECTED = "an https address with a host, and without user name, query or fragment"


def base(allow_private: bool) -> Form[str]:
    """An address that paths are joined to; returned without a slash at its end."""

    def read(value: Any) -> str:
        parts = _split(value)
        if parts.query or parts.fragment or value.endswith(("?", "#")):
            raise Unfit(_EXPECTED, hide=True)
        _check(parts, allow_private)
        return str(value).rstrip("/")

    return read


def link(allow_private: bool) -> Form[str]:
    """An address for the browser, which may have a query and a fragment."""

    def read(value: Any) -> str:
        _check(_split(value), allow_private)
        return str(value)

    return read


def target(value: Any) -> str:
    """Return "URL" or "URL|TEXT" of a neutral site; plain http and private addresses are meant here.

    Captive portals are found over plain http, a company may have a target of its own, and nothing is sent there.
    """
    if isinstance(value, str):
        url, _, text = value.partition("|")
        with suppress(Unfit):
            if len(text) <= _LONGEST and _split(url):
                return value
    raise Unfit('"URL" or "URL|TEXT", with an http or https URL', hide=True)


def host(value: Any) -> str:
    """Return `name` or `name:port`, in small letters."""
    if isinstance(value, str) and not set("/?#") & set(value):
        with suppress(Unfit):
            return _named(_split(f"https://{value}"))
    raise Unfit('a host as "name" or "name:port"', hide=True)


def host_of(url: str) -> str:
    """Return the host of an accepted address: `name`, or `name:port` when the port is not the scheme's own."""
    return _named(urlsplit(url))


def _named(parts: SplitResult) -> str:
    name = (parts.hostname or "").rstrip(".")
    name = f"[{name}]" if ":" in name else name
    return name if parts.port in (None, _PORTS[parts.scheme]) else f"{name}:{parts.port}"


def is_private(name: str) -> bool:
    """True when the host, as it is written, is this machine or in a network that is not the public one."""
    name = name.rstrip(".").lower()
    if ":" in name:
        return _is_private_v6(IPv6Address(name))
    if _NUMBER.fullmatch(name):
        return not _is_public(IPv4Address(name))
    return name == "localhost" or name.endswith(".localhost")


def _is_private_v6(address: IPv6Address) -> bool:
    """Judge an IPv6 address, or the IPv4 address that it carries."""
    carried = address.ipv4_mapped or address.sixtofour
    return not _is_public(carried or address)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast


def _split(value: Any) -> SplitResult:
    """Return the parts of a well-formed http or https address without a user name. Raises Unfit."""
    if not (isinstance(value, str) and len(value) <= _LONGEST and _PLAIN.fullmatch(value)):
        raise Unfit(_EXPECTED, hide=True)
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise Unfit(_EXPECTED, hide=True) from None
    if (
        parts.scheme not in _PORTS
        or not _NETLOC.fullmatch(parts.netloc)
        or port == 0
        or not _is_host(parts.hostname or "")
    ):
        raise Unfit(_EXPECTED, hide=True)
    return parts


def _is_host(name: str) -> bool:
    try:
        if ":" in name:
            return bool(IPv6Address(name))
        if _NUMBER.fullmatch(name):
            return bool(IPv4Address(name.rstrip(".")))
    except AddressValueError:
        return False
    return len(name) <= 253 and _NAME.fullmatch(name) is not None


def _check(parts: SplitResult, allow_private: bool) -> None:
    if allow_private:
        return
    if parts.scheme != "https":
        raise Unfit("an https address (plain http needs allow_private = true)", hide=True)
    if is_private(parts.hostname or ""):
        raise Unfit("a public address (a private one needs allow_private = true)", hide=True)
