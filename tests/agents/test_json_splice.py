"""JSON and its dialects: what is changed is changed, and no other byte."""

from __future__ import annotations

import json
from typing import Any

import json5
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.agents.splicing import BOMS, keeps_promises, keys_of, never_breaks, seconds, thoroughly
from trayapp.agents._grammar import ABSENT, Grammar, Put, Set, Uneditable, grammar

PARSERS = {
    Grammar.JSON: lambda data: json.loads(data.decode("utf-8-sig")),
    Grammar.JSONC: lambda data: json5.loads(data.decode("utf-8-sig")),
    Grammar.JSON5: lambda data: json5.loads(data.decode("utf-8-sig")),
}
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5) | st.sampled_from(["env", "a", "model"])
SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8).filter(lambda t: "\0" not in t)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6
)
DOCUMENTS = st.dictionaries(NAMES, VALUES, max_size=4)
SPACES = ["", "", " ", "  ", "\t", "\n", "\r\n", "\n    ", "\r\n\t", "\n\n  ", "\r"]
COMMENTS = ["// x, {\n", "//\r\n", "/* \" } */", "/**/", " // é  \n  ", "/* \n , */\n"]


@st.composite
def laid_out(draw: st.DrawFn, kind: Grammar) -> bytes:
    """A document with any space, and any comments and trailing commas that the dialect allows, between its tokens."""
    gaps = st.sampled_from(SPACES if kind == Grammar.JSON else SPACES * 2 + COMMENTS)

    def string(text: str) -> str:
        if kind == Grammar.JSON5 and draw(st.booleans()):
            if text.isascii() and text.isidentifier() and draw(st.booleans()):
                return text
            return "'" + json.dumps(text, ensure_ascii=False)[1:-1].replace(r"\"", '"').replace("'", r"\'") + "'"
        # The parser of JSON5 that we compare with does not join the two halves of an escaped pair.
        return json.dumps(text, ensure_ascii=max(text, default="") < "\U00010000" and draw(st.booleans()))

    def source(value: Any) -> str:
        if isinstance(value, str):
            quoted = string(value)
            return quoted if quoted[0] in "'\"" else json.dumps(value, ensure_ascii=False)
        if not isinstance(value, (dict, list)):
            return json.dumps(value)
        items = (
            [f"{string(name)}{draw(gaps)}:{draw(gaps)}{source(inner)}" for name, inner in value.items()]
            if isinstance(value, dict)
            else [source(inner) for inner in value]
        )
        separated = ",".join(f"{draw(gaps)}{item}{draw(gaps)}" for item in items) or draw(gaps)
        tail = f",{draw(gaps)}" if items and kind != Grammar.JSON and draw(st.booleans()) else ""
        start, end = "{}" if isinstance(value, dict) else "[]"
        return f"{start}{separated}{tail}{end}"

    return draw(BOMS) + f"{draw(gaps)}{source(draw(DOCUMENTS))}{draw(gaps)}".encode()


@st.composite
def changes_of(draw: st.DrawFn, values: Any) -> list[Set]:
    """Changes of what is there, and of what is not."""
    found = []
    for _ in range(draw(st.integers(1, 3))):
        key = draw(st.sampled_from(keys_of(values)))
        place = values
        for part in key:
            place = place[part]
        if isinstance(place, dict) and (not key or draw(st.booleans())):
            key = (*key, draw(NAMES), *draw(st.lists(NAMES, max_size=2)))
            if key[len(key) - 1] in place or any(part in place for part in key):
                continue
        elif isinstance(place, list) and draw(st.booleans()):
            key = (*key, len(place))
        if not any(key[: len(k.key)] == k.key or k.key[: len(key)] == key for k in found):
            found.append(Set(key, draw(VALUES)))
        if any(isinstance(part, int) for part in key):
            break
    return found


@pytest.mark.parametrize("kind", PARSERS)
def test_switch_and_back_gives_the_same_bytes(kind: Grammar) -> None:
    @thoroughly
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        text = data.draw(laid_out(kind))
        parse = PARSERS[kind]
        keeps_promises(grammar(kind), parse, text, data.draw(changes_of(parse(text))))

    holds()


@pytest.mark.parametrize("kind", PARSERS)
def test_what_is_removed_takes_nothing_with_it(kind: Grammar) -> None:
    @thoroughly
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        text = data.draw(laid_out(kind))
        values = PARSERS[kind](text)
        if not values:
            return
        name = data.draw(st.sampled_from(sorted(values)))
        after = grammar(kind).splice(text, [Set((name,), ABSENT)])
        del values[name]
        assert PARSERS[kind](after) == values
        assert list(PARSERS[kind](after)) == list(values)

    holds()


TOKENS = st.lists(
    st.sampled_from(
        ["{", "}", "[", "]", ",", ":", '"a"', '"b"', "'a'", "a", "1", "-", "//", "/*", "*/", "\n", " ", '"', "\\", "null", "\0", ".5", "0x", "é"]
    )
).map(lambda tokens: "".join(tokens).encode())


@pytest.mark.parametrize("kind", PARSERS)
def test_any_bytes_are_edited_or_refused(kind: Grammar) -> None:
    @thoroughly
    @given(st.binary(max_size=60) | TOKENS)
    def holds(data: bytes) -> None:
        never_breaks(grammar(kind), data)

    holds()
