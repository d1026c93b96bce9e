"""The addresses of a name: looked up without holding up the loop or the program's end, and told public or private."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial
from ipaddress import ip_address, ip_network
from itertools import zip_longest

from trayapp.model.address import is_private

_MOST_ADDRESSES = 8
#: Programs that tunnel by name (Clash, Surge, sing-box) answer every look-up with an address of this range, which
#: RFC 2544 sets aside and no local network uses.
_TUNNELS = ip_network("198.18.0.0/15")


class PrivateAddress(OSError):
    """The name leads to a private address only, and the request does not allow that."""


class Addresses:
    """Looks names up by the system's resolver.

    Each name's look-up has one daemon thread, however many wait for it: the resolver cannot be stopped, and without a
    network it keeps its thread for half a minute. In asyncio's own pool it would keep the program from ending, too.
    """

    def __init__(self) -> None:
        self._pending: dict[str, asyncio.Future[list[str]]] = {}

    async def of(self, host: str) -> list[str]:
        """Return up to eight addresses, the best first; of an address, itself. Raises OSError."""
        if is_numeric(host):
            return [host]
        if host not in self._pending:
            loop = asyncio.get_running_loop()
            future = self._pending[host] = loop.create_future()
            future.add_done_callback(partial(self._forget, host))
            threading.Thread(target=_resolve, args=(host, loop, future), name="uptray-lookup", daemon=True).start()
        return await asyncio.shield(self._pending[host])

    def _forget(self, host: str, future: asyncio.Future[list[str]]) -> None:
        del self._pending[host]
        if not future.cancelled():
            future.exception()  # those who waited may have gone: asyncio is told that it was seen


def public(addresses: Sequence[str]) -> list[str]:
    """Return the addresses that are not of this machine or a local network. Raises PrivateAddress when none is left."""
    found = [address for address in addresses if not is_private(address) or ip_address(address) in _TUNNELS]
    if not found:
        raise PrivateAddress
    return found


def alternated(addresses: Iterable[str]) -> list[str]:
    """Return the addresses with the two families in turn, the system's first choice first (RFC 8305, section 4)."""
    unique = list(dict.fromkeys(addresses))
    first = [found for found in unique if (":" in found) == (":" in unique[0])]
    other = [found for found in unique if found not in first]
    return [found for pair in zip_longest(first, other) for found in pair if found is not None]


def is_numeric(host: str) -> bool:
    """True for an address rather than a name."""
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def _resolve(host: str, loop: asyncio.AbstractEventLoop, future: asyncio.Future[list[str]]) -> None:
    """Look the host up in this thread, and settle the future on its loop."""
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
        settle = partial(future.set_result, alternated(found)[:_MOST_ADDRESSES])
    except OSError as error:
        settle = partial(future.set_exception, error)
    except UnicodeError:
        settle = partial(future.set_exception, socket.gaierror(socket.EAI_NONAME, "no such name"))
    with suppress(RuntimeError):  # the loop has ended meanwhile
        loop.call_soon_threadsafe(settle)
