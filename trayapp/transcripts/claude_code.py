"""Claude Code: `projects/<project>/<session>.jsonl`, a line for each message.

A request that failed for good is a line of type "assistant" with `isApiErrorMessage`, and beside it `error`, a word,
and `apiErrorStatus`, the HTTP status; older versions have the status only in the sentence "API Error: 529 …". Each
failed try before that is a line of type "system" and subtype "api_error" with `error.status`, or with
`error.cause.code` when no answer came. An answer is a line of type "assistant" with the `requestId` that Anthropic's
API gave it and the tokens it cost.

Anthropic calls the form internal and free to change, so what does not fit is passed over. It is described in
https://github.com/skillsynchq/txcript/blob/main/docs/formats/claude-code.md; statuses and words as users met them are
in https://github.com/anthropics/claude-code/issues/39745 and issues/7218.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from trayapp.model.reading import PassiveReading, Symptom
from trayapp.model.trail import Foreign, Trail
from trayapp.transcripts import _record

AGENT, PROVIDER = "claude-code", "anthropic"
_HOST = re.compile(r"https://api\.anthropic\.com/?")
#: Set, they point it at another door to the same models.
_DOORS = tuple(f"CLAUDE_CODE_USE_{door}" for door in ("BEDROCK", "VERTEX", "FOUNDRY", "MANTLE", "ANTHROPIC_AWS"))
_KEYS = frozenset(
    (
        *("type", "subtype", "timestamp", "isApiErrorMessage", "apiErrorStatus", "error", "status", "cause", "code"),
        *("message", "model", "requestId", "id", "usage", "output_tokens"),
    )
)
_CODES = {
    "authentication_failed": Symptom.AUTH_SUSPECT,
    "billing_error": Symptom.NO_CREDIT,
    "rate_limit": Symptom.RATE_LIMITED,
    "overloaded": Symptom.OVERLOADED,
    "server_error": Symptom.SERVER_ERROR,
}
_SENTENCE = re.compile(rb'"text":"API Error:? \(?(?:Repeated )?([45]\d\d)\b')
#: How Anthropic's own API names requests and messages; Bedrock's and Vertex' messages begin with msg_bdrk and msg_vrtx.
_REQUEST, _MESSAGE = re.compile(r"req_[A-Za-z0-9]{6,60}"), re.compile(r"msg_(?!bdrk|vrtx)[A-Za-z0-9]{2,60}")


def at_home(texts: Mapping[str, str], environ: Mapping[str, str]) -> bool:
    """True unless the user's settings or the environment point it elsewhere, or the settings cannot be read."""
    text = texts.get("settings.json", "")
    try:
        settings = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError):
        return False
    own = settings.get("env", {}) if isinstance(settings, dict) else None
    if not isinstance(own, dict):
        return False
    # A value in the settings beats the same variable in the environment.
    wishes = {**environ, **own}
    base = wishes.get("ANTHROPIC_BASE_URL") or "https://api.anthropic.com"
    return isinstance(base, str) and bool(_HOST.fullmatch(base)) and not any(wishes.get(door) for door in _DOORS)


def read(line: bytes) -> PassiveReading | Foreign | None:
    """Return what the line says of a request to Anthropic."""
    found = _record.record(line, _KEYS)
    at = _record.when(found.get("timestamp"))
    if at is None:
        return None
    error = _record.inner(found, "error")
    if found.get("type") == "system" and found.get("subtype") == "api_error":
        status = _record.status(error.get("status"))
        word = _record.code(_record.inner(_record.inner(error, "error"), "error").get("type"))
        symptom = _record.by_status(status) or _record.by_cause(_record.inner(error, "cause").get("code"))
        return PassiveReading(PROVIDER, at, symptom, status, word, None, AGENT) if symptom else None
    if found.get("type") != "assistant":
        return None
    if found.get("isApiErrorMessage") is True:
        status = _record.status(found.get("apiErrorStatus")) or _in_sentence(line)
        word = _record.code(found.get("error"))
        known = _record.by_status(status) or _CODES.get(word or "")
        return PassiveReading(PROVIDER, at, known, status, word, None, AGENT) if known else None
    return _answer(found, at)


def _answer(found: Mapping[str, Any], at: datetime) -> PassiveReading | Foreign | None:
    message = _record.inner(found, "message")
    name, own = message.get("model"), message.get("id")
    if name == "<synthetic>" or not isinstance(name, str):
        return None
    tokens = _record.inner(message, "usage").get("output_tokens")
    is_own = isinstance(own, str) and bool(_MESSAGE.fullmatch(own)) and name.startswith("claude-")
    if not is_own:
        return Foreign()
    request = found.get("requestId")
    proven = isinstance(request, str) and _REQUEST.fullmatch(request) and isinstance(tokens, int) and tokens > 0
    return PassiveReading(PROVIDER, at, Symptom.OK, None, None, _record.model(name), AGENT) if proven else None


def _in_sentence(line: bytes) -> int | None:
    match = _SENTENCE.search(line)
    return int(match[1]) if match else None


TRAIL = Trail(
    AGENT,
    PROVIDER,
    folder=".claude",
    variable="CLAUDE_CONFIG_DIR",
    below="projects",
    begins="",
    ends=".jsonl",
    marks=(b'"isApiErrorMessage":true', b'"subtype":"api_error"', b'"requestId":"'),
    settings=("settings.json",),
    at_home=at_home,
    read=read,
)
