"""What holds for every grammar alike."""

from __future__ import annotations

from typing import Any

import pytest

from trayapp.agents._grammar import ABSENT, Grammar, Key, Put, Set, Uneditable, grammar

#: The same three values in every format that has containers.
SAMPLES = {
    Grammar.JSON: b'{"a": {"b": "x"}, "c": [1, 2]}',
    Grammar.JSONC: b'{"a": {"b": "x"}, /* */ "c": [1, 2,],}',
    Grammar.JSON5: b"{a: {b: 'x'}, c: [+1, 2]}",
    Grammar.TOML: b'c = [1, 2]\n[a]\nb = "x"\n',
    Grammar.YAML: b"a:\n  b: x\nc:\n- 1\n- 2\n",
}
DEEP = {
    Grammar.JSON: '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}",
    Grammar.TOML: "a = " + "[" * 100_000 + "]" * 100_000,
    Grammar.YAML: "a: " + "[" * 100_000 + "]" * 100_000,
}


@pytest.mark.parametrize("kind", Grammar)
def test_nothing_and_space_are_an_empty_document(kind: Grammar) -> None:
    for data in (b"", b"\n", b" \n\n", b"\xef\xbb\xbf"):
        assert grammar(kind).read(data) == {}
        assert grammar(kind).source(data, ("a",)) is None
        assert grammar(kind).splice(data, []) == data
        assert grammar(kind).splice(data, [Set(("a",), ABSENT), Put(("a",), None)]) == data


@pytest.mark.parametrize("kind", SAMPLES)
def test_the_values_and_their_sources_are_read(kind: Grammar) -> None:
    assert grammar(kind).read(SAMPLES[kind]) == {"a": {"b": "x"}, "c": [1, 2]}
    assert (grammar(kind).source(SAMPLES[kind], ("a", "b")) or "").strip("\"'") == "x"
    assert grammar(kind).source(SAMPLES[kind], ("c", 1)) == "2"
    assert grammar(kind).source(SAMPLES[kind], ("c", 2)) is None


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize("key", [("a", 0), ("c", "x"), ("c", 5), ("c", -1), ("a", "b", "c"), ()])
def test_a_path_that_leads_nowhere_is_refused(kind: Grammar, key: Key) -> None:
    with pytest.raises(Uneditable):
        grammar(kind).splice(SAMPLES[kind], [Set(key, 1)])


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize("value", [object(), "\ud800x", {1: 2}, (1, 2), b"x", float("nan")])
def test_a_value_that_the_format_cannot_hold_is_refused(kind: Grammar, value: Any) -> None:
    if value == "\ud800x" and kind in (Grammar.JSON, Grammar.JSONC, Grammar.JSON5):
        return
    try:
        after = grammar(kind).splice(SAMPLES[kind], [Set(("a", "b"), value)])
    except Uneditable:
        return
    assert kind == Grammar.TOML
    assert repr(grammar(kind).read(after)["a"]["b"]) == "nan"


@pytest.mark.parametrize("kind", SAMPLES)
def test_only_the_last_of_a_list_is_removed(kind: Grammar) -> None:
    with pytest.raises(Uneditable):
        grammar(kind).splice(SAMPLES[kind], [Set(("c", 0), ABSENT)])


@pytest.mark.parametrize("kind", DEEP)
def test_what_is_nested_without_end_is_refused(kind: Grammar) -> None:
    with pytest.raises(Uneditable, match="nested too deep"):
        grammar(kind).read(DEEP[kind].encode())


def test_a_refusal_says_nothing_of_the_text() -> None:
    for kind in Grammar:
        with pytest.raises(Uneditable) as refusal:
            grammar(kind).read(b'= "sk-secret\n[{sk-secret: *sk-secret\n')
        assert "sk-secret" not in str(refusal.value)
