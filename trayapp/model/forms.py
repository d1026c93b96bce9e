"""What a value in a file may be: each form takes a raw TOML value and returns it clean, or says what was expected."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from datetime import date, time
from typing import Any, TypeVar

T = TypeVar("T")

#: A form: returns the value or raises Unfit.
Form = Callable[[Any], T]

#: Texts longer than this are not repeated in a message: a key pasted in the wrong place must not reach a log, and
#: vendors' keys are longer.
_SHOWN = 20


_KINDS = ((list, "a list"), (dict, "a table"), ((date, time), "a date or time"))


class Unfit(Exception):
    """The value is not of this form: the message says what was expected."""

    def __init__(self, expected: str, *, hide: bool = False) -> None:
        super().__init__(expected)
        #: Do not repeat the value, however short: it may hold a password.
        self.hide = hide


def got(value: Any, *, hide: bool = False) -> str:
    """Return a short name of what was found instead, without repeating anything long."""
    if isinstance(value, str):
        fits = len(value) <= _SHOWN and value.isprintable() and not hide
        return json.dumps(value, ensure_ascii=False) if fits else f"a text of {len(value)} characters"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value) if abs(value) < 10**15 or isinstance(value, float) else "a huge number"
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "nothing")


def line(longest: int = 200) -> Form[str]:
    """One line of text; no control characters, and none that turn the direction of writing."""

    def read(value: Any) -> str:
        if isinstance(value, str) and 0 < len(value) <= longest and value.isprintable():
            return value
        raise Unfit(f"one line of 1 to {longest} printable characters")

    return read


def matching(pattern: str, expected: str) -> Form[str]:
    """A text that fits the regular expression as a whole."""
    compiled = re.compile(pattern)

    def read(value: Any) -> str:
        if isinstance(value, str) and compiled.fullmatch(value):
            return value
        raise Unfit(expected)

    return read


def one_of(words: Collection[str], what: str = "one of") -> Form[str]:
    """One of these words."""

    def read(value: Any) -> str:
        if isinstance(value, str) and value in words:
            return value
        raise Unfit(f"{what} {', '.join(words)}{_perhaps(value, words)}")

    return read


def flag(value: Any) -> bool:
    """Return true or false."""
    if isinstance(value, bool):
        return value
    raise Unfit("true or false")


def number(least: float, most: float, what: str = "a number") -> Form[float]:
    """A number within bounds; NaN is in none."""

    def read(value: Any) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return float(value)
        raise Unfit(f"{what} from {least:.15g} to {most:.15g}")

    return read


def seconds(least: float) -> Form[float]:
    """A number of seconds, at most a day."""
    return number(least, 86_400, "a number of seconds")


def status(value: Any) -> int:
    """Return an HTTP status."""
    if isinstance(value, int) and not isinstance(value, bool) and 100 <= value <= 599:
        return value
    raise Unfit("an HTTP status from 100 to 599")


def table(value: Any) -> dict[str, Any]:
    """Return a table as it is."""
    if isinstance(value, dict):
        return value
    raise Unfit("a table")


def nearest(word: str, words: Collection[str]) -> str | None:
    """Return the known word that `word` was probably meant to be, None when none is near."""
    # Only a mistake needs difflib.
    from difflib import get_close_matches

    return next(iter(get_close_matches(word[:100], list(words), n=1, cutoff=0.5)), None)


def _perhaps(value: Any, words: Collection[str]) -> str:
    near = nearest(value, words) if isinstance(value, str) else None
    return f' (perhaps "{near}")' if near else ""
