"""What one ping's outcome means: the common table, and on top of it each vendor's own answers.

The sources are the vendors' error references and outages in which a status code alone named the wrong culprit: valid
keys refused with 401 (OpenRouter, 17 and 19 February 2026; Anthropic, 28 April 2026), users within their limits
refused with 429 (OpenAI, 2 June 2026). So a 401 only begins a suspicion, and a 429 is the user's own limit only when
the vendor's words or headers say so.
"""

from __future__ import annotations

import re

from trayapp.judge.errorbody import ErrorBody, error_body, hidden_error
from trayapp.model.provider import Answer, Probe, ProbeKind, Provider
from trayapp.model.reading import Symptom
from trayapp.model.request import Failure, Outcome

_FAILURES = {
    Failure.DNS: Symptom.DNS,
    Failure.REFUSED: Symptom.REFUSED,
    Failure.CONNECT_TIMEOUT: Symptom.TIMEOUT_CONNECT,
    Failure.TLS_TIMEOUT: Symptom.TIMEOUT_CONNECT,
    Failure.TLS_RESET: Symptom.CONNECTION_LOST,
    Failure.TLS_UNTRUSTED: Symptom.TLS_INTERCEPTED,
    Failure.TLS_HOSTNAME: Symptom.TLS_INTERCEPTED,
    Failure.TLS_EXPIRED: Symptom.TLS_EXPIRED,
    Failure.TLS_OTHER: Symptom.CONNECTION_LOST,
    Failure.UNREACHABLE: Symptom.NETWORK_OFFLINE,
    Failure.READ_TIMEOUT: Symptom.TIMEOUT_READ,
    Failure.LOST: Symptom.CONNECTION_LOST,
    Failure.CUT: Symptom.CONNECTION_LOST,
    Failure.PROXY_AUTH: Symptom.PROXY_AUTH,
    Failure.PROXY_BLOCKED: Symptom.PROXY_BLOCKED,
    Failure.PROXY_DOWN: Symptom.NETWORK_OFFLINE,
    Failure.TOO_LARGE: Symptom.EDGE_ERROR,
    # We did not send it, or could not even try: that says nothing about the provider.
    Failure.BAD_URL: Symptom.SKIPPED,
    Failure.OTHER: Symptom.SKIPPED,
}

_STATUSES = {
    401: Symptom.AUTH_SUSPECT,
    402: Symptom.NO_CREDIT,
    403: Symptom.AUTH_INVALID,
    407: Symptom.PROXY_AUTH,
    408: Symptom.TIMEOUT_READ,
    409: Symptom.SERVER_ERROR,
    424: Symptom.SERVER_ERROR,
    451: Symptom.REGION_BLOCKED,
    # nginx's "client closed request", which no client of ours did.
    499: Symptom.SERVER_ERROR,
    529: Symptom.OVERLOADED,
}

#: Machine words that mean the same wherever they are sent: those of OpenAI and Anthropic, which others copy.
_CODES = {
    "overloaded_error": Symptom.OVERLOADED,
    "server_is_overloaded": Symptom.OVERLOADED,
    "engine_overloaded_error": Symptom.OVERLOADED,
    "insufficient_quota": Symptom.NO_CREDIT,
    "billing_error": Symptom.NO_CREDIT,
    "unsupported_country_region_territory": Symptom.REGION_BLOCKED,
    "model_not_found": Symptom.REQUEST_INVALID,
}
#: The same of an error that comes with a good status, where no status tells more.
_HIDDEN = {
    "authentication_error": Symptom.AUTH_SUSPECT,
    "invalid_api_key": Symptom.AUTH_SUSPECT,
    "permission_error": Symptom.AUTH_INVALID,
    "invalid_request_error": Symptom.REQUEST_INVALID,
    "not_found_error": Symptom.REQUEST_INVALID,
}

#: Words of overload in a body whose status leaves it open; the first few even where the vendor's code is of a limit.
_BUSY = ("overloaded", "high demand", "receiving too many requests")
_OVERLOADED = (*_BUSY, "capacity")
#: Words of a code that is of a limit.
_LIMITS = ("rate_limit", "throttl", "slow_down")

#: An answer of something before the API: a bot challenge of Cloudflare
#: (https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/)
#: or of AWS WAF (https://docs.aws.amazon.com/waf/latest/developerguide/waf-captcha-and-challenge-how-it-works.html).
_CHALLENGES = ("cf-mitigated", "x-amzn-waf-action")
#: Cloudflare's own refusals, 1000 to 1999, come as this line of plain text to clients that do not want HTML.
_REFUSAL = re.compile(rb"\s*error code: 1\d{3}\s*")

#: Tokens that are left of a limit and yet too few for a ping with what vendors add to it.
_FEW_TOKENS = 100

#: Above these many seconds to the first byte a ping counts as slow, until a baseline of its own exists.
SLOW_AFTER_S = {ProbeKind.KEYLESS: 3.0, ProbeKind.FREE: 3.0, ProbeKind.PAID: 8.0}


def classify(provider: Provider, probe: Probe, outcome: Outcome) -> tuple[Symptom, str]:
    """Return what the outcome means, and one line of detail that holds nothing but codes of ours and the vendor's."""
    if outcome.failure is not None:
        return _FAILURES[outcome.failure], outcome.detail or outcome.failure.value.replace("_", " ")
    symptom, said = _answer(provider, probe, outcome)
    if symptom is Symptom.OK and outcome.seconds > SLOW_AFTER_S[probe.kind]:
        return Symptom.SLOW, f"answered after {outcome.seconds:.1f} s"
    word = "" if symptom is Symptom.OK else " ".join(said.codes[:1])
    return symptom, f"HTTP {outcome.status} {word}".rstrip()


def _answer(provider: Provider, probe: Probe, outcome: Outcome) -> tuple[Symptom, ErrorBody]:
    status = outcome.status or 0
    before = _before_the_api(status, outcome)
    if before is not None:
        return before, ErrorBody()
    if 200 <= status < 300:
        said = hidden_error(outcome.body)
        return (_hidden(provider, probe, outcome, said), said) if said else (Symptom.OK, ErrorBody())
    if status in probe.alive:
        return Symptom.OK, ErrorBody()
    said = error_body(outcome.body, outcome.headers)
    return _failed(provider, probe, outcome, said, status), said


def _before_the_api(status: int, outcome: Outcome) -> Symptom | None:
    """Judge a redirect, an HTML page or a challenge: no provider's API answers so, something before it does."""
    if any(name in outcome.headers for name in _CHALLENGES):
        return Symptom.PROXY_BLOCKED
    if 300 <= status < 400 or "text/html" in outcome.headers.get("content-type", ""):
        if status >= 500:
            return Symptom.EDGE_ERROR
        return Symptom.PROXY_BLOCKED if status >= 400 else Symptom.CAPTIVE_PORTAL
    if status == 403 and _REFUSAL.fullmatch(outcome.body):
        return Symptom.PROXY_BLOCKED
    return None


def _hidden(provider: Provider, probe: Probe, outcome: Outcome, said: ErrorBody) -> Symptom:
    """Judge an error that came with a good status, by the status it names or by its words alone."""
    symptom = _failed(provider, probe, outcome, said, said.status)
    is_refusal = symptom in (Symptom.AUTH_SUSPECT, Symptom.AUTH_INVALID)
    # Without a key a refusal is what a healthy front door says.
    if probe.kind is ProbeKind.KEYLESS and is_refusal and {401, 403} & set(probe.alive):
        return Symptom.OK
    return symptom


def _failed(provider: Provider, probe: Probe, outcome: Outcome, said: ErrorBody, status: int | None) -> Symptom:
    """Judge an error; `status` is None where only words tell."""
    for answer in provider.answers:
        if _fits(answer, status, said):
            is_busy = answer.means is Symptom.RATE_LIMITED and any(word in said.text for word in _BUSY)
            return Symptom.OVERLOADED if is_busy else answer.means
    common = _CODES if status is not None else _CODES | _HIDDEN
    known = next((common[code] for code in said.codes if code in common), None)
    if known is not None:
        return known
    if status is None:
        return _too_many(outcome, said) if _is_limit(said) else _server(500, probe, said)
    return _by_status(status, probe, outcome, said)


def _fits(answer: Answer, status: int | None, said: ErrorBody) -> bool:
    if status is None and answer.code is None and answer.text is None:
        return False
    return (
        (answer.status is None or status is None or answer.status == status)
        and (answer.code is None or answer.code in said.codes)
        and (answer.text is None or answer.text in said.text)
    )


def _by_status(status: int, probe: Probe, outcome: Outcome, said: ErrorBody) -> Symptom:
    if status == 429:
        return _too_many(outcome, said)
    if status in _STATUSES:
        return _STATUSES[status]
    if status >= 500:
        return _server(status, probe, said)
    return Symptom.REQUEST_INVALID


def _is_limit(said: ErrorBody) -> bool:
    return any(limit in code.lower() for limit in _LIMITS for code in said.codes)


def _too_many(outcome: Outcome, said: ErrorBody) -> Symptom:
    """Tell the user's own limit from the provider's overload: only words or headers of a limit make it the user's.

    Headers that count what is left, and have some left, say that it is not: on 2 June 2026 OpenAI refused users with
    `rate_limit_exceeded` who were within their limits.
    """
    if any(word in said.text for word in _OVERLOADED):
        return Symptom.OVERLOADED
    left = [_is_spent(name, value) for name, value in outcome.headers.items() if "remaining" in name]
    counted = [spent for spent in left if spent is not None]
    if not said.is_json or (counted and not any(counted)):
        return Symptom.OVERLOADED
    own = any(counted) or ("retry-after" in outcome.headers and _is_limit(said))
    return Symptom.RATE_LIMITED if own else Symptom.OVERLOADED


def _is_spent(name: str, value: str) -> bool | None:
    """Return whether a header says that nothing is left for a ping, None when it counts nothing."""
    value = value.strip()
    if not value.isdecimal():
        return None
    return int(value[:20]) <= (_FEW_TOKENS if "token" in name else 0)


def _server(status: int, probe: Probe, said: ErrorBody) -> Symptom:
    if status >= 520:
        return Symptom.EDGE_ERROR
    if any(word in said.text for word in _OVERLOADED):
        return Symptom.OVERLOADED
    if status == 503 and probe.kind is ProbeKind.PAID:
        return Symptom.OVERLOADED
    return Symptom.EDGE_ERROR if status in (502, 503, 504) and not said.is_json else Symptom.SERVER_ERROR
