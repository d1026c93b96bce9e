"""To which address a name leads us, and which of several wins."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.adapters.loopback import answering, asking, serving, unread
from tests.until import eventually
from trayapp.adapters.http_call import CURRENT, Call
from trayapp.adapters.http_failure import tell
from trayapp.adapters.http_line import Line
from trayapp.adapters.http_lookup import Addresses, PrivateAddress, alternated, public
from trayapp.model.request import Failure, Request


class Told(Addresses):
    """A resolver that answers each look-up with the next of the lists it was given."""

    def __init__(self, *answers: Sequence[str]) -> None:
        super().__init__()
        self.answers = [list(answer) for answer in answers]

    async def of(self, host: str) -> list[str]:
        return self.answers.pop(0)


@contextmanager
def hanging(address: str) -> Iterator[int]:
    """Listen at a port where no more connections are taken."""
    with socket.socket() as listening:
        listening.bind((address, 0))
        listening.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        try:
            for filler in fillers:
                filler.setblocking(False)
                filler.connect_ex(listening.getsockname())
            yield listening.getsockname()[1]
        finally:
            for filler in fillers:
                filler.close()


async def connected(addresses: Addresses, port: int, request: Request, *, is_direct: bool = True) -> str:
    """Return the address that was connected to."""
    CURRENT.set(Call(request))
    stream = await Line(addresses, is_direct=is_direct).connect_tcp("name.example", port)
    try:
        return str(stream.get_extra_info("server_addr")[0])
    finally:
        await stream.aclose()


ALLOWED = asking("http://name.example/")


async def test_an_address_that_refuses_gives_way_at_once() -> None:
    async with serving(unread) as server:
        assert await connected(Told(["127.0.0.2", "127.0.0.1"]), server.port, ALLOWED) == "127.0.0.1"


async def test_an_address_that_hangs_gets_a_head_start_and_no_more() -> None:
    with hanging("127.0.0.1") as port:
        other = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.2", port)
        async with asyncio.timeout(0.9):
            found = await connected(Told(["127.0.0.1", "127.0.0.2"]), port, ALLOWED)
        other.close()
    assert found == "127.0.0.2"


async def test_when_all_refuse_the_refusal_is_told() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(httpcore.ConnectError) as raised:
        await connected(Told(["::1", "127.0.0.1", "127.0.0.2"]), port, ALLOWED)
    assert tell(raised.value, CURRENT.get()) == (Failure.REFUSED, "name.example refuses connections")


async def test_a_name_that_turns_private_after_it_was_looked_at_is_refused_each_time() -> None:
    """DNS rebinding: each connection is made to the address that was checked for it, and looked up once."""
    strict = Request("https://name.example/", connect_s=0.2)
    addresses = Told(["127.0.0.1"], ["10.0.0.1", "::1"])
    async with serving(answering()) as server:
        for _ in range(2):
            with pytest.raises(httpcore.ConnectError) as raised:
                await connected(addresses, server.port, strict)
            assert isinstance(raised.value.__cause__, PrivateAddress)
        assert server.connections == 0
    assert addresses.answers == []


async def test_a_proxy_may_be_in_the_local_network() -> None:
    async with serving(unread) as server:
        strict = Request("https://name.example/")
        assert await connected(Told(["127.0.0.1"]), server.port, strict, is_direct=False) == "127.0.0.1"


def test_private_addresses_among_public_ones_are_left_out() -> None:
    assert public(["192.168.1.1", "93.184.216.34", "fe80::1%eth0", "::ffff:10.0.0.1"]) == ["93.184.216.34"]


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "::1", "fd00::1", "224.0.0.1"]
)
def test_a_name_with_private_addresses_only_leads_nowhere(address: str) -> None:
    with pytest.raises(PrivateAddress):
        public([address])


def test_the_addresses_of_a_tunnel_by_name_are_public() -> None:
    assert public(["198.18.0.7"]) == ["198.18.0.7"]


@given(st.lists(st.sampled_from(["1.1.1.1", "2.2.2.2", "3.3.3.3", "2001:db8::1", "2001:db8::2"])))
def test_families_take_turns_and_no_address_is_lost(addresses: list[str]) -> None:
    turned = alternated(addresses)
    assert sorted(turned) == sorted(set(addresses))
    assert turned[:1] == addresses[:1]
    families = [":" in address for address in turned]
    shorter = min(families.count(True), families.count(False))
    assert all(families[at] != families[at + 1] for at in range(2 * shorter - 1))


async def test_one_look_up_serves_all_who_wait_for_it_in_one_thread() -> None:
    addresses = Addresses()
    waiting = [asyncio.create_task(addresses.of("localhost")) for _ in range(5)]
    await asyncio.sleep(0)
    assert sum(thread.name == "uptray-lookup" for thread in threading.enumerate()) <= 1
    assert all("127.0.0.1" in found or "::1" in found for found in await asyncio.gather(*waiting))


async def test_a_look_up_that_nobody_waits_for_any_more_ends_without_a_word() -> None:
    addresses = Addresses()
    task = asyncio.create_task(addresses.of("no-such-host.invalid"))
    await asyncio.sleep(0)
    task.cancel()
    await eventually(lambda: not any(thread.name == "uptray-lookup" for thread in threading.enumerate()))
    await asyncio.sleep(0)
