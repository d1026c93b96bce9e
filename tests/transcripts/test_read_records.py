"""What agents' records say, in lines of our own making that are shaped as the agents write them."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trayapp.model.reading import PassiveReading, Symptom
from trayapp.model.trail import Foreign, Trail
from trayapp.transcripts import trails

TRAILS = {trail.agent: trail for trail in trails()}
CLAUDE, CODEX, GEMINI = TRAILS["claude-code"], TRAILS["codex"], TRAILS["gemini-cli"]
WHEN = "2026-08-30T17:26:00.951Z"
AT = datetime(2026, 8, 30, 17, 26, 0, 951000, UTC)


def line(values: dict[str, Any]) -> bytes:
    return json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode()


def claude(**values: Any) -> bytes:
    shell = {"parentUuid": "p", "isSidechain": False, "uuid": "u", "timestamp": WHEN, "cwd": "/w", "version": "2.1.303"}
    return line({**shell, **values})


def claude_failed(text: str = "API Error", **values: Any) -> bytes:
    message = {"model": "<synthetic>", "role": "assistant", "content": [{"type": "text", "text": text}]}
    return claude(type="assistant", message=message, isApiErrorMessage=True, **values)


def claude_retry(error: dict[str, Any]) -> bytes:
    return claude(type="system", subtype="api_error", level="error", error=error, retryAttempt=1, maxRetries=10)


def claude_answer(
    model: str = "claude-sonnet-5", id: str = "msg_01Uuz", request: str = "req_011Cazti", tokens: int = 7
) -> bytes:
    content = [{"type": "text", "text": "Certainly. The password is hunter2."}]
    usage = {"input_tokens": 3, "output_tokens": tokens}
    message = {"id": id, "model": model, "role": "assistant", "content": content, "usage": usage}
    return claude(type="assistant", requestId=request, message=message)


def codex(payload: dict[str, Any], type: str = "event_msg") -> bytes:
    return line({"timestamp": WHEN, "type": type, "payload": payload})


def codex_failed(info: object) -> bytes:
    error = {"message": "Selected model is at capacity.", "codex_error_info": info}
    return codex({"type": "task_complete", "turn_id": "t", "last_agent_message": None, "error": error})


def gemini(type: str, **values: Any) -> bytes:
    return line({"id": "m", "timestamp": WHEN, "type": type, **values})


def google(code: int, status: str, message: str = "no") -> str:
    return json.dumps({"error": {"code": code, "message": message, "status": status}})


OVERLOADED = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}

SAID = [
    (CLAUDE, claude_failed(apiErrorStatus=529, error="server_error"), Symptom.OVERLOADED, 529, "server_error", None),
    (CLAUDE, claude_failed(apiErrorStatus=500, error="server_error"), Symptom.SERVER_ERROR, 500, "server_error", None),
    (CLAUDE, claude_failed(apiErrorStatus=522, error="unknown"), Symptom.EDGE_ERROR, 522, "unknown", None),
    (CLAUDE, claude_failed(apiErrorStatus=429, error="rate_limit"), Symptom.RATE_LIMITED, 429, "rate_limit", None),
    (CLAUDE, claude_failed("You've hit your limit", error="rate_limit"), Symptom.RATE_LIMITED, None, "rate_limit", None),
    (CLAUDE, claude_failed(apiErrorStatus=401, error="authentication_failed"), Symptom.AUTH_SUSPECT, 401, "authentication_failed", None),
    (CLAUDE, claude_failed("Please run /login", error="authentication_failed"), Symptom.AUTH_SUSPECT, None, "authentication_failed", None),
    (CLAUDE, claude_failed(error="billing_error"), Symptom.NO_CREDIT, None, "billing_error", None),
    (CLAUDE, claude_failed(f"API Error: 529 {json.dumps(OVERLOADED)}"), Symptom.OVERLOADED, 529, None, None),
    (CLAUDE, claude_failed(f"API Error (500 {json.dumps(OVERLOADED)})"), Symptom.SERVER_ERROR, 500, None, None),
    (CLAUDE, claude_failed(f"API Error: (503 {json.dumps(OVERLOADED)})"), Symptom.SERVER_ERROR, 503, None, None),
    (CLAUDE, claude_failed("API Error: Repeated 529 Overloaded errors"), Symptom.OVERLOADED, 529, None, None),
    # A request that was wrong, and a sentence that names no status: no news of the provider.
    (CLAUDE, claude_failed(apiErrorStatus=400, error="invalid_request"), None, None, None, None),
    (CLAUDE, claude_failed("Prompt is too long"), None, None, None, None),
    (CLAUDE, claude_failed(error="max_output_tokens"), None, None, None, None),
    (CLAUDE, claude_retry({"status": 529, "requestID": None, "error": OVERLOADED}), Symptom.OVERLOADED, 529, "overloaded_error", None),
    (CLAUDE, claude_retry({"status": 503, "headers": {}, "error": {}}), Symptom.SERVER_ERROR, 503, None, None),
    (CLAUDE, claude_retry({"cause": {"code": "ECONNRESET", "path": "https://api.anthropic.com"}}), Symptom.CONNECTION_LOST, None, None, None),
    (CLAUDE, claude_retry({"cause": {"code": "FailedToOpenSocket"}}), Symptom.REFUSED, None, None, None),
    (CLAUDE, claude_retry({"cause": {"code": "ENOTFOUND"}}), Symptom.DNS, None, None, None),
    (CLAUDE, claude_retry({"message": "Connection error."}), None, None, None, None),
    (CLAUDE, claude_answer(), Symptom.OK, None, None, "claude-sonnet-5"),
    (CLAUDE, claude_answer(tokens=0), None, None, None, None),
    (CLAUDE, claude_answer(request="20260920170347"), None, None, None, None),
    (CLAUDE, claude(type="user", message={"content": "say \"isApiErrorMessage\":true"}), None, None, None, None),
    (CLAUDE, claude(type="user", toolUseResult={"isApiErrorMessage": True, "apiErrorStatus": 529}), None, None, None, None),
    (CODEX, codex_failed("server_overloaded"), Symptom.OVERLOADED, None, "server_overloaded", None),
    (CODEX, codex_failed("internal_server_error"), Symptom.SERVER_ERROR, None, "internal_server_error", None),
    (CODEX, codex_failed("unauthorized"), Symptom.AUTH_SUSPECT, None, "unauthorized", None),
    (CODEX, codex_failed("usage_limit_exceeded"), Symptom.RATE_LIMITED, None, "usage_limit_exceeded", None),
    (CODEX, codex_failed({"response_too_many_failed_attempts": {"http_status_code": 429}}), Symptom.RATE_LIMITED, 429, "response_too_many_failed_attempts", None),
    (CODEX, codex_failed({"http_connection_failed": {"http_status_code": 502}}), Symptom.SERVER_ERROR, 502, "http_connection_failed", None),
    (CODEX, codex_failed({"response_stream_disconnected": {"http_status_code": None}}), Symptom.CONNECTION_LOST, None, "response_stream_disconnected", None),
    (CODEX, codex({"type": "error", "message": "no", "codex_error_info": "server_overloaded"}), Symptom.OVERLOADED, None, "server_overloaded", None),
    (CODEX, codex_failed("context_window_exceeded"), None, None, None, None),
    (CODEX, codex_failed("other"), None, None, None, None),
    (CODEX, codex_failed({"active_turn_not_steerable": {"turn_kind": "review"}}), None, None, None, None),
    (CODEX, codex_failed(["server_overloaded"]), None, None, None, None),
    (CODEX, codex({"type": "task_complete", "error": None, "time_to_first_token_ms": 900, "last_agent_message": "hunter2"}), Symptom.OK, None, None, None),
    # Without a first token nobody answered; older versions do not say.
    (CODEX, codex({"type": "task_complete", "last_agent_message": "done"}), None, None, None, None),
    (CODEX, codex({"type": "session_meta", "model_provider": "openai"}, "session_meta"), None, None, None, None),
    (CODEX, codex({"type": "message", "codex_error_info": "server_overloaded"}, "response_item"), None, None, None, None),
    (GEMINI, gemini("error", content=f"[API Error: {google(503, 'UNAVAILABLE')}]"), Symptom.OVERLOADED, 503, "UNAVAILABLE", None),
    (GEMINI, gemini("error", content=f"[API Error: {json.dumps({'error': {'message': google(500, 'INTERNAL')}})}]"), Symptom.SERVER_ERROR, 500, "INTERNAL", None),
    (GEMINI, gemini("error", content=f"[API Error: {google(429, 'RESOURCE_EXHAUSTED', 'MODEL_CAPACITY_EXHAUSTED')}]"), Symptom.OVERLOADED, 429, "RESOURCE_EXHAUSTED", None),
    (GEMINI, gemini("error", content=f"[API Error: {google(429, 'RESOURCE_EXHAUSTED')}]"), Symptom.RATE_LIMITED, 429, "RESOURCE_EXHAUSTED", None),
    (GEMINI, gemini("error", content="[API Error: You have exhausted your daily quota on this model.]"), Symptom.RATE_LIMITED, None, None, None),
    (GEMINI, gemini("error", content="[API Error: API key not valid. Please pass a valid API key.]"), Symptom.AUTH_SUSPECT, None, None, None),
    (GEMINI, gemini("error", content="[API Error: 400]"), None, None, None, None),
    (GEMINI, gemini("error", content="[API Error: 502]"), Symptom.SERVER_ERROR, 502, None, None),
    (GEMINI, gemini("error", content="The path /etc/503 was not found"), None, None, None, None),
    (GEMINI, gemini("info", content=f"[API Error: {google(503, 'UNAVAILABLE')}]"), None, None, None, None),
    (GEMINI, gemini("gemini", content="hunter2", model="gemini-3-pro", tokens={"output": 9, "total": 12}), Symptom.OK, None, None, "gemini-3-pro"),
    (GEMINI, gemini("gemini", content="", model="gemini-3-pro", tokens={"output": 0}), None, None, None, None),
    (GEMINI, gemini("gemini", content="", model="gemini-3-pro", tokens=None), None, None, None, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("trail", "said", "symptom", "status", "code", "model"), SAID, ids=[f"{s[0].agent}-{i}" for i, s in enumerate(SAID)]
)
def test_a_record_says_what_was_answered(
    trail: Trail, said: bytes, symptom: Symptom | None, status: int | None, code: str | None, model: str | None
) -> None:
    expected = PassiveReading(trail.provider, AT, symptom, status, code, model, trail.agent) if symptom else None
    assert trail.read(said) == expected


@pytest.mark.parametrize(("trail", "said", "symptom"), [(s[0], s[1], s[2]) for s in SAID if s[2] is not None])
def test_every_record_that_counts_has_a_mark(trail: Trail, said: bytes, symptom: Symptom) -> None:
    assert any(mark in said for mark in trail.marks)


def test_what_users_write_about_such_records_has_no_mark() -> None:
    quoted = json.dumps(claude_failed(apiErrorStatus=529).decode())
    assert not any(mark in claude(type="user", message={"content": quoted}) for mark in CLAUDE.marks)


@pytest.mark.parametrize(
    ("trail", "said"),
    [
        (CLAUDE, claude_answer(model="glm-5.3")),
        (CLAUDE, claude_answer(id="msg_bdrk_01Uuz")),
        (CLAUDE, claude_answer(id="msg_vrtx_01Uuz")),
        (CLAUDE, claude_answer(id="chatcmpl-1")),
        (CODEX, codex({"id": "s", "model_provider": "zai"}, "session_meta")),
        (GEMINI, gemini("gemini", content="", model="qwen3-coder", tokens={"output": 9})),
    ],
)
def test_a_session_with_another_provider_is_known_by_its_answers(trail: Trail, said: bytes) -> None:
    assert trail.read(said) == Foreign()


def test_a_record_without_a_time_is_none() -> None:
    for when in (None, 7, "yesterday", "2026-08-30T17:26:00", "2026-13-30T17:26:00Z", "2026-08-30T17:26:00Z; rm"):
        assert CLAUDE.read(claude_failed(apiErrorStatus=529, timestamp=when)) is None
    assert CODEX.read(codex_failed("server_overloaded").replace(b".951Z", b".951123456Z")) is not None


HOME = [
    (CLAUDE, {}, {}, True),
    (CLAUDE, {"settings.json": "{}"}, {}, True),
    (CLAUDE, {"settings.json": ""}, {}, True),
    (CLAUDE, {"settings.json": '{"env":{"ANTHROPIC_BASE_URL":"https://api.anthropic.com"}}'}, {}, True),
    (CLAUDE, {"settings.json": '{"env":{"ANTHROPIC_BASE_URL":""}}'}, {"ANTHROPIC_BASE_URL": "https://x.test"}, True),
    (CLAUDE, {"settings.json": '{"env":{"ANTHROPIC_BASE_URL":"https://api.z.ai/api/anthropic"}}'}, {}, False),
    (CLAUDE, {"settings.json": '{"env":{"ANTHROPIC_BASE_URL":"https://api.anthropic.com.x.test"}}'}, {}, False),
    (CLAUDE, {"settings.json": '{"env":{"ANTHROPIC_BASE_URL":7}}'}, {}, False),
    (CLAUDE, {"settings.json": '{"env":{"CLAUDE_CODE_USE_BEDROCK":"1"}}'}, {}, False),
    (CLAUDE, {"settings.json": '{"env":[]}'}, {}, False),
    (CLAUDE, {"settings.json": "[]"}, {}, False),
    (CLAUDE, {"settings.json": "// a comment\n{}"}, {}, False),
    (CLAUDE, {}, {"ANTHROPIC_BASE_URL": "http://127.0.0.1:3456"}, False),
    (CODEX, {}, {}, True),
    (CODEX, {"config.toml": 'model = "gpt-5.6-sol"\n[model_providers.zai]\nname = "Z"'}, {}, True),
    (CODEX, {"config.toml": 'model_provider = "zai"'}, {}, False),
    (CODEX, {"config.toml": 'openai_base_url = "https://x.test/v1"'}, {}, False),
    (CODEX, {"config.toml": 'openai_base_url = "https://api.openai.com/v1"'}, {}, True),
    (CODEX, {"config.toml": "openai_base_url = 7"}, {}, False),
    (CODEX, {"config.toml": "model ="}, {}, False),
    (CODEX, {}, {"OPENAI_BASE_URL": "http://localhost:11434/v1"}, False),
    (GEMINI, {}, {}, True),
    (GEMINI, {"settings.json": '// mine\n{"security":{"auth":{"selectedType":"oauth-personal"}}}'}, {}, True),
    (GEMINI, {"settings.json": '{"selectedType": "vertex-ai"}'}, {}, False),
    (GEMINI, {".env": "GEMINI_API_KEY=x\nexport GOOGLE_GEMINI_BASE_URL=https://x.test"}, {}, False),
    (GEMINI, {".env": "# GOOGLE_GEMINI_BASE_URL=\nGEMINI_API_KEY=x"}, {}, True),
    (GEMINI, {}, {"GOOGLE_GENAI_USE_VERTEXAI": "true"}, False),
]


@pytest.mark.parametrize(("trail", "texts", "environ", "is_home"), HOME)
def test_an_agent_that_may_be_pointed_elsewhere_is_not_at_home(
    trail: Trail, texts: dict[str, str], environ: dict[str, str], is_home: bool
) -> None:
    assert trail.at_home(texts, environ) is is_home


_WORDS = re.compile(r"[A-Za-z][A-Za-z0-9]{0,23}(_[A-Za-z0-9]{1,24}){0,7}")
_MODELS = re.compile(r"[a-z]{1,12}[0-9.]{0,5}(-[a-z0-9.]{1,12}){0,7}")
_OWN = {trail.provider for trail in trails()} | {trail.agent for trail in trails()}


def check(said: PassiveReading | Foreign | None) -> None:
    """Every text in what was read is ours, or a word."""
    if not isinstance(said, PassiveReading):
        return
    assert {said.provider, said.agent} <= _OWN
    assert said.code is None or (_WORDS.fullmatch(said.code) and len(said.code) <= 64)
    assert said.model is None or (_MODELS.fullmatch(said.model) and len(said.model) <= 80)
    assert said.http_status is None or 400 <= said.http_status <= 599
    texts = [getattr(said, field.name) for field in fields(said) if isinstance(getattr(said, field.name), str)]
    assert len(texts) <= 5


@given(st.binary(max_size=300))
def test_no_bytes_whatever_make_a_reader_raise(line: bytes) -> None:
    for trail in trails():
        check(trail.read(line))


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


@given(st.sampled_from(SAID), st.data())
def test_a_record_in_which_anything_was_changed_gives_words_at_most(
    sample: tuple[Any, ...], data: st.DataObject
) -> None:
    trail, document = sample[0], json.loads(sample[1])
    spots: list[tuple[Any, Any]] = []

    def visit(node: Any) -> None:
        for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
            spots.append((node, key))
            visit(value)

    visit(document)
    holder, key = data.draw(st.sampled_from(spots))
    holder[key] = data.draw(_VALUES)
    check(trail.read(line(document) if not _is_lone(document) else b""))


def _is_lone(document: Any) -> bool:
    """A lone surrogate cannot be written as UTF-8."""
    return bool(re.search(r"[\ud800-\udfff]", json.dumps(document, ensure_ascii=False)))


@given(st.text(max_size=100), st.text(max_size=100))
def test_no_settings_whatever_make_the_question_raise(text: str, variable: str) -> None:
    for trail in trails():
        trail.at_home(
            dict.fromkeys(trail.settings, text), {"ANTHROPIC_BASE_URL": variable, "OPENAI_BASE_URL": variable}
        )


def test_a_deep_nest_is_no_record() -> None:
    for trail in trails():
        assert trail.read(b"[" * 60_000) is None
        assert trail.read(b'{"error":' * 10_000) is None


def test_a_key_is_neither_a_code_nor_a_model() -> None:
    key = "sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789"
    reading = CLAUDE.read(claude_failed(apiErrorStatus=529, error=key))
    assert isinstance(reading, PassiveReading)
    assert reading.code is None
    answer = CLAUDE.read(claude_answer(model="claude-" + key))
    assert isinstance(answer, PassiveReading)
    assert answer.model is None
