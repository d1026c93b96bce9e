"""Through which proxy a URL is asked: the environment's variables, else the system's settings, read once and checked.

Python's `urllib.request` reads both (on Windows the registry, on macOS the system configuration); automatic
configuration by a script (PAC, WPAD) is not supported by it. httpx would read the same, but fails at the first proxy
it cannot use (GNOME sets `ALL_PROXY=socks://…`, which is SOCKS 5), and leaves out the system's exceptions
(https://github.com/encode/httpx/issues/1536).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit
from urllib.request import getproxies, getproxies_environment, proxy_bypass

from trayapp.adapters.http_guard import is_loopback

#: Schemes of proxies by the words in use for them.
_SCHEMES = {"http": "http", "https": "https", "socks": "socks5", "socks5": "socks5", "socks5h": "socks5h"}

_URL_SCHEMES = ("http", "https", "all")


class BadProxy(Exception):
    """The proxy that is set cannot be used; the message names the variable, never its value, which may hold a login."""


@dataclass(frozen=True, slots=True)
class Proxies:
    """The proxies in force, by the scheme of the URL ("http", "https" or "all"), and the hosts that need none."""

    by_scheme: Mapping[str, str] = field(default_factory=dict)
    exceptions: tuple[str, ...] = ()
    #: They are the system's: its own exceptions apply.
    is_system: bool = False

    def choose(self, url: str) -> str | None:
        """Return the URL of the proxy for `url`, None when it is asked directly. Raises BadProxy.

        On Windows before Python 3.13 the system's exceptions may look a name up, which blocks: call it off the loop
        when `is_system`.
        """
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if is_loopback(host) or any(_excepts(entry, host, port) for entry in self.exceptions):
            return None
        scheme = next((word for word in (parts.scheme, "all") if self.by_scheme.get(word)), None)
        if scheme is None or (self.is_system and proxy_bypass(host)):
            return None
        return _checked(self.by_scheme[scheme], self._source(scheme))

    def _source(self, scheme: str) -> str:
        """Return where the proxy was set, for people."""
        if self.is_system:
            return "the system's proxy setting"
        name = f"{scheme}_proxy"
        return next((name for name in (name, name.upper()) if os.environ.get(name)), name)


def read() -> Proxies:
    """Return the proxies in force now: those of the environment if it has any, else the system's."""
    environment = getproxies_environment()
    exceptions = tuple(part.strip().lower() for part in environment.get("no", "").split(",") if part.strip())
    is_system = sys.platform in ("darwin", "win32") and not any(environment.get(word) for word in _URL_SCHEMES)
    found = getproxies() if is_system else environment
    return Proxies({word: found[word] for word in _URL_SCHEMES if found.get(word)}, exceptions, is_system)


def _checked(value: str, source: str) -> str:
    """Return the proxy's URL as httpx takes it. Raises BadProxy."""
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        plain = value.isascii() and value.isprintable() and " " not in value
        if plain and parts.scheme in _SCHEMES and parts.hostname and parts.port != 0:
            return f"{_SCHEMES[parts.scheme]}://{parts.netloc}"
    except ValueError:
        pass
    words = ", ".join(sorted(_SCHEMES))
    raise BadProxy(f"{source} is not the address of a proxy (one of {words}, then ://host:port)")


def _excepts(entry: str, host: str, port: int) -> bool:
    """True when an entry of NO_PROXY covers the host: `*`, a name with all below it, an address, or a network."""
    if entry == "*":
        return True
    name, colon, wanted = entry.rpartition(":")
    if colon and wanted.isdecimal() and not (":" in name and not name.startswith("[")):
        if int(wanted) != port:
            return False
        entry = name
    entry = entry.strip("[]").removeprefix("*").lstrip(".").rstrip(".")
    if not entry:
        return False
    return host == entry or host.endswith(f".{entry}") or _is_within(host, entry)


def _is_within(host: str, network: str) -> bool:
    try:
        return ip_address(host) in ip_network(network, strict=False)
    except ValueError:
        return False
