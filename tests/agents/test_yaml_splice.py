"""YAML: what is changed is changed, and no other byte."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, reject
from hypothesis import strategies as st

from tests.agents.splicing import BOMS, NEWLINES, keeps_promises, keys_of, never_breaks, seconds, thoroughly
from trayapp.agents._grammar import ABSENT, Put, Set, Uneditable, grammar

YAML = grammar("yaml")


def parse(data: bytes) -> Any:
    values = yaml.load(data.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    return {} if values is None else values


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6) | st.sampled_from(
    ["yes", "0o7", "1e3", "12:30:00", "a: b", "# c", "- x", "null", "~", "https://api.z.ai/v1", "a:", "1.5", "2020-01-01", "=", "<<"]
)
VALUES = st.recursive(
    TEXT | st.booleans() | st.none() | st.integers(-(2**60), 2**60),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
SCALARS = st.sampled_from(
    ["1", "x", "'it''s'", '"a # b"', "true", "a b", "https://x/y", "[1, 'b']", "{k: v}", "[]", "{}", "", "1.5", "~", "&anc v", "|\n{i}  text\n{i}   more"]
)
NAMES = ["a", "b", "'c d'", '"e"', "GOOSE_MODEL", "f-1", "env"]
GAPS = ["", "", "# c: 1\n", "\n", "  \n", "      # odd\n"]


@st.composite
def blocks(draw: st.DrawFn, indent: str = "", depth: int = 0) -> str:
    text = ""
    is_list = depth > 0 and draw(st.booleans())
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=depth and 1, max_size=3, unique=True)):
        text += draw(st.sampled_from(GAPS)) + indent + ("-" if is_list else name + ":")
        if depth < 3 and draw(st.integers(0, 3)) == 0:
            text += draw(st.sampled_from(["", " # why"])) + "\n" + draw(blocks(indent + draw(st.sampled_from(["  ", "    "])), depth + 1))
        else:
            source = draw(SCALARS).replace("{i}", indent)
            text += " " * draw(st.integers(1, 2)) + source + draw(st.sampled_from(["", " # why", "  "] if "\n" not in source else [""])) + "\n"
    return text


@st.composite
def files(draw: st.DrawFn) -> bytes:
    text = draw(st.sampled_from(["", "", "---\n", "# top\n"])) + draw(blocks()) + draw(st.sampled_from(GAPS))
    text = text if draw(st.booleans()) else text.removesuffix("\n")
    data = draw(BOMS) + text.replace("\n", draw(NEWLINES)).encode()
    try:
        parse(data)
    except yaml.YAMLError:
        reject()
    return data


REFUSALS = ("in braces", "anchor", "a block", "shares its line", "only one", "touch other", "is not", "twice")


@thoroughly
@given(files(), st.lists(st.tuples(st.sampled_from(["model", "n1", "n2"]), VALUES), min_size=1, max_size=3, unique_by=lambda c: c[0]))
def test_entries_come_and_go_without_a_trace(data: bytes, added: list[tuple[str, Any]]) -> None:
    changes = [Set((name,), value) for name, value in added] + [Set(("new", "deep", name), value) for name, value in added]
    try:
        keeps_promises(YAML, parse, data, changes)
    except Uneditable as refusal:
        assert b"|" in data, refusal


@thoroughly
@given(files(), st.data())
def test_any_value_is_replaced_and_put_back_or_refused(data: bytes, choice: st.DataObject) -> None:
    key = choice.draw(st.sampled_from(keys_of(parse(data))))
    place: Any = parse(data)
    for part in key:
        place = place[part]
    if not key or (isinstance(place, dict) and choice.draw(st.booleans())):
        key = (*key, "new")
    elif isinstance(place, list) and choice.draw(st.booleans()):
        key = (*key, len(place))
    try:
        keeps_promises(YAML, parse, data, [Set(key, choice.draw(VALUES))])
    except Uneditable as refusal:
        assert any(word in refusal.reason for word in REFUSALS), refusal


@thoroughly
@given(files(), st.data())
def test_what_is_removed_takes_nothing_with_it(data: bytes, choice: st.DataObject) -> None:
    values = parse(data)
    if not values:
        return
    name = choice.draw(st.sampled_from(sorted(values)))
    try:
        after = YAML.splice(data, [Set((name,), ABSENT)])
    except Uneditable as refusal:
        assert any(word in refusal.reason for word in REFUSALS), refusal
        return
    del values[name]
    assert list(parse(after).items()) == list(values.items())


TOKENS = st.lists(st.sampled_from(["a", "b", ":", " ", "\n", "-", "- ", "[", "]", "{", "}", "&x ", "*x", "<<: ", "!t ", "|", '"', "'", "#", "\t", "---\n", "é", "a: ", "  "]))


@thoroughly
@given(st.binary(max_size=60) | TOKENS.map(lambda tokens: "".join(tokens).encode()))
def test_any_bytes_are_edited_or_refused(data: bytes) -> None:
    never_breaks(YAML, data)
