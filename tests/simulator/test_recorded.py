"""Recorded incidents: what their words say of path, share and manner, and nothing more."""

from __future__ import annotations

import json
from pathlib import Path as File
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trayapp.model.ports import Refused
from trayapp.simulator.recorded import read
from trayapp.simulator.scenario import Incident, Path

RECORDINGS = File(__file__).parents[3] / "shared" / "recordings" / "incidents.json"


def incident(provider: str = "anthropic", **row: Any) -> Incident:
    whole = {
        "provider": provider,
        "title": "It",
        "start": "2026-01-01T10:00Z",
        "impact_end": "2026-01-01T11:00Z",
        **row,
    }
    (record,) = read(json.dumps({"incidents": [whole]}), "x.json")
    assert record.scenario is not None, record.reason
    return record.scenario.incidents[0]


@pytest.mark.parametrize(
    ("components", "words", "path", "share"),
    [
        (["API"], "100% of API requests HTTP 530 (load balancer)", Path.EDGE, 1.0),
        (["API"], "authentication errors for all requests", Path.SIGN_IN, 1.0),
        (["API"], "elevated errors", Path.INFERENCE, 0.5),
        (["API"], "45% of requests time out after a stall", Path.INFERENCE, 0.45),
        (["claude.ai"], "complete outage", Path.LOG_IN, 1.0),
        (["status page"], "certificate", Path.PAGE, 0.5),
    ],
)
def test_the_words_tell_what_broke(components: list[str], words: str, path: Path, share: float) -> None:
    made = incident(components=components, symptoms=words)
    assert (made.path, made.share) == (path, share)


def test_a_title_that_names_a_model_is_about_that_model() -> None:
    made = incident(title="Elevated errors for Claude Sonnet 5", components=["API"])
    assert (made.path, made.models) == (Path.MODEL, ("sonnet",))


def test_what_is_said_outright_counts() -> None:
    made = incident(path="sign_in", share=0.2, status=503, code="api_error")
    assert (made.path, made.share, made.fault.status, made.fault.code) == (Path.SIGN_IN, 0.2, 503, "api_error")


def test_the_page_speaks_when_it_spoke() -> None:
    made = incident(
        components=["API"], impact_level="critical",
        status_first_post="2026-01-01T10:20Z", identified="2026-01-01T10:30Z", resolved="2026-01-01T11:30Z",
    )  # fmt: skip
    assert [(f"{post.at:%H:%M}", post.status) for post in made.posts] == [
        ("10:20", "investigating"), ("10:30", "identified"), ("11:30", "resolved"),
    ]  # fmt: skip
    assert "major_outage" in made.posts[0].components.values()
    assert set(made.posts[-1].components.values()) == {"operational"}


def test_a_page_that_never_spoke_while_it_lasted_is_silent() -> None:
    assert incident(resolved="2026-01-01T11:30Z").posts == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
)
ROW = st.fixed_dictionaries(
    {"provider": st.sampled_from(["anthropic", "openai", "acme"]), "title": st.text(max_size=20)},
    optional={
        name: JSON | st.sampled_from(["2026-01-01T10:00Z", "2026-01-01", "9999-12-31T23:59:59-23:00"])
        for name in (
            "start", "impact_end", "resolved", "status_first_post", "identified", "components", "symptoms", "share",
            "path", "status", "manner", "models", "impact_level", "code",
        )
    },
)  # fmt: skip


@given(st.lists(ROW | JSON, max_size=3))
def test_whatever_a_file_holds_it_is_read_or_refused_in_one_line(rows: list[Any]) -> None:
    try:
        read(json.dumps({"incidents": rows}), "x.json")
    except Refused as reason:
        assert "\n" not in str(reason) and str(reason).startswith("x.json")


@pytest.mark.skipif(not RECORDINGS.exists(), reason="shared/recordings is not beside this repository")
def test_most_of_the_recorded_incidents_can_be_replayed() -> None:
    records = read(RECORDINGS.read_text(encoding="utf-8"), RECORDINGS.name)
    played = [record.scenario.incidents[0] for record in records if record.scenario]
    assert len(played) > 0.6 * len(records)
    assert {each.path for each in played} >= {Path.EDGE, Path.SIGN_IN, Path.INFERENCE, Path.MODEL, Path.LOG_IN}
    assert all(record.scenario or record.reason for record in records)
