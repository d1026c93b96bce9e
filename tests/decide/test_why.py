"""The readings behind a verdict."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import T0, acme, at, elsewhere, incident, page, ping
from trayapp.decide.why import why
from trayapp.judge.judge import Judge
from trayapp.model.level import Level
from trayapp.model.reading import Observation, Reading, Symptom
from trayapp.model.settings import MonitorSettings, Scope
from trayapp.model.verdict import Verdict

BAD = Symptom.SERVER_ERROR


def seen(*rounds: tuple[float, tuple[Reading, ...]], scope: Scope | None = None) -> Verdict:
    judge = Judge([acme()], MonitorSettings(), {"acme": scope or Scope()}, T0)
    for seconds, readings in rounds:
        judge.take(Observation("acme", at(seconds), readings), at(seconds))
    return judge.verdicts[0]


def test_before_anything_was_seen_there_is_little_to_say() -> None:
    assert why(seen((0, ())), at(0)) == ("status page: not read yet", "your network: unknown")


def test_pings_are_told_one_by_one_the_newest_first_with_their_ages() -> None:
    failed = replace(ping(0, BAD, "free"), detail="HTTP 500 api_error")
    verdict = seen(*((n * 20.0, (replace(failed, at=at(n * 20)),)) for n in range(3)))
    lines = why(verdict, at(100))
    assert lines[0] == "3 of the last 3 failed: server error"
    assert lines[1] == "1 min ago: ping with your key: server error (HTTP 500 api_error), 100 ms"
    assert lines[3].startswith("1 min ago")


def test_the_page_is_told_with_what_counts_and_what_does_not() -> None:
    told = [
        replace(incident("api", models=("haiku",)), id="i1", name="Haiku fails"),
        replace(incident("api", impact="major"), id="i2", name="All fails"),
    ]
    look = page(0, {"api": Level.DOWN}, told)
    lines = why(seen((0, (look, ping(0))), scope=Scope(models=("sonnet",))), at(5))
    assert "component Acme API (api.acme.test): down" in lines
    assert "incident “Haiku fails” (investigating, impact minor, names haiku): not about what you use" in lines
    assert "incident “All fails” (investigating, impact major): counts for you" in lines


def test_a_page_that_could_not_be_read_says_why_and_when_it_last_was() -> None:
    verdict = seen((0, (page(0), ping(0))), (120, (page(120, error="HTTP 503"),)))
    assert "status page: could not be read (HTTP 503); last read: 2 min ago" in why(verdict, at(120))


def test_what_a_third_party_sees_is_labelled() -> None:
    lines = why(seen((0, (page(0), ping(0), elsewhere(0, 61.0)))), at(0))
    assert "just now: OpenRouter: 61.0 % of requests in 5 minutes" in lines


def test_what_could_not_be_asked_and_who_shares_the_fate_is_told_too() -> None:
    unasked = replace(elsewhere(0, 0.0), level=Level.UNKNOWN, uptime=None, error="HTTP 503")
    verdict = replace(
        seen((0, (page(0, {"api": Level.DOWN}), ping(0)))), elsewhere=unasked, shared=("other",), unstable=True
    )
    assert verdict.feed is not None
    lines = why(replace(verdict, feed=replace(verdict.feed, lost=("gone",))), at(0))
    assert "just now: OpenRouter: not known, HTTP 503" in lines
    assert "fails at the same moment: other" in lines
    assert "changes too often to be called well or not" in lines
    assert "no longer on the page: gone" in lines


def test_an_incident_that_is_over_is_no_reason() -> None:
    over = incident("api", status="resolved")
    assert not any("incident" in line for line in why(seen((0, (page(0, incidents=[over]), ping(0)))), at(0)))


@given(st.lists(st.sampled_from(list(Symptom)), max_size=12))
def test_each_is_one_line_whatever_was_seen(symptoms: list[Symptom]) -> None:
    verdict = seen(*((n * 20.0, (ping(n * 20, symptom),)) for n, symptom in enumerate(symptoms)))
    for line in why(verdict, at(300)):
        assert line
        assert "\n" not in line
