"""Dotenv files: what is changed is changed, and no other byte."""

from __future__ import annotations

import io
from typing import Any

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st

from tests.agents.splicing import BOMS, NEWLINES, keeps_promises, never_breaks, seconds, thoroughly
from trayapp.agents._grammar import ABSENT, Put, Set, Uneditable, grammar

ENV = grammar("dotenv")


def parse(data: bytes) -> dict[str, Any]:
    return dict(dotenv_values(stream=io.StringIO(data.decode("utf-8-sig"), newline=""), interpolate=False))


NAMES = st.sampled_from(["A", "B_C", "GEMINI_API_KEY", "x1"])
PLAIN = st.text(st.sampled_from("abcXYZ 019#'\"$=:/.é-_%@"), max_size=10)
SOURCES = st.sampled_from(
    ["", "x", "sk-1", "a b", "a#b", "a #b", "'x'", '"x y"', "'it\\'s'", '"a\\nb"', "''", "# c", "a  "]
) | st.text(st.sampled_from("abc019:/._-"), max_size=8)
LINES = st.one_of(
    st.sampled_from(["", "  ", "# comment", "  # FOO=bar", "#", "EMPTY", '"OTHER"=x', "MULTI='a\nb'"]),
    st.tuples(
        st.sampled_from(["", "  ", "export ", "export\t "]),
        st.sampled_from(["K1", "K2", "'q k'", "OPENAI_API_KEY"]),
        st.sampled_from(["=", " = ", "= ", "\t="]),
        SOURCES,
        st.sampled_from(["", "  ", " # why"]),
    ).map("".join),
)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    newline = draw(NEWLINES)
    text = newline.join(draw(st.lists(LINES, max_size=6))) + draw(st.sampled_from(["", newline]))
    return draw(BOMS) + text.encode()


@thoroughly
@given(files(), st.lists(st.builds(Set, st.tuples(NAMES), PLAIN), min_size=1, max_size=3, unique_by=lambda c: c.key))
def test_switch_and_back_gives_the_same_bytes(data: bytes, changes: list[Set]) -> None:
    if any((c.value.count("'") and '"' in c.value) or ("'" in c.value and "$" in c.value) for c in changes):
        with pytest.raises(Uneditable):
            ENV.splice(data, changes)
    else:
        keeps_promises(ENV, parse, data, changes)


@thoroughly
@given(files(), st.sampled_from(["x", "", "a b", "https://api.example/v1"]), st.data())
def test_what_is_there_is_replaced_and_put_back(data: bytes, value: str, choice: st.DataObject) -> None:
    values = parse(data)
    if not values:
        return
    name = choice.draw(st.sampled_from(sorted(values)))
    try:
        keeps_promises(ENV, parse, data, [Set((name,), value)])
    except Uneditable as refusal:
        assert any(word in refusal.reason for word in ("twice", "no value", "several lines"))


@thoroughly
@given(files(), st.data())
def test_what_is_removed_takes_nothing_with_it(data: bytes, choice: st.DataObject) -> None:
    values = parse(data)
    if not values:
        return
    name = choice.draw(st.sampled_from(sorted(values)))
    try:
        after = ENV.splice(data, [Set((name,), ABSENT)])
    except Uneditable as refusal:
        assert "twice" in refusal.reason
        return
    del values[name]
    assert list(parse(after).items()) == list(values.items())


TOKENS = st.lists(
    st.sampled_from(
        ["A", "B", "=", "'", '"', "\\", "#", " ", "\n", "\r", "export ", "$", "{", "\t", "é", "\x85", "a=1"]
    )
).map("".join)


@thoroughly
@given(TOKENS | st.text(max_size=30))
def test_what_can_be_read_is_read_as_python_dotenv_does(text: str) -> None:
    try:
        values = ENV.read(text.encode(errors="replace"))
    except Uneditable:
        return
    assert values == parse(text.encode(errors="replace"))


@thoroughly
@given(st.binary(max_size=60) | TOKENS.map(str.encode))
def test_any_bytes_are_edited_or_refused(data: bytes) -> None:
    never_breaks(ENV, data, ("A",))


def test_export_quotes_and_comments_stay() -> None:
    before = b"\xef\xbb\xbf# mine\r\nexport  GEMINI_API_KEY = 'old' # work\r\nGOOGLE_GEMINI_BASE_URL=\"https://a\"\r\n"
    after = ENV.splice(before, [Set(("GEMINI_API_KEY",), "new"), Set(("GOOGLE_GEMINI_BASE_URL",), "https://b/#x y")])
    assert after == before.replace(b"old", b"new").replace(b"https://a", b"https://b/#x y")


def test_a_new_line_goes_last_in_the_manner_of_the_others() -> None:
    assert ENV.splice(b"export A=1", [Set(("B",), "x y")]) == b"export A=1\nexport B='x y'"
    assert ENV.splice(b"", [Set(("B",), "x")]) == b"B=x\n"
    assert ENV.splice(b"A=1\r\n", [Set(("B",), "x")]) == b"A=1\r\nB=x\r\n"


@pytest.mark.parametrize(
    "data, value, reason",
    [
        (b"A=1\nA=2\n", "x", "line 2: A appears twice"),
        (b"\nA='1\n2'\n", "x", "line 2: A has a value over several lines"),
        (b"A=${B}/v1\n", "x", "line 1: A is made of other variables"),
        (b"A\n", "x", "line 1: A has no value"),
        (b"B=1\n'A=1\n", "x", "line 2: not a line of a dotenv file"),
        (b"A=1\n", "a\nb", "a value that a dotenv file cannot hold"),
        (b"A=1\n", "${HOME}", "a value that a dotenv file cannot hold"),
        (b"A=1\n", 7, "a value that a dotenv file cannot hold"),
        (b"\xff\xfeA\0", "x", "line 1: not UTF-8"),
        (b"B=1\nA\0=1\n", "x", "line 2: a NUL byte"),
    ],
)
def test_what_cannot_be_edited_safely_is_refused(data: bytes, value: Any, reason: str) -> None:
    with pytest.raises(Uneditable) as refusal:
        ENV.splice(data, [Set(("A",), value)])
    assert str(refusal.value) == reason


def test_a_source_that_would_bring_another_line_is_refused() -> None:
    with pytest.raises(Uneditable):
        ENV.splice(b"A=1\n", [Put(("A",), "1\nB=2")])


@pytest.mark.parametrize(
    "piece", [b"ABCDEFGHIJ=%s\n" % (b"x" * 100), b" ", b"'", b"\\'", b"A='", b"# \t", b"A =", b"\n\r"]
)
def test_five_megabytes_of_anything_take_seconds_at_most(piece: bytes) -> None:
    data = piece * (5_000_000 // len(piece))
    assert seconds(lambda: ENV.splice(data, [Set(("Z",), "x")])) < 20
