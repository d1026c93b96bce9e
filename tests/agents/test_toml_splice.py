"""TOML: what is changed is changed, and no other byte."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from tests.agents.splicing import BOMS, NEWLINES, keeps_promises, keys_of, never_breaks, seconds, thoroughly
from trayapp.agents._grammar import ABSENT, Put, Set, Uneditable, grammar

TOML = grammar("toml")


def parse(data: bytes) -> dict[str, Any]:
    return tomllib.loads(data.decode("utf-8-sig"))


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)
VALUES = st.recursive(
    TEXT | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
SOURCES = st.sampled_from(
    ["1", "'x'", '"é\\n#"', "true", "1979-05-27 07:32:00", "[1, 2]", "[ # c\n 1,\n [ 'a' ], ]", '"""a\n"b"\n"""', "'''\n''x'''",
     "{ a = 1, b.c = 'x' }", "{}", "0x1F", "[ { k = 'v' } ]", "-inf", '""""x"""""']
)  # fmt: skip
NAMES = ["a", "b", "'c d'", '"e\\t"', "f-1", "a.x", "b . 'y'", "model"]
TABLES = ["a", "b.c", "b", "x.y.z", "'q q'", "hooks", "b.c.d"]
COMMENTS = ["", "", "# c = 1\n", "\n", "\n\n", "  # [x]\n", "\t\n"]


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Statements in any order; only what the parser takes is a file."""
    text = ""
    for header in [None, *draw(st.lists(st.sampled_from(TABLES), max_size=4))]:
        if header:
            text += draw(st.sampled_from([f"[{header}]", f"[[{header}]]", f" [ {header} ] # t"])) + "\n"
        for name in draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True)):
            text += draw(st.sampled_from(COMMENTS)) + draw(st.sampled_from(["", "  "]))
            text += name + draw(st.sampled_from(["=", " = ", "  =\t"])) + draw(SOURCES)
            text += draw(st.sampled_from(["", " # why"])) + "\n"
        text += draw(st.sampled_from(COMMENTS))
    text = text if draw(st.booleans()) else text.removesuffix("\n")
    data = draw(BOMS) + text.replace("\n", draw(NEWLINES)).encode()
    try:
        parse(data)
    except tomllib.TOMLDecodeError:
        reject()
    return data


REFUSALS = ("inline", "dotted", "several places", "no header", "a list", "inside a value", "is a table", "touch other")


@thoroughly
@given(
    files(),
    st.lists(
        st.tuples(st.sampled_from(["model", "n1", "n2"]), VALUES), min_size=1, max_size=3, unique_by=lambda c: c[0]
    ),
)
def test_keys_and_tables_come_and_go_without_a_trace(data: bytes, added: list[tuple[str, Any]]) -> None:
    changes = [Set((name,), value) for name, value in added]
    changes += [Set(("providers", "zai", name), value) for name, value in added]
    if "model" in parse(data):
        changes = [change for change in changes if change.key != ("model",)]
    keeps_promises(TOML, parse, data, changes)


@thoroughly
@given(files(), st.data())
def test_any_value_is_replaced_and_put_back_or_refused(data: bytes, choice: st.DataObject) -> None:
    key = choice.draw(st.sampled_from(keys_of(parse(data))))
    place: Any = parse(data)
    for part in key:
        place = place[part]
    if not key or (isinstance(place, dict) and choice.draw(st.booleans())):
        key = (*key, "new")
    try:
        keeps_promises(TOML, parse, data, [Set(key, choice.draw(VALUES))])
    except Uneditable as refusal:
        assert any(word in refusal.reason for word in (*REFUSALS, "is not"))


@thoroughly
@given(files(), st.data())
def test_what_is_removed_takes_nothing_with_it(data: bytes, choice: st.DataObject) -> None:
    values = parse(data)
    if not values:
        return
    name = choice.draw(st.sampled_from(sorted(values)))
    try:
        after = TOML.splice(data, [Set((name,), ABSENT)])
    except Uneditable as refusal:
        assert any(word in refusal.reason for word in REFUSALS)
        return
    del values[name]
    assert list(parse(after).items()) == list(values.items())


TOKENS = st.lists(
    st.sampled_from(
        ["a", "b", ".", "=", "[", "]", "{", "}", '"', "'", '"""', "\n", "\r\n", "#", ",", "1", " ", "\\", "-", "é"]
    )
)


@thoroughly
@given(st.binary(max_size=60) | TOKENS.map(lambda tokens: "".join(tokens).encode()))
def test_any_bytes_are_edited_or_refused(data: bytes) -> None:
    never_breaks(TOML, data)


CODEX = b"""# my codex
model = "gpt-5.6-sol" # best
approval_policy = 'on-request'

[model_providers.azure]
name = "Azure"
base_url = "https://x.azure.com/openai"   # corp
query_params = { api-version = "2025-04-01" }

[projects."/home/me/x y"]
trust_level = "trusted"

[mcp_servers.fs]
command = "npx"
args = [
  "-y", # yes
  "fs",
]
"""
ZAI = {"name": "Z.ai", "wire_api": "responses", "auth": {"command": "/opt/uptray", "args": ["key", "zai"]}}


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n"])
def test_codexs_file_gets_a_provider_and_loses_nothing(newline: bytes, end: bytes) -> None:
    before = (CODEX.rstrip() + end).replace(b"\n", newline)
    changes = [Set(("model",), "glm-5.3"), Set(("model_provider",), "zai"), Set(("model_providers", "zai"), ZAI)]
    after = keeps_promises(TOML, parse, before, changes)
    table = b"""[model_providers.zai]
name = "Z.ai"
wire_api = "responses"
auth = { command = "/opt/uptray", args = ["key", "zai"] }""".replace(b"\n", newline)
    expected = before.replace(b"gpt-5.6-sol", b"glm-5.3")
    expected = expected.replace(b"'on-request'", b"'on-request'" + newline + b'model_provider = "zai"')
    assert after == expected + (newline + table + newline if end else newline * 2 + table)


@pytest.mark.parametrize(
    "before, key, value, after",
    [
        ("", ("a",), 1, "a = 1\n"),
        ("# top", ("a",), 1, "# top\na = 1"),
        ("", ("t", "a"), "x", '[t]\na = "x"\n'),
        ("# top\n\n# of t\n[t]\n", ("a",), 1, "# top\na = 1\n\n# of t\n[t]\n"),
        ("[t]\n", ("a",), 1, "a = 1\n[t]\n"),
        ("[t]\n  b = 1 # c\n\n[u]\n", ("t", "a"), 1, "[t]\n  b = 1 # c\n  a = 1\n\n[u]\n"),
        ("a = 'x' # c\r\n", ("a",), "y", "a = 'y' # c\r\n"),
        ("a = 'x'\n", ("a",), "it's", 'a = "it\'s"\n'),
        ("a = { b = 'x' }\n", ("a", "b"), "y", "a = { b = 'y' }\n"),
        ("a.b = 1\n", ("a", "b"), 2, "a.b = 2\n"),
        ("[[h]]\na = 1\n[[h]]\na = 2\n", ("h", 0, "b"), 3, "[[h]]\na = 1\nb = 3\n[[h]]\na = 2\n"),
    ],
)
def test_what_is_new_is_written_as_its_neighbours_are(
    before: str, key: tuple[Any, ...], value: Any, after: str
) -> None:
    data = before.encode()
    assert keeps_promises(TOML, parse, data, [Set(key, value)]) == after.encode()


def test_the_last_of_the_tables_that_imply_another_can_go() -> None:
    assert TOML.splice(b"[a.b]\nc = 1\n", [Set(("a", "b"), ABSENT)]) == b""


@pytest.mark.parametrize(
    "text, key, value, reason",
    [
        ("a = 1\na = 2\n", ("b",), 1, "line 2: not TOML"),
        ("\na = \n", ("b",), 1, "line 2: not TOML"),
        ("a.b = 1\n", ("a", "c"), 1, "line 1: a is made of dotted keys"),
        ("\na = { b = 1 }\n", ("a", "c"), 1, "line 2: a is an inline value"),
        ("a = { b = 1 }\n", ("a", "b"), ABSENT, "line 1: a.b is inside a value"),
        ("[a.b]\n", ("a", "c"), 1, "a has no header of its own"),
        ("[a]\n[c]\n[a.b]\n", ("a",), ABSENT, "line 1: a is in several places"),
        ("[[a]]\n", ("a", 1), {"b": 1}, "a is a list"),
        ("a = 1\n", ("a", "b"), 1, "a is not a table of names"),
        ("[a]\n", ("a",), 1, "line 1: a is a table"),
        ("a = 1\n", ("a",), None, "a value that TOML cannot hold"),
        ("a = 1\r", ("a",), 2, "line 1: not TOML"),
    ],
)
def test_what_cannot_be_edited_safely_is_refused(text: str, key: tuple[Any, ...], value: Any, reason: str) -> None:
    with pytest.raises(Uneditable) as refusal:
        TOML.splice(text.encode(), [Set(key, value)])
    assert str(refusal.value) == reason


def test_a_source_that_would_bring_another_key_is_refused() -> None:
    with pytest.raises(Uneditable):
        TOML.splice(b"a = 1\n", [Put(("a",), "1\nb = 2")])


@pytest.mark.parametrize("piece", ["[", "# \t", "'", '"', '"""', "\n", " ", "\\", "{", "[[a]]\n", "[ 'x' ],", "#\r"])
def test_five_megabytes_of_anything_take_seconds_at_most(piece: str) -> None:
    data = f"a = {piece * (5_000_000 // len(piece))}".encode()
    assert seconds(lambda: TOML.splice(data, [Set(("b",), "x")])) < 60
