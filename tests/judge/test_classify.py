"""What a ping's outcome means: the common table and the vendor's own answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import DOOR, FREE, PAID, acme
from trayapp.judge.classify import classify
from trayapp.judge.errorbody import error_body, hidden_error
from trayapp.model.provider import Answer, Probe, ProbeKind
from trayapp.model.reading import Symptom
from trayapp.model.request import Failure, Outcome

JSON = {"content-type": "application/json"}
HTML = {"content-type": "text/html; charset=utf-8"}


def seen(status: int, body: Any = None, headers: dict[str, str] | None = None, probe: Probe = FREE) -> Symptom:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    outcome = Outcome("https://api.acme.test/", status, {**JSON, **(headers or {})}, data)
    return classify(acme(answers=ANSWERS), probe, outcome)[0]


ANSWERS = (
    Answer(Symptom.NO_CREDIT, 429, "enforced_spend_limit_reached"),
    Answer(Symptom.REGION_BLOCKED, 403, text="request not allowed"),
    Answer(Symptom.AUTH_INVALID, None, "API_KEY_INVALID"),
)
LIMIT = {"type": "error", "error": {"type": "rate_limit_error", "message": "slow"}}


@pytest.mark.parametrize(
    ("status", "body", "headers", "symptom"),
    [
        (200, {}, {}, Symptom.OK),
        (401, {"error": {"type": "authentication_error"}}, {}, Symptom.AUTH_SUSPECT),
        (402, {}, {}, Symptom.NO_CREDIT),
        (403, {}, {}, Symptom.AUTH_INVALID),
        (403, {"error": {"type": "forbidden", "message": "Request not allowed"}}, {}, Symptom.REGION_BLOCKED),
        (404, {}, {}, Symptom.REQUEST_INVALID),
        (400, {"error": {"details": [{"reason": "API_KEY_INVALID"}]}}, {}, Symptom.AUTH_INVALID),
        (400, {}, {}, Symptom.REQUEST_INVALID),
        (408, {}, {}, Symptom.TIMEOUT_READ),
        (429, LIMIT, {"retry-after": "7"}, Symptom.RATE_LIMITED),
        (429, {}, {"anthropic-ratelimit-requests-remaining": "0"}, Symptom.RATE_LIMITED),
        (429, LIMIT, {}, Symptom.OVERLOADED),
        (429, b"Rate exceeded", {}, Symptom.OVERLOADED),
        (429, {"error": {"code": "x", "message": "engine is overloaded"}}, {"retry-after": "7"}, Symptom.OVERLOADED),
        (429, {"error": {"details": {"error_code": "enforced_spend_limit_reached"}}}, {}, Symptom.NO_CREDIT),
        (451, {}, {}, Symptom.REGION_BLOCKED),
        (500, {"error": {"type": "api_error"}}, {}, Symptom.SERVER_ERROR),
        (500, {"error": {"type": "api_error", "message": "Overloaded"}}, {}, Symptom.OVERLOADED),
        (502, b"bad gateway", {}, Symptom.EDGE_ERROR),
        (503, {}, {}, Symptom.SERVER_ERROR),
        (522, b"", {}, Symptom.EDGE_ERROR),
        (529, {"error": {"type": "overloaded_error"}}, {}, Symptom.OVERLOADED),
        (424, {}, {}, Symptom.SERVER_ERROR),
        (499, {}, {}, Symptom.SERVER_ERROR),
        (403, b"error code: 1020", {"content-type": "text/plain"}, Symptom.PROXY_BLOCKED),
        (403, {"error": "x"}, {"cf-mitigated": "challenge"}, Symptom.PROXY_BLOCKED),
        (405, b"", {"x-amzn-waf-action": "captcha"}, Symptom.PROXY_BLOCKED),
        (202, b"", {"x-amzn-waf-action": "challenge"}, Symptom.PROXY_BLOCKED),
        (530, b"error code: 1033", {"content-type": "text/plain"}, Symptom.EDGE_ERROR),
        (301, b"", {}, Symptom.CAPTIVE_PORTAL),
        (200, b"<html>", HTML, Symptom.CAPTIVE_PORTAL),
        (403, b"<html>", {**HTML, "cf-mitigated": "challenge"}, Symptom.PROXY_BLOCKED),
        (503, b"<html>", HTML, Symptom.EDGE_ERROR),
    ],
)
def test_an_answer_is_read_for_what_it_means(status: int, body: Any, headers: dict[str, str], symptom: Symptom) -> None:
    assert seen(status, body, headers) is symptom


def test_a_refusal_without_a_key_is_a_healthy_front_door() -> None:
    assert seen(401, {}, probe=DOOR) is Symptom.OK
    assert seen(200, {"code": 401, "msg": "no token", "success": False}, probe=DOOR) is Symptom.OK


def test_a_refusal_by_something_before_the_api_is_not_the_front_door() -> None:
    door = Probe(ProbeKind.KEYLESS, "GET", "/", (403,))
    assert seen(403, b"error code: 1010", {"content-type": "text/plain"}, door) is Symptom.PROXY_BLOCKED
    assert seen(403, {}, probe=door) is Symptom.OK


@pytest.mark.parametrize(
    ("left", "symptom"),
    [
        ({"x-ratelimit-remaining-requests": "0"}, Symptom.RATE_LIMITED),
        ({"x-ratelimit-remaining-requests": "499", "x-ratelimit-remaining-tokens": "40"}, Symptom.RATE_LIMITED),
        ({"x-ratelimit-remaining-requests": "499", "x-ratelimit-remaining-tokens": "9000"}, Symptom.OVERLOADED),
        ({"x-ratelimit-remaining-requests": "many"}, Symptom.RATE_LIMITED),
    ],
)
def test_a_limit_that_is_not_reached_is_not_the_users(left: dict[str, str], symptom: Symptom) -> None:
    """On 2 June 2026 users within their limits were refused with a limit's own words."""
    assert seen(429, LIMIT, {"retry-after": "7", **left}) is symptom


@pytest.mark.parametrize("words", ["The engine is currently overloaded", "System is experiencing high demand"])
def test_overload_is_never_the_users_limit_whatever_the_code(words: str) -> None:
    limited = acme(answers=(Answer(Symptom.RATE_LIMITED, 429, "limit"),))
    body = json.dumps({"error": {"code": "limit", "message": words}}).encode()
    outcome = Outcome("https://api.acme.test/", 429, {**JSON, "x-ratelimit-remaining": "0"}, body)
    assert classify(limited, FREE, outcome)[0] is Symptom.OVERLOADED


def sse(*events: str) -> bytes:
    return "".join(f"{event}\n\n" for event in events).encode()


@pytest.mark.parametrize(
    ("body", "symptom"),
    [
        (sse('event: error\ndata: {"type": "error", "error": {"type": "overloaded_error"}}'), Symptom.OVERLOADED),
        (sse('event: ping\ndata: {"type": "ping"}', 'event: error\ndata: {"error": {"type": "api_error"}}'), Symptom.SERVER_ERROR),
        (sse(": OPENROUTER PROCESSING", 'data: {"error": {"code": 502, "message": "bad upstream"}}'), Symptom.SERVER_ERROR),
        (sse("event:error\ndata:not json, overloaded"), Symptom.OVERLOADED),
        (sse('event: message_start\ndata: {"type": "message_start"}', 'data: {"error": null}'), Symptom.OK),
        ({"error": {"code": 401, "message": "x"}}, Symptom.AUTH_SUSPECT),
        ({"error": {"type": "insufficient_quota"}}, Symptom.NO_CREDIT),
        ({"error": {"type": "invalid_api_key"}}, Symptom.AUTH_SUSPECT),
        ({"error": {"type": "rate_limit_error"}}, Symptom.OVERLOADED),
        ({"error": {"details": {"error_code": "enforced_spend_limit_reached"}}}, Symptom.NO_CREDIT),
        ({"error": "it broke"}, Symptom.SERVER_ERROR),
        ([{"error": {"code": 503, "status": "UNAVAILABLE"}}], Symptom.OVERLOADED),
        ({"base_resp": {"status_code": 1000, "status_msg": "unknown"}}, Symptom.SERVER_ERROR),
        ({"base_resp": {"status_code": 0, "status_msg": "success"}}, Symptom.OK),
        ({"code": 401, "msg": "token expired", "success": False}, Symptom.AUTH_SUSPECT),
        ({"success": True, "code": 200}, Symptom.OK),
        ({"valid": False}, Symptom.AUTH_SUSPECT),
        ({"valid": True, "organization_id": "o"}, Symptom.OK),
        ({"id": "resp_1", "error": None, "output": []}, Symptom.OK),
        ({"data": [{"id": "m", "error": {"code": 500}}]}, Symptom.OK),
        ([], Symptom.OK),
        (b'{"error": "cut of', Symptom.OK),
    ],
)  # fmt: skip
def test_an_answer_with_a_good_status_may_be_an_error(body: Any, symptom: Symptom) -> None:
    assert seen(200, body, probe=PAID) is symptom


def test_a_good_answer_without_a_word_of_error_is_not_even_read() -> None:
    assert hidden_error(b"[" * 60_000) is None
    assert hidden_error(b'{"data": []}') is None


def test_amazon_names_its_error_in_a_header() -> None:
    said = error_body(
        b'{"message": "slow down"}', {"x-amzn-errortype": "ThrottlingException:http://internal.amazon.com/"}
    )
    assert said.codes == ("ThrottlingException",)
    assert error_body(b'{"__type": "com.amazon.coral#AccessDeniedException"}').codes == ("AccessDeniedException",)


def test_503_of_a_generation_is_overload() -> None:
    assert seen(503, {}, probe=PAID) is Symptom.OVERLOADED


def test_an_answer_after_many_seconds_is_slow() -> None:
    outcome = Outcome("https://api.acme.test/", 200, JSON, b"{}", seconds=4.2)
    assert classify(acme(), FREE, outcome) == (Symptom.SLOW, "answered after 4.2 s")
    assert classify(acme(), PAID, outcome)[0] is Symptom.OK


@pytest.mark.parametrize("failure", list(Failure))
def test_every_failure_to_get_an_answer_has_a_meaning(failure: Failure) -> None:
    symptom, detail = classify(acme(), FREE, Outcome("https://api.acme.test/", failure=failure))
    assert symptom is not Symptom.OK
    assert detail


def test_the_detail_names_the_vendors_code_and_none_of_its_text() -> None:
    body = {"error": {"type": "api_error", "message": "key sk-canary leaked <b>"}}
    outcome = Outcome("https://api.acme.test/", 500, JSON, json.dumps(body).encode())
    assert classify(acme(), FREE, outcome)[1] == "HTTP 500 api_error"


nested = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["error", "code", "type", "details"]), inner),
)


@given(nested)
def test_any_json_is_an_error_body_of_words(document: Any) -> None:
    said = error_body(json.dumps(document).encode())
    assert said.is_json
    assert all(len(code) <= 64 and " " not in code for code in said.codes)


@given(st.binary(), st.integers(100, 999))
def test_any_bytes_with_any_status_have_a_meaning(body: bytes, status: int) -> None:
    error_body(body)
    hidden_error(body + b'"error"')
    assert classify(acme(), FREE, Outcome("https://api.acme.test/", status, {}, body))[0] in Symptom


def test_a_bottomless_body_is_no_error_body() -> None:
    assert not error_body(b"[" * 60_000).is_json


def test_words_too_deep_to_be_an_error_are_left_alone() -> None:
    deep: Any = {"code": "deep"}
    for _ in range(6):
        deep = {"error": deep}
    assert error_body(json.dumps(deep).encode()).codes == ()
