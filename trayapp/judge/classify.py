"""What one ping's outcome means: the common table, and on top of it each vendor's own answers.

The sources are the vendors' error references and outages in which a status code alone named the wrong culprit: valid
keys refused with 401 (OpenRouter, 17 and 19 February 2026; Anthropic, 28 April 2026), users within their limits
refused with 429 (OpenAI, 2 June 2026). So a 401 only begins a suspicion, and a 429 is the user's own limit only when
the vendor's words or headers say so.
"""

from __future__ import annotations

from trayapp.judge.errorbody import ErrorBody, error_body
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
    451: Symptom.REGION_BLOCKED,
    529: Symptom.OVERLOADED,
}

#: Words of overload in a body whose status leaves it open.
_OVERLOADED = ("overloaded", "capacity", "high demand", "receiving too many requests")

#: Above these many seconds to the first byte a ping counts as slow, until a baseline of its own exists.
SLOW_AFTER_S = {ProbeKind.KEYLESS: 3.0, ProbeKind.FREE: 3.0, ProbeKind.PAID: 8.0}


def classify(provider: Provider, probe: Probe, outcome: Outcome) -> tuple[Symptom, str]:
    """Return what the outcome means, and one line of detail that holds nothing but codes of ours and the vendor's."""
    if outcome.failure is not None:
        return _FAILURES[outcome.failure], outcome.detail or outcome.failure.value.replace("_", " ")
    said = error_body(outcome.body)
    symptom = _answer(provider, probe, outcome, said)
    if symptom is Symptom.OK and outcome.seconds > SLOW_AFTER_S[probe.kind]:
        return Symptom.SLOW, f"answered after {outcome.seconds:.1f} s"
    word = "" if symptom is Symptom.OK else " ".join(said.codes[:1])
    return symptom, f"HTTP {outcome.status} {word}".rstrip()


def _answer(provider: Provider, probe: Probe, outcome: Outcome, said: ErrorBody) -> Symptom:
    status = outcome.status or 0
    if 300 <= status < 400 or "text/html" in outcome.headers.get("content-type", ""):
        return _not_the_api(status, outcome)
    if status in probe.alive or 200 <= status < 300:
        return Symptom.OK
    for answer in provider.answers:
        if _fits(answer, status, said):
            return answer.means
    return _by_status(status, probe, outcome, said)


def _not_the_api(status: int, outcome: Outcome) -> Symptom:
    """Judge a redirect or an HTML page: no provider's API answers so, something before it does."""
    if status >= 500:
        return Symptom.EDGE_ERROR
    if status >= 400 or "cf-mitigated" in outcome.headers:
        return Symptom.PROXY_BLOCKED
    return Symptom.CAPTIVE_PORTAL


def _fits(answer: Answer, status: int, said: ErrorBody) -> bool:
    return (
        (answer.status is None or answer.status == status)
        and (answer.code is None or answer.code in said.codes)
        and (answer.text is None or answer.text.lower() in said.text)
    )


def _by_status(status: int, probe: Probe, outcome: Outcome, said: ErrorBody) -> Symptom:
    if status == 429:
        return _too_many(outcome, said)
    if status in _STATUSES:
        return _STATUSES[status]
    if status >= 500:
        return _server(status, probe, said)
    return Symptom.REQUEST_INVALID


def _too_many(outcome: Outcome, said: ErrorBody) -> Symptom:
    """Tell the user's own limit from the provider's overload: only words or headers of a limit make it the user's."""
    if any(word in said.text for word in _OVERLOADED):
        return Symptom.OVERLOADED
    spent = any(
        name.endswith(("remaining", "remaining-requests", "remaining-tokens")) and value.strip() == "0"
        for name, value in outcome.headers.items()
    )
    limited = any("rate_limit" in code.lower() or "throttl" in code.lower() for code in said.codes)
    own = said.is_json and ("retry-after" in outcome.headers or spent) and (limited or spent)
    return Symptom.RATE_LIMITED if own else Symptom.OVERLOADED


def _server(status: int, probe: Probe, said: ErrorBody) -> Symptom:
    if status >= 520:
        return Symptom.EDGE_ERROR
    if any(word in said.text for word in _OVERLOADED):
        return Symptom.OVERLOADED
    if status == 503 and probe.kind is ProbeKind.PAID:
        return Symptom.OVERLOADED
    return Symptom.EDGE_ERROR if status in (502, 503, 504) and not said.is_json else Symptom.SERVER_ERROR
