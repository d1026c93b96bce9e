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
    [
        "yes",
        "0o7",
        "1e3",
        "12:30:00",
        "a: b",
        "# c",
        "- x",
        "null",
        "~",
        "https://api.z.ai/v1",
        "a:",
        "1.5",
        "2020-01-01",
        "=",
        "<<",
    ]
)
VALUES = st.recursive(
    TEXT | st.booleans() | st.none() | st.integers(-(2**60), 2**60),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
SCALARS = st.sampled_from(
    [
        "1",
        "x",
        "'it''s'",
        '"a # b"',
        "true",
        "a b",
        "https://x/y",
        "[1, 'b']",
        "{k: v}",
        "[]",
        "{}",
        "",
        "1.5",
        "~",
        "&anc v",
        "|\n{i}  text\n{i}   more",
    ]
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
            text += (
                draw(st.sampled_from(["", " # why"]))
                + "\n"
                + draw(blocks(indent + draw(st.sampled_from(["  ", "    "])), depth + 1))
            )
        else:
            source = draw(SCALARS).replace("{i}", indent)
            text += (
                " " * draw(st.integers(1, 2))
                + source
                + draw(st.sampled_from(["", " # why", "  "] if "\n" not in source else [""]))
                + "\n"
            )
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
@given(
    files(),
    st.lists(
        st.tuples(st.sampled_from(["model", "n1", "n2"]), VALUES), min_size=1, max_size=3, unique_by=lambda c: c[0]
    ),
)
def test_entries_come_and_go_without_a_trace(data: bytes, added: list[tuple[str, Any]]) -> None:
    changes = [Set((name,), value) for name, value in added] + [
        Set(("new", "deep", name), value) for name, value in added
    ]
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


TOKENS = st.lists(
    st.sampled_from(
        [
            "a",
            "b",
            ":",
            " ",
            "\n",
            "-",
            "- ",
            "[",
            "]",
            "{",
            "}",
            "&x ",
            "*x",
            "<<: ",
            "!t ",
            "|",
            '"',
            "'",
            "#",
            "\t",
            "---\n",
            "é",
            "a: ",
            "  ",
        ]
    )
)


@thoroughly
@given(st.binary(max_size=60) | TOKENS.map(lambda tokens: "".join(tokens).encode()))
def test_any_bytes_are_edited_or_refused(data: bytes) -> None:
    never_breaks(YAML, data)


GOOSE = b"""# goose
GOOSE_PROVIDER: anthropic   # main
GOOSE_MODEL: "claude-sonnet-5"
extensions:
  developer:
    bundled: true
    args: []

  # memory
  memory:
    enabled: false
"""
CONTINUE = b"""models:
  - name: Sonnet
    provider: anthropic
    roles: [chat, edit]
  - { name: GPT, apiBase: "https://a/v1", roles: [chat] }  # second
"""
AIDER = b"""##########
# model: x

model: openai/glm-5.3   # LiteLLM
openai-api-base: https://api.z.ai/api/paas/v4
set-env:
- A=b
"""


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
@pytest.mark.parametrize("end", [b"", b"\n"])
def test_gooses_file_gets_values_and_loses_nothing(newline: bytes, end: bytes) -> None:
    before = (GOOSE.rstrip() + end).replace(b"\n", newline)
    changes = [
        Set(("GOOSE_PROVIDER",), "openrouter"),
        Set(("GOOSE_MODEL",), "z-ai/glm-5.3"),
        Set(("OPENAI_HOST",), "http://localhost:11434"),
        Set(("extensions", "memory", "args"), ["-y", 1]),
    ]
    expected = before.replace(b"anthropic", b"openrouter").replace(b"claude-sonnet-5", b"z-ai/glm-5.3")
    expected = expected.rstrip() + newline + b'    args:\n      - "-y"\n      - 1'.replace(b"\n", newline)
    expected += newline + b"OPENAI_HOST: http://localhost:11434" + (newline if end else b"")
    assert keeps_promises(YAML, parse, before, changes) == expected


@pytest.mark.parametrize(
    "before, key, value, after",
    [
        (CONTINUE, ("models", 1, "apiBase"), "https://b", CONTINUE.replace(b"https://a/v1", b"https://b")),
        (CONTINUE, ("models", 0, "apiBase"), "https://b", CONTINUE.replace(b"edit]\n", b"edit]\n    apiBase: https://b\n")),
        (CONTINUE, ("models", 2), {"name": "n", "roles": ["chat"]}, CONTINUE + b'  - name: "n"\n    roles:\n      - chat\n'),
        (AIDER, ("model",), "openrouter/z-ai/glm", AIDER.replace(b"openai/glm-5.3", b"openrouter/z-ai/glm")),
        (AIDER, ("set-env", 1), "C=d e", AIDER + b'- "C=d e"\n'),
        (b"", ("env", "A"), "yes", b'env:\n  A: "yes"\n'),
        (b"", (0,), {"model_id": "a", "responses": True}, b"- model_id: a\n  responses: true\n"),
        (b"# only\n", ("a",), 1, b"# only\na: 1\n"),
        (b"---\na: 1\n...\n", ("b",), None, b"---\na: 1\nb: null\n...\n"),
        (b"a:   # empty\nb: 1\n", ("a",), "x", b"a: x   # empty\nb: 1\n"),
        (b"a: 'it''s'\n", ("a",), "they're", b"a: 'they''re'\n"),
        (b"x: &x {k: 1}\ny: *x\na: 1\n", ("a",), 2, b"x: &x {k: 1}\ny: *x\na: 2\n"),
        ("a: é # ü\n".encode(), ("a",), "\u2028😀", 'a: "\\u2028😀" # ü\n'.encode()),
    ],
)  # fmt: skip
def test_what_is_new_is_written_as_its_neighbours_are(
    before: bytes, key: tuple[Any, ...], value: Any, after: bytes
) -> None:
    changes = [Set(key, value)]
    assert YAML.splice(before, changes) == after
    assert YAML.splice(after, YAML.undo(before, changes, after)) == before


def test_the_only_entry_of_a_mapping_leaves_an_empty_one() -> None:
    assert YAML.splice(b"env:\n  A: 1\nb: 2\n", [Set(("env", "A"), ABSENT)]) == b"env: {}\nb: 2\n"


@pytest.mark.parametrize(
    "text, key, value, reason",
    [
        ("a: [1\n", ("b",), 1, "line 2: not YAML"),
        ("a: 1\n---\na: 2\n", ("a",), 1, "line 2: more than one document"),
        ("a: 1\na: 2\n", ("a",), 3, "line 1: a name appears twice in the document"),
        ("a: {b: 1}\n", ("a", "c"), 1, "line 1: a is in braces"),
        ("a: {b: 1}\n", ("a", "b"), ABSENT, "line 1: a.b shares its line"),
        ("- a: 1\n  b: 2\n", (0, "a"), ABSENT, "line 1: 0.a shares its line"),
        ("x: &x {k: 1}\na: *x\n", ("a",), 2, "line 2: a is an anchor or an alias"),
        ("a: &x\n  k: 1\n", ("a", "k"), 2, "line 1: a is an anchor or an alias"),
        ("x: &x {k: 1}\na:\n  <<: *x\n  b: 1\n", ("a", "b"), 2, "line 3: a is merged from elsewhere"),
        ("a: |\n  text\n", ("a",), "x", "line 1: a is a block"),
        ("a: 1\nb: !secret x\n", ("a",), 2, "line 2: a tag"),
        ("a: 1\n", ("a",), 1.5, "a number with a fraction, which YAML's readers do not agree on"),
        ("a: x\n", ("a", "b"), 2, "a is not a table of names"),
        ("? [a]\n: 1\n", ("b",), 2, "line 1: a name that is a list or a table"),
        ("a: &a [*a]\n", ("b",), 2, "line 1: an alias of nothing that is complete"),
    ],
)
def test_what_cannot_be_edited_safely_is_refused(text: str, key: tuple[Any, ...], value: Any, reason: str) -> None:
    with pytest.raises(Uneditable) as refusal:
        YAML.splice(text.encode(), [Set(key, value)])
    assert str(refusal.value) == reason


def test_aliases_that_stand_for_billions_are_refused() -> None:
    text = "a0: &a0 [x, x, x, x, x, x, x, x]\n"
    text += "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 8)}]\n" for i in range(1, 20))
    with pytest.raises(Uneditable):
        YAML.read(text.encode())


def test_a_source_that_would_bring_another_entry_is_refused() -> None:
    with pytest.raises(Uneditable):
        YAML.splice(b"a: 1\n", [Put(("a",), "1\nb: 2")])


@pytest.mark.parametrize(
    "piece", ["[", "{", "- ", "? ", "&a ", "*a ", "'", '"', "\n", " ", "# x\n", "|\n", "\t", "a: ", "[a, "]
)
def test_five_megabytes_of_anything_take_seconds_at_most(piece: str) -> None:
    data = f"a: {piece * (5_000_000 // len(piece))}".encode()
    assert seconds(lambda: YAML.splice(data, [Set(("b",), "x")])) < 60
