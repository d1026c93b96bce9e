"""Nouns as JSON and back."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import at, ping
from trayapp.decide.notify import Announced
from trayapp.judge.confirm import Pings, Trouble
from trayapp.judge.kin import Kin
from trayapp.judge.latency import Baseline, Latency
from trayapp.model.codec import Unreadable, plain, revived
from trayapp.model.reading import ProbeReading, Symptom

NOUNS = [
    ping(3, Symptom.OVERLOADED, "paid", detail="HTTP 529"),
    Pings(recent=(ping(0), ping(1)), glitches=(at(2),), trouble=Trouble(Kin.HARD, Symptom.DNS, at(4), partly=True)),
    Latency({("paid", "small"): Baseline((0.1, 0.2), (0.2, 0.1), 3.5, 1.0, 0.2, at(9), is_slow=True)}),
    Announced({"acme": at(0)}, frozenset({"acme"}), {"acme": (at(1), at(0))}, {"acme": (at(0), at(5))}),
]


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: type(noun).__name__)
def test_a_noun_comes_back_as_it_was(noun: Any) -> None:
    assert revived(type(noun), json.loads(json.dumps(plain(noun)))) == noun


def test_a_field_that_was_added_since_has_its_default_and_one_that_is_gone_is_left_out() -> None:
    document = {name: value for name, value in plain(ping(0)).items() if name != "edge"} | {"gone": 1}
    assert revived(ProbeReading, document) == ping(0)


@pytest.mark.parametrize(
    "change",
    [
        {"symptom": "grumpy"},
        {"at": "yesterday"},
        {"at": "2026-04-28T17:00:00"},
        {"seconds": "0.1"},
        {"beside": 1},
        {"detail": None},
        {"seconds": True},
    ],
)
def test_what_is_no_such_noun_is_unreadable(change: dict[str, Any]) -> None:
    with pytest.raises(Unreadable, match="not a ProbeReading"):
        revived(ProbeReading, plain(ping(0)) | change)


def test_a_whole_number_is_a_number_of_seconds_too() -> None:
    assert revived(ProbeReading, plain(ping(0)) | {"seconds": 2}).seconds == 2.0


def test_a_noun_without_what_it_needs_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        revived(ProbeReading, {"provider": "acme"})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["recent", "at", "trouble"]), inner),
)


@given(json_values)
def test_whatever_is_found_is_a_noun_or_unreadable(document: Any) -> None:
    with suppress(Unreadable):
        assert isinstance(revived(Pings, document), Pings)


def test_times_keep_their_zone() -> None:
    assert revived(ProbeReading, plain(replace(ping(0), at=at(5)))).at == at(5)
