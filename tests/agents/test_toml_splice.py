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
@given(files(), st.lists(st.tuples(st.sampled_from(["model", "n1", "n2"]), VALUES), min_size=1, max_size=3, unique_by=lambda c: c[0]))
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


TOKENS = st.lists(st.sampled_from(["a", "b", ".", "=", "[", "]", "{", "}", '"', "'", '"""', "\n", "\r\n", "#", ",", "1", " ", "\\", "-", "é"]))


@thoroughly
@given(st.binary(max_size=60) | TOKENS.map(lambda tokens: "".join(tokens).encode()))
def test_any_bytes_are_edited_or_refused(data: bytes) -> None:
    never_breaks(TOML, data)
