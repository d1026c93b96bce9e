"""The report: the April outage with canned verdicts, and verdicts that are nothing to be proud of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from trayapp.model.level import Cause, Level
from trayapp.simulator.report import HEADING, Change, blame, closings, span, table, timeline
from trayapp.simulator.scenario import load, scenario

APRIL = scenario("april_28_2026")


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-04-28T{clock}+00:00").astimezone(UTC)


def change(clock: str, level: Level, cause: Cause, summary: str = "said", works: bool = False) -> Change:
    return Change(at(clock), "anthropic", level, cause, summary, works)


START = change("17:25:02", Level.OPERATIONAL, Cause.NONE, "Claude API answers")
REFUSED = change("17:34:40", Level.BLOCKED, Cause.UNKNOWN, "your key is refused")
CONFIRMED = change("17:42:10", Level.DOWN, Cause.PROVIDER, "the page says so too")
WELL = change("18:53:15", Level.OPERATIONAL, Cause.NONE, "works again")
STORY = (START, REFUSED, CONFIRMED, WELL)


def test_the_closing_table_shows_who_was_first_by_how_much() -> None:
    (closing,) = closings(APRIL, STORY)
    assert [HEADING, *table(closing)] == [
        ("", "truth", "status page", "Uptray", "lead"),
        ("onset", "17:34", "17:41 (+7 min)", "17:34:40 (+40 s)", "6 min 20 s"),
        ("recovery", "18:52", "19:15 (+23 min)", "18:53:15 (+1 min 15 s)", "21 min 45 s"),
    ]


def test_it_is_said_when_whose_fault_was_named() -> None:
    (closing,) = closings(APRIL, STORY)
    assert blame(closing) == (("unknown", "17:34:40 (+40 s)"), ("provider", "17:42:10 (+8 min 10 s)"))


def test_the_timeline_has_the_truth_the_page_and_uptray_in_order() -> None:
    rows = timeline(APRIL, reversed(STORY))
    assert [(f"{row.at:%H:%M:%S}", row.who) for row in rows] == [
        ("17:25:02", "Uptray"),
        ("17:34:00", "truth"),
        ("17:34:40", "Uptray"),
        ("17:41:00", "status page"),
        ("17:42:10", "Uptray"),
        ("17:51:00", "status page"),
        ("18:33:00", "status page"),
        ("18:52:00", "truth"),
        ("18:53:15", "Uptray"),
        ("18:59:00", "status page"),
        ("19:15:00", "status page"),
    ]
    assert rows[1].what == "valid keys are refused (HTTP 401 authentication_error)"
    assert rows[2].what == "blocked (unknown): your key is refused"
    assert rows[0].what == "operational: Claude API answers"


def test_the_truth_comes_first_of_what_happened_at_the_same_moment() -> None:
    rows = timeline(APRIL, [change("17:34:00", Level.DOWN, Cause.PROVIDER)])
    assert [row.who for row in rows[:2]] == ["truth", "Uptray"]


def test_silence_is_never_and_has_no_lead() -> None:
    (closing,) = closings(APRIL, [START])
    assert [row[3:] for row in table(closing)] == [("never", "-"), ("never", "-")]
    assert blame(closing) == ()


def test_an_alarm_before_the_outage_is_not_credited() -> None:
    false = change("17:30:00", Level.DOWN, Cause.PROVIDER)
    (closing,) = closings(APRIL, [START, false])
    assert closing.onset.uptray is None


def test_another_providers_alarm_is_not_credited() -> None:
    other = Change(at("17:35:00"), "openai", Level.DOWN, Cause.PROVIDER, "said")
    assert closings(APRIL, [START, other])[0].onset.uptray is None


def test_being_later_than_the_page_is_a_lead_below_zero() -> None:
    (closing,) = closings(APRIL, [START, change("17:43:00", Level.DOWN, Cause.PROVIDER)])
    assert closing.onset.lead == timedelta(minutes=-2)
    assert table(closing)[0][4] == "-2 min"


def test_a_recovery_that_was_taken_back_does_not_count() -> None:
    early = change("18:00:00", Level.OPERATIONAL, Cause.NONE)
    again = change("18:01:00", Level.DOWN, Cause.PROVIDER)
    (closing,) = closings(APRIL, [START, REFUSED, early, again, WELL])
    assert closing.recovery.uptray == WELL.at


def test_a_recovery_said_too_early_is_shown_as_such() -> None:
    (closing,) = closings(APRIL, [REFUSED, change("18:51:00", Level.OPERATIONAL, Cause.NONE)])
    assert table(closing)[1][3] == "18:51 (-1 min)"


def test_not_knowing_is_no_recovery() -> None:
    unknown = change("18:00:00", Level.UNKNOWN, Cause.UNKNOWN)
    assert closings(APRIL, [REFUSED, unknown])[0].recovery.uptray is None


def test_works_for_you_is_a_recovery_while_the_page_still_reports() -> None:
    works = change("18:53:00", Level.DEGRADED, Cause.PROVIDER, works=True)
    (closing,) = closings(APRIL, [REFUSED, works, change("19:00:00", Level.OPERATIONAL, Cause.NONE)])
    assert closing.recovery.uptray == works.at


TWO = """title = "Twice"
start = 2026-04-28T10:00:00Z
end = 2026-04-28T20:00:00Z
[[incident]]
id = "first"
provider = "anthropic"
name = "First"
path = "inference"
from = 2026-04-28T11:00:00Z
to = 2026-04-28T12:00:00Z
share = 0.3
status = 529
code = "overloaded_error"
[[incident]]
id = "second"
provider = "anthropic"
name = "Second"
path = "log_in"
from = 2026-04-28T13:00:00Z
to = 2026-04-28T14:00:00Z
[[incident]]
id = "third"
provider = "openai"
name = "Third"
path = "edge"
manner = "hang"
from = 2026-04-28T13:00:00Z
to = 2026-04-28T14:00:00Z
"""


def test_each_incident_is_closed_with_what_was_said_during_it() -> None:
    told = load(TWO)
    first, second, third = closings(told, [change("11:01:00", Level.DEGRADED, Cause.PROVIDER)])
    assert first.onset.uptray == at("11:01:00")
    assert (second.onset.uptray, third.onset.uptray) == (None, None)
    assert table(first)[0][2] == "never"


def test_the_truth_is_told_in_words() -> None:
    assert [row.what for row in timeline(load(TWO), []) if row.what != "works again"] == [
        "generation fails with every model (HTTP 529 overloaded_error), 30% of requests",
        "subscribers cannot log in",
        "every request fails (hang)",
    ]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (0.4, "0 s"), (40, "40 s"), (60, "1 min"), (425, "7 min 5 s"), (-60, "-1 min"), (3600, "60 min")],
)
def test_spans_are_told_to_the_second(seconds: float, words: str) -> None:
    assert span(timedelta(seconds=seconds)) == words
