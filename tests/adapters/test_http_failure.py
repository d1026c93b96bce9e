"""Whose fault it is when no answer comes: each way of failing, made for real on loopback, has its own name."""

from __future__ import annotations

import asyncio
import base64
import datetime
import errno
import socket
import ssl
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpcore
import pytest
import trustme

from tests.adapters.loopback import (
    Handler,
    Server,
    answering,
    asking,
    closed_port,
    message,
    reset,
    resetting,
    saying,
    serving,
    silent,
    unread,
)
from trayapp.adapters import http_tls
from trayapp.adapters.http import HttpFetcher
from trayapp.adapters.http_call import Call, Phase
from trayapp.adapters.http_failure import tell
from trayapp.model.request import Failure, Outcome, Request
from trayapp.model.secret import Credential, Secret

CA = trustme.CA()
KEY = "sk-canary-0123456789"


@pytest.fixture(autouse=True)
def _trust(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Trust our own authority, and know no proxy."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    CA.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)


def certified(
    host: str = "localhost",
    ca: trustme.CA = CA,
    not_after: datetime.datetime | None = None,
    not_before: datetime.datetime | None = None,
) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(host, not_after=not_after, not_before=not_before).configure_cert(context)
    return context


def self_signed(*, below: bool) -> ssl.SSLContext:
    """Show an authority's own certificate, or one below it with the unknown authority beside it."""
    ca = trustme.CA()
    issued = ca.issue_cert("localhost")
    shown = [ca.private_key_pem, ca.cert_pem]
    if below:
        shown = [issued.private_key_pem, issued.cert_chain_pems[0], ca.cert_pem]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "shown.pem"
        file.write_bytes(b"".join(pem.bytes() for pem in shown))
        context.load_cert_chain(file)
    return context


def system_says(code: int) -> ssl.SSLCertVerificationError:
    """The error of a verification by the system, as truststore raises it on Windows and macOS."""
    error = ssl.SSLCertVerificationError("not trusted")
    error.verify_code = code
    return error


@asynccontextmanager
async def fetching() -> AsyncIterator[HttpFetcher]:
    fetcher = HttpFetcher()
    fetcher.warm()
    try:
        yield fetcher
    finally:
        await fetcher.close()


async def fetched(handler: Handler, tls: ssl.SSLContext | None = None, scheme: str = "", **more: object) -> Outcome:
    async with serving(handler, tls) as server, fetching() as fetcher:
        server.scheme = scheme or server.scheme
        return await fetcher.fetch(asking(server.url, **more))


async def asked(url: str, **more: object) -> Outcome:
    async with fetching() as fetcher:
        return await fetcher.fetch(asking(url, **more))


# Connecting


async def test_a_name_that_does_not_exist() -> None:
    outcome = await asked("https://no-such-host.invalid/?q=canary", connect_s=5.0, total_s=5.0)
    assert outcome.failure is Failure.DNS
    assert outcome.detail == "the name no-such-host.invalid cannot be looked up"


async def test_a_port_on_which_nobody_listens() -> None:
    port = closed_port()
    outcome = await asked(f"http://localhost:{port}/?q=canary")
    assert outcome.failure is Failure.REFUSED
    assert outcome.detail == f"localhost:{port} refuses connections"


async def test_a_server_that_takes_no_connection() -> None:
    """A full backlog drops further handshakes, as a filter does."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        port = listening.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        try:
            for filler in fillers:
                filler.setblocking(False)
                filler.connect_ex(("127.0.0.1", port))
            outcome = await asked(f"http://127.0.0.1:{port}/", connect_s=0.4)
        finally:
            for filler in fillers:
                filler.close()
    if outcome.failure is Failure.READ_TIMEOUT:
        pytest.skip("this kernel accepts beyond the backlog")
    assert outcome.failure is Failure.CONNECT_TIMEOUT
    assert "within 0.4 s" in outcome.detail
    assert outcome.seconds < 1.0


# TLS


async def test_a_certificate_that_is_in_order() -> None:
    assert (await fetched(answering(), certified())).status == 200


@pytest.mark.parametrize(
    ("tls", "failure"),
    [
        (certified(ca=trustme.CA()), Failure.TLS_UNTRUSTED),
        (certified("elsewhere.example"), Failure.TLS_HOSTNAME),
        (certified(not_after=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)), Failure.TLS_EXPIRED),
        (
            certified(
                not_before=datetime.datetime(2090, 1, 1, tzinfo=datetime.UTC),
                not_after=datetime.datetime(2091, 1, 1, tzinfo=datetime.UTC),
            ),
            Failure.TLS_EXPIRED,
        ),
        (self_signed(below=False), Failure.TLS_UNTRUSTED),
        (self_signed(below=True), Failure.TLS_UNTRUSTED),
    ],
    ids=["unknown authority", "another host", "expired", "not yet valid", "self-signed", "self-signed authority"],
)
async def test_a_certificate_that_is_not(tls: ssl.SSLContext, failure: Failure) -> None:
    outcome = await fetched(answering(), tls)
    assert outcome.failure is failure
    assert "certificate" in outcome.detail


async def test_no_key_is_sent_to_a_server_that_cannot_prove_its_name() -> None:
    async with serving(answering(), certified("elsewhere.example")) as server, fetching() as fetcher:
        credential = Credential(Secret(KEY), "bearer", (f"localhost:{server.port}",))
        await fetcher.fetch(asking(server.url, credential=credential))
    assert server.heads == []


async def test_a_handshake_that_hangs() -> None:
    outcome = await fetched(unread, scheme="https", connect_s=0.4)
    assert outcome.failure is Failure.TLS_TIMEOUT
    assert "no TLS handshake within 0.4 s" in outcome.detail


async def test_a_handshake_that_is_reset() -> None:
    outcome = await fetched(resetting(lambda server, reader: reader.read(1)), scheme="https")
    assert outcome.failure is Failure.TLS_RESET


async def test_a_handshake_that_is_hung_up_on() -> None:
    async def hang_up(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)

    assert (await fetched(hang_up, scheme="https")).failure is Failure.TLS_RESET


async def test_plain_http_where_tls_was_expected() -> None:
    async def plain(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(message("400 Bad Request"))
        await writer.drain()

    assert (await fetched(plain, scheme="https")).failure is Failure.TLS_OTHER


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
async def test_a_missing_certificate_file_is_named(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with serving(answering(), certified()) as server, fetching() as trusting:
        monkeypatch.setenv(name, str(tmp_path / "nowhere"))
        assert (await trusting.fetch(asking(server.url))).status == 200
        async with fetching() as fetcher:
            outcome = await fetcher.fetch(asking(server.url))
            assert outcome.failure is Failure.OTHER
            assert outcome.detail.startswith(f"not asked: {name} names a")
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
            monkeypatch.delenv("SSL_CERT_DIR", raising=False)
            await fetcher.reset()
            assert (await fetcher.fetch(asking(server.url))).status == 200


async def test_a_certificate_file_without_certificates_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "empty.pem"))
    outcome = await fetched(answering(), certified())
    assert outcome.failure is Failure.OTHER
    assert "cannot be read" in outcome.detail
    assert (await fetched(answering())).status == 200


# After the request was sent


async def test_a_server_that_stalls() -> None:
    outcome = await fetched(silent, read_s=0.3)
    assert outcome.failure is Failure.READ_TIMEOUT
    assert "did not answer within 0.3 s" in outcome.detail


async def test_a_server_that_hangs_up_without_an_answer() -> None:
    assert (await fetched(saying(b""))).failure is Failure.LOST


async def test_a_server_that_resets_the_connection() -> None:
    assert (await fetched(resetting(lambda server, reader: server.hear(reader)))).failure is Failure.LOST


async def test_a_body_that_is_cut_off() -> None:
    outcome = await fetched(saying(message("200 OK", b"half", {"Content-Length": "8"})))
    assert (outcome.failure, outcome.status, outcome.body) == (Failure.CUT, None, b"")


async def test_a_body_that_is_cut_off_by_a_reset() -> None:
    async def half(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.hear(reader)
        writer.write(message("200 OK", b"half", {"Content-Length": "8"}))
        await writer.drain()
        await asyncio.sleep(0.1)
        reset(writer)

    assert (await fetched(half)).failure is Failure.CUT


async def test_a_body_that_stalls() -> None:
    async def half(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.hear(reader)
        writer.write(message("200 OK", b"half", {"Content-Length": "8"}))
        await asyncio.sleep(60)

    outcome = await fetched(half, read_s=0.3)
    assert outcome.failure is Failure.READ_TIMEOUT
    assert outcome.seconds < 1.0


# Proxies. A name that only the proxy can know stands for the provider.

FAR = "https://api.provider.invalid/v1/models?token=canary"


def tunnelling(to: Server, asked_for: list[str]) -> Handler:
    """A proxy that leads every CONNECT to one server."""

    async def handle(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked_for.append(await server.hear(reader))
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", to.port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            while data := await source.read(65536):
                sink.write(data)
            sink.close()

        try:
            await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))
        finally:
            far_writer.close()

    return handle


async def through(handler: Handler, monkeypatch: pytest.MonkeyPatch, url: str = FAR, **more: object) -> Outcome:
    """Make a request through a proxy that does as `handler` does; the request has no leave for private addresses."""
    async with serving(handler) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:hidden@127.0.0.1:{proxy.port}")
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        outcome = await asked(url, **more)
    assert "hidden" not in outcome.detail
    assert "canary" not in outcome.detail
    return outcome


async def test_an_answer_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for: list[str] = []
    async with serving(answering(), certified("api.provider.invalid")) as server:
        outcome = await through(tunnelling(server, asked_for), monkeypatch, allow_private=False)
    assert outcome.status == 200
    assert asked_for[0].startswith("CONNECT api.provider.invalid:443 HTTP/1.1\r\n")
    assert base64.b64encode(b"me:hidden").decode() in asked_for[0]


async def test_a_certificate_that_is_wrong_behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(answering(), certified("api.provider.invalid", trustme.CA())) as server:
        outcome = await through(tunnelling(server, []), monkeypatch)
    assert outcome.failure is Failure.TLS_UNTRUSTED


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        ("407 Proxy Authentication Required", Failure.PROXY_AUTH),
        ("403 Forbidden", Failure.PROXY_BLOCKED),
        ("502 Bad Gateway", Failure.REFUSED),
        ("504 Gateway Timeout", Failure.CONNECT_TIMEOUT),
    ],
)
async def test_a_proxy_that_does_not_connect(status: str, failure: Failure, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = await through(saying(message(status)), monkeypatch)
    assert outcome.failure is failure
    assert "the proxy 127.0.0.1" in outcome.detail


async def test_a_proxy_that_wants_a_login_for_plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = await through(answering("407 Nope"), monkeypatch, "http://neutral.invalid/generate_204")
    assert (outcome.failure, outcome.status) == (Failure.PROXY_AUTH, None)


async def test_a_proxy_that_hangs_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await through(saying(b""), monkeypatch)).failure is Failure.PROXY_DOWN


async def test_a_proxy_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await through(silent, monkeypatch, connect_s=0.3)).failure is Failure.CONNECT_TIMEOUT


async def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed_port()}")
    outcome = await asked(FAR)
    assert outcome.failure is Failure.PROXY_DOWN
    assert outcome.detail == "the proxy 127.0.0.1 cannot be reached"


async def test_a_proxy_whose_name_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:3128")
    assert (await asked(FAR, connect_s=5.0)).failure is Failure.PROXY_DOWN


@pytest.mark.parametrize(
    ("replies", "failure"),
    [
        ([b"\x05\xff"], Failure.PROXY_AUTH),
        ([b"\x05\x00", b"\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00"], Failure.PROXY_BLOCKED),
        ([b"\x05\x00", b"\x05\x04\x00\x01\x00\x00\x00\x00\x00\x00"], Failure.UNREACHABLE),
        ([b"\x05\x00", b"\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00"], Failure.REFUSED),
        ([b"HTTP/1.1 400 Bad Request\r\n\r\n"], Failure.PROXY_DOWN),
        ([], Failure.PROXY_DOWN),
    ],
)
async def test_a_socks_proxy_that_does_not_connect(
    replies: list[bytes], failure: Failure, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def socks(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for reply in replies:
            await reader.read(4096)
            writer.write(reply)
            await writer.drain()

    async with serving(socks) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks://127.0.0.1:{proxy.port}")
        assert (await asked(FAR)).failure is failure


async def test_a_socks_proxy_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(silent) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5://127.0.0.1:{proxy.port}")
        assert (await asked(FAR, connect_s=0.3)).failure is Failure.CONNECT_TIMEOUT


@pytest.mark.parametrize("value", ["socks4://127.0.0.1:1", "http://", "gopher://secret@x", "http://[::1", "http://x:y"])
async def test_a_proxy_setting_that_makes_no_sense_is_named(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", value)
    outcome = await asked(FAR)
    assert outcome.failure is Failure.OTHER
    assert outcome.detail.startswith("not asked: HTTPS_PROXY is not the address of a proxy")
    assert "secret" not in outcome.detail


async def test_loopback_needs_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "nonsense://")
    assert (await fetched(answering())).status == 200
    assert (await fetched(answering(), certified())).status == 200


async def test_a_reset_reads_the_proxy_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with fetching() as fetcher:
        monkeypatch.setenv("HTTPS_PROXY", "nonsense://")
        assert (await fetcher.fetch(asking(FAR))).failure is Failure.OTHER
        monkeypatch.delenv("HTTPS_PROXY")
        await fetcher.reset()
        assert (await fetcher.fetch(asking(FAR, connect_s=5.0))).failure is Failure.DNS


# Private addresses behind a name


async def test_a_name_that_leads_to_this_machine_is_not_connected_to() -> None:
    name = socket.gethostname()
    try:
        found = socket.gethostbyname(name)
    except OSError:
        pytest.skip("this machine's own name cannot be looked up")
    if not found.startswith("127."):
        pytest.skip("this machine's own name leads elsewhere")
    async with serving(answering(), certified(name)) as server, fetching() as fetcher:
        refused = await fetcher.fetch(Request(f"https://{name}:{server.port}/"))
        assert server.connections == 0
        allowed = await fetcher.fetch(Request(f"https://{name}:{server.port}/", allow_private=True))
    assert refused.failure is Failure.DNS
    assert refused.detail == f"{name}:{server.port} leads to a private address, which needs allow_private = true"
    assert allowed.status == 200


async def test_a_proxy_over_tls_that_cannot_prove_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(answering(), certified("elsewhere.example")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"https://localhost:{proxy.port}")
        outcome = await asked(FAR)
    assert outcome.failure is Failure.TLS_HOSTNAME
    assert outcome.detail == "the certificate shown for the proxy localhost is for another name"


# What no loopback server can do


@pytest.mark.parametrize(
    ("phase", "cause", "failure"),
    [
        (Phase.CONNECT, OSError(errno.ENETUNREACH, "no route"), Failure.UNREACHABLE),
        (Phase.CONNECT, OSError(errno.EHOSTUNREACH, "no host"), Failure.UNREACHABLE),
        (Phase.CONNECT, TimeoutError(errno.ETIMEDOUT, "gave up"), Failure.CONNECT_TIMEOUT),
        (Phase.CONNECT, OSError(errno.EMFILE, "too many files"), Failure.LOST),
        (Phase.LOOKUP, TimeoutError(), Failure.DNS),
        (Phase.LOOKUP, socket.gaierror(socket.EAI_AGAIN, "later"), Failure.DNS),
        (Phase.TLS, system_says(0x800B0101), Failure.TLS_EXPIRED),
        (Phase.TLS, system_says(0x800B010F), Failure.TLS_HOSTNAME),
        (Phase.TLS, system_says(0x800B0109), Failure.TLS_UNTRUSTED),
        (Phase.TLS, system_says(-67818), Failure.TLS_EXPIRED),
    ],
)
def test_a_cause_is_found_below_what_was_raised(phase: Phase, cause: Exception, failure: Failure) -> None:
    call = Call(Request("https://api.example.com/?token=canary"))
    call.phase = phase
    raised = httpcore.ConnectError("canary")
    raised.__cause__ = OSError("all connection attempts failed")
    raised.__cause__.__cause__ = cause
    found, detail = tell(raised, call)
    assert found is failure
    assert "canary" not in detail


def test_the_systems_own_certificates_are_read_when_no_others_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    paths = ssl.get_default_verify_paths()
    if not (paths.cafile or Path("/etc/ssl/certs/ca-certificates.crt").is_file()):
        pytest.skip("this system has no certificates")
    context = http_tls.context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert sys.platform in ("darwin", "win32") or context.cert_store_stats()["x509_ca"] > 0
