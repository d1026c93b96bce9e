"""What is held outlives the program: a restart neither alarms again nor forgets what it knew."""

from __future__ import annotations

import json
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import T0, acme, at, page, ping
from trayapp.judge.judge import Judge
from trayapp.judge.memory import Memory, memory, resumed
from trayapp.model.codec import plain, revived
from trayapp.model.level import Level
from trayapp.model.reading import Observation, Symptom
from trayapp.model.settings import MonitorSettings
from trayapp.model.verdict import Transition

SEEN = st.lists(
    st.tuples(
        st.sampled_from([Symptom.OK, Symptom.SERVER_ERROR, Symptom.OVERLOADED, Symptom.AUTH_SUSPECT, Symptom.SLOW]),
        st.sampled_from(["keyless", "free", "paid"]),
        st.sampled_from([Level.OPERATIONAL, Level.DOWN]),
    ),
    max_size=30,
)


def judge() -> Judge:
    return Judge([acme()], MonitorSettings(), {}, T0)


def see(one: Judge, story: Sequence[tuple[Symptom, str, Level]], start: int = 0) -> list[Level]:
    """Return the levels that were news."""
    told: list[Level] = []
    for index, (symptom, kind, level) in enumerate(story, start):
        now = at(index * 30)
        observation = Observation("acme", now, (page(index * 30, {"api": level}), ping(index * 30, symptom, kind)))
        changes = one.take(observation, now)
        told += [c.after.level for c in changes if isinstance(c, Transition) and not c.baseline]
    return told


def restarted(one: Judge, now_s: float) -> Judge:
    kept = json.loads(json.dumps(plain(memory(one.held("acme"), silent=one.is_silent("acme")))))
    other = judge()
    memories = revived(Memory, kept)
    held, silent = resumed(other.held("acme"), memories, at(now_s))
    other.resume(held, silent=silent)
    return other


@given(SEEN, st.integers(0, 30))
def test_saved_and_loaded_at_any_point_it_says_the_same(story: list[tuple[Symptom, str, Level]], cut: int) -> None:
    through = judge()
    whole = see(through, story)
    first = judge()
    told = see(first, story[:cut])
    second = restarted(first, min(cut, len(story)) * 30)
    told += see(second, story[cut:], start=min(cut, len(story)))
    assert told == whole
    assert second.held("acme").verdict.level is through.held("acme").verdict.level or not story[cut:]
    assert second.held("acme").pings == through.held("acme").pings
    assert second.held("acme").latency == through.held("acme").latency


def test_after_a_long_gap_what_is_so_alarms_nobody_but_the_key_is_known_to_have_worked() -> None:
    first = judge()
    see(first, [(Symptom.OK, "free", Level.OPERATIONAL)] * 3)
    second = restarted(first, 3600)
    assert second.is_silent("acme")
    assert second.held("acme").pings.key_worked_at == at(60)
    assert second.held("acme").pings.recent == ()


def test_a_memory_from_the_future_is_not_gone_on_with() -> None:
    first = judge()
    see(first, [(Symptom.SERVER_ERROR, "free", Level.OPERATIONAL)] * 5)
    assert restarted(first, -60).held("acme").pings.trouble is None
