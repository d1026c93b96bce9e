"""Anthropic's API (https://docs.anthropic.com/en/api: errors, models, messages, streaming)."""

from __future__ import annotations

from typing import Any

from trayapp.simulator.apis._door import Door, bearer, posted
from trayapp.simulator.exchange import Answer, Ask, event_stream, json_answer
from trayapp.simulator.ids import made_id
from trayapp.simulator.scenario import Path
from trayapp.simulator.vendors import Vendor

_USUAL = {
    400: ("invalid_request_error", "Bad Request"),
    401: ("authentication_error", "invalid x-api-key"),
    403: ("permission_error", "Your API key does not have permission to use the specified resource."),
    404: ("not_found_error", "Not Found"),
    429: ("rate_limit_error", "This request would exceed your rate limit."),
    504: ("timeout_error", "Request timed out."),
    529: ("overloaded_error", "Overloaded"),
}
_COUNTED = 8


def error(status: int, code: str | None, message: str, number: int) -> Answer:
    """Return an error; the id of the request stands in its body and in a header."""
    usual = _USUAL.get(status, ("api_error", "Internal server error"))
    id = _request_id(number)
    document = {
        "type": "error",
        "error": {"type": code or usual[0], "message": message or usual[1]},
        "request_id": id,
    }
    return json_answer(document, status, _headers(id))


def answer(vendor: Vendor, ask: Ask, door: Door) -> Answer:
    """Answer as the API does: the version first, then the key, then the request."""
    if "anthropic-version" not in ask.headers:
        return error(400, None, "anthropic-version: header is required", door.number)
    key = ask.headers.get("x-api-key", "") or bearer(ask)
    if not key:
        return error(401, None, "x-api-key header is required", door.number)
    if not door.accepts(key):
        return error(401, None, "invalid x-api-key", door.number)
    door.through(Path.SIGN_IN, "")
    if ask.path == "/v1/models" and ask.method == "GET":
        return json_answer(_models(vendor), headers=_headers(_request_id(door.number)))
    if ask.path in ("/v1/messages", "/v1/messages/count_tokens") and ask.method == "POST":
        return _message(ask, door)
    return error(404, None, "", door.number)


def _message(ask: Ask, door: Door) -> Answer:
    wish = posted(ask) or {}
    model = wish.get("model")
    if not isinstance(model, str) or not isinstance(wish.get("messages"), list):
        return error(400, None, "model and messages: Field required", door.number)
    if not model.startswith("claude-"):
        return error(404, None, f"model: {model[:100]}", door.number)
    headers = _headers(_request_id(door.number))
    if ask.path.endswith("/count_tokens"):
        return json_answer({"input_tokens": _COUNTED}, headers=headers)
    if not isinstance(wish.get("max_tokens"), int):
        return error(400, None, "max_tokens: Field required", door.number)
    door.through(Path.INFERENCE, model)
    id = "msg_" + made_id(24, "message", door.number)
    return event_stream(_events(id, model), headers) if wish.get("stream") is True else _whole(id, model, headers)


def _whole(id: str, model: str, headers: dict[str, str]) -> Answer:
    document = {**_start(id, model), "content": [{"type": "text", "text": "Hi"}], "stop_reason": "max_tokens"}
    return json_answer(document, headers=headers)


def _events(id: str, model: str) -> list[tuple[str | None, Any]]:
    text = {"type": "text_delta", "text": "Hi"}
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": _start(id, model)},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "ping"},
        {"type": "content_block_delta", "index": 0, "delta": text},
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "max_tokens", "stop_sequence": None},
            "usage": {"output_tokens": 1},
        },
        {"type": "message_stop"},
    ]
    return [(event["type"], event) for event in events]


def _start(id: str, model: str) -> dict[str, Any]:
    return {
        "id": id,
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": _COUNTED, "output_tokens": 1},
    }


def _models(vendor: Vendor) -> dict[str, Any]:
    rows = [
        {"type": "model", "id": name, "display_name": name, "created_at": "2025-10-01T00:00:00Z"}
        for name in vendor.models
    ]
    ends = {"first_id": vendor.models[0], "last_id": vendor.models[-1]} if rows else {"first_id": None, "last_id": None}
    return {"data": rows, "has_more": False, **ends}


def _headers(id: str) -> dict[str, str]:
    return {"request-id": id, "server": "cloudflare"}


def _request_id(number: int) -> str:
    return "req_" + made_id(24, "request", number)
