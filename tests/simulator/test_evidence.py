"""Which evidence sees what, tried on the whole line: nothing is credited with what it could not have seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from trayapp.main.play import play
from trayapp.model.level import Cause, Level
from trayapp.model.settings import Scope
from trayapp.simulator.evidence import Evidence
from trayapp.simulator.exchange import Manner
from trayapp.simulator.mishap import Mine, Mishap
from trayapp.simulator.scenario import Fault, Incident, Path, Post, Scenario
from trayapp.simulator.score import Heard, heard

START = datetime(2026, 1, 1, 10, tzinfo=UTC)
API = "k8w3r06qmzrp"


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def world(
    path: Path, fault: Fault, *, models: tuple[str, ...] = (), posted: float | None = None, share: float = 1.0
) -> Scenario:
    """Return two hours with one incident from minute 40 to minute 80, told of at minute `posted`."""
    red, well = {API: "major_outage"}, {API: "operational"}
    told = (
        ()
        if posted is None
        else (Post(at(posted), "investigating", "major", red), Post(at(100), "resolved", "major", well))
    )
    incident = Incident("it", "anthropic", "Elevated errors", path, at(40), at(80), fault, share, models, told)
    return Scenario("w", "w", START, at(125), (incident,))


def outcome(scenario: Scenario, evidence: Evidence) -> Heard:
    played = play(scenario, evidence)
    assert not played.defects
    (found,) = heard(scenario, played.changes())
    return found


BROKEN = Fault(status=500, code="api_error")
REFUSED = Fault(status=401, code="authentication_error")
OVERLOADED = Fault(status=529, code="overloaded_error")


@pytest.mark.parametrize(
    ("path", "fault", "models", "evidence", "sees"),
    [
        (Path.EDGE, BROKEN, (), Evidence.PAGE, False),
        (Path.EDGE, BROKEN, (), Evidence.DEFAULT, True),
        (Path.EDGE, Fault(Manner.HANG), (), Evidence.DEFAULT, True),
        (Path.EDGE, Fault(Manner.DROP), (), Evidence.DEFAULT, True),
        (Path.EDGE, Fault(Manner.CUT), (), Evidence.DEFAULT, True),
        (Path.EDGE, Fault(Manner.REFUSE), (), Evidence.DEFAULT, True),
        (Path.EDGE, Fault(Manner.DNS), (), Evidence.DEFAULT, True),
        (Path.EDGE, Fault(Manner.SLOW, seconds=30), (), Evidence.DEFAULT, True),
        (Path.SIGN_IN, REFUSED, (), Evidence.PAGE, False),
        (Path.SIGN_IN, REFUSED, (), Evidence.DEFAULT, True),
        (Path.INFERENCE, OVERLOADED, (), Evidence.PAGE, False),
        (Path.INFERENCE, OVERLOADED, (), Evidence.DEFAULT, False),
        (Path.INFERENCE, OVERLOADED, (), Evidence.PAID, True),
        (Path.MODEL, OVERLOADED, ("haiku",), Evidence.DEFAULT, False),
        (Path.MODEL, OVERLOADED, ("haiku",), Evidence.PAID, True),
        (Path.MODEL, OVERLOADED, ("opus",), Evidence.PAID, False),
        (Path.LOG_IN, BROKEN, (), Evidence.DEFAULT, False),
        (Path.LOG_IN, BROKEN, (), Evidence.PAID, False),
        (Path.PAGE, Fault(status=503), (), Evidence.PAID, False),
    ],
)
def test_while_the_page_is_silent_only_what_goes_through_the_broken_path_sees_it(
    path: Path, fault: Fault, models: tuple[str, ...], evidence: Evidence, sees: bool
) -> None:
    assert (outcome(world(path, fault, models=models), evidence).alarm is not None) is sees


@pytest.mark.parametrize("evidence", [Evidence.PAGE, Evidence.DEFAULT])
def test_what_the_page_tells_of_is_told_by_every_set(evidence: Evidence) -> None:
    found = outcome(world(Path.INFERENCE, OVERLOADED, posted=60), evidence)
    assert found.told is not None and timedelta() <= found.told.at - at(60) < timedelta(minutes=4)
    assert found.page_at == at(60)


def test_an_incident_that_was_only_told_of_afterwards_gives_no_lead() -> None:
    scenario = world(Path.EDGE, BROKEN)
    (incident,) = scenario.incidents
    late = Incident(
        "it", "anthropic", "Errors", Path.EDGE, incident.start, incident.end, BROKEN,
        posts=(Post(at(95), "resolved", "major", {}),),
    )  # fmt: skip
    found = outcome(Scenario("w", "w", START, at(125), (late,)), Evidence.DEFAULT)
    assert found.alarm is not None and (found.page_at, found.lead_s, found.recovery_lead_s) == (None, None, None)


NETWORK = (Mishap.WIFI, Mishap.PORTAL, Mishap.DNS, Mishap.PROXY, Mishap.TLS, Mishap.VPN)


@pytest.mark.parametrize("kind", [*NETWORK, Mishap.SLEEP])
def test_ones_own_network_is_nobodys_outage(kind: Mishap) -> None:
    mine = (Mine(kind, at(20), at(45)),)
    played = play(Scenario("w", "w", START, at(60), mine=mine, scopes={"anthropic": Scope()}))
    blamed = [change for change in played.changes() if change.level in (Level.DOWN, Level.DEGRADED)]
    assert not blamed and not played.defects
    offline = any(change.cause is Cause.NETWORK for change in played.changes())
    assert offline is (kind is not Mishap.SLEEP)


@pytest.mark.parametrize(
    ("kind", "evidence", "blocked"),
    [
        (Mishap.KEY, Evidence.DEFAULT, True),
        (Mishap.REGION, Evidence.DEFAULT, True),
        (Mishap.CREDIT, Evidence.DEFAULT, False),
        (Mishap.CREDIT, Evidence.PAID, True),
        (Mishap.LIMIT, Evidence.DEFAULT, False),
        (Mishap.REGION, Evidence.PAGE, False),
    ],
)
def test_an_account_in_trouble_is_seen_where_it_is_asked(kind: Mishap, evidence: Evidence, blocked: bool) -> None:
    mine = (Mine(kind, at(30), at(60), provider="anthropic"),)
    played = play(Scenario("w", "w", START, at(60), mine=mine), evidence)
    said = [change.level for change in played.changes() if change.at >= at(30)]
    assert (Level.BLOCKED in said) is blocked and Level.DOWN not in said


def test_two_runs_of_the_same_world_are_alike() -> None:
    scenario = world(Path.EDGE, BROKEN, share=0.4, posted=60)
    assert play(scenario).changes() == play(scenario).changes()
    assert play(scenario, seed=1).changes() != play(scenario, seed=2).changes()
