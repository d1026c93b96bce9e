"""The Gemini API (https://ai.google.dev/api; errors in the form of https://google.aip.dev/193)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from trayapp.simulator.apis._door import Door, posted
from trayapp.simulator.exchange import Answer, Ask, event_stream, json_answer
from trayapp.simulator.scenario import Path
from trayapp.simulator.vendors import Vendor

_USUAL = {
    400: ("INVALID_ARGUMENT", "Request contains an invalid argument."),
    401: ("UNAUTHENTICATED", "Request had invalid authentication credentials."),
    403: ("PERMISSION_DENIED", "Method doesn't allow unregistered callers."),
    404: ("NOT_FOUND", "Requested entity was not found."),
    429: ("RESOURCE_EXHAUSTED", "You exceeded your current quota."),
    503: ("UNAVAILABLE", "The model is overloaded."),
    504: ("DEADLINE_EXCEEDED", "The request timed out."),
}
_BAD_KEY = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    "reason": "API_KEY_INVALID",
    "domain": "googleapis.com",
    "metadata": {"service": "generativelanguage.googleapis.com"},
}
_VERBS = ("generateContent", "streamGenerateContent", "countTokens")


def error(status: int, code: str | None, message: str, number: int) -> Answer:
    """Return an error; this API gives requests no id."""
    usual = _USUAL.get(status, ("INTERNAL", "An internal error has occurred."))
    return _error({"code": status, "message": message or usual[1], "status": code or usual[0]})


def answer(vendor: Vendor, ask: Ask, door: Door) -> Answer:
    """Answer as the API does; a missing key is 403, and a wrong one 400."""
    key = ask.headers.get("x-goog-api-key", "") or parse_qs(ask.query).get("key", [""])[0]
    if not key:
        return error(403, None, "", door.number)
    if not door.accepts(key):
        said = {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT", "details": [_BAD_KEY]}
        return _error(said)
    door.through(Path.SIGN_IN, "")
    if ask.method == "GET" and ask.path == "/v1beta/models":
        return json_answer({"models": [_model(name) for name in vendor.models]}, headers=_HEADERS)
    name, _, verb = ask.path.removeprefix("/v1beta/models/").partition(":")
    if ask.method == "POST" and ask.path.startswith("/v1beta/models/") and verb in _VERBS:
        return _generation(ask, name, verb, door)
    return error(404, None, "", door.number)


def _generation(ask: Ask, model: str, verb: str, door: Door) -> Answer:
    if not isinstance((posted(ask) or {}).get("contents"), list):
        return error(400, None, "contents is not specified", door.number)
    if verb == "countTokens":
        return json_answer({"totalTokens": 1}, headers=_HEADERS)
    door.through(Path.INFERENCE, model)
    content = {"role": "model", "parts": [{"text": "Hi"}]}
    said = {
        "candidates": [{"content": content, "finishReason": "MAX_TOKENS", "index": 0}],
        "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 1, "totalTokenCount": 2},
        "modelVersion": model,
    }
    if verb == "generateContent":
        return json_answer(said, headers=_HEADERS)
    if "sse" in parse_qs(ask.query).get("alt", []):
        return event_stream([(None, said)], _HEADERS)
    return json_answer([said], headers=_HEADERS)


def _model(name: str) -> dict[str, Any]:
    return {"name": f"models/{name}", "version": "001", "displayName": name, "supportedGenerationMethods": list(_VERBS)}


def _error(document: dict[str, Any]) -> Answer:
    return json_answer({"error": document}, document["code"], _HEADERS)


_HEADERS = {"server": "scaffolding on HTTPServer2", "server-timing": "gfet4t7; dur=5"}
