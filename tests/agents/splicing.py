"""What every grammar must keep, whatever the text: the promises of a splice, checked with the format's own parser."""

from __future__ import annotations

import contextlib
import copy
import itertools
import os
import time
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from trayapp.agents._grammar import ABSENT, Key, Put, Set, Splicer, Uneditable

#: Many where machines wait, few where people do; the same ones each time.
thoroughly = settings(
    max_examples=2000 if os.environ.get("CI") else 150,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
NEWLINES = st.sampled_from(["\n", "\r\n"])
BOMS = st.sampled_from([b"", b"", b"\xef\xbb\xbf"])


def keys_of(values: Any, at: Key = ()) -> list[Key]:
    """Return the path of every value and every container."""
    inner = values.items() if isinstance(values, dict) else enumerate(values) if isinstance(values, list) else ()
    return [at, *(key for name, value in inner for key in keys_of(value, (*at, name)))]


def new_value(values: Any, key: Key, value: Any) -> Any:
    """Return a copy of `values` with the value at the path, by other means than the house's own."""
    copied = copy.deepcopy(values)
    place = copied
    for part, following in itertools.pairwise(key):
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(place, list) and part == len(place):
            place.append(empty)
        elif isinstance(place, dict):
            place.setdefault(part, empty)
        place = place[part]
    if isinstance(place, list) and key[-1] == len(place):
        place.append(value)
    else:
        place[key[-1]] = value
    return copied


def keeps_promises(splicer: Splicer, parse: Callable[[bytes], Any], data: bytes, changes: Sequence[Set]) -> bytes:
    """Splice and undo: the parser sees the new values and all others, and the old bytes come back."""
    expected = parse(data)
    for change in changes:
        expected = new_value(expected, change.key, change.value)
    after = splicer.splice(data, changes)
    assert parse(after) == expected
    assert splicer.read(after) == expected
    assert splicer.splice(after, changes) == after
    undo = splicer.undo(data, changes, after)
    assert all(isinstance(put, Put) for put in undo)
    assert splicer.splice(after, undo) == data
    return after


def never_breaks(splicer: Splicer, data: bytes, key: Key = ("a", "b"), value: Any = "x") -> None:
    """Whatever the bytes: it works, or it is refused."""
    for act in (
        lambda: splicer.read(data),
        lambda: splicer.source(data, key),
        lambda: splicer.splice(data, [Set(key, value)]),
        lambda: splicer.splice(data, [Set(key[:1], ABSENT)]),
    ):
        try:
            act()
        except Uneditable as refusal:
            assert refusal.reason
            assert "\n" not in str(refusal)


def seconds(act: Callable[[], object]) -> float:
    """Return how long it takes, refused or not."""
    start = time.perf_counter()
    with contextlib.suppress(Uneditable):
        act()
    return time.perf_counter() - start
