"""A document for later is made when it is read, once, or never."""

from __future__ import annotations

from trayapp.model.later import Later


def test_it_is_made_when_it_is_first_read_and_only_then() -> None:
    made: list[int] = []

    def make() -> dict[str, int]:
        made.append(1)
        return {"a": 1, "b": 2}

    later = Later(make)
    assert not made
    assert (later["a"], dict(later), len(later)) == (1, {"a": 1, "b": 2}, 2)
    assert made == [1]
