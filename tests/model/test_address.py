"""Which addresses a file may name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trayapp.model.address import base, host, host_of, is_private, link, target
from trayapp.model.forms import Unfit

PUBLIC = [
    "https://status.claude.com",
    "https://status.claude.com:8443/a/b",
    "https://xn--bcher-kva.example",
    "https://8.8.8.8",
    "https://[2606:4700::1111]/x",
    "https://a_b.example.",
]
PRIVATE = [
    "https://localhost",
    "https://LocalHost.:1",
    "https://x.localhost",
    "https://127.0.0.1",
    "https://10.0.0.1",
    "https://192.168.1.1",
    "https://172.16.0.1",
    "https://169.254.169.254",
    "https://100.64.0.1",
    "https://0.0.0.0",
    "https://224.0.0.1",
    "https://[::1]",
    "https://[fe80::1]",
    "https://[fd00::1]",
    "https://[::ffff:127.0.0.1]",
    "https://[2002:7f00:1::]",
    "https://[ff0e::1]",
]
NEVER = [
    "",
    "status.claude.com",
    "//status.claude.com",
    "ftp://a.example",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://",
    "https:///path",
    "https://user@a.example",
    "https://user:word@a.example",
    "https://@a.example",
    "https://a.example:0",
    "https://a.example:99999",
    "https://a.example:x",
    "https://127.1",
    "https://2130706433",
    "https://0x7f000001",
    "https://0177.0.0.1",
    "https://1.2.3.4.5",
    "https://[::1",
    "https://[fe80::1%25eth0]",
    "https://[::1]evil",
    "https://a..example",
    "https://-a.example",
    "https://ex%61mple.com",
    "https://a.example\\@b.example",
    "https://a.example/\tx",
    "https://a.example/ x",
    "https://bücher.example",
    "https://" + "a" * 600,
    "https://" + ".".join(["a" * 60] * 5),
    7,
    None,
    ["https://a.example"],
]


@pytest.mark.parametrize("url", PUBLIC)
def test_https_to_a_public_host_is_accepted(url: str) -> None:
    assert base(False)(url + "/") == url
    assert link(False)(url + "/?q=1#part") == url + "/?q=1#part"


@pytest.mark.parametrize("url", [*PRIVATE, *(url.replace("https", "http") for url in PRIVATE + PUBLIC)])
def test_plain_http_and_private_addresses_need_to_be_allowed(url: str) -> None:
    for form in (base(False), link(False)):
        with pytest.raises(Unfit, match="allow_private = true"):
            form(url)
    assert base(True)(url) == url


@pytest.mark.parametrize("url", NEVER)
@pytest.mark.parametrize("form", [base(True), link(True), target])
def test_anything_else_is_never_accepted_and_never_repeated(form: Callable[[object], str], url: object) -> None:
    with pytest.raises(Unfit) as unfit:
        form(url)
    assert unfit.value.hide


@pytest.mark.parametrize(
    "url", ["https://a.example/?x=1", "https://a.example#x", "https://a.example?", "https://a.example/#"]
)
def test_paths_cannot_be_joined_to_an_address_with_a_query_or_a_fragment(url: str) -> None:
    with pytest.raises(Unfit, match="without user name, query or fragment"):
        base(True)(url)


def test_a_neutral_target_may_be_plain_and_may_say_what_it_answers() -> None:
    for value in ("http://192.168.0.1/ok|well\n", "http://a.example/204", "https://a.example/x|a|b"):
        assert target(value) == value
    with pytest.raises(Unfit):
        target("http://a.example|" + "x" * 501)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://API.Example.com./v1", "api.example.com"),
        ("https://api.example.com:443", "api.example.com"),
        ("https://api.example.com:8443", "api.example.com:8443"),
        ("http://127.0.0.1:11434", "127.0.0.1:11434"),
        ("http://a.example:80", "a.example"),
        ("https://[::1]:8000", "[::1]:8000"),
    ],
)
def test_a_host_is_named_with_its_port_unless_it_is_the_schemes_own(url: str, name: str) -> None:
    assert host_of(url) == name
    if url.startswith("https"):
        assert host(name) == name


@pytest.mark.parametrize(
    "value",
    ["https://a.example", "a.example/x", "a.example?x", "a.example#x", "u@a.example", "a b", "", 3, "a.example:0"],
)
def test_a_host_is_nothing_but_a_name_and_a_port(value: object) -> None:
    with pytest.raises(Unfit, match="name:port"):
        host(value)


@given(st.ip_addresses())
def test_no_address_that_is_not_public_passes_as_one(address: object) -> None:
    written = f"[{address}]" if ":" in str(address) else str(address)
    try:
        base(False)(f"https://{written}")
    except Unfit:
        return
    assert getattr(address, "is_global")  # noqa: B009  # IPv4Address or IPv6Address
    assert not is_private(str(address))


@given(st.text() | st.from_regex(r"https?://[^/]{1,30}(/.{0,10})?", fullmatch=True))
def test_any_text_is_an_address_or_unfit(text: str) -> None:
    for form in (base(True), base(False), link(False), target, host):
        try:
            assert form(text)
        except Unfit:
            continue
