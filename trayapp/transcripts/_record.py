"""The grammar that agents' records share: lines of JSON a few keys of which are kept and the rest dropped at once."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from trayapp.model.reading import Symptom

#: A code is a word of letters, digits and underscores. A sentence, a path or a key of an API is none.
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9]{0,23}(_[A-Za-z0-9]{1,24}){0,7}")
#: A model's name ends in no long run of letters and digits, as a key of an API does.
_MODEL = re.compile(r"[a-z]{1,12}[0-9.]{0,5}(-[a-z0-9.]{1,12}){0,7}")
#: A time as all these agents write it: JavaScript's and Rust's, in UTC.
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")

#: What a status means when nothing more is known. The vendors' error references; 520 to 530 are Cloudflare's.
_STATUSES = {
    401: Symptom.AUTH_SUSPECT,
    402: Symptom.NO_CREDIT,
    403: Symptom.AUTH_SUSPECT,
    408: Symptom.TIMEOUT_READ,
    429: Symptom.RATE_LIMITED,
    529: Symptom.OVERLOADED,
}
#: How Node and Bun call what went wrong below HTTP.
_CAUSES = {
    "ENOTFOUND": Symptom.DNS,
    "EAI_AGAIN": Symptom.DNS,
    "ECONNREFUSED": Symptom.REFUSED,
    "FailedToOpenSocket": Symptom.REFUSED,
    "ConnectionRefused": Symptom.REFUSED,
    "ECONNRESET": Symptom.CONNECTION_LOST,
    "ConnectionClosed": Symptom.CONNECTION_LOST,
    "EPIPE": Symptom.CONNECTION_LOST,
    "ETIMEDOUT": Symptom.TIMEOUT_CONNECT,
    "UND_ERR_CONNECT_TIMEOUT": Symptom.TIMEOUT_CONNECT,
    "UND_ERR_HEADERS_TIMEOUT": Symptom.TIMEOUT_READ,
    "UND_ERR_SOCKET": Symptom.CONNECTION_LOST,
}


def record(line: bytes, keys: Collection[str]) -> Mapping[str, Any]:
    """Return the object in the line with `keys` alone, at every depth; {} for what is none."""

    def kept(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return {key: value for key, value in pairs if key in keys}

    try:
        document = json.loads(line, object_pairs_hook=kept)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def inner(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an inner object, {} when there is none."""
    value = values.get(name)
    return value if isinstance(value, dict) else {}


def code(value: object) -> str | None:
    """Return a machine word, None for anything else."""
    return value if isinstance(value, str) and len(value) <= 64 and _CODE.fullmatch(value) else None


def model(value: object) -> str | None:
    """Return the name of a model, None for anything else."""
    return value if isinstance(value, str) and len(value) <= 80 and _MODEL.fullmatch(value) else None


def status(value: object) -> int | None:
    """Return an HTTP status that is a failure, None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 400 <= value <= 599 else None


def when(value: object) -> datetime | None:
    """Return the moment a record gives, None when it gives none."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return None
    try:
        # Python 3.11 reads as many digits of a second's fraction as there are, and keeps six.
        return datetime.fromisoformat(value.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        return None


def by_status(found: int | None) -> Symptom | None:
    """Return what a status means; None for one that says the request was wrong: that is no news of the provider."""
    if found is None:
        return None
    if found in _STATUSES:
        return _STATUSES[found]
    if found >= 520:
        return Symptom.EDGE_ERROR
    return Symptom.SERVER_ERROR if found >= 500 else None


def by_cause(word: object) -> Symptom | None:
    """Return what a failure below HTTP was, None when the word names none that we know."""
    return _CAUSES.get(word) if isinstance(word, str) else None
