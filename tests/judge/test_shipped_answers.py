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
    text = body if isinstance(body, str) else json.dumps(body)
    outcome = Outcome("https://a.example", status, {"content-type": "application/json"}, text.encode())
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
        ("google", 429, {"error": {"status": "RESOURCE_EXHAUSTED", "message": "Resource has been exhausted."}}, "overloaded"),
        ("ai-studio", 403, {"error": {"code": 403, "status": "PERMISSION_DENIED", "details": [{"reason": "SERVICE_DISABLED"}]}}, "auth_invalid"),
        ("vertex", 429, {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "Resource exhausted. Please try again later."}}, "overloaded"),
        ("openai", 429, {"error": {"type": "requests", "code": "rate_limit_exceeded", "message": "Rate limit reached"}}, "overloaded"),
        ("openai", 200, {"error": {"type": "server_error", "message": "The server had an error"}}, "server_error"),
        ("anthropic", 200, 'event: error\ndata: {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}', "overloaded"),
        ("anthropic", 529, {"type": "error", "error": {"type": "overloaded_error"}, "request_id": None}, "overloaded"),
        ("anthropic", 404, {"type": "error", "error": {"type": "not_found_error", "message": "model: claude-old"}}, "request_invalid"),
        ("azure-openai", 429, {"error": {"code": "429", "message": "Requests have exceeded token rate limit of your current OpenAI S0 pricing tier."}}, "rate_limited"),
        ("azure-openai", 429, {"error": {"code": "429", "message": "System is experiencing high demand"}}, "overloaded"),
        ("azure-openai", 404, {"error": {"code": "DeploymentNotFound", "message": "The API deployment does not exist."}}, "request_invalid"),
        ("azure-openai", 403, {"error": {"code": "403", "message": "Access denied due to Virtual Network/Firewall rules."}}, "auth_invalid"),
        ("azure-openai", 400, {"error": {"code": "BadRequest", "message": "it worked before"}}, "request_invalid"),
        ("bedrock", 429, {"__type": "ThrottlingException", "message": "Too many requests"}, "rate_limited"),
        ("bedrock", 400, {"__type": "ValidationException", "message": "Access to Anthropic models is not allowed from unsupported countries"}, "region_blocked"),
        ("bedrock", 400, {"__type": "ValidationException", "message": "The provided model identifier is invalid."}, "request_invalid"),
        ("bedrock", 403, {"__type": "InvalidSignatureException", "message": "Signature expired: 20261123T200000Z"}, "auth_invalid"),
        ("deepseek", 402, {"error": {"message": "Insufficient Balance", "type": "unknown_error", "code": "invalid_request_error"}}, "no_credit"),
        ("deepseek", 401, {"error": {"message": "Authentication Fails (no such user)"}}, "auth_suspect"),
        ("qwen", 400, {"code": "Arrearage", "message": "Access denied, please make sure your account is in good standing."}, "no_credit"),
        ("qwen", 429, {"error": {"code": "insufficient_quota", "type": "insufficient_quota", "message": "You exceeded your current quota"}}, "rate_limited"),
        ("qwen", 429, {"code": "Throttling.RateQuota", "message": "Requests rate limit exceeded"}, "rate_limited"),
        ("qwen", 200, 'event:error\ndata:{"code": "Throttling.RateQuota", "message": "slow"}', "rate_limited"),
        ("mistral", 429, {"object": "error", "type": "service_tier_capacity_exceeded", "code": "3505"}, "overloaded"),
        ("xai", 400, {"code": "Client specified an invalid argument", "error": "Incorrect API key provided: xa***. You can obtain an API key from https://console.x.ai."}, "auth_suspect"),
        ("xai", 400, {"code": "Client specified an invalid argument", "error": "Model not found: grok-old"}, "request_invalid"),
        ("moonshot", 429, {"error": {"type": "engine_overloaded_error", "message": "The engine is currently overloaded, please try again later"}}, "overloaded"),
        ("moonshot", 429, {"error": {"type": "rate_limit_reached_error", "message": "We are receiving too many requests at the moment."}}, "overloaded"),
        ("moonshot", 429, {"error": {"type": "exceeded_current_quota_error", "message": "Your account is not active"}}, "no_credit"),
        ("zai", 200, {"error": {"code": "1305", "message": "The model is overloaded"}}, "overloaded"),
        ("zai", 429, {"error": {"code": "1302", "message": "High concurrency usage"}}, "rate_limited"),
        ("zai", 429, {"error": {"code": "1113", "message": "Your account is in arrears"}}, "no_credit"),
        ("zai", 200, {"code": 1001, "msg": "Header has no Authorization", "success": False}, "auth_suspect"),
        ("minimax", 200, {"base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}}, "no_credit"),
        ("minimax", 200, {"base_resp": {"status_code": 1002, "status_msg": "rate limit"}}, "rate_limited"),
        ("minimax", 200, {"base_resp": {"status_code": 9999, "status_msg": "new"}}, "server_error"),
        ("openrouter", 402, {"error": {"code": 402, "message": "Out", "metadata": {"limit_source": "openrouter_key_limit"}}}, "no_credit"),
        ("openrouter", 402, {"error": {"code": 402, "metadata": {"error_type": "in_flight_budget_exhausted"}}}, "rate_limited"),
        ("openrouter", 401, {"error": {"code": 401, "message": "User not found."}}, "auth_suspect"),
        ("openrouter", 200, 'data: {"error": {"code": 502, "message": "Provider returned error"}}', "server_error"),
        ("openrouter", 429, {"error": {"code": 429, "message": "x is temporarily rate-limited upstream"}}, "overloaded"),
        ("groq", 498, {"error": {"code": "capacity_exceeded"}}, "overloaded"),
        ("cohere", 401, {"id": "1", "message": "invalid api token"}, "auth_suspect"),
        ("cohere", 200, {"valid": False}, "auth_suspect"),
        ("cohere", 200, {"valid": True, "organization_id": "o"}, "ok"),
        ("fireworks", 412, {"error": {"message": "Account acme is suspended"}}, "no_credit"),
        ("elevenlabs", 401, {"detail": {"status": "quota_exceeded", "message": "…"}}, "no_credit"),
        ("elevenlabs", 429, {"detail": {"status": "system_busy", "message": "…"}}, "overloaded"),
        ("cerebras", 429, {"message": "We're experiencing high traffic right now!", "type": "too_many_requests_error", "code": "queue_exceeded"}, "overloaded"),
        ("llamacpp", 503, {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}, "overloaded"),
        ("vllm", 503, {}, "server_error"),
    ],
)  # fmt: skip
def test_an_answer_in_the_vendors_own_form_is_known(id: str, status: int, body: object, means: str) -> None:
    assert said(PROVIDERS[id], status, body) is Symptom(means)


DOORS = [(p, status) for p in PROVIDERS.values() for q in p.probes if q.kind is ProbeKind.KEYLESS for status in q.alive]


@pytest.mark.parametrize(("provider", "status"), DOORS, ids=[f"{p.id}-{status}" for p, status in DOORS])
def test_a_front_door_that_answers_as_its_file_says_is_open(provider: Provider, status: int) -> None:
    probe = provider.probe(ProbeKind.KEYLESS)
    assert probe is not None
    assert classify(provider, probe, Outcome("https://a.example", status, {}, b"{}"))[0] is Symptom.OK
    assert classify(provider, probe, Outcome("https://a.example", 500, {}, b"{}"))[0] is Symptom.SERVER_ERROR


@pytest.mark.parametrize("id", ["zai", "minimax"])
def test_a_vendors_codes_mean_the_same_with_a_good_status(id: str) -> None:
    provider = PROVIDERS[id]
    for row in provider.answers:
        assert said(provider, 200, {"base_resp": {"status_code": int(row.code or 0)}}) is row.means


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
def test_a_first_401_of_which_nothing_is_known_is_a_suspicion(provider: Provider) -> None:
    assert said(provider, 401, {"error": {"message": "no"}}) is Symptom.AUTH_SUSPECT


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
def test_a_429_without_a_word_of_a_limit_is_overload(provider: Provider) -> None:
    assert said(provider, 429, {"error": {"message": "Too busy"}}) is Symptom.OVERLOADED
