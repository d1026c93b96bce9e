"""Unstable is a state of its own (R11)."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import at
from trayapp.judge.flap import Steadiness, noted


def after(*states: bool, gap_s: float = 60) -> Steadiness:
    held = Steadiness()
    for index, well in enumerate(states):
        held = noted(held, well, at(index * gap_s))
    return held


def test_what_is_well_is_steady() -> None:
    assert not after(*[True] * 50).unstable


def test_one_outage_is_not_unstable() -> None:
    assert not after(*[True] * 20, *[False] * 20, *[True] * 20).unstable


def test_what_goes_up_and_down_is_unstable() -> None:
    assert after(*[True] * 10, *[False, False, True, True] * 4).unstable


def test_it_is_steady_again_after_half_an_hour_without_a_change() -> None:
    held = after(*[False, False, True, True] * 6)
    assert held.unstable
    for minute in range(29):
        held = noted(held, True, at(24 * 60 + minute * 60))
    assert not noted(held, True, at(24 * 60 + 31 * 60)).unstable


@given(st.lists(st.booleans(), max_size=80))
def test_it_never_begins_without_four_changes_in_sight(states: list[bool]) -> None:
    held = after(*states)
    changes = sum(one is not other for one, other in pairwise(states))
    assert len(held.states) <= 21
    assert not held.unstable or changes >= 3
