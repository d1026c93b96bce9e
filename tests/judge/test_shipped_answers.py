"""Each vendor's own way of failing, as its file tells it, is known again; no row hides behind an earlier one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trayapp.judge.classify import classify
from trayapp.model.catalogue import read_provider
from trayapp.model.provider import Answer, Probe, ProbeKind, Provider
from trayapp.model.reading import Symptom
from trayapp.model.request import Outcome

FOLDER = Path(__file__).parents[2] / "resources" / "providers"
PROVIDERS = {
    file.stem: read_provider(file.stem, file.read_text(encoding="utf-8"), file.name) for file in FOLDER.glob("*.toml")
}
ROWS = [(provider, answer) for provider in PROVIDERS.values() for answer in provider.answers]


def said(provider: Provider, status: int | None, body: object) -> Symptom:
    keyed = Probe(ProbeKind.FREE, "GET", "/", (200,))
    outcome = Outcome("https://a.example", status, {"content-type": "application/json"}, json.dumps(body).encode())
    return classify(provider, keyed, outcome)[0]


@pytest.mark.parametrize(("provider", "row"), ROWS, ids=[f"{p.id}-{a.status}-{a.code or a.text}" for p, a in ROWS])
def test_an_answer_as_the_row_has_it_means_what_the_row_says(provider: Provider, row: Answer) -> None:
    body = {"error": {"type": row.code or "error", "message": f"It says: {row.text}." if row.text else "Something."}}
    assert said(provider, row.status, body) is row.means


@pytest.mark.parametrize(
    ("id", "status", "body", "means"),
    [
        ("anthropic", 400, {"error": {"type": "invalid_request_error", "message": "Your credit balance is too low to access the Anthropic API."}}, "no_credit"),
        ("anthropic", 400, {"error": {"type": "invalid_request_error", "message": "messages: field required"}}, "request_invalid"),
        ("anthropic", 401, {"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}}, "auth_suspect"),
        ("anthropic", 403, {"error": {"type": "forbidden", "message": "Request not allowed"}}, "region_blocked"),
        ("anthropic", 429, {"error": {"type": "rate_limit_error", "details": {"error_code": "enforced_spend_limit_reached"}}}, "no_credit"),
        ("anthropic", 500, {"error": {"type": "api_error", "message": "Overloaded"}}, "overloaded"),
        ("anthropic", 500, {"error": {"type": "api_error", "message": "Internal server error"}}, "server_error"),
        ("openai", 429, {"error": {"type": "insufficient_quota", "code": "credit_balance_exhausted"}}, "no_credit"),
        ("openai", 400, {"error": {"code": "integer_below_min_value"}}, "ok"),
        ("google", 400, {"error": {"status": "INVALID_ARGUMENT", "details": [{"reason": "API_KEY_INVALID"}]}}, "auth_invalid"),
        ("google", 429, {"error": {"status": "RESOURCE_EXHAUSTED", "details": [{"violations": [{"quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}]}}, "rate_limited"),
        ("google", 429, {"error": {"status": "RESOURCE_EXHAUSTED", "message": "Quota exceeded, limit: 0"}}, "no_credit"),
        ("google", 429, {"error": {"status": "RESOURCE_EXHAUSTED", "message": "Quota exceeded, limit: 10. Please retry in 5s."}}, "rate_limited"),
    ],
)  # fmt: skip
def test_an_answer_in_the_vendors_own_form_is_known(id: str, status: int, body: object, means: str) -> None:
    assert said(PROVIDERS[id], status, body) is Symptom(means)


@pytest.mark.parametrize(("id", "status"), [("anthropic", 401), ("openai", 401), ("google", 403), ("local", 401)])
def test_a_front_door_that_asks_for_a_key_is_open(id: str, status: int) -> None:
    probe = PROVIDERS[id].probe(ProbeKind.KEYLESS)
    assert probe is not None
    assert classify(PROVIDERS[id], probe, Outcome("https://a.example", status, {}, b"{}"))[0] is Symptom.OK
