"""Every agent, pointed elsewhere and back in every recorded home: the recorded bytes, and the bytes that were there."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath
from typing import Any

import json5
import pytest
import yaml
from dotenv import dotenv_values
from hypothesis import given, reject
from hypothesis import strategies as st

from tests.agents.recorded_agents import RECORDED, Case, cases
from tests.agents.splicing import thoroughly
from trayapp.agents import Agent, agents, replanned, undone
from trayapp.agents._edit import WHOLE
from trayapp.agents._grammar import ABSENT, Key, Set, Uneditable, grammar, value_at
from trayapp.model.agent import FileEdit
from trayapp.model.pointing import File, Role

ALL = list(cases())
SWITCHED = [case for case in ALL if "refused" not in case.said]
REFUSED = [case for case in ALL if "refused" in case.said]
MARK = "uptray_test_mark"


def name(case: Case) -> str:
    return f"{case.agent}-{case.folder.name}"


def edits(case: Case) -> tuple[FileEdit, ...]:
    agent = agents()[case.agent]
    return agent.edit(case.here, case.texts(agent.files(case.here), "before"), case.target)


def parsed(kind: str, data: bytes) -> Any:
    """Read by a parser that is not ours."""
    text = data.decode("utf-8-sig")
    if not text.strip():
        return {}
    if kind == "dotenv":
        from io import StringIO

        return dict(dotenv_values(stream=StringIO(text), interpolate=False))
    readers: dict[str, Callable[[str], Any]] = {"json": json.loads, "toml": tomllib.loads, "yaml": yaml.safe_load}
    return readers.get(kind, json5.loads)(text)


def files_of(agent: Agent, case: Case) -> dict[PurePath, File]:
    return {file.path: file for file in agent.files(case.here)}


@pytest.mark.parametrize("agent", agents().items(), ids=list(agents()))
def test_an_agent_is_whole(agent: tuple[str, Agent]) -> None:
    id_, module = agent
    assert module.NAME and module.COMMAND and module.PICKUP
    assert set(module.PROTOCOLS) <= {"anthropic", "responses", "chat", "gemini"}
    assert bool(module.PROTOCOLS) != bool(module.WATCH_ONLY)
    assert module.WATCH_ONLY or (RECORDED / id_).is_dir(), "no recorded case"


@pytest.mark.parametrize("case", ALL, ids=name)
def test_a_case_holds_nothing_that_its_agent_would_not_read(case: Case) -> None:
    known = agents()[case.agent].files(case.here)
    for when in ("before", "after"):
        assert case.recorded(when) <= {case.place(file.path, when) for file in known}


@pytest.mark.parametrize("case", SWITCHED, ids=name)
def test_a_switch_gives_the_recorded_bytes(case: Case) -> None:
    agent = agents()[case.agent]
    known = agent.files(case.here)
    before, after = case.texts(known, "before"), case.texts(known, "after")
    made = edits(case)
    assert len({edit.path for edit in made}) == len(made)
    assert {edit.path for edit in made} <= {file.path for file in known if file.role is Role.OWN}
    assert before | {edit.path: edit.after for edit in made} == after
    for edit in made:
        assert edit.before == edit.original == before[edit.path]
        assert edit.grammar == files_of(agent, case)[edit.path].grammar


@pytest.mark.parametrize("case", SWITCHED, ids=name)
def test_after_a_switch_the_agent_uses_the_target(case: Case) -> None:
    agent = agents()[case.agent]
    after = case.texts(agent.files(case.here), "after")
    use, told = agent.current(case.here, after), case.said.get("use", {})
    expected = told.get("base_url", case.target.route.base_url)
    assert use.base_url == (expected or None)
    assert use.credential or not (case.target.helper or case.target.key_env or case.target.clear_key)
    assert not case.target.clear_key or case.target.clear_key not in repr(use)


@pytest.mark.parametrize("case", SWITCHED, ids=name)
def test_a_real_parser_sees_the_new_values_and_every_other_as_it_was(case: Case) -> None:
    for edit in edits(case):
        if edit.grammar == WHOLE or edit.after is None:
            continue
        before, after = parsed(edit.grammar, edit.before or b""), parsed(edit.grammar, edit.after)
        assert after == grammar(edit.grammar).read(edit.after)
        ours = [named.key for named in edit.values]
        assert rest(before, after, ours) == rest(after, before, ours)


def rest(values: Any, other: Any, ours: list[Key], at: Key = ()) -> Any:
    """Return the values but ours, and but the containers that hold nothing else and are not in `other`."""
    if not isinstance(values, (dict, list)):
        return values
    inner = values.items() if isinstance(values, dict) else enumerate(values)
    kept = {}
    for part, value in inner:
        key = (*at, part)
        if key in ours:
            continue
        inside = rest(value, other, ours, key)
        if inside == {} and value and not has(other, key):
            continue
        kept[part] = inside
    return kept


def has(values: Any, key: Key) -> bool:
    try:
        return value_at(values, key) is not ABSENT
    except Uneditable:
        return False


@pytest.mark.parametrize("case", SWITCHED, ids=name)
def test_a_switch_is_undone_to_the_very_bytes(case: Case) -> None:
    for edit in edits(case):
        assert undone(edit, edit.after) == (edit.original, ())
        comes_back_by_values(edit)


def comes_back_by_values(edit: FileEdit) -> None:
    """By its values alone it comes to the same; a line that the switch took out comes back in another place."""
    back, left = undone(replace(edit, before=b""), edit.after)
    assert not left
    if any(named.after is None for named in edit.values):
        assert parsed(edit.grammar, back or b"") == parsed(edit.grammar, edit.original or b"")
    else:
        assert back == edit.original


@pytest.mark.parametrize("case", SWITCHED, ids=name)
def test_undoing_keeps_what_somebody_added_meanwhile(case: Case) -> None:
    for edit in edits(case):
        if edit.grammar == WHOLE or edit.after is None or not edit.values:
            continue
        foreign = marked(edit.grammar, edit.after)
        back, left = undone(edit, foreign)
        assert back is not None and not left
        assert parsed(edit.grammar, back) == parsed(edit.grammar, marked(edit.grammar, edit.before or b""))


@pytest.mark.parametrize("case", SWITCHED, ids=name)
def test_undoing_leaves_a_value_that_somebody_changed_meanwhile(case: Case) -> None:
    for edit in edits(case):
        if edit.grammar == WHOLE or edit.after is None:
            continue
        scalar = next((n.key for n in edit.values if is_text(edit, n.key)), None)
        if scalar is None:
            continue
        foreign = grammar(edit.grammar).splice(edit.after, [Set(scalar, "theirs")])
        back, left = undone(edit, foreign)
        assert back is not None
        assert value_at(parsed(edit.grammar, back), scalar) == "theirs"
        assert len(left) == 1 and str(edit.path) in left[0]


def is_text(edit: FileEdit, key: Key) -> bool:
    return isinstance(value_at(grammar(edit.grammar).read(edit.after or b""), key), str)


@pytest.mark.parametrize("case", SWITCHED, ids=name)
def test_a_second_switch_takes_the_place_of_the_first(case: Case) -> None:
    agent = agents()[case.agent]
    texts = case.texts(agent.files(case.here), "before")
    first = edits(case)
    now = texts | {edit.path: edit.after for edit in first}
    target = replace(case.target, provider="another", name="Another")
    again = replanned(first, now, lambda bare: agent.edit(case.here, bare, target))
    fresh = {edit.path: edit.after for edit in agent.edit(case.here, texts, target)}
    for edit in again:
        assert edit.before == now[edit.path]
        assert edit.original == texts[edit.path]
        assert edit.after == fresh.get(edit.path, edit.original)
        assert undone(edit, edit.after) == (edit.original, ())


@pytest.mark.parametrize("case", REFUSED, ids=name)
def test_what_cannot_be_switched_is_refused_with_the_reason(case: Case) -> None:
    with pytest.raises(Uneditable) as refusal:
        edits(case)
    assert case.said["refused"] in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("case", SWITCHED, ids=name)
def test_a_key_is_in_a_file_only_when_it_may_be(case: Case) -> None:
    secret = "sk-never-in-a-file-0123456789"
    agent = agents()[case.agent]
    target = replace(case.target, clear_key=secret)
    if not (target.helper or (target.key_env and target.key_env in case.here.environ)):
        return
    made = agent.edit(case.here, case.texts(agent.files(case.here), "before"), target)
    assert not any(secret.encode() in (edit.after or b"") for edit in made) or case.said.get("clear_key")


@thoroughly
@given(st.data())
def test_however_odd_the_file_is_written_the_bytes_come_back(data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(SWITCHED))
    agent = agents()[case.agent]
    known = files_of(agent, case)
    own = {at: held for at, held in case.texts(tuple(known.values()), "before").items() if held is not None}
    odd: dict[PurePath, bytes | None] = {
        at: data.draw(oddly(known[at].grammar, held)) if known[at].role is Role.OWN else held
        for at, held in own.items()
    }
    texts: dict[PurePath, bytes | None] = {**dict.fromkeys(known), **odd}
    try:
        made = agent.edit(case.here, texts, case.target)
    except Uneditable:
        reject()
    target_now = agent.current(case.here, texts | {edit.path: edit.after for edit in made})
    assert target_now == agent.current(case.here, case.texts(tuple(known.values()), "after"))
    for edit in made:
        comes_back_by_values(edit)
        if edit.grammar != WHOLE and edit.after is not None:
            assert parsed(edit.grammar, edit.after) == grammar(edit.grammar).read(edit.after)


COMMENTS = {"jsonc": "// c", "json5": "/* c */", "toml": "# c = 1", "yaml": "# c: 1", "dotenv": "# C=1"}


@st.composite
def oddly(draw: st.DrawFn, kind: str, held: bytes) -> bytes:
    """Return the file with other line endings, indentation, comments and ends; what reads differently is no such file."""
    if kind == WHOLE:
        return held
    lines = held.decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    marks = ["", "", "\t", "  "] if kind != "yaml" else [""]
    extra = st.sampled_from([COMMENTS.get(kind, ""), *marks, None, None, None, None])
    odd: list[str] = []
    for line in lines:
        added = draw(extra)
        odd += [] if added is None else [added]
        odd.append(line.replace("  ", "\t") if kind.startswith("json") and draw(st.booleans()) else line)
    text = "\n".join(odd)
    text = text.rstrip("\n") if draw(st.booleans()) else text
    data: bytes = (
        draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))
        + text.replace("\n", draw(st.sampled_from(["\n", "\r\n"]))).encode()
    )
    try:
        if parsed(kind, data) != parsed(kind, held):
            reject()
    except ValueError:
        reject()
    return data


def marked(kind: str, data: bytes) -> bytes:
    """Return the file with one value more, as somebody would add it."""
    splicer = grammar(kind)
    values = splicer.read(data)
    key: Key = (len(values),) if isinstance(values, list) else (MARK,)
    return splicer.splice(data, [Set(key, "theirs")])
