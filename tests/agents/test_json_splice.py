"""JSON and its dialects: what is changed is changed, and no other byte."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import json5
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.agents.splicing import BOMS, keeps_promises, keys_of, never_breaks, seconds, thoroughly
from trayapp.agents._grammar import ABSENT, Grammar, Put, Set, Uneditable, grammar

PARSERS: dict[Grammar, Callable[[bytes], Any]] = {
    Grammar.JSON: lambda data: json.loads(data.decode("utf-8-sig")),
    Grammar.JSONC: lambda data: json5.loads(data.decode("utf-8-sig")),
    Grammar.JSON5: lambda data: json5.loads(data.decode("utf-8-sig")),
}
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5) | st.sampled_from(
    ["env", "a", "model"]
)
SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8).filter(lambda t: "\0" not in t)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6
)
DOCUMENTS = st.dictionaries(NAMES, VALUES, max_size=4)
SPACES = ["", "", " ", "  ", "\t", "\n", "\r\n", "\n    ", "\r\n\t", "\n\n  ", "\r"]
COMMENTS = ["// x, {\n", "//\r\n", '/* " } */', "/**/", " // é  \n  ", "/* \n , */\n"]


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
    found: list[Set] = []
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
        [
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            '"a"',
            '"b"',
            "'a'",
            "a",
            "1",
            "-",
            "//",
            "/*",
            "*/",
            "\n",
            " ",
            '"',
            "\\",
            "null",
            "\0",
            ".5",
            "0x",
            "é",
        ]
    )
).map(lambda tokens: "".join(tokens).encode())


@pytest.mark.parametrize("kind", PARSERS)
def test_any_bytes_are_edited_or_refused(kind: Grammar) -> None:
    @thoroughly
    @given(st.binary(max_size=60) | TOKENS)
    def holds(data: bytes) -> None:
        never_breaks(grammar(kind), data)

    holds()


CLAUDE = b"""{
  "$schema": "https://json.schemastore.org/claude-code-settings.json",
  "env": {
    "ANTHROPIC_BASE_URL": "https://api.anthropic.com",
    "DISABLE_TELEMETRY":  "1"
  },
  "hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [{"type": "command", "command": "echo \\"hi\\" # not a comment"}]}]},
  "enabledPlugins": {},
\t"model": "opus"
}"""


def test_claude_codes_settings_keep_hooks_and_layout() -> None:
    changes = [
        Set(("env", "ANTHROPIC_BASE_URL"), "https://api.z.ai/api/anthropic"),
        Set(("env", "ANTHROPIC_API_KEY"), ""),
        Set(("apiKeyHelper",), "/opt/uptray key print zai"),
    ]
    after = keeps_promises(grammar("json"), PARSERS[Grammar.JSON], CLAUDE, changes)
    assert after == CLAUDE.replace(b"https://api.anthropic.com", b"https://api.z.ai/api/anthropic").replace(
        b'"1"\n', b'"1",\n    "ANTHROPIC_API_KEY":  ""\n'
    ).replace(b'"opus"', b'"opus",\n\t"apiKeyHelper": "/opt/uptray key print zai"')


@pytest.mark.parametrize(
    "kind, before, key, value, after",
    [
        ("json", "", ("env", "A"), "x", '{\n  "env": {\n    "A": "x"\n  }\n}\n'),
        ("json", "\r\n", ("a",), 1, '\r\n{\r\n  "a": 1\r\n}\r\n'),
        ("json", "{}", ("a",), 1, '{\n  "a": 1\n}'),
        ("json", "{ }", ("a",), 1, '{ "a":1 }'),
        ("json", '{"a":{},"b":[]}', ("a", "c"), "x", '{"a":{"c":"x"},"b":[]}'),
        ("json", '{\r\n\t"a": 1\r\n}', ("b",), {"c": 1}, '{\r\n\t"a": 1,\r\n\t"b": {\r\n\t\t"c": 1\r\n\t}\r\n}'),
        ("json", '{"a" :  1, "b" :  2}', ("c",), 3, '{"a" :  1, "b" :  2, "c" :  3}'),
        ("json", '{"f": ["m1"]}', ("f", 1), "m2", '{"f": ["m1", "m2"]}'),
        ("jsonc", '{\n  "a": 1, // one\n}\n', ("b",), 2, '{\n  "a": 1, // one\n  "b": 2,\n}\n'),
        ("jsonc", '{\n  "a": 1 // one\n}\n', ("b",), 2, '{\n  "a": 1, // one\n  "b": 2\n}\n'),
        ("jsonc", "{ // none\n}", ("a",), 1, '{ // none\n  "a": 1\n}'),
        ("jsonc", "// Zed\n", ("a",), 1, '// Zed\n{\n  "a": 1\n}\n'),
        ("jsonc", '{"model": "$GEMINI" /* x */}', ("model",), "y", '{"model": "y" /* x */}'),
        ("json5", "{a: 'x', b: .5,}", ("a",), "it's", "{a: 'it\\'s', b: .5,}"),
        ("json5", "{a: 'x', b: .5,}", ("c",), True, "{a: 'x', b: .5, c: true,}"),
    ],
)
def test_what_is_new_is_written_as_its_neighbours_are(
    kind: str, before: str, key: tuple[Any, ...], value: Any, after: str
) -> None:
    for bom in ("", "\ufeff"):
        data = (bom + before).encode()
        spliced = grammar(kind).splice(data, [Set(key, value)])
        assert spliced == (bom + after).encode()
        assert grammar(kind).splice(spliced, grammar(kind).undo(data, [Set(key, value)], spliced)) == data


def test_a_container_that_someone_else_uses_too_stays() -> None:
    changes = [Set(("env", "A"), "1"), Set(("env", "B"), "2")]
    mine = grammar("json").splice(b"{}", changes)
    theirs = mine.replace(b'"B": "2"', b'"B": "2",\n    "C": "3"')
    undone = grammar("json").splice(theirs, grammar("json").undo(b"{}", changes, theirs))
    assert json.loads(undone) == {"env": {"C": "3"}}


@pytest.mark.parametrize(
    "kind, text, reason",
    [
        ("json", '{\n  // why\n  "a": 1\n}', "line 2: a comment, which this file may not have"),
        ("json", '{"a": 1,}', "line 1: not JSON: "),
        ("json", '{\n"a": {"b": 1},\n"a": {}}', "line 3: a name appears twice in the document"),
        ("json", '{"a": {"c": 1,\n"c": 1}}', "line 2: a name appears twice in a"),
        ("json", '{"a": "text"}', "a is not a table of names"),
        ("json", "[]", "the document is not a table of names"),
        ("json", '{"a": NaN}', "NaN is not JSON"),
        ("json", '{"a": {}} {}', "line 1: not JSON: "),
        ("jsonc", '{\n"a": [,]}', "line 2: a comma without a value before it"),
        ("jsonc", "{'a': 1}", "line 1: not JSON: "),
        ("json5", "{a: b}", "a is not a table of names"),
        ("jsonc", '{"a": 1 /* never ends }', "line 1: not JSON: "),
    ],
)
def test_what_cannot_be_edited_safely_is_refused(kind: str, text: str, reason: str) -> None:
    with pytest.raises(Uneditable) as refusal:
        grammar(kind).splice(text.encode(), [Set(("a", "b"), 2)])
    assert str(refusal.value).startswith(reason)


@pytest.mark.parametrize("data", ['{"a": 1}'.encode("utf-16"), b'{"a": "\xe9"}', b'{"a"\0: 1}', b"{}" * 9_000_000])
def test_what_is_no_text_of_ours_is_refused(data: bytes) -> None:
    with pytest.raises(Uneditable):
        grammar("json").splice(data, [Set(("a",), 2)])


@pytest.mark.parametrize("source", ['1, "x": 2', "1}", "// x", ""])
def test_a_source_that_is_not_one_value_is_refused(source: str) -> None:
    with pytest.raises(Uneditable):
        grammar("jsonc").splice(b'{"a": 0}', [Put(("a",), source)])


@pytest.mark.parametrize("kind", PARSERS)
@pytest.mark.parametrize(
    "piece", ["[", '{"a":', "/*", "//", ",", '"', "\\", "'", " ", '{"a": 1},', "\n", "[,", "a", "1"]
)
def test_five_megabytes_of_anything_take_seconds_at_most(kind: Grammar, piece: str) -> None:
    data = f'{{"a": {piece * (5_000_000 // len(piece))}'.encode()
    assert seconds(lambda: grammar(kind).splice(data, [Set(("a",), "x")])) < 20
