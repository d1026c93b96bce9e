"""The one way to change values in a text: what a change is, what a refusal says, and the check after every splice.

A grammar knows three things about a text: its values, where one of them stands, and the text after one change. All
else is the same for every format and stands here: bytes, byte-order mark, the path, and the belt and braces: the
spliced text is read again by the format's parser, and must hold the new values and, in the old order, every other one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, StrEnum
from importlib import import_module
from typing import Any, Final, cast

#: The path of a value: names in objects and tables, numbers in lists. In a dotenv file one name.
Key = tuple[str | int, ...]

#: A key, and its source text before and after.
Source = tuple[Key, str | None, str | None]

#: Bytes of the largest file that is edited. Settings are a few KB; some carry a history of a few MB.
MOST_BYTES = 16 * 1024 * 1024
_BOM = "\ufeff"


class Uneditable(ValueError):
    """The file cannot be edited safely: the reason in one line for people, and the line (from 1) where it shows.

    `file`: the path as the agent names it, None where no file is at fault or none is known yet.
    """

    def __init__(self, reason: str, line: int | None = None, file: str | None = None) -> None:
        place = reason if line is None else f"line {line}: {reason}"
        super().__init__(place if file is None else f"{file}: {place}")
        self.reason = reason
        self.line = line
        self.file = file


class Absent(Enum):
    """No value, as opposed to null."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class Set:
    """Set to a value (null, bool, int, float, str, list, dict), making what contains it, or remove."""

    key: Key
    value: Any


@dataclass(frozen=True, slots=True)
class Put:
    """Set to this exact source text, as `source` gave it; None removes."""

    key: Key
    source: str | None


class Grammar(StrEnum):
    """A format that agents keep their settings in."""

    JSON = "json"
    JSONC = "jsonc"
    JSON5 = "json5"
    TOML = "toml"
    YAML = "yaml"
    DOTENV = "dotenv"


@dataclass(frozen=True, slots=True)
class Splicer:
    """A grammar at work. Every method raises Uneditable, and nothing else, for whatever bytes it is given."""

    #: The values of a text, as the format's parser gives them.
    values: Callable[[str], Any]
    #: Where the value stands, text[start:end]; None when it is not there. Of () the document, None when JSON has none.
    span: Callable[[str, Key], tuple[int, int] | None]
    #: The text after a change that changes something, in a text whose containers on the path are containers.
    change: Callable[[str, Set | Put], str]
    #: Forget the texts taken apart: within one call each is once, and what holds keys is not kept after it.
    forget: Callable[[], None]

    def read(self, data: bytes) -> Any:
        """Return the values; those of nothing but whitespace are an empty dict."""
        with _refusing(self.forget):
            return self.values(_decoded(data)[1])

    def source(self, data: bytes, key: Key) -> str | None:
        """Return the exact source text of the value, None when it is not there."""
        with _refusing(self.forget):
            text = _decoded(data)[1]
            return self._source(text, self.values(text), key)

    def sources(self, data: bytes, keys: Sequence[Key]) -> tuple[str | None, ...]:
        """Return the exact source text of each value, None for one that is not there."""
        with _refusing(self.forget):
            text = _decoded(data)[1]
            values = self.values(text)
            return tuple(self._source(text, values, key) for key in keys)

    def splice(self, data: bytes, changes: Sequence[Set | Put]) -> bytes:
        """Return the bytes after all changes, in their order; what already is as wanted keeps its bytes."""
        return self.edit(data, changes)[0]

    def edit(self, data: bytes, changes: Sequence[Set | Put]) -> tuple[bytes, tuple[Source, ...]]:
        """Return the bytes after all changes, and of each changed key its source text before and after."""
        with _refusing(self.forget):
            bom, old = _decoded(data)
            text, before = old, self.values(old)
            values, done = before, list[Set | Put]()
            for change in changes:
                if self._is_so(text, values, change):
                    continue
                text = self.change(text, change)
                done.append(change)
                values = _with(values, change) if isinstance(change, Set) else self.values(text)
            if not done:
                return data, ()
            after = self.values(text)
            self._check(before, values, text, after, {change.key: change for change in done})
            keys = dict.fromkeys(change.key for change in done)
            sources = tuple((key, self._source(old, before, key), self._source(text, after, key)) for key in keys)
            return (bom + text).encode(), sources

    def undo(self, before: bytes, changes: Sequence[Set | Put], now: bytes) -> tuple[Put, ...]:
        """Return what takes `changes`, once spliced into `before`, back out of `now`.

        A value that was there gets its source text back. What was not there is removed, and with it the containers
        that the splice made, unless by now they hold something else as well.
        """
        with _refusing(self.forget):
            text, latest = _decoded(before)[1], self.read(now)
            values = self.values(text)
            ours = {change.key for change in changes}
            puts: dict[Key, Put] = {}
            for key in reversed([change.key for change in changes]):
                old = self._source(text, values, key)
                made = key if old is not None else self._made(text, values, latest, key, ours)
                puts.setdefault(made, Put(made, old))
            return tuple(puts.values())

    def _source(self, text: str, values: Any, key: Key) -> str | None:
        if value_at(values, key) is ABSENT:
            return None
        span = self.span(text, key)
        return None if span is None else text[span[0] : span[1]]

    def _is_so(self, text: str, values: Any, change: Set | Put) -> bool:
        if isinstance(change, Put):
            return self._source(text, values, change.key) == change.source
        if not change.key:
            raise Uneditable("the whole document cannot be set")
        return _same(value_at(values, change.key), change.value)

    def _made(self, text: str, values: Any, latest: Any, key: Key, ours: set[Key]) -> Key:
        """Return the outermost container that is not in `values`, made for `key`, and in `latest` holds only ours."""
        for depth in range(len(key)):
            is_new = value_at(values, key[:depth]) is ABSENT if depth else self.span(text, ()) is None
            if is_new and _holds_only(ours, value_at(latest, key[:depth]), key[:depth]):
                return key[:depth]
        return key

    def _check(self, before: Any, wanted: Any, text: str, after: Any, changes: Mapping[Key, Set | Put]) -> None:
        if () in changes:
            is_right = self.span(text, ()) is None
        else:
            is_right = all(_same(value_at(after, key), value_at(wanted, key)) for key in changes) and all(
                self._source(text, after, change.key) == change.source
                for change in changes.values()
                if isinstance(change, Put)
            )
            is_right = is_right and _same(_rest(before, after, changes), _rest(after, before, changes))
        if not is_right:
            raise Uneditable("this change would touch other values")


def grammar(kind: Grammar | str) -> Splicer:
    """Return the grammar of a format; its parser is loaded here, at the first use."""
    kind = Grammar(kind)
    name = "_json" if kind in (Grammar.JSONC, Grammar.JSON5) else f"_{kind}"
    module = import_module(f"trayapp.agents.{name}")
    return cast(Splicer, getattr(module, kind.name))


def value_at(values: Any, key: Key) -> Any:
    """Return the value, ABSENT when there is none. Raises Uneditable where the path leads through what holds none."""
    for depth, part in enumerate(key):
        if values == {} and isinstance(part, int):
            values = []
        if not isinstance(values, dict if isinstance(part, str) else list):
            expected = "a table of names" if isinstance(part, str) else "a list"
            raise Uneditable(f"{shown(key[:depth])} is not {expected}")
        if isinstance(values, dict):
            values = values.get(part, ABSENT)
        elif isinstance(part, int) and 0 <= part < len(values):
            values = values[part]
        elif part == len(values):
            values = ABSENT
        else:
            raise Uneditable(f"{shown(key[:depth])} has no place {part}")
        if values is ABSENT:
            return ABSENT
    return values


def shown(key: Key) -> str:
    """Return the path for people."""
    return ".".join(str(part) for part in key) or "the document"


def line_of(text: str, at: int) -> int:
    """Return the line of a place in the text, from 1."""
    return len(re.findall(r"\r\n|\n|\r", text[:at])) + 1


def _with(values: Any, change: Set) -> Any:
    """Return the values after the change; what is not on the path is shared with `values`."""
    part, rest = change.key[0], change.key[1:]
    if isinstance(part, int):
        items = list(values or [])
        if change.value is ABSENT and not rest:
            if part != len(items) - 1:
                raise Uneditable("only the last of a list can be removed")
            return items[:part]
        inner = items[part] if part < len(items) else {}
        items[part : part + 1] = [_with(inner, Set(rest, change.value)) if rest else change.value]
        return items
    names = dict(values)
    if change.value is ABSENT and not rest:
        del names[part]
    else:
        names[part] = _with(names.get(part, {}), Set(rest, change.value)) if rest else change.value
    return names


def _same(one: Any, other: Any) -> bool:
    """True for equal values of equal types in equal order: 1 is not 1.0, and not-a-number is itself."""
    return repr(one) == repr(other)


def _rest(values: Any, other: Any, keys: Iterable[Key]) -> Any:
    """Return `values` without what was changed: masked where both have it, cut where the other has not."""
    for key in sorted(keys, key=repr, reverse=True):
        if value_at(values, key) is ABSENT:
            continue
        if value_at(other, key) is not ABSENT:
            values = _with(values, Set(key, None))
            continue
        values = _with(values, Set(key, ABSENT))
        while len(key) > 1 and not value_at(values, key[:-1]) and value_at(other, key[:-1]) is ABSENT:
            key = key[:-1]
            values = _with(values, Set(key, ABSENT))
    return values or {}


def _holds_only(ours: set[Key], value: Any, key: Key) -> bool:
    if key in ours:
        return True
    if isinstance(value, list):
        value = dict(enumerate(value))
    return isinstance(value, dict) and bool(value) and all(_holds_only(ours, v, (*key, k)) for k, v in value.items())


def _decoded(data: bytes) -> tuple[str, str]:
    """Return the byte-order mark and the text after it."""
    if len(data) > MOST_BYTES:
        raise Uneditable(f"larger than {MOST_BYTES // 1024**2} MB")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Uneditable("not UTF-8", data.count(b"\n", 0, error.start) + 1) from None
    if "\0" in text:
        raise Uneditable("a NUL byte", line_of(text, text.index("\0")))
    return (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)


@contextmanager
def _refusing(forget: Callable[[], None]) -> Iterator[None]:
    """Turn what a parser says of a text into a refusal; its message may quote the text, and is not repeated."""
    try:
        yield
    except Uneditable:
        raise
    except RecursionError:
        raise Uneditable("nested too deep") from None
    except ValueError:
        raise Uneditable("does not parse") from None
    finally:
        forget()
