"""Provider files: those that ship are read, and each wrong one is refused with its line and key."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trayapp.model.catalogue import provider, read_provider
from trayapp.model.ports import Refused
from trayapp.model.provider import Probe, ProbeKind, Provider
from trayapp.model.reading import Symptom
from trayapp.model.source import Source
from trayapp.model.table import Table

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "resources" / "providers"
SHIPPED = sorted(FOLDER.glob("*.toml"))
RECORDED = ROOT.parent / "shared" / "recordings" / "payloads"

WHOLE = """
name = "Acme"
formerly = ["acme-old"]
note = "A note."
[feed]
platform = "statuspage"
url = "https://status.acme.example/"
fallbacks = ["https://acme.statuspage.io"]
path = "/x.json"
page = "https://acme.example/status?lang=en"
[[feed.component]]
id = "c1"
name = "API"
scope = ["api"]
[api]
name = "Acme API"
base_url = "https://api.acme.example"
hosts = ["api.acme.example", "eu.acme.example:8443"]
auth = "api-key"
headers = { Acme-Version = "1" }
key_env = "ACME_KEY"
key_page = "https://acme.example/keys"
[[probe]]
kind = "keyless"
get = "/v1/models"
alive = [401, 403]
[[probe]]
kind = "paid"
post = "/v1/{model}/say"
body = '{"model": "{model}"}'
models = ["small", "mini"]
usd_per_million = [1, 2.5]
[[answer]]
status = 429
code = "spent"
text = "No Money"
means = "no_credit"
[[route]]
protocol = "chat"
base_url = "https://api.acme.example/v1"
auth = "api-key"
models = { default = "small" }
"""


def read(text: str) -> Provider:
    return read_provider("acme", text, "acme.toml")


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_file_is_read_without_a_warning(file: Path) -> None:
    table = Table.of(Source(file.name, file.read_text(encoding="utf-8")))
    made = provider(file.stem, table)
    assert table.warnings() == ()
    assert made == read_provider(file.stem, file.read_text(encoding="utf-8"), file.name)
    assert made.probe(ProbeKind.KEYLESS) is not None
    if made.feed is not None:
        assert (ROOT / "trayapp" / "feeds" / f"{made.feed.platform}.py").is_file()
        ids = [component.id for component in made.feed.components]
        assert len(ids) == len(set(ids))
        # A page with a component for each model names none: all that are on it count.
        assert made.feed.roster or any(component.scope for component in made.feed.components)


def test_the_shipped_files_are_the_four_of_the_first_release_at_least() -> None:
    assert {"anthropic", "openai", "google", "local"} <= {file.stem for file in SHIPPED}


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recordings are not beside this checkout")
@pytest.mark.parametrize(
    ("id", "recording"),
    [
        ("anthropic", "anthropic-operational.json"),
        ("openai", "openai-proxy-operational.json"),
        ("google", "google-cloud-products-reconstructed.json"),
        ("vertex", "google-cloud-products-reconstructed.json"),
        ("openrouter", "openrouter-operational.json"),
        ("deepseek", "deepseek-operational.json"),
        ("groq", "groq-proxy-stale-maintenance.json"),
        ("perplexity", "perplexity-proxy-operational.json"),
        ("mistral", "mistral-page-scrape-20261001-trimmed.json"),
        ("github-copilot", "github-copilot-incident-reconstructed.json"),
        ("cursor", "cursor-incident-20260903-trimmed.json"),
    ],
)
def test_every_component_named_is_on_the_recorded_page(id: str, recording: str) -> None:
    feed = read_provider(id, (FOLDER / f"{id}.toml").read_text(encoding="utf-8"), id).feed
    page = (RECORDED / recording).read_text(encoding="utf-8")
    assert feed is not None
    assert [component.id for component in feed.components if f'"{component.id}"' not in page] == []


def test_every_key_of_a_file_arrives() -> None:
    made = read(WHOLE)
    assert (made.id, made.name, made.formerly, made.note) == ("acme", "Acme", ("acme-old",), "A note.")
    assert made.feed is not None
    assert made.feed.bases == ("https://status.acme.example", "https://acme.statuspage.io")
    assert (made.feed.path, made.page) == ("/x.json", "https://acme.example/status?lang=en")
    assert made.feed.components[0].scope == ("api",)
    assert made.api is not None
    assert made.api.hosts == ("api.acme.example", "eu.acme.example:8443")
    assert made.api.headers == {"acme-version": "1"}
    assert made.probe(ProbeKind.PAID) == Probe(
        ProbeKind.PAID, "POST", "/v1/{model}/say", (200,), '{"model": "{model}"}', ("small", "mini"), (1.0, 2.5)
    )
    assert (made.answers[0].means, made.answers[0].text) == (Symptom.NO_CREDIT, "no money")
    assert made.routes[0].models == {"default": "small"}
    assert not made.local
    assert not made.allow_private


def test_hosts_are_the_base_addresss_own_when_none_are_named() -> None:
    api = read('name = "A"\n[api]\nbase_url = "https://a.example:8443"\n').api
    assert api is not None
    assert api.hosts == ("a.example:8443",)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('name = "Acme"', "name = 3", "line 2: name: one line of 1 to 60 printable characters was expected, got 3"),
        ('name = "Acme"', "", "line 1: name: one line of 1 to 60 printable characters was expected, got nothing"),
        (
            '"A note."',
            r'"a\nb"',
            "line 4: note: one line of 1 to 500 printable characters was expected, got a text of 3",
        ),
        ('"A note."', '"a\u202eb"', "line 4: note: one line of 1 to 500 printable"),
        ('["acme-old"]', '["A B"]', 'line 3: formerly: small letters, digits, - and _ was expected, got "A B"'),
        (
            '"https://status.acme.example/"',
            '"http://a.example"',
            "line 7: feed.url: an https address (plain http needs",
        ),
        (
            '"https://acme.statuspage.io"',
            '"https://10.0.0.1"',
            "line 8: feed.fallbacks: a public address (a private one",
        ),
        ('path = "/x.json"', 'path = "@evil.example"', 'line 9: feed.path: a path that begins with "/" was expected'),
        ('platform = "statuspage"', "", "line 5: feed.platform: the name of a status-page platform was expected"),
        (
            'id = "c1"',
            "",
            "line 11: feed.component.id: one line of 1 to 100 printable characters was expected, got nothing",
        ),
        ('hosts = ["api.acme', 'hosts = ["us.acme', "line 17: api.base_url: an address on one of api.hosts"),
        ('"eu.acme.example:8443"', '"https://eu"', 'line 18: api.hosts: a host as "name" or "name:port" was expected'),
        ("hosts = [", "hosts = 3 # [", "line 18: api.hosts: a list of 0 to 20 values was expected, got 3"),
        (
            'auth = "api-key"\nh',
            'auth = "bear"\nh',
            "line 19: api.auth: one of bearer, x-api-key, x-goog-api-key, api-key",
        ),
        ("Acme-Version", "Authorization", "line 20: api.headers.Authorization: a header that carries no key"),
        ("Acme-Version", '"a b"', "line 20: api.headers.'a b': a word of letters"),
        ('"ACME_KEY"', '"$KEY"', "line 21: api.key_env: the name of an environment variable"),
        ("[401, 403]", "[99]", "line 26: probe.alive: an HTTP status from 100 to 599 was expected, got 99"),
        ("[401, 403]", "[true]", "line 26: probe.alive: an HTTP status from 100 to 599 was expected, got true"),
        ("[401, 403]", "[]", "line 26: probe.alive: a list of 1 to 20 values was expected, got 0 values"),
        ('get = "/v1/models"', "", "line 23: probe.get: either get or post with a path was expected, got nothing"),
        ('get = "/v1/models"', 'get = "/a"\npost = "/b"', "line 25: probe.get: either get or post with a path"),
        (
            'kind = "paid"',
            'kind = "payed"',
            'line 28: probe.kind: one of keyless, free, paid (perhaps "paid") was expected',
        ),
        ("""'{"model": "{model}"}'""", "'{'", 'line 30: probe.body: a JSON text was expected, got "{"'),
        (
            """'{"model": "{model}"}'""",
            "'" + "[" * 3000 + "'",
            "line 30: probe.body: a JSON text was expected, got a text",
        ),
        ("""'{"model": "{model}"}'""", "3", "line 30: probe.body: a JSON text was expected, got 3"),
        ('models = ["small", "mini"]', "", "line 27: probe.models: a list of models to put in place of {model}"),
        ('"mini"', "'mi\"ni'", "line 31: probe.models: the name of a model was expected"),
        ("[1, 2.5]", "[1, nan]", "line 32: probe.usd_per_million: US dollars from 0 to 1000000 was expected, got nan"),
        ("[1, 2.5]", "[1]", "line 32: probe.usd_per_million: a list of 2 values was expected, got 1 values"),
        ("usd_per_million = [1, 2.5]", "", "line 27: probe.usd_per_million: the price of a paid probe was expected"),
        ('means = "no_credit"', 'means = "broke"', "line 37: answer.means: one of ok, slow"),
        (
            "status = 429",
            'status = "429"',
            'line 34: answer.status: an HTTP status from 100 to 599 was expected, got "429"',
        ),
        (
            'protocol = "chat"',
            'protocol = "soap"',
            "line 39: route.protocol: one of anthropic, responses, chat, gemini",
        ),
        ("[[route]]", "[route]", "line 38: route: a list of 0 to 20 values was expected, got a table"),
        ("{ Acme-Version", "1979-05-27 # ", "line 20: api.headers: a table was expected, got a date or time"),
        ('"Acme"', '["Acme"]', "line 2: name: one line of 1 to 60 printable characters was expected, got a list"),
        ("note =", f"local = {'9' * 30}\nnote =", "line 4: local: true or false was expected, got a huge number"),
        ("note =", "allow_private = 1\nnote =", "line 4: allow_private: true or false was expected, got 1"),
    ],
)
def test_a_wrong_file_is_refused_with_line_key_and_what_was_expected(old: str, new: str, complaint: str) -> None:
    assert old in WHOLE
    with pytest.raises(Refused) as refused:
        read(WHOLE.replace(old, new, 1))
    assert str(refused.value).startswith(f"acme.toml, {complaint}")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('name = "A"', "line 1: feed: a [feed] or an [api] table was expected, got nothing"),
        ('name = "A"\n[feed]\nplatform = "x"\nurl = "https://a.example"\n[[probe]]\nkind = "free"\nget = "/"',
         "line 1: api: an [api] table for the probes was expected, got nothing"),
        ('name = "A"\n[api]\nbase_url = "https://a.example"\n[[answer]]\nmeans = "ok"',
         "line 4: answer.status: a status, a code or a text to know the answer by was expected, got nothing"),
        ('name = "A"\n[api]\nbase_url = "https://a.example"\nheaders = {' + ", ".join(f"h{n} = 'x'" for n in range(30)) + "}",
         "line 4: api.headers: at most 20 keys was expected, got 30"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(Refused) as refused:
        read(text)
    assert str(refused.value) == f"acme.toml, {complaint}"


@pytest.mark.parametrize("id", ["", "Acme", "a b", "../x", "-x", "x" * 51])
def test_a_file_is_named_by_a_plain_word(id: str) -> None:
    with pytest.raises(Refused, match="a provider file named by small letters"):
        read_provider(id, WHOLE, "x.toml")


def test_a_password_in_an_address_is_not_repeated() -> None:
    with pytest.raises(Refused) as refused:
        read('name = "A"\n[feed]\nplatform = "x"\nurl = "https://u:pw@h"')
    assert "pw" not in str(refused.value)


def test_a_key_pasted_in_the_wrong_place_is_not_repeated() -> None:
    with pytest.raises(Refused) as refused:
        read(WHOLE.replace('"ACME_KEY"', '"sk-acme-canary-0123456789"'))
    assert "canary" not in str(refused.value)


LINES = st.sampled_from(
    [*WHOLE.split("\n"), "local = true", "allow_private = true", 'url = "http://[::1]:1"', "x = [[[", ""]
)


@given(st.lists(LINES, max_size=40).map("\n".join) | st.text())
def test_any_text_is_a_provider_or_refused(text: str) -> None:
    try:
        assert read(text).id == "acme"
    except Refused as refused:
        assert str(refused).startswith("acme.toml, line ")
        assert "\n" not in str(refused)


@given(st.data())
def test_a_file_with_any_line_lost_or_doubled_is_a_provider_or_refused(data: st.DataObject) -> None:
    lines = WHOLE.split("\n")
    at = data.draw(st.integers(0, len(lines) - 1))
    changed = data.draw(st.sampled_from([lines[:at] + lines[at + 1 :], [*lines[:at], lines[at], *lines[at:]]]))
    try:
        read("\n".join(changed))
    except Refused as refused:
        assert str(refused).startswith("acme.toml, line ")
