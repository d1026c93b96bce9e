"""A key does not show itself by accident."""

from __future__ import annotations

import pickle

import pytest

from trayapp.model.secret import Credential, Secret

KEY = Secret("sk-canary")


def test_a_key_shows_itself_only_when_asked_to() -> None:
    credential = Credential(KEY, "bearer", ("api.acme.test",))
    for shown in (repr(KEY), str(KEY), f"{KEY}", f"{KEY:>40}", repr(credential), f"{KEY!r}"):
        assert "canary" not in shown
    assert KEY.reveal() == "sk-canary"


def test_two_keys_are_equal_when_their_values_are() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1


def test_a_key_is_not_pickled() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(KEY)
