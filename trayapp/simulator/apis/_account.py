"""What each vendor says to an account that may not: the money is spent, the limit reached, the country not served."""

from __future__ import annotations

from trayapp.simulator.mishap import Mishap
from trayapp.simulator.scenario import Fault

_WAIT_S = 30

#: Dialect to its words, from the vendors' error references. A revoked key is not here: every dialect knows its own.
_SAID: dict[str, dict[Mishap, Fault]] = {
    "anthropic": {
        Mishap.CREDIT: Fault(
            status=400, code="invalid_request_error", message="Your credit balance is too low to access the API."
        ),
        Mishap.LIMIT: Fault(status=429, code="rate_limit_error", retry_after_s=_WAIT_S),
        Mishap.REGION: Fault(status=403, code="forbidden", message="Request not allowed"),
    },
    "openai": {
        Mishap.CREDIT: Fault(status=429, code="insufficient_quota", message="You exceeded your current quota."),
        Mishap.LIMIT: Fault(status=429, code="rate_limit_exceeded", retry_after_s=_WAIT_S),
        Mishap.REGION: Fault(status=403, code="unsupported_country_region_territory"),
    },
    "gemini": {
        Mishap.CREDIT: Fault(status=402, code="RESOURCE_EXHAUSTED", message="Your prepaid credit is used up."),
        Mishap.LIMIT: Fault(status=429, code="RESOURCE_EXHAUSTED", retry_after_s=_WAIT_S),
        Mishap.REGION: Fault(
            status=400, code="FAILED_PRECONDITION", message="User location is not supported for the API use."
        ),
    },
}


def refusal(dialect: str, kind: Mishap) -> Fault:
    """Return what the API says. Raises KeyError for what is not an account's trouble."""
    return _SAID[dialect][kind]
