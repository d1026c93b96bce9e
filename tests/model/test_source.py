"""A complaint names the right line: the locator against texts whose lines are known because we laid them."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trayapp.model.ports import Refused
from trayapp.model.source import Key, Origins, Source, dotted, place

TEXT = '''# a comment with [brackets] and "quotes"

name = "x"
[feed]
url = "https://a.example" # and [more
lines = """
fake = 1
[not.a.table]
""""
list = [
  "one", # ]
  { deep = 1 },
]
[[feed.component]]
id = "a"
[[feed.component]]
id = 'b"'
inner.scope.words = { left = 1, "right hand" = 2 }
[api.headers]
x-y = 1
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ((), 1),
        (("name",), 3),
        (("feed",), 4),
        (("feed", "url"), 5),
        (("feed", "lines"), 6),
        (("feed", "list"), 10),
        (("feed", "list", 1, "deep"), 10),
        (("feed", "component", 0), 14),
        (("feed", "component", 0, "id"), 15),
        (("feed", "component", 1, "id"), 17),
        (("feed", "component", 1, "inner", "scope"), 18),
        (("feed", "component", 1, "inner", "scope", "words", "right hand"), 18),
        (("api",), 19),
        (("api", "headers", "x-y"), 20),
    ],
)
def test_the_line_of_a_key_is_that_of_the_statement_that_brings_it(key: Key, line: int) -> None:
    assert Source("f", TEXT).line(key) == line
    assert Source("f", TEXT.replace("\n", "\r\n")).line(key) == line


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("nowhere",), 1),
        (("feed", "nowhere"), 4),
        (("feed", "component", 7), 14),
        (("feed", "component", "id"), 14),
        (("name", "deeper"), 3),
        (("name", 0), 3),
    ],
)
def test_what_is_not_there_is_at_the_nearest_table_around_it(key: Key, line: int) -> None:
    assert Source("f", TEXT).line(key) == line


NAMES = st.sampled_from(["a", "b-c", '"d e"', "'[f]'", '"#"'])
VALUES = st.sampled_from(
    [
        "1",
        '"#"',
        "'['",
        '"\\""',
        '"""\nx = 1\n[y]\n"""',
        '"""\\"""\n"quoted"""""',
        "'''\n'x = 1\n'''",
        "''''''",
        "[]",
        "[\n1, # ]\n[2, '''\n]''']\n]",
        "{ in = [1, '}'] }",
        "2026-04-28T17:34:00Z",
    ]
)
FILLERS = st.lists(st.sampled_from(["", "# [x] = '", "   ", '# """']), max_size=2)


@given(st.lists(st.tuples(FILLERS, NAMES, VALUES), max_size=12), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_every_key_of_any_text_is_found_on_the_line_where_it_was_laid(
    rows: list[tuple[list[str], str, str]], in_tables: bool, end: str
) -> None:
    lines: list[str] = []
    laid: dict[Key, int] = {}
    for number, (fillers, name, value) in enumerate(rows):
        lines += fillers
        if in_tables:
            lines.append(f"[[t.{number // 3}]]")
        laid_at = len("\n".join(lines).split("\n")) + 1 if lines else 1
        lines += f"{name}.k{number} = {value}".split("\n")
        plain = tomllib.loads(f"{name} = 1").popitem()[0]
        laid[(*(("t", str(number // 3), number % 3) if in_tables else ()), plain, f"k{number}")] = laid_at
    text = end.join(lines)
    source = Source("f", text)
    source.read()
    assert {key: source.line(key) for key in laid} == laid


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a = 1\nb = \n", "f, line 2: TOML was expected: Invalid value"),
        ("a = 1\n\nc = [1,\n2", "f, line 4: TOML was expected: Unclosed array"),
        ("a = 1\na = 2", "f, line 2: TOML was expected: Cannot overwrite a value"),
        (
            "x = 1\n# y\na = " + "9" * 5000 + "\nz = 1\n",
            "f, line 3: TOML was expected, got too many digits or brackets",
        ),
        ("x = 1\na = " + "[" * 5000, "f, line 2: TOML was expected, got too many digits or brackets"),
        ("a." * 20 + "b = 1", "f, line 1: tables at most 12 deep were expected"),
    ],
)
def test_what_is_not_toml_is_refused_with_its_line(text: str, complaint: str) -> None:
    with pytest.raises(Refused) as refused:
        Source("f", text).read()
    assert str(refused.value) == complaint


@given(st.text())
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    try:
        document = Source("f", text).read()
    except Refused as refused:
        assert str(refused).startswith("f, line ")
        assert "\n" not in str(refused)
    else:
        for name in document:
            assert 1 <= Source("f", text).line((name,)) <= text.count("\n") + 1


def test_a_key_is_placed_in_the_text_it_came_from() -> None:
    file, wish = Source("p.toml", "[api]\nname = 1\n"), Source("config.toml", "\n[providers.p]\napi.name = 2\n")
    origins: Origins = {(): (file, ()), ("api", "name"): (wish, ("providers", "p", "api", "name"))}
    assert place(origins, ("api", "name")) == "config.toml, line 3: providers.p.api.name"
    assert place(origins, ("api", "hosts")) == "p.toml, line 1: api.hosts"
    assert place(origins, ()) == "p.toml, line 1"


def test_a_key_is_shown_as_people_write_it_and_never_at_length() -> None:
    assert dotted(("probe", 2, "kind")) == "probe.kind"
    assert dotted(("a b", "\u202e")) == r"'a b'.'\u202e'"
    assert dotted(("k" * 60,)) == "(a name of 60 characters)"
