"""The request a ping makes."""

from __future__ import annotations

import pytest

from tests.worlds import DOOR, FREE, PAID, acme
from trayapp.judge import ping
from trayapp.model.provider import Api, Probe, ProbeKind
from trayapp.model.secret import Credential, Secret

KEY = Credential(Secret("sk-canary"), "bearer", ("api.acme.test",))


def test_a_keyless_ping_never_carries_the_key() -> None:
    request = ping.request(acme(), DOOR, KEY)
    assert request is not None
    assert (request.url, request.credential) == ("https://api.acme.test/v1/models", None)


def test_a_keyed_ping_needs_a_key() -> None:
    assert ping.request(acme(), FREE, None) is None
    request = ping.request(acme(), FREE, KEY, fresh=True)
    assert request is not None
    assert request.credential is KEY
    assert request.fresh


def test_a_paid_ping_names_its_model_and_stops_at_the_first_byte() -> None:
    request = ping.request(acme(), PAID, KEY, "small")
    assert request is not None
    assert request.body == b'{"model": "small"}'
    assert request.headers["content-type"] == "application/json"
    assert request.first_byte
    assert request.total_s > 20


def test_a_models_name_is_one_segment_of_the_path_and_plain_in_the_body() -> None:
    probe = Probe(ProbeKind.PAID, "POST", "/model/{model}/converse", (200,), '{"model": "{model}"}', ("a",), (1.0, 1.0))
    request = ping.request(acme(), probe, KEY, "amazon.nova/micro-v1:0")
    assert request is not None
    assert request.url == "https://api.acme.test/model/amazon.nova%2Fmicro-v1%3A0/converse"
    assert request.body == b'{"model": "amazon.nova/micro-v1:0"}'


def test_the_providers_own_headers_go_along() -> None:
    api = Api("https://api.acme.test/", ("api.acme.test",), headers={"acme-version": "1"})
    request = ping.request(acme(api=api), DOOR, None)
    assert request is not None
    assert request.headers["acme-version"] == "1"
    assert request.url == "https://api.acme.test/v1/models"


def test_a_provider_without_an_api_is_not_pinged() -> None:
    assert ping.request(acme(api=None), DOOR, None) is None


def test_a_paid_ping_is_reckoned_on_the_safe_side() -> None:
    assert ping.cost_usd(PAID) == pytest.approx(16 * 6 / 1e6)
