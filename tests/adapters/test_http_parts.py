"""The parts of the fetcher that need no network: what is remembered, what a body may be, whose key goes where."""

from __future__ import annotations

import gzip
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trayapp.adapters import http_guard
from trayapp.adapters.http_body import LARGEST, Body
from trayapp.adapters.http_memory import Answer, Memory
from trayapp.model.request import Failure, Request
from trayapp.model.secret import Credential, Secret


def answer(body: bytes = b"", tag: str = '"t"') -> Answer:
    return Answer({"etag": tag}, body)


def test_the_answer_that_was_longest_not_asked_for_is_forgotten_first() -> None:
    memory = Memory(most_answers=2)
    memory.keep("a", answer())
    memory.keep("b", answer())
    memory.recall("a")
    memory.keep("c", answer())
    assert [memory.recall(url) is not None for url in "abc"] == [True, False, True]


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 150)), max_size=40))
def test_what_is_remembered_never_outgrows_its_bounds(kept: list[tuple[str, int]]) -> None:
    memory = Memory(most_answers=4, most_bytes=200)
    for url, size in kept:
        memory.keep(url, answer(bytes(size)))
        found = [known for known in map(memory.recall, "abcdefgh") if known]
        assert len(found) <= 4
        assert sum(len(known.body) for known in found) <= 200
        assert memory.recall(url) == answer(bytes(size))


def test_an_answer_without_validators_takes_the_old_one_away() -> None:
    memory = Memory()
    memory.keep("a", answer())
    memory.keep("a", Answer({}, b"new"))
    assert memory.recall("a") is None


@given(st.binary(max_size=5000), st.integers(1, 700))
def test_a_gzip_body_is_the_same_in_whatever_pieces_it_comes(content: bytes, size: int) -> None:
    packed, body = gzip.compress(content), Body("gzip")
    for at in range(0, len(packed), size):
        body.add(packed[at : at + size])
    body.end()
    assert (body.trouble, body.whole()) == (None, content)


@given(
    st.lists(st.binary(max_size=200), max_size=5), st.sampled_from(["", "gzip", "identity", "br", "x-gzip,identity"])
)
def test_a_body_of_any_bytes_is_read_or_has_its_trouble(pieces: list[bytes], encoding: str) -> None:
    body = Body(encoding)
    for piece in pieces:
        body.add(piece)
    body.end()
    assert body.trouble is None or body.trouble[0] in (Failure.CUT, Failure.TOO_LARGE)
    assert len(body.whole()) <= LARGEST


@pytest.mark.parametrize("length", ["9" * 5000, "2097153", "-1", "1e9", "²"])
def test_a_length_of_any_text_is_no_surprise(length: str) -> None:
    trouble = Body("", length).trouble
    assert trouble is None or trouble[0] is Failure.TOO_LARGE


@pytest.mark.parametrize(
    ("url", "hosts", "is_sent"),
    [
        ("https://api.example.com/v1", ("api.example.com",), True),
        ("https://API.example.com:443/v1", ("api.example.com:443",), True),
        ("https://api.example.com:8443/v1", ("api.example.com",), False),
        ("https://api.example.com:8443/v1", ("other.example", "api.example.com:8443"), True),
        ("https://api.example.com.evil.example/", ("api.example.com",), False),
        ("https://evil.example/api.example.com", ("api.example.com",), False),
        ("https://sub.api.example.com/", ("api.example.com",), False),
        ("http://api.example.com/", ("api.example.com", "api.example.com:80"), False),
        ("http://127.0.0.1:11434/", ("127.0.0.1:11434",), True),
        ("http://192.168.1.5:8000/", ("192.168.1.5:8000",), True),
        ("http://[::1]:8000/", ("[::1]:8000",), True),
        ("http://127.0.0.1:11434/", ("127.0.0.1",), False),
        ("http://server.lan:8000/", ("server.lan:8000",), False),
    ],
)
def test_a_key_goes_to_its_hosts_alone_and_in_clear_only_nearby(
    url: str, hosts: tuple[str, ...], is_sent: bool
) -> None:
    request = Request(url, credential=Credential(Secret("sk-1"), "bearer", hosts), allow_private=True)
    if is_sent:
        assert http_guard.headers(request)["authorization"] == "Bearer sk-1"
        return
    with pytest.raises(http_guard.Forbidden) as raised:
        http_guard.headers(request)
    assert "sk-1" not in str(raised.value)


def test_a_way_to_present_a_key_that_is_not_known_sends_nothing() -> None:
    credential = Credential(Secret("sk-1"), "sigv4", ("api.example.com",))
    with pytest.raises(http_guard.Forbidden):
        http_guard.headers(Request("https://api.example.com/", credential=credential))


def test_a_request_cannot_bring_framing_or_another_encoding() -> None:
    brought = {
        "Host": "x",
        "Content-Length": "9",
        "Transfer-Encoding": "chunked",
        "Accept-Encoding": "br",
        "X-Own": "1",
    }
    sent = http_guard.headers(Request("https://api.example.com/", headers=brought))
    assert sent["accept-encoding"] == "gzip"
    assert sent["x-own"] == "1"
    assert not {"host", "content-length", "transfer-encoding"} & set(sent)


def test_importing_the_fetcher_does_not_import_httpx() -> None:
    """The icon appears before the network is needed."""
    code = "import sys, trayapp.adapters.http; print(sorted({'httpx', 'httpcore', 'anyio', 'ssl'} & set(sys.modules)))"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True).stdout
    assert "httpx" not in seen
    assert "httpcore" not in seen
    assert "anyio" not in seen
