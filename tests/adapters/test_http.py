"""What HttpFetcher makes of a server's answers: real requests to real loopback servers."""

from __future__ import annotations

import asyncio
import gzip
import logging
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.adapters.loopback import (
    Server,
    answering,
    asking,
    closed_port,
    dripping,
    message,
    saying,
    serving,
    silent,
)
from tests.until import eventually
from trayapp import __version__
from trayapp.adapters.http import HttpFetcher
from trayapp.model.request import Failure, Outcome, Request
from trayapp.model.secret import Credential, Secret

MB = 1024 * 1024
KEY = "sk-canary-0123456789"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@asynccontextmanager
async def fetching() -> AsyncIterator[HttpFetcher]:
    fetcher = HttpFetcher()
    try:
        yield fetcher
    finally:
        await fetcher.close()


async def fetched(handler: object, **more: object) -> Outcome:
    """Make one request to a server that does as `handler` does."""
    async with serving(handler) as server, fetching() as fetcher:  # type: ignore[arg-type]  # any handler
        return await fetcher.fetch(asking(server.url, **more))


async def test_an_answer_is_given_as_it_is() -> None:
    outcome = await fetched(answering("401 Unauthorized", b'{"error": 1}', {"X-Request-Id": "7"}))
    assert (outcome.status, outcome.body, outcome.failure) == (401, b'{"error": 1}', None)
    assert outcome.headers["x-request-id"] == "7"
    assert 0 < outcome.seconds < 1
    assert not outcome.unchanged


async def test_a_body_and_headers_are_sent_as_asked() -> None:
    async with serving(answering()) as server, fetching() as fetcher:
        headers = {"anthropic-version": "2023-06-01", "Host": "elsewhere.example"}
        await fetcher.fetch(asking(server.url, method="POST", body=b'{"a": 1}', headers=headers))
    head = server.heads[0].lower()
    assert head.startswith("post /v1/models http/1.1\r\n")
    assert f"host: localhost:{server.port}\r\n" in head
    assert "anthropic-version: 2023-06-01" in head
    assert f"user-agent: uptray/{__version__} (+https://github.com/uptray/uptray)" in head
    assert "accept-encoding: gzip\r\n" in head
    assert server.bodies == [b'{"a": 1}']


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    async with serving(answering()) as other:
        outcome = await fetched(answering("302 Found", b"", {"Location": other.url}))
    assert outcome.status == 302
    assert outcome.headers["location"] == other.url
    assert other.connections == 0


async def test_a_redirect_to_nonsense_is_an_answer_too() -> None:
    outcome = await fetched(answering("301 Moved", b"", {"Location": "https://[nonsense"}))
    assert outcome.status == 301


async def test_cookies_are_neither_kept_nor_shown() -> None:
    async with serving(answering(headers={"Set-Cookie": "session=1"})) as server, fetching() as fetcher:
        first = await fetcher.fetch(asking(server.url))
        await fetcher.fetch(asking(server.url))
    assert "set-cookie" not in first.headers
    assert "cookie" not in server.heads[1].lower()


async def test_connections_are_used_again_but_not_by_a_fresh_request() -> None:
    async with serving(answering()) as server, fetching() as fetcher:
        await fetcher.fetch(asking(server.url))
        await fetcher.fetch(asking(server.url))
        assert server.connections == 1
        await fetcher.fetch(asking(server.url, fresh=True))
        await fetcher.fetch(asking(server.url, fresh=True))
        assert server.connections == 3


async def test_a_reset_forgets_every_connection() -> None:
    async with serving(answering()) as server, fetching() as fetcher:
        await fetcher.fetch(asking(server.url))
        await fetcher.reset()
        await fetcher.fetch(asking(server.url))
    assert server.connections == 2


async def test_a_request_under_way_outlives_a_reset() -> None:
    go_on = asyncio.Event()

    async def slow(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.hear(reader)
        await go_on.wait()
        writer.write(message("200 OK", b"late"))

    async with serving(slow) as server, fetching() as fetcher:
        under_way = asyncio.create_task(fetcher.fetch(asking(server.url)))
        await eventually(lambda: server.heads)
        await fetcher.reset()
        go_on.set()
        assert (await under_way).body == b"late"


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("is_reset", [False, True])
async def test_closing_ends_requests_under_way_and_refuses_later_ones(scheme: str, is_reset: bool) -> None:
    async with serving(silent) as server:
        server.scheme = scheme
        fetcher = HttpFetcher()
        slow = asking(server.url, connect_s=30.0, read_s=30.0, total_s=30.0)
        under_way = asyncio.create_task(fetcher.fetch(slow))
        await eventually(lambda: server.connections)
        if is_reset:
            await fetcher.reset()
        async with asyncio.timeout(1):
            await fetcher.close()
            assert (await under_way).failure in (Failure.LOST, Failure.TLS_OTHER, Failure.TLS_RESET)
        assert (await fetcher.fetch(asking(server.url))).failure is Failure.OTHER


async def test_a_cancelled_request_leaves_nothing_that_later_ones_wait_for() -> None:
    async with serving(silent) as hung, serving(answering()) as server, fetching() as fetcher:
        tasks = [asyncio.create_task(fetcher.fetch(asking(hung.url))) for _ in range(30)]
        await eventually(lambda: hung.connections == 30)
        for task in tasks:
            task.cancel()
        assert all(
            isinstance(done, asyncio.CancelledError) for done in await asyncio.gather(*tasks, return_exceptions=True)
        )
        assert (await fetcher.fetch(asking(server.url))).status == 200


# Conditional requests


def _page(state: dict[str, object]) -> object:
    """A page with an ETag that answers 304 as long as it is asked with it."""

    async def handle(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await server.hear(reader)).lower()
            tag = str(state["tag"])
            if f"if-none-match: {tag}".lower() in head:
                writer.write(message("304 Not Modified", b"", {"ETag": tag}))
            else:
                writer.write(message("200 OK", tag.encode(), {"ETag": tag, "Content-Type": "application/json"}))

    return handle


async def test_an_unchanged_page_is_not_sent_again() -> None:
    state: dict[str, object] = {"tag": '"one"'}
    async with serving(_page(state)) as server, fetching() as fetcher:  # type: ignore[arg-type]  # a handler
        first, again = [await fetcher.fetch(asking(server.url, conditional=True)) for _ in range(2)]
        state["tag"] = '"two"'
        changed = await fetcher.fetch(asking(server.url, conditional=True))
        await fetcher.reset()
        after_reset = await fetcher.fetch(asking(server.url, conditional=True))
    assert (first.status, first.body, first.unchanged) == (200, b'"one"', False)
    assert (again.status, again.body, again.unchanged) == (200, b'"one"', True)
    assert again.headers["content-type"] == "application/json"
    assert (changed.body, changed.unchanged) == (b'"two"', False)
    assert (after_reset.body, after_reset.unchanged) == (b'"two"', True)


async def test_last_modified_is_a_validator_too() -> None:
    stamp = "Tue, 28 Apr 2026 17:34:00 GMT"
    async with serving(answering(headers={"Last-Modified": stamp})) as server, fetching() as fetcher:
        for _ in range(2):
            await fetcher.fetch(asking(server.url, conditional=True))
    assert f"if-modified-since: {stamp}".lower() in server.heads[1].lower()


async def test_only_conditional_requests_without_a_key_ask_for_a_change() -> None:
    credential = Credential(Secret(KEY), "bearer", ("localhost",))
    async with serving(answering(headers={"ETag": '"one"'})) as server, fetching() as fetcher:
        await fetcher.fetch(asking(server.url, conditional=True))
        await fetcher.fetch(asking(server.url))
        key = Credential(credential.secret, "bearer", (f"localhost:{server.port}",))
        await fetcher.fetch(asking(server.url, conditional=True, credential=key))
    assert not any("if-none-match" in head.lower() for head in server.heads)
    assert len(server.heads) == 3


async def test_a_304_that_was_not_asked_for_is_no_failure() -> None:
    outcome = await fetched(answering("304 Not Modified", b""), conditional=True)
    assert (outcome.status, outcome.failure, outcome.body, outcome.unchanged) == (304, None, b"", False)


# Bounds


async def test_gzip_is_decoded() -> None:
    body = gzip.compress(b"x" * 100_000)
    outcome = await fetched(answering("200 OK", body, {"Content-Encoding": "gzip"}))
    assert outcome.body == b"x" * 100_000


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("gzip", gzip.compress(b"x" * 1000)[:-9]), ("gzip", b"no gzip at all"), ("br", b"\x00"), ("gzip, gzip", b"\x00")],
)
async def test_a_body_that_is_not_encoded_as_it_says_is_cut(encoding: str, body: bytes) -> None:
    outcome = await fetched(answering("200 OK", body, {"Content-Encoding": encoding}))
    assert (outcome.failure, outcome.status, outcome.body) == (Failure.CUT, None, b"")


async def test_two_megabytes_are_enough_and_one_byte_more_is_too_much() -> None:
    assert len((await fetched(answering("200 OK", b"x" * 2 * MB))).body) == 2 * MB
    assert (await fetched(answering("200 OK", b"x" * (2 * MB + 1)))).failure is Failure.TOO_LARGE


def _peak(story: object) -> int:
    """Run a story and return the most memory that Python held for it, in bytes."""
    tracemalloc.start()
    try:
        asyncio.run(story)  # type: ignore[arg-type]  # a coroutine
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_gzip_bomb_is_defused_in_little_memory() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    bomb = b"".join(packer.compress(bytes(MB)) for _ in range(300)) + packer.flush()
    HttpFetcher().warm()

    async def story() -> None:
        outcome = await fetched(answering("200 OK", bomb, {"Content-Encoding": "gzip"}))
        assert outcome.failure is Failure.TOO_LARGE
        assert outcome.body == b""

    assert len(bomb) < MB
    assert _peak(story()) < 16 * MB


@pytest.mark.parametrize("has_length", [True, False])
def test_fifty_megabytes_are_left_where_they_are(has_length: bool) -> None:
    piece = bytes(64 * 1024)
    sent: list[int] = []

    async def flood(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.hear(reader)
        length = "Content-Length: 52428800" if has_length else "X-Length: unknown"
        writer.write(f"HTTP/1.1 200 OK\r\n{length}\r\n\r\n".encode())
        try:
            for _ in range(800):
                writer.write(piece)
                await writer.drain()
                server.sent += len(piece)
        finally:
            sent.append(server.sent)

    async def story() -> None:
        outcome = await fetched(flood)
        assert outcome.failure is Failure.TOO_LARGE
        assert "2 MB" in outcome.detail

    HttpFetcher().warm()
    assert _peak(story()) < 16 * MB
    assert sent[0] < 16 * MB


async def test_a_body_that_never_ends_ends_with_the_total_deadline() -> None:
    outcome = await fetched(dripping(message("200 OK", headers={"Content-Length": "99999"})), read_s=0.4, total_s=0.6)
    assert outcome.failure is Failure.READ_TIMEOUT
    assert "did not end within 0.6 s" in outcome.detail
    assert 0.5 < outcome.seconds < 1.2


@pytest.mark.parametrize("piece", [b"x", b"HTTP/1.1 100 Continue\r\n\r\n"])
async def test_headers_that_never_end_end_with_the_read_deadline(piece: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nX-Long: " if piece == b"x" else b""
    outcome = await fetched(dripping(head, piece), read_s=0.4)
    assert outcome.failure is Failure.READ_TIMEOUT
    assert "did not answer within 0.4 s" in outcome.detail
    assert outcome.seconds < 1.0


async def test_headers_without_measure_are_no_http() -> None:
    assert (await fetched(dripping(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 65536, 0.0))).failure is Failure.LOST


async def test_the_first_byte_is_enough_when_no_more_is_wanted() -> None:
    head = message("200 OK", headers={"Content-Length": "99999", "Content-Type": "text/event-stream"})
    outcome = await fetched(dripping(head, b"data: {}\n\n", 5.0), first_byte=True)
    assert (outcome.status, outcome.body) == (200, b"data: {}\n\n")
    assert outcome.seconds < 1.0


async def test_an_error_is_read_whole_even_when_its_first_byte_was_enough() -> None:
    async def in_two(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.hear(reader)
        writer.write(message("429 Too Many", b'{"error": ', {"Content-Length": "27"}))
        await writer.drain()
        await asyncio.sleep(0.1)
        writer.write(b'{"code": "1302"}}')
        await writer.drain()

    outcome = await fetched(in_two, first_byte=True)
    assert (outcome.status, outcome.body) == (429, b'{"error": {"code": "1302"}}')


async def test_a_stream_whose_first_byte_does_not_come_times_out() -> None:
    head = message("200 OK", headers={"Content-Length": "99999"})
    outcome = await fetched(dripping(head, b"", 0.1), first_byte=True, read_s=0.4)
    assert outcome.failure is Failure.READ_TIMEOUT


async def test_an_empty_stream_is_an_answer() -> None:
    outcome = await fetched(answering("200 OK", b""), first_byte=True)
    assert (outcome.status, outcome.body, outcome.failure) == (200, b"", None)


# Keys and addresses


@pytest.mark.parametrize(
    ("auth", "line"),
    [
        ("bearer", f"authorization: Bearer {KEY}"),
        ("x-api-key", f"x-api-key: {KEY}"),
        ("x-goog-api-key", f"x-goog-api-key: {KEY}"),
        ("api-key", f"api-key: {KEY}"),
        ("xi-api-key", f"xi-api-key: {KEY}"),
    ],
)
async def test_a_key_is_presented_as_its_host_wants_it(auth: str, line: str) -> None:
    async with serving(answering()) as server, fetching() as fetcher:
        credential = Credential(Secret(KEY), auth, (f"localhost:{server.port}",))
        await fetcher.fetch(asking(server.url, credential=credential))
    assert line in server.heads[0]
    assert server.heads[0].count(KEY) == 1


@pytest.mark.parametrize("hosts", [("localhost",), ("api.example.com",), ("localhost:1",), ()])
async def test_a_key_for_another_host_is_not_sent_and_nothing_else_is(hosts: tuple[str, ...]) -> None:
    async with serving(answering()) as server, fetching() as fetcher:
        outcome = await fetcher.fetch(asking(server.url, credential=Credential(Secret(KEY), "bearer", hosts)))
    assert outcome.failure is Failure.BAD_URL
    assert "not a host that the key may be sent to" in outcome.detail
    assert server.connections == 0


@pytest.mark.parametrize("key", ["sk-line\nbreak", "sk-ключ", ""])
async def test_a_key_that_no_header_carries_is_not_sent_nor_told(key: str) -> None:
    async with serving(answering()) as server, fetching() as fetcher:
        credential = Credential(Secret(key), "x-api-key", (f"localhost:{server.port}",))
        outcome = await fetcher.fetch(asking(server.url, credential=credential))
    assert outcome.failure is Failure.BAD_URL
    assert not key or key not in repr(outcome)
    assert server.connections == 0


async def test_without_leave_neither_plain_http_nor_a_private_address_is_asked() -> None:
    async with serving(answering()) as server, fetching() as fetcher:
        for url in (server.url, server.url.replace("http:", "https:"), f"https://127.0.0.1:{server.port}/"):
            assert (await fetcher.fetch(Request(url))).failure is Failure.BAD_URL
    assert server.connections == 0


@pytest.mark.parametrize("url", ["", "ftp://x.example/", "https://u:p@x.example/", "https://[::1/", "https://xn--a/"])
async def test_what_is_no_url_is_told_without_an_exception(url: str) -> None:
    async with fetching() as fetcher:
        assert (await fetcher.fetch(asking(url))).failure in (Failure.BAD_URL, Failure.DNS)


async def test_no_key_and_no_query_reaches_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(answering()) as server, fetching() as fetcher:
        for port in (server.port, closed_port()):
            credential = Credential(Secret(KEY), "bearer", (f"localhost:{port}",))
            request = asking(f"http://localhost:{port}/?token=canary", credential=credential)
            outcome = await fetcher.fetch(request)
            assert KEY not in repr(request) + repr(outcome)
            assert "canary" not in outcome.detail
    assert "canary" not in caplog.text


async def test_something_that_is_not_http_is_lost() -> None:
    outcome = await fetched(saying(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"))
    assert outcome.failure is Failure.LOST
    assert "not HTTP" in outcome.detail
