"""Pings are summed up so that nothing is lost but the single ping."""

from __future__ import annotations

import json
import sqlite3
import statistics
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.journal_rows import ping
from trayapp.adapters.journal_rollup import BOUNDS, DAY, HOUR, MINUTE, SPANS, add, median_ms, span_for
from trayapp.adapters.journal_schema import migrate
from trayapp.model.reading import ProbeReading, Symptom

ANSWERED = {Symptom.OK, Symptom.SLOW, Symptom.REQUEST_INVALID}
PINGS = st.lists(
    st.builds(
        ping,
        seconds=st.integers(-3 * DAY, 3 * DAY),
        symptom=st.sampled_from(Symptom),
        took_s=st.floats(0, 120),
        kind=st.sampled_from(["keyless", "free", "paid"]),
        provider=st.sampled_from(["acme", "other"]),
    ),
    max_size=40,
)


@settings(deadline=None)
@given(PINGS)
def test_every_span_sums_to_what_was_pinged_in_it(pings: list[ProbeReading]) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        for reading in pings:
            add(connection, reading)
        found = connection.execute("SELECT * FROM pings ORDER BY span, start, provider, kind").fetchall()
        worked = dict(connection.execute("SELECT provider, worked_at FROM keys").fetchall())
    assert [row[:7] for row in found] == [row[:7] for row in _naive(pings)]
    assert [row[7] for row in found] == pytest.approx([row[7] for row in _naive(pings)])
    assert [sum(json.loads(row[8])) for row in found] == [row[4] - row[5] for row in found]
    assert worked == {r.provider: r.at.timestamp() for r in pings if r.kind != "keyless" and r.symptom in ANSWERED}


def _naive(pings: list[ProbeReading]) -> list[tuple[int, int, str, str, int, int, int, float]]:
    made = [reading for reading in pings if reading.symptom is not Symptom.SKIPPED]
    sums = []
    for span, _ in SPANS:
        of = [(int(r.at.timestamp()) // span * span, r.provider, r.kind, r) for r in made]
        for key in {entry[:3] for entry in of}:
            mine = [entry[3] for entry in of if entry[:3] == key]
            fine = [reading for reading in mine if reading.symptom in ANSWERED]
            slow = sum(reading.symptom is Symptom.SLOW for reading in mine)
            took = sum(reading.seconds * 1000 for reading in fine)
            sums.append((span, *key, len(mine), len(mine) - len(fine), slow, took))
    return sorted(sums)


@settings(deadline=None)
@given(st.lists(st.floats(10, 50_000), min_size=1, max_size=60))
def test_the_median_is_right_to_within_an_eighth(latencies: list[float]) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        for number, ms in enumerate(latencies):
            add(connection, ping(number * 1000, took_s=ms / 1000))
        rows = connection.execute("SELECT histogram FROM pings WHERE span = ?", (HOUR,)).fetchall()
    found = median_ms(json.loads(row[0]) for row in rows)
    assert found == pytest.approx(statistics.median_low(latencies), rel=0.14)


def test_without_an_answer_there_is_no_median() -> None:
    assert median_ms([]) is None
    assert median_ms([[], [0, 0]]) is None


def test_a_latency_beyond_every_class_is_in_the_last() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        add(connection, ping(0, took_s=10_000))
        [(histogram,)] = connection.execute("SELECT histogram FROM pings WHERE span = 60").fetchall()
    assert len(json.loads(histogram)) == len(BOUNDS)


@pytest.mark.parametrize(
    ("window_s", "span"),
    [(HOUR, MINUTE), (47 * HOUR, MINUTE), (48 * HOUR, HOUR), (59 * DAY, HOUR), (60 * DAY, DAY), (9999 * DAY, DAY)],
)
def test_a_window_is_read_from_the_finest_span_that_covers_it(window_s: float, span: int) -> None:
    assert span_for(window_s) == span
