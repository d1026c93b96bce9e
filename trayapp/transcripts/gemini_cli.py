"""Gemini CLI: `tmp/<project>/chats/session-….jsonl`, a line for each message.

A request that failed is a line of type "error" whose text begins "[API Error: ", followed by Google's own answer or a
sentence about the quota. An answer is a line of type "gemini" with the tokens it cost. The writer is
packages/core/src/services/chatRecordingService.ts of https://github.com/google-gemini/gemini-cli. Versions that wrote
a session anew as a whole (`.json`) are not read; nor are the reports below the system's temporary folder, which hold
whole conversations and stand where everybody can put a file.

Someone signed in with Google reaches Gemini by another door than an API key does: cloudcode-pa.googleapis.com.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from trayapp.model.reading import PassiveReading, Symptom
from trayapp.model.trail import Foreign, Trail
from trayapp.transcripts import _record

AGENT, PROVIDER = "gemini-cli", "google"
_KEYS = frozenset(("type", "timestamp", "model", "tokens", "output"))
_ERROR = re.compile(rb'"content":"\[API Error: (.{0,2000})', re.DOTALL)
#: Google's answer stands in a text in a JSON text, each of which may have been quoted once more.
_STATUS = re.compile(rb'code\\{0,7}"\s{0,3}:\s{0,3}([45]\d\d)\b')
_SPOKEN = re.compile(rb"(?:status:? |HTTP |^)([45]\d\d)\b")
_CODE = re.compile(rb'status\\{0,7}"\s{0,3}:\s{0,3}\\{0,7}"([A-Z_]{3,40})\\{0,7}"')
_LIMIT = re.compile(rb"exhausted your (?:daily quota|capacity)|quota exceeded", re.IGNORECASE)
_NO_CAPACITY = b"MODEL_CAPACITY_EXHAUSTED"
_BAD_KEY = re.compile(rb"API_KEY_INVALID|API key not valid")
#: https://cloud.google.com/apis/design/errors
_CODES = {
    "UNAVAILABLE": Symptom.OVERLOADED,
    "INTERNAL": Symptom.SERVER_ERROR,
    "DEADLINE_EXCEEDED": Symptom.SERVER_ERROR,
    "RESOURCE_EXHAUSTED": Symptom.RATE_LIMITED,
    "UNAUTHENTICATED": Symptom.AUTH_SUSPECT,
    "PERMISSION_DENIED": Symptom.AUTH_SUSPECT,
}
#: Ways of signing in that lead to Gemini itself.
_OWN_DOORS = ("oauth-personal", "gemini-api-key")
_SIGN_IN = re.compile(r'"selectedType"\s*:\s*"([a-z0-9-]{1,40})"')
_ELSEWHERE = ("GOOGLE_GEMINI_BASE_URL", "GOOGLE_VERTEX_BASE_URL", "GOOGLE_GENAI_USE_VERTEXAI")
_SET = re.compile(rf"^\s*(?:export\s+)?(?:{'|'.join(_ELSEWHERE)})\s*=\s*\S", re.MULTILINE)


def at_home(texts: Mapping[str, str], environ: Mapping[str, str]) -> bool:
    """True unless the user's settings or the environment point it elsewhere.

    The settings may hold comments, so they are searched, not parsed. One that a comment turns off counts as well:
    then it cannot be told, which is False too.
    """
    doors = _SIGN_IN.findall(texts.get("settings.json", ""))
    moved = any(environ.get(name) for name in _ELSEWHERE) or _SET.search(texts.get(".env", ""))
    return not moved and all(door in _OWN_DOORS for door in doors)


def read(line: bytes) -> PassiveReading | Foreign | None:
    """Return what the line says of a request to Gemini."""
    found = _record.record(line, _KEYS)
    at = _record.when(found.get("timestamp"))
    if at is None:
        return None
    if found.get("type") == "error":
        return _failure(line, at)
    name, tokens = found.get("model"), _record.inner(found, "tokens").get("output")
    if found.get("type") != "gemini" or not isinstance(name, str):
        return None
    if not name.startswith("gemini-"):
        return Foreign()
    proven = isinstance(tokens, int) and tokens > 0
    return PassiveReading(PROVIDER, at, Symptom.OK, None, None, _record.model(name), AGENT) if proven else None


def _failure(line: bytes, at: datetime) -> PassiveReading | None:
    said = _ERROR.search(line)
    if said is None:
        return None
    text = said[1]
    number = _STATUS.search(text) or _SPOKEN.search(text)
    status = int(number[1]) if number else None
    named = _CODE.search(text)
    word = _record.code(named[1].decode()) if named else None
    symptom = _meaning(text, status, word)
    return PassiveReading(PROVIDER, at, symptom, status, word, None, AGENT) if symptom else None


def _meaning(text: bytes, status: int | None, word: str | None) -> Symptom | None:
    if _NO_CAPACITY in text or status == 503:
        return Symptom.OVERLOADED
    if _BAD_KEY.search(text):
        return Symptom.AUTH_SUSPECT
    if status is None and _LIMIT.search(text):
        return Symptom.RATE_LIMITED
    return _record.by_status(status) or _CODES.get(word or "")


TRAIL = Trail(
    AGENT,
    PROVIDER,
    folder=".gemini",
    variable="GEMINI_CLI_HOME",
    moves_home=True,
    below="tmp",
    begins="session-",
    ends=".jsonl",
    marks=(b'"type":"error"', b'"type":"gemini"'),
    settings=("settings.json", ".env"),
    at_home=at_home,
    read=read,
)
