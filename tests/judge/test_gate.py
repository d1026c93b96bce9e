"""The connectivity gate: our network or theirs (R1)."""

from __future__ import annotations

import pytest

from trayapp.judge import gate
from trayapp.model.reading import NetworkState
from trayapp.model.request import Failure, Outcome

A, B, C = "http://a.test/204", "http://b.test/t|yes", "http://c.test/204"
WELL_A, WELL_B = Outcome(A, 204), Outcome("http://b.test/t", 200, body=b"yes")
PORTAL = Outcome(A, 302)
NO_NAME, NOBODY = Outcome(A, failure=Failure.DNS), Outcome(A, failure=Failure.CONNECT_TIMEOUT)
PROXY = Outcome(A, failure=Failure.PROXY_AUTH)


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        ([(A, WELL_A), (B, WELL_B), (C, WELL_A)], NetworkState.ONLINE),
        ([(A, WELL_A), (B, NOBODY), (C, NOBODY)], NetworkState.ONLINE),
        ([(A, WELL_A), (B, PORTAL), (C, PORTAL)], NetworkState.CAPTIVE_PORTAL),
        ([(A, PORTAL), (B, NOBODY), (C, NOBODY)], NetworkState.CAPTIVE_PORTAL),
        ([(A, NO_NAME), (B, NO_NAME), (C, NO_NAME)], NetworkState.DNS),
        ([(A, NO_NAME), (B, NOBODY), (C, NO_NAME)], NetworkState.OFFLINE),
        ([(A, PROXY), (B, PROXY), (C, PROXY)], NetworkState.PROXY),
        ([], NetworkState.UNKNOWN),
    ],
)
def test_the_targets_tell_the_state_of_the_network(outcomes: list[tuple[str, Outcome]], state: NetworkState) -> None:
    assert gate.network(outcomes)[0] is state


@pytest.mark.parametrize(
    ("target", "outcome", "well"),
    [
        (A, Outcome(A, 204), True),
        (A, Outcome(A, 204, body=b"x"), False),
        (A, Outcome(A, 200), False),
        (B, Outcome(B, 200, body=b"yes"), True),
        (B, Outcome(B, 200, body=b"yes, log in"), False),
        (B, Outcome(B, 204), False),
        (A, NOBODY, False),
    ],
)
def test_a_target_is_well_only_with_exactly_its_answer(target: str, outcome: Outcome, well: bool) -> None:
    assert gate.is_well(target, outcome) is well


def test_a_target_is_asked_within_three_seconds_without_its_text() -> None:
    request = gate.request(B)
    assert request.url == "http://b.test/t"
    assert request.total_s == 3.0
    assert request.fresh


@pytest.mark.parametrize(
    ("failed", "targets", "applies"),
    [
        (["https://api.acme.test"], [A], True),
        (["http://127.0.0.1:8000"], [A], False),
        (["http://localhost:8000"], [A], False),
        (["http://[::1]:8000"], [A], False),
        (["http://127.0.0.1:8000"], ["http://127.0.0.1:9/204"], True),
        ([], [A], False),
    ],
)
def test_a_server_on_this_machine_says_nothing_about_the_network(
    failed: list[str], targets: list[str], applies: bool
) -> None:
    assert gate.applies(failed, targets) is applies


def test_how_many_targets_answer_is_counted() -> None:
    assert gate.well([(A, WELL_A), (B, WELL_B), (C, NOBODY)]) == 2
