"""Provider files of the user's own, through the real command: they work like those that ship, or are refused clearly."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.e2e.command_line import CommandLine, Said
from tests.page_server import PageServer, Reply, page_server

COMPONENTS = [("api", "Acme API", "operational"), ("chat", "Acme Chat", "operational")]
DOOR = "/v1/models"
MODELS = Reply(b'{"object": "list", "data": []}', headers={"content-type": "application/json"})


@pytest.fixture
def server() -> Iterator[PageServer]:
    with page_server() as served:
        yield served


@pytest.fixture
def shell(tmp_path: Path) -> CommandLine:
    (tmp_path / "providers").mkdir()
    # Nothing outside this machine is asked when a ping finds no way through.
    return CommandLine(tmp_path, {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"})


def summary(components: Sequence[tuple[str, str, str]] = (*COMPONENTS,), **more: Any) -> Reply:
    """Return a Statuspage summary."""
    rows = [{"id": id, "name": name, "status": status} for id, name, status in components]
    head = {"id": "p", "name": "Acme", "updated_at": "2026-11-20T10:00:00.000Z"}
    made = {"page": head, "components": rows, "incidents": [], "scheduled_maintenances": [], **more}
    return Reply(json.dumps(made).encode(), headers={"content-type": "application/json"})


def gateway(url: str, *, private: bool = True, platform: str = "statuspage", api: str = "", more: str = "") -> str:
    """Return a provider file whose page and API are at `url`."""
    return f"""
name = "Our gateway"
{"allow_private = true" if private else ""}
[feed]
platform = "{platform}"
url = "{url}"
[[feed.component]]
id = "api"
name = "Acme API"
scope = ["api"]
[[feed.component]]
id = "chat"
name = "Acme Chat"
[api]
base_url = "{api or url}"
key_env = "GATEWAY_KEY"
[[probe]]
kind = "keyless"
get = "{DOOR}"
alive = [200, 401]
{more}
"""


def install(shell: CommandLine, name: str, text: str) -> Path:
    """Put a provider file beside config.toml, and watch it alone."""
    file = shell.home / "providers" / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    shell.configure(f'[monitor]\nwatch = ["{name}"]\nconnectivity_targets = []\n')
    return file


def status(shell: CommandLine) -> Said:
    return shell.run("status", "--json", "--fresh")


def serve(server: PageServer, page: Reply) -> None:
    server.replies.update({"/api/v2/summary.json": page, "/history.atom": page, DOOR: MODELS})


def test_a_private_gateway_works_like_a_provider_that_ships(server: PageServer, shell: CommandLine) -> None:
    serve(server, summary([("api", "Acme API", "major_outage"), COMPONENTS[1]]))
    install(shell, "gateway", gateway(server.url))
    said = status(shell)
    told = said.provider("gateway")
    assert (said.code, told["name"], told["feed"]["level"], told["feed"]["error"]) == (2, "Our gateway", "down", None)
    assert [(p["kind"], p["outcome"]) for p in told["probes"]] == [("keyless", "ok")]
    [row] = [row for row in shell.run("providers", "--json").document["providers"] if row["id"] == "gateway"]
    assert (row["source"], row["watched"], row["feed"]["platform"]) == ("own", True, "statuspage")


def test_a_litellm_proxy_without_a_page_is_judged_by_its_pings(server: PageServer, shell: CommandLine) -> None:
    serve(server, summary())
    text = f"""
name = "LiteLLM"
allow_private = true
note = "Our proxy has no status page."
[api]
base_url = "{server.url}"
[[probe]]
kind = "keyless"
get = "/health/liveliness"
"""
    server.replies["/health/liveliness"] = Reply(b'"I am alive!"')
    install(shell, "litellm", text)
    said = status(shell)
    assert (said.levels, said.provider("litellm")["feed"]) == ({"litellm": "operational"}, None)
    [row] = [row for row in shell.run("providers", "--json").document["providers"] if row["id"] == "litellm"]
    assert row["feed_reason"] == "Our proxy has no status page."


def test_a_file_of_ones_own_stands_in_for_one_that_ships(server: PageServer, shell: CommandLine) -> None:
    serve(server, summary())
    install(shell, "anthropic", gateway(server.url))
    said = status(shell)
    assert (said.levels, said.provider("anthropic")["name"]) == ({"anthropic": "operational"}, "Our gateway")
    rows = {row["id"]: row for row in shell.run("providers", "--json").document["providers"]}
    assert (rows["anthropic"]["source"], rows["openai"]["source"]) == ("own", "shipped")


REFUSED = {
    "a private address without leave": (gateway("http://127.0.0.1:9", private=False), "allow_private = true"),
    "a private address over TLS": (gateway("https://10.0.0.1", private=False), "allow_private = true"),
    "a password in the address": (gateway("https://me:hunter22@acme.test", private=False), "without user name"),
    "another scheme": (gateway("ftp://acme.test", private=False), "an https address"),
    "a file of this machine": (gateway("file:///etc/passwd"), "an https address"),
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_an_address_that_must_not_be_asked_is_refused_with_its_line(text: str, reason: str, shell: CommandLine) -> None:
    file = install(shell, "gateway", text)
    for arguments in (("status", "--fresh"), ("provider", "check", str(file))):
        said = shell.run(*arguments)
        assert (said.code, said.out) == (64, "")
        assert "gateway.toml, line 6: feed.url: " in said.err
        assert reason in said.err
        assert "hunter22" not in said.err
    rows = {row["id"]: row for row in shell.run("providers", "--json").document["providers"]}
    assert reason in rows["gateway"]["error"]
    assert (rows["anthropic"]["error"], len(rows) > 29) == (None, True)


RSS_WITH_DTD = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<rss version="2.0"><channel><title>Acme</title><item><title>&b;</title></item></channel></rss>"""

#: What the page gives, on which platform, and what the reason says.
BAD = {
    "a web page with status 200": ("statuspage", Reply(b"<!doctype html><p>Hello"), "a web page"),
    "403 to unknown clients": ("statuspage", Reply(b"{}", 403), "HTTP 403"),
    "a challenge": ("statuspage", Reply(b"<html>", 403, {"cf-mitigated": "challenge"}), "bot challenge"),
    "a way elsewhere": ("statuspage", Reply(b"", 302, {"location": "http://192.0.2.1/"}), "HTTP 302 to another place"),
    "somebody else's page": (
        "statuspage",
        summary([("other", "Other API", "operational")]),
        "none of the components that count is on this page: api",
    ),
    "ids that repeat": (
        "statuspage",
        summary([*COMPONENTS, ("api", "Acme API", "major_outage")]),
        "components: an id that stands there once was expected, got api twice",
    ),
    "10,000 components": (
        "statuspage",
        summary([*COMPONENTS, *((f"c{n}", f"Part {n}", "operational") for n in range(10_000))]),
        "components: at most 1000 were expected",
    ),
    "a time without a zone": (
        "statuspage",
        summary(incidents=[{"id": "i", "name": "x", "status": "resolved", "impact": "none", "created_at": "2026-11-20T10:00:00"}]),
        "incidents[0].created_at: a time with its zone was expected",
    ),
    "a time in the future": (
        "statuspage",
        summary(incidents=[{"id": "i", "name": "x", "status": "resolved", "impact": "none", "created_at": "2099-01-01T10:00:00Z"}]),
        "incidents[0].created_at: a time that has come was expected",
    ),
    "RSS with a DTD": ("rss", Reply(RSS_WITH_DTD), "DTD"),
}  # fmt: skip


@pytest.mark.parametrize(("platform", "page", "reason"), BAD.values(), ids=BAD.keys())
def test_a_page_that_is_not_to_be_trusted_is_unknown_with_its_reason(
    platform: str, page: Reply, reason: str, server: PageServer, shell: CommandLine
) -> None:
    serve(server, page)
    install(shell, "gateway", gateway(server.url, platform=platform))
    feed = status(shell).provider("gateway")["feed"]
    assert reason in feed["error"]
    assert "\n" not in feed["error"]
    assert feed["level"] == "unknown"
    assert [path for _, path, _ in server.heard if path != DOOR] == ["/history.atom" if platform == "rss" else "/api/v2/summary.json"]  # fmt: skip


def test_a_certificate_that_nobody_vouches_for_is_unknown_with_its_reason(shell: CommandLine) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with page_server(context) as server:
        serve(server, summary())
        install(shell, "gateway", gateway(server.url))
        told = status(shell).provider("gateway")
        assert server.heard == []
    assert "certificate" in told["feed"]["error"]
    assert told["feed"]["level"] == "unknown"
