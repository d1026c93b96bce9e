"""Codex: `sessions/<year>/<month>/<day>/rollout-….jsonl`, a line for each event.

A turn ends with an event "task_complete". One that failed has an `error` with `codex_error_info`: a word, or an object
of one word that holds the HTTP status; versions before mid 2026 wrote an event "error" with the same field. A turn that
went well has no error, and the milliseconds to its first token when one came. The first line, "session_meta", names
the `model_provider`. Which events are kept is in codex-rs/rollout/src/policy.rs, and the words are CodexErrorInfo in
codex-rs/protocol/src/protocol.rs of https://github.com/openai/codex. Tries that are repeated leave no record.

Someone signed in with ChatGPT reaches OpenAI by another door than an API key does: chatgpt.com, not api.openai.com.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from trayapp.model.reading import PassiveReading, Symptom
from trayapp.model.trail import Foreign, Trail
from trayapp.transcripts import _record

AGENT, PROVIDER = "codex", "openai"
_CODES = {
    "server_overloaded": Symptom.OVERLOADED,
    "internal_server_error": Symptom.SERVER_ERROR,
    "unauthorized": Symptom.AUTH_SUSPECT,
    "usage_limit_exceeded": Symptom.RATE_LIMITED,
    "rate_limit_exceeded": Symptom.RATE_LIMITED,
}
#: These hold a status when there was an answer.
_OF_STATUS = {
    "http_connection_failed": Symptom.CONNECTION_LOST,
    "response_stream_connection_failed": Symptom.CONNECTION_LOST,
    "response_stream_disconnected": Symptom.CONNECTION_LOST,
    "response_too_many_failed_attempts": Symptom.SERVER_ERROR,
}
_KEYS = frozenset(
    (
        *("type", "timestamp", "payload", "error", "codex_error_info", "http_status_code", "time_to_first_token_ms"),
        *("model_provider", *_OF_STATUS),
    )
)
_HOST = re.compile(r"https://api\.openai\.com(/v1)?/?")


def at_home(texts: Mapping[str, str], environ: Mapping[str, str]) -> bool:
    """True unless the user's settings or the environment point it elsewhere, or the settings cannot be read."""
    try:
        settings = tomllib.loads(texts.get("config.toml", ""))
    except (ValueError, RecursionError):
        return False
    bases = (settings.get("openai_base_url"), environ.get("OPENAI_BASE_URL"))
    moved = any(base and not (isinstance(base, str) and _HOST.fullmatch(base)) for base in bases)
    return settings.get("model_provider", "openai") == "openai" and not moved


def read(line: bytes) -> PassiveReading | Foreign | None:
    """Return what the line says of a turn."""
    found = _record.record(line, _KEYS)
    payload = _record.inner(found, "payload")
    if found.get("type") == "session_meta":
        return Foreign() if payload.get("model_provider", "openai") != "openai" else None
    at = _record.when(found.get("timestamp"))
    if at is None or found.get("type") != "event_msg":
        return None
    if payload.get("type") == "error":
        return _failure(payload, at)
    if payload.get("type") != "task_complete":
        return None
    if payload.get("error") is not None:
        return _failure(_record.inner(payload, "error"), at)
    first_token = payload.get("time_to_first_token_ms")
    came = isinstance(first_token, int | float) and not isinstance(first_token, bool) and first_token > 0
    return PassiveReading(PROVIDER, at, Symptom.OK, None, None, None, AGENT) if came else None


def _failure(error: Mapping[str, Any], at: datetime) -> PassiveReading | None:
    said = error.get("codex_error_info")
    if isinstance(said, dict):
        word = next((name for name in _OF_STATUS if name in said), None)
        status = _record.status(_record.inner(said, word or "").get("http_status_code"))
        symptom = _record.by_status(status) if status else _OF_STATUS.get(word or "")
    else:
        word, status = _record.code(said), None
        symptom = _CODES.get(word or "") or _OF_STATUS.get(word or "")
    return PassiveReading(PROVIDER, at, symptom, status, word, None, AGENT) if symptom else None


TRAIL = Trail(
    AGENT,
    PROVIDER,
    folder=".codex",
    variable="CODEX_HOME",
    below="sessions",
    begins="rollout-",
    ends=".jsonl",
    marks=(b'"session_meta"', b'"task_complete"', b'"codex_error_info"'),
    settings=("config.toml",),
    at_home=at_home,
    read=read,
    headed=True,
)
