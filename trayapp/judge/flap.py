"""Unstable is a state of its own (rule R11): what changes too often is told of once, not each time.

The weights are those of Nagios (its manual, "Detection and Handling of State Flapping"): of the last 21 states each
change counts from 0.75 for the oldest to 1.25 for the newest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

_STATES = 21
#: Shares of change at which it begins and ends, and a steady time that ends it too.
_BEGINS, _ENDS, _STEADY = 0.20, 0.05, timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Steadiness:
    """The last states, true for well, oldest first."""

    states: tuple[bool, ...] = ()
    unstable: bool = False
    changed_at: datetime | None = None


def noted(before: Steadiness, well: bool, at: datetime) -> Steadiness:
    """Return what is held after one more look that found it well, or not."""
    changed = bool(before.states) and before.states[-1] is not well
    if not changed and before.changed_at is None:
        # Nothing ever changed: nothing to reckon.
        return before if len(before.states) == _STATES else replace(before, states=(*before.states, well))
    after = replace(
        before,
        states=(*before.states, well)[-_STATES:],
        changed_at=at if changed else before.changed_at,
    )
    share = _share(after.states)
    steady = after.changed_at is not None and at - after.changed_at >= _STEADY
    if after.unstable:
        return replace(after, unstable=not (share <= _ENDS or steady))
    return replace(after, unstable=share >= _BEGINS and not steady)


def _share(states: tuple[bool, ...]) -> float:
    """Return the weighted share of changes among all that there could have been."""
    most = _STATES - 1
    missing = most - (len(states) - 1)
    changes = (
        0.75 + 0.5 * (missing + index) / (most - 1)
        for index, (one, next_one) in enumerate(pairwise(states))
        if one is not next_one
    )
    return sum(changes) / most
