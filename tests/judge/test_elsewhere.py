"""What a third party sees: numbers are read, too few are no opinion, and a source in trouble itself is not believed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import T0, acme, at, page, ping
from trayapp.judge import elsewhere, schedule
from trayapp.judge.judge import Judge
from trayapp.model.level import Level
from trayapp.model.provider import Elsewhere, Provider
from trayapp.model.reading import ElsewhereReading, Incident, Observation, Reading, Symptom
from trayapp.model.request import Failure, Outcome
from trayapp.model.settings import MonitorSettings


def watched() -> Provider:
    return replace(acme(), elsewhere=Elsewhere("openrouter", "acme/large-5", "acme"))


def row(five: object, half_hour: object = 99.0, tag: str = "acme", name: str = "Acme") -> dict[str, Any]:
    return {
        "name": f"{name} | acme/large-5",
        "provider_name": name,
        "tag": tag,
        "status": 0,
        "uptime_last_5m": five,
        "uptime_last_30m": half_hour,
        "uptime_last_1d": 99.9,
        "latency_last_30m": None,
        "throughput_last_30m": None,
    }


def seen(*rows: object) -> ElsewhereReading:
    body = json.dumps({"data": {"id": "acme/large-5", "endpoints": list(rows)}}).encode()
    return elsewhere.read(watched(), Outcome("u", 200, body=body), T0)


def test_the_question_names_the_model_and_carries_no_key() -> None:
    request = elsewhere.request(watched())
    assert request is not None
    assert request.url == "https://openrouter.ai/api/v1/models/acme/large-5/endpoints"
    assert request.credential is None
    assert not {name.lower() for name in request.headers} & {"authorization", "x-api-key", "cookie"}
    assert elsewhere.request(acme()) is None
    with pytest.raises(ValueError, match="acme"):
        elsewhere.read(acme(), Outcome("u", 200), T0)


@pytest.mark.parametrize(
    ("five", "half_hour", "level"),
    [
        (100, 99.0, Level.OPERATIONAL),
        (97.0, 99.0, Level.OPERATIONAL),
        (96.9, 98.0, Level.DEGRADED),
        (70, 90.0, Level.DEGRADED),
        (69.9, 90.0, Level.DOWN),
        (0, 80.0, Level.DOWN),
        (0.0, None, Level.DOWN),
        # All failed for five minutes, yet nothing of it shows in thirty: those were a handful of requests.
        (0, 99.5, Level.UNKNOWN),
        (50, 99.9, Level.UNKNOWN),
        (None, 99.9, Level.UNKNOWN),
        ("99", 99.9, Level.UNKNOWN),
        (True, 99.9, Level.UNKNOWN),
        (-1, 99.9, Level.UNKNOWN),
        (101, 99.9, Level.UNKNOWN),
        (10**400, 99.9, Level.UNKNOWN),
        (float("nan"), 99.9, Level.UNKNOWN),
    ],
)
def test_the_share_of_requests_that_succeed_gives_the_level(five: object, half_hour: object, level: Level) -> None:
    reading = seen(row(five, half_hour))
    assert (reading.level, reading.error) == (level, None)


def test_numbers_are_told() -> None:
    reading = seen(row(82.5, 90.25))
    assert reading.detail == "82.5 % of requests in 5 minutes, 90.2 % in 30"
    assert (reading.uptime, reading.source, reading.url) == (82.5, "openrouter", "https://openrouter.ai/acme/large-5")


def test_only_the_vendors_own_endpoint_speaks_for_it_and_the_best_of_several() -> None:
    others = (row(12, tag="cloud-a", name="Cloud A"), row(99.9, tag="acme-but-not", name="Other"))
    reading = seen(
        *others, row(50, 80, tag="acme/eu"), row(99.5, tag="ACME", name="x"), row(0, 0, tag="z", name="acme")
    )
    assert (reading.level, reading.uptime, reading.peers) == (Level.OPERATIONAL, 99.5, (12.0, 99.9))
    assert seen(row(0.0, 50), row(None)).level is Level.DOWN
    missing = seen(*others)
    assert missing.level is Level.UNKNOWN
    assert missing.error == "the vendor's own endpoint is not listed there"


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        (Outcome("u", failure=Failure.DNS, detail="no such name"), "no such name"),
        (Outcome("u", failure=Failure.READ_TIMEOUT), "read timeout"),
        (Outcome("u", 429, body=b"{}"), "HTTP 429"),
        (Outcome("u", 302), "HTTP 302"),
        (Outcome("u", 200, body=b"<html>"), "not the document it should be"),
        (Outcome("u", 200, body=b"[]"), "not the document it should be"),
        (Outcome("u", 200, body=b'{"data": []}'), "not the document it should be"),
        (Outcome("u", 200, body=b'{"data": {"endpoints": {}}}'), "not the document it should be"),
        (
            Outcome("u", 200, body=b'{"data": {"endpoints": [1, null]}}'),
            "the vendor's own endpoint is not listed there",
        ),
        (Outcome("u", 200, body=b"[" * 100_000), "not the document it should be"),
        (Outcome("u", 200, body=b"\xff\xfe\x00"), "not the document it should be"),
    ],
)
def test_what_cannot_be_read_is_unknown_with_its_reason(outcome: Outcome, error: str) -> None:
    reading = elsewhere.read(watched(), outcome, T0)
    assert (reading.level, reading.uptime, reading.error) == (Level.UNKNOWN, None, error)


@given(st.binary(max_size=200))
def test_no_body_whatever_makes_it_raise(body: bytes) -> None:
    assert elsewhere.read(watched(), Outcome("u", 200, body=body), T0).level is Level.UNKNOWN


_ANY = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5), st.lists, max_leaves=3
)


@given(st.lists(st.dictionaries(st.sampled_from(list(row(1))), _ANY) | _ANY, max_size=4))
def test_no_rows_whatever_make_it_raise_and_a_number_is_a_share(rows: list[object]) -> None:
    reading = seen(*rows)
    assert reading.uptime is None or 0 <= reading.uptime <= 100


def opinion(uptime: float | None, *peers: float, level: Level = Level.DOWN) -> ElsewhereReading:
    return ElsewhereReading("acme", T0, "openrouter", level, uptime, "", "u", peers=peers)


@pytest.mark.parametrize(
    ("readings", "believed"),
    [
        ((), True),
        ((opinion(20, 99, 100),), True),
        ((opinion(20, 99),), True),
        # Nobody to compare with.
        ((opinion(20),), False),
        ((opinion(20, 30, 99),), False),
        ((opinion(20), opinion(99), opinion(98)), True),
        ((opinion(20), opinion(30), opinion(98)), False),
        ((opinion(99),), True),
        ((opinion(None, level=Level.UNKNOWN),), True),
        # What is too little to tell the vendor's level is too little for a control, too.
        ((opinion(0, 0, 0, level=Level.UNKNOWN), opinion(20, 99)), True),
    ],
)
def test_a_source_that_sees_most_vendors_fail_is_itself_in_trouble(
    readings: tuple[ElsewhereReading, ...], believed: bool
) -> None:
    assert elsewhere.trustworthy(readings) is believed


def after(*readings: Reading, provider: Provider | None = None, when: str = "trouble") -> float:
    settings = MonitorSettings(elsewhere=when)
    judge = Judge([provider or watched()], settings, {}, T0)
    for reading in readings:
        judge.take(Observation("acme", T0, (reading,)), at(90))
    return schedule.elsewhere_after_s(judge.held("acme"), settings, 0.5)


INCIDENT = Incident("i1", "Errors", "investigating", "none", components=("api",))


def test_it_is_asked_in_trouble_alone_unless_the_user_says_otherwise() -> None:
    forever = float("inf")
    assert after(page(0), ping(0)) == forever
    assert after() == forever
    assert after(ping(0, Symptom.SERVER_ERROR)) == 120
    assert after(page(0, {"api": Level.DOWN})) == 120
    assert after(page(0, incidents=[INCIDENT])) == 120
    assert after(page(0), ping(0), when="always") == 900
    assert after(ping(0, Symptom.SERVER_ERROR), when="always") == 120
    assert after(ping(0, Symptom.SERVER_ERROR), when="never") == forever
    assert after(ping(0, Symptom.SERVER_ERROR), provider=acme()) == forever


def test_the_judge_bears_with_readings_it_has_no_use_for() -> None:
    judge = Judge([watched()], MonitorSettings(), {}, T0)
    judge.take(Observation("acme", T0, (ping(0), opinion(20, 99), page(1))), at(1))
    assert judge.held("acme").verdict.level is Level.OPERATIONAL
