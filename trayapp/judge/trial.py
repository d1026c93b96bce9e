"""One real request in an agent's wire protocol, made before an agent is pointed somewhere: a reachable host is not
enough, the key, the model and the protocol must be accepted too.
"""

from __future__ import annotations

import json
from typing import Any

from trayapp.model.provider import Probe, ProbeKind, Provider, Route
from trayapp.model.request import Request
from trayapp.model.secret import Credential

_HI: list[dict[str, Any]] = [{"role": "user", "content": "hi"}]


def trial(provider: Provider, route: Route, credential: Credential | None, model: str) -> tuple[Probe, Request]:
    """Return the smallest generation that the protocol knows, and the probe that it is judged as."""
    path, body = _asked(route.protocol, model)
    probe = Probe(ProbeKind.PAID, "POST", path, (200,), json.dumps(body), (model,))
    headers = {"accept": "application/json", "content-type": "application/json"}
    if route.protocol == "anthropic":
        headers["anthropic-version"] = "2023-06-01"
    request = Request(
        route.base_url.rstrip("/") + path,
        "POST",
        {**(provider.api.headers if provider.api else {}), **headers},
        json.dumps(body).encode(),
        credential,
        read_s=20.0,
        total_s=30.0,
        fresh=True,
        allow_private=provider.allow_private,
    )
    return probe, request


def _asked(protocol: str, model: str) -> tuple[str, dict[str, Any]]:
    """Return path and body; 16 is the least that OpenAI's Responses take, and a thinking model needs more than one."""
    if protocol == "anthropic":
        return "/v1/messages", {"model": model, "max_tokens": 16, "messages": _HI}
    if protocol == "responses":
        return "/responses", {"model": model, "max_output_tokens": 16, "store": False, "input": "hi"}
    if protocol == "chat":
        return "/chat/completions", {"model": model, "max_tokens": 16, "messages": _HI}
    parts = [{"role": "user", "parts": [{"text": "hi"}]}]
    return f"/v1beta/models/{model}:generateContent", {"contents": parts, "generationConfig": {"maxOutputTokens": 16}}
