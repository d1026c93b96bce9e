"""The network of a replay: the same answers as over sockets, and what stands between the user and everybody."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from trayapp import feeds
from trayapp.judge import elsewhere, gate, ping
from trayapp.main.play import KEY, catalogue
from trayapp.model.level import Level
from trayapp.model.provider import ProbeKind
from trayapp.model.reading import NetworkState
from trayapp.model.request import Failure, Outcome, Request
from trayapp.model.secret import Credential
from trayapp.model.settings import DEFAULT_TARGETS
from trayapp.simulator.exchange import Manner
from trayapp.simulator.inside import InsideNetwork
from trayapp.simulator.mishap import Mine, Mishap
from trayapp.simulator.scenario import Fault, Incident, Path, Scenario

START = datetime(2026, 1, 1, 10, tzinfo=UTC)
ANTHROPIC = catalogue()["anthropic"]


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def network(*mine: Mine, incidents: tuple[Incident, ...] = ()) -> InsideNetwork:
    scenario = Scenario("w", "w", START, at(120), incidents, mine=mine)
    return InsideNetwork(scenario, KEY, [ANTHROPIC], DEFAULT_TARGETS)


def request(kind: ProbeKind) -> Request:
    probe, api = ANTHROPIC.probe(kind), ANTHROPIC.api
    assert probe is not None and api is not None
    made = ping.request(ANTHROPIC, probe, Credential(KEY, api.auth, api.hosts), "claude-haiku-4-5")
    assert made is not None
    return made


def neutral(net: InsideNetwork, minutes: float) -> NetworkState:
    outcomes = [(target, net.outcome(gate.request(target), at(minutes))) for target in DEFAULT_TARGETS]
    return gate.network(outcomes)[0]


def broken(fault: Fault) -> tuple[Incident, ...]:
    return (Incident("i", "anthropic", "Errors", Path.EDGE, at(10), at(20), fault),)


def test_a_page_that_has_not_changed_is_not_sent_again() -> None:
    net = network()
    assert ANTHROPIC.feed is not None
    (wanted,) = feeds.requests(ANTHROPIC.feed, ANTHROPIC.feed.url)
    first, second = net.outcome(wanted, at(1)), net.outcome(wanted, at(3))
    assert (first.status, first.unchanged, second.status, second.unchanged) == (200, False, 200, True)
    assert first.body == second.body and feeds.read(ANTHROPIC.feed, [first], at(1)).components


@pytest.mark.parametrize(("kind", "status"), [(ProbeKind.KEYLESS, 401), (ProbeKind.FREE, 200), (ProbeKind.PAID, 200)])
def test_while_all_is_well_every_ping_is_answered(kind: ProbeKind, status: int) -> None:
    outcome = network().outcome(request(kind), at(1))
    assert outcome.status == status and 0 < outcome.seconds < 1


@pytest.mark.parametrize(
    ("fault", "failure", "seconds"),
    [
        (Fault(Manner.HANG), Failure.READ_TIMEOUT, 10.0),
        (Fault(Manner.SLOW, seconds=30), Failure.READ_TIMEOUT, 10.0),
        (Fault(Manner.DROP), Failure.LOST, 0.2),
        (Fault(Manner.CUT), Failure.CUT, 0.3),
        (Fault(Manner.REFUSE), Failure.REFUSED, 0.1),
        (Fault(Manner.DNS), Failure.DNS, 0.1),
    ],
)
def test_each_manner_of_failing_is_the_networks_own(fault: Fault, failure: Failure, seconds: float) -> None:
    outcome = network(incidents=broken(fault)).outcome(request(ProbeKind.FREE), at(15))
    assert (outcome.failure, outcome.seconds) == (failure, seconds)


def test_what_is_slow_but_not_too_slow_answers_late() -> None:
    outcome = network(incidents=broken(Fault(Manner.SLOW, seconds=6))).outcome(request(ProbeKind.FREE), at(15))
    assert (outcome.status, outcome.seconds) == (200, 6)


def test_what_is_at_no_known_address_cannot_be_looked_up() -> None:
    assert network().outcome(Request("https://example.test/"), at(1)).failure is Failure.DNS


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (Mishap.WIFI, NetworkState.OFFLINE),
        (Mishap.VPN, NetworkState.OFFLINE),
        (Mishap.PORTAL, NetworkState.CAPTIVE_PORTAL),
        (Mishap.DNS, NetworkState.DNS),
        (Mishap.TLS, NetworkState.ONLINE),
    ],
)
def test_the_neutral_targets_answer_as_the_network_is(kind: Mishap, state: NetworkState) -> None:
    net = network(Mine(kind, at(10), at(20)))
    assert [neutral(net, minutes) for minutes in (5, 15, 25)] == [NetworkState.ONLINE, state, NetworkState.ONLINE]
    assert net.outcome(request(ProbeKind.FREE), at(15)).failure is not None


def test_a_weak_network_loses_some() -> None:
    net = network(Mine(Mishap.WIFI, at(0), at(100), share=0.4))
    lost = sum(net.outcome(request(ProbeKind.FREE), at(1 + n / 100)).failure is not None for n in range(500))
    assert 150 < lost < 250


@pytest.mark.parametrize(
    ("kind", "ping_kind", "status"),
    [
        (Mishap.KEY, ProbeKind.FREE, 401),
        (Mishap.KEY, ProbeKind.KEYLESS, 401),
        (Mishap.CREDIT, ProbeKind.FREE, 200),
        (Mishap.CREDIT, ProbeKind.PAID, 400),
        (Mishap.LIMIT, ProbeKind.FREE, 200),
        (Mishap.LIMIT, ProbeKind.PAID, 429),
        (Mishap.REGION, ProbeKind.KEYLESS, 403),
        (Mishap.REGION, ProbeKind.FREE, 403),
        (Mishap.CHALLENGE, ProbeKind.FREE, 403),
    ],
)
def test_an_accounts_trouble_shows_where_it_is_asked(kind: Mishap, ping_kind: ProbeKind, status: int) -> None:
    provider = None if kind is Mishap.CHALLENGE else "anthropic"
    outcome = network(Mine(kind, at(10), at(20), provider=provider)).outcome(request(ping_kind), at(15))
    assert outcome.status == status
    assert ("retry-after" in outcome.headers) is (status == 429)


def test_background_noise_is_as_frequent_as_told() -> None:
    scenario = Scenario("w", "w", START, at(120), noise=0.1)
    net = InsideNetwork(scenario, KEY, [ANTHROPIC], DEFAULT_TARGETS)
    outcomes = [net.outcome(request(ProbeKind.FREE), at(1)) for _ in range(2000)]
    assert 150 < sum(outcome.status != 200 for outcome in outcomes) < 250


def test_a_router_of_models_sees_how_many_of_its_requests_failed() -> None:
    half = replace(broken(Fault(status=500, code="api_error"))[0], path=Path.INFERENCE, share=0.5)
    net = network(incidents=(half,))
    wanted = elsewhere.request(ANTHROPIC)
    assert wanted is not None

    def seen(minutes: float) -> tuple[Level, float]:
        outcome: Outcome = net.outcome(wanted, at(minutes))
        assert json.loads(outcome.body)["data"]["endpoints"][0]["tag"] == "anthropic"
        reading = elsewhere.read(ANTHROPIC, outcome, at(minutes))
        return reading.level, reading.uptime or 0.0

    assert seen(5)[0] is Level.OPERATIONAL
    assert seen(18)[0] is Level.DOWN and 47 < seen(18)[1] < 51
    assert seen(40)[0] is Level.OPERATIONAL
