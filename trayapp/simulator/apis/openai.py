"""OpenAI's API and what speaks like it (https://platform.openai.com/docs/api-reference: models, chat, responses)."""

from __future__ import annotations

from typing import Any

from trayapp.simulator.apis._door import Door, bearer, posted
from trayapp.simulator.exchange import Answer, Ask, event_stream, json_answer
from trayapp.simulator.ids import made_id
from trayapp.simulator.scenario import Path
from trayapp.simulator.vendors import Vendor

_CREATED = 1_760_000_000
#: Status to type, code and message.
_USUAL = {
    400: ("invalid_request_error", None, "Invalid request."),
    401: ("invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
    403: (
        "invalid_request_error",
        "unsupported_country_region_territory",
        "Country, region, or territory not supported",
    ),
    404: ("invalid_request_error", "model_not_found", "The model does not exist or you do not have access to it."),
    429: ("requests", "rate_limit_exceeded", "Rate limit reached."),
    503: ("service_unavailable_error", "server_is_overloaded", "The server is overloaded."),
}
#: Codes that stand as type too.
_TYPES = ("insufficient_quota", "server_error")


def error(status: int, code: str | None, message: str, number: int) -> Answer:
    """Return an error; the id of the request is only in a header."""
    type, usual, said = _USUAL.get(
        status, ("server_error", None, "The server had an error while processing your request.")
    )
    document = {
        "message": message or said,
        "type": code if code in _TYPES else type,
        "param": None,
        "code": code or usual,
    }
    return json_answer({"error": document}, status, _headers(number))


def answer(vendor: Vendor, ask: Ask, door: Door) -> Answer:
    """Answer as the API does: the key first, then the request."""
    key = bearer(ask)
    if not vendor.is_open:
        if not key:
            return _keyless(door.number)
        if not door.accepts(key):
            return error(401, None, "", door.number)
    door.through(Path.SIGN_IN, "")
    if ask.method == "GET" and (ask.path == "/v1/models" or ask.path.startswith("/v1/models/")):
        return _models(vendor, ask.path.removeprefix("/v1/models").strip("/"), door.number)
    if ask.method == "POST" and ask.path in ("/v1/chat/completions", "/v1/responses"):
        return _generation(ask, door)
    return error(404, None, "Unknown request URL.", door.number)


def _keyless(number: int) -> Answer:
    document = {
        "message": "You didn't provide an API key.",
        "type": "invalid_request_error",
        "param": None,
        "code": None,
    }
    return json_answer({"error": document}, 401, _headers(number))


def _models(vendor: Vendor, wanted: str, number: int) -> Answer:
    rows = [{"id": name, "object": "model", "created": _CREATED, "owned_by": vendor.id} for name in vendor.models]
    if not wanted:
        return json_answer({"object": "list", "data": rows}, headers=_headers(number))
    row = next((row for row in rows if row["id"] == wanted), None)
    return error(404, None, "", number) if row is None else json_answer(row, headers=_headers(number))


def _generation(ask: Ask, door: Door) -> Answer:
    wish = posted(ask) or {}
    model = wish.get("model")
    if not isinstance(model, str):
        return error(400, None, "you must provide a model parameter", door.number)
    least = wish.get("max_output_tokens", 16)
    if ask.path == "/v1/responses" and (not isinstance(least, int) or least < 16):
        return error(400, "integer_below_min_value", "max_output_tokens: expected a value >= 16", door.number)
    door.through(Path.INFERENCE, model)
    events, whole = (_chat if ask.path.endswith("/completions") else _response)(model, door.number)
    headers = _headers(door.number)
    return event_stream(events, headers) if wish.get("stream") is True else json_answer(whole, headers=headers)


def _chat(model: str, number: int) -> tuple[list[tuple[str | None, Any]], Any]:
    head = {"id": "chatcmpl-" + made_id(24, "chat", number), "created": _CREATED, "model": model}
    said = {"role": "assistant", "content": "Hi"}
    piece = {"index": 0, "delta": said, "finish_reason": None}
    chunk = {**head, "object": "chat.completion.chunk", "choices": [piece]}
    choice = {"index": 0, "message": said, "finish_reason": "length"}
    usage = {"prompt_tokens": 8, "completion_tokens": 1, "total_tokens": 9}
    return [(None, chunk), (None, "[DONE]")], {**head, "object": "chat.completion", "choices": [choice], "usage": usage}


def _response(model: str, number: int) -> tuple[list[tuple[str | None, Any]], Any]:
    head = {
        "id": "resp_" + made_id(24, "response", number),
        "object": "response",
        "created_at": _CREATED,
        "model": model,
    }
    text = {"type": "output_text", "text": "Hi", "annotations": []}
    message = {"type": "message", "role": "assistant", "status": "completed", "content": [text]}
    done = {**head, "status": "completed", "output": [message]}
    events: list[dict[str, Any]] = [
        {"type": "response.created", "response": {**head, "status": "in_progress", "output": []}},
        {"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": "Hi"},
        {"type": "response.completed", "response": done},
    ]
    return [(event["type"], {**event, "sequence_number": place}) for place, event in enumerate(events)], done


def _headers(number: int) -> dict[str, str]:
    return {"x-request-id": "req_" + made_id(24, "request", number), "openai-processing-ms": "5"}
