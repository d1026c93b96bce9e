"""Which symptoms mean the same for the verdict."""

from __future__ import annotations

from enum import StrEnum

from trayapp.model.reading import Symptom


class Kin(StrEnum):
    """Symptoms that mean the same for the verdict."""

    FINE = "fine"
    HARD = "hard"
    SOFT = "soft"
    ACCOUNT = "account"
    MINE = "mine"
    NOTHING = "nothing"


KIN = {
    Symptom.OK: Kin.FINE,
    # It was heard and understood: the request is wrong, the service is there.
    Symptom.REQUEST_INVALID: Kin.FINE,
    Symptom.SLOW: Kin.SOFT,
    Symptom.OVERLOADED: Kin.SOFT,
    Symptom.SERVER_ERROR: Kin.HARD,
    Symptom.EDGE_ERROR: Kin.HARD,
    Symptom.TIMEOUT_CONNECT: Kin.HARD,
    Symptom.TIMEOUT_READ: Kin.HARD,
    Symptom.CONNECTION_LOST: Kin.HARD,
    Symptom.REFUSED: Kin.HARD,
    Symptom.DNS: Kin.HARD,
    Symptom.TLS_EXPIRED: Kin.HARD,
    Symptom.AUTH_SUSPECT: Kin.ACCOUNT,
    Symptom.AUTH_INVALID: Kin.ACCOUNT,
    Symptom.NO_CREDIT: Kin.ACCOUNT,
    Symptom.RATE_LIMITED: Kin.ACCOUNT,
    Symptom.REGION_BLOCKED: Kin.ACCOUNT,
    Symptom.TLS_INTERCEPTED: Kin.MINE,
    Symptom.CAPTIVE_PORTAL: Kin.MINE,
    Symptom.PROXY_AUTH: Kin.MINE,
    Symptom.PROXY_BLOCKED: Kin.MINE,
    Symptom.NETWORK_OFFLINE: Kin.MINE,
    Symptom.SKIPPED: Kin.NOTHING,
}
