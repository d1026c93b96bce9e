"""Which proxy a URL is asked through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trayapp.adapters.http_proxy import BadProxy, Proxies, read

PROXY = "http://proxy.example:3128"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_without_a_setting_all_is_asked_directly() -> None:
    assert read().choose("https://api.example.com/") is None


def test_each_scheme_has_its_own_proxy_and_all_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example:1")
    monkeypatch.setenv("all_proxy", "socks5h://user:word@proxy.example:2/")
    found = read()
    assert found.choose("https://api.example.com/") == "http://proxy.example:1"
    assert found.choose("http://api.example.com/") == "socks5h://user:word@proxy.example:2"


def test_socks_without_a_number_is_socks_5() -> None:
    assert Proxies({"all": "socks://127.0.0.1:1080/"}).choose("https://x.example/") == "socks5://127.0.0.1:1080"


@pytest.mark.parametrize(
    "url", ["http://localhost:11434/", "http://127.0.0.1/", "http://[::1]:1/", "http://a.localhost/"]
)
def test_this_machine_is_asked_directly_whatever_is_set(url: str) -> None:
    assert Proxies({"all": "nonsense"}).choose(url) is None


@pytest.mark.parametrize(
    ("entry", "url", "is_direct"),
    [
        ("*", "https://api.example.com/", True),
        ("example.com", "https://example.com/", True),
        ("example.com", "https://api.example.com/", True),
        (".example.com", "https://api.example.com/", True),
        ("*.example.com", "https://api.example.com/", True),
        ("EXAMPLE.com", "https://API.example.com/", True),
        ("example.com", "https://badexample.com/", False),
        ("example.com:443", "https://api.example.com/", True),
        ("example.com:8443", "https://api.example.com/", False),
        ("example.com:8443", "https://api.example.com:8443/", True),
        ("10.0.0.0/8", "http://10.2.3.4:8000/", True),
        ("10.0.0.0/8", "http://11.2.3.4/", False),
        ("fd00::/8", "http://[fd00::5]/", True),
        ("[fd00::5]:80", "http://[fd00::5]/", True),
        ("10.0.0.0/8", "https://api.example.com/", False),
        ("., :, *:", "https://api.example.com/", False),
    ],
)
def test_no_proxy_names_those_that_are_asked_directly(
    entry: str, url: str, is_direct: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", f"other.example, {entry}")
    assert read().choose(url) == (None if is_direct else PROXY)


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_setting_of_any_text_gives_a_way_or_a_reason(proxy: str, exceptions: str) -> None:
    proxies = Proxies({"https": proxy}, tuple(exceptions.lower().split(",")))
    try:
        chosen = proxies.choose("https://api.example.com/")
    except BadProxy as reason:
        assert "https_proxy" in str(reason).lower()
    else:
        assert chosen is None or chosen.split("://")[0] in ("http", "https", "socks5", "socks5h")
