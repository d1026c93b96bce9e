"""Scenarios: what ships is well formed, and what is not says in one line why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import FakeClock
from trayapp.model.ports import Refused
from trayapp.model.secret import Secret
from trayapp.simulator.exchange import Manner
from trayapp.simulator.scenario import Path, calm, load, scenario, scenarios
from trayapp.simulator.world import World

INCIDENT = """title = "A bad hour"
start = 2026-01-01T10:00:00Z
end = 2026-01-01T12:00:00Z
[[incident]]
id = "one"
provider = "anthropic"
name = "Errors"
path = "edge"
from = 2026-01-01T10:10:00Z
to = 2026-01-01T11:00:00+00:00
status = 500
"""
POST = """[[incident.post]]
at = 2026-01-01T10:20:00Z
status = "investigating"
impact = "major"
components = { k8w3r06qmzrp = "major_outage" }
"""


@pytest.mark.parametrize("id", scenarios())
def test_every_scenario_that_ships_can_be_played(id: str) -> None:
    told = scenario(id)
    assert told.id == id and told.incidents
    World(told, FakeClock(told.start), Secret("valid"))
    for incident in told.incidents:
        assert told.start <= incident.start and incident.end <= told.end
        assert all(told.start <= post.at <= told.end for post in incident.posts)


def test_the_april_outage_is_told_as_it_was() -> None:
    told = scenario("april_28_2026")
    (incident,) = told.incidents
    assert [f"{at:%H:%M}" for at in (told.start, incident.start, incident.end, told.end)] == [
        "17:25", "17:34", "18:52", "19:25",
    ]  # fmt: skip
    assert (incident.path, incident.fault.status, incident.fault.code) == (Path.SIGN_IN, 401, "authentication_error")
    assert [(f"{post.at:%H:%M}", post.status) for post in incident.posts] == [
        ("17:41", "investigating"),
        ("17:51", "identified"),
        ("18:33", "identified"),
        ("18:59", "monitoring"),
        ("19:15", "resolved"),
    ]
    assert set(incident.posts[0].components) == set(told.vendor("anthropic").components)


def test_a_scenario_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(Refused, match="april_28_2026"):
        scenario("../april_28_2026")


def test_a_calm_day_has_no_incidents() -> None:
    assert calm(datetime(2026, 1, 1, tzinfo=UTC)).incidents == ()


def test_a_new_vendor_is_declared_in_the_scenario() -> None:
    text = (
        INCIDENT.replace('"anthropic"', '"acme"')
        + '[[vendor]]\nid = "acme"\nname = "Acme"\nplatform = "statuspage"\ndialect = "openai"\ncomponents = { a = "API" }\n'
    )
    told = load(text)
    assert told.vendor("acme").components == {"a": "API"}
    assert told.incidents[0].end - told.incidents[0].start == timedelta(minutes=50)


def test_an_incident_may_hang_instead_of_answering() -> None:
    told = load(INCIDENT.replace("status = 500", 'manner = "hang"'))
    assert told.incidents[0].fault.manner is Manner.HANG


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('title = "A bad hour"', "", r"title: .* got nothing"),
        ("end = 2026-01-01T12", "end = 2026-01-01T09", r"line 3: end: a time after start"),
        (
            "to = 2026-01-01T11:00:00+00:00",
            "to = 2026-01-01T11:00:00",
            r"line 10: incident.to: a date and time with its",
        ),
        ('"anthropic"', '"anthropc"', r'line 6: incident.provider: .*perhaps "anthropic"'),
        ('"edge"', '"egde"', r'line 8: incident.path: .*perhaps "edge"'),
        ('"edge"', '"model"', r"incident.models"),
        ("status = 500", "status = 999", r"line 11: incident.status: an HTTP status"),
        ("status = 500", "status = 500\nshare = 0", r"share: a number above 0"),
        ("status = 500", "status = 500\nshare = 1.5", r"share: a number from 0 to 1"),
        ("status = 500", 'manner = "hang"\nstatus = 500', r"incident.status is not a known key"),
        ("status = 500", "status = 500\nstaus = 1", r"staus is not a known key; did you mean status"),
        ("k8w3r06qmzrp", "nobody", r"components.nobody: "),
        ("major_outage", "full_outage", r"components.k8w3r06qmzrp: one of operational"),
        ("[[incident]]", "[[incident]", r"TOML was expected"),
    ],
)
def test_a_wrong_scenario_is_refused_in_one_line(old: str, new: str, complaint: str) -> None:
    text = INCIDENT + POST
    assert old in text and load(text)
    with pytest.raises(Refused, match=complaint) as caught:
        load(text.replace(old, new, 1), "x.toml")
    assert str(caught.value).startswith("x.toml, line ")
    assert "\n" not in str(caught.value)


def test_posts_out_of_order_and_ids_twice_are_refused() -> None:
    with pytest.raises(Refused, match="order of time"):
        load(INCIDENT + POST + POST.replace("10:20", "10:15"))
    with pytest.raises(Refused, match="ids of their own"):
        load(INCIDENT + INCIDENT[INCIDENT.index("[[incident]]") :])


def test_a_protocol_that_nobody_speaks_is_refused() -> None:
    told = load(INCIDENT + '[[vendor]]\nid = "acme"\nname = "Acme"\nplatform = "semaphore"\n')
    with pytest.raises(Refused, match=r"googlecloud, incidentio, statuspage .* 'semaphore'"):
        World(told, FakeClock(told.start), Secret("valid"))


@given(st.text(max_size=300))
def test_whatever_a_scenario_says_it_is_read_or_refused(text: str) -> None:
    for attempt in (text, INCIDENT + text):
        try:
            load(attempt)
        except Refused as refusal:
            assert "\n" not in str(refusal)
