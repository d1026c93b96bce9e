"""The words: for levels, networks, what a ping saw, and how long ago. Sentences are made of them in `wording.py`."""

from __future__ import annotations

from trayapp.decide.tongue import _
from trayapp.model.level import Level
from trayapp.model.reading import NetworkState, Symptom

#: A level in one or two words, for lists.
WORDS = {
    Level.OPERATIONAL: _("works"),
    Level.MAINTENANCE: _("maintenance"),
    Level.DEGRADED: _("degraded"),
    Level.DOWN: _("down"),
    Level.UNKNOWN: _("unknown"),
    Level.OFFLINE: _("your network"),
    Level.BLOCKED: _("refused for you"),
}

NETWORK = {
    NetworkState.ONLINE: _("Your network is back"),
    NetworkState.OFFLINE: _("Your network is down"),
    NetworkState.CAPTIVE_PORTAL: _("Your network wants you to log in first"),
    NetworkState.DNS: _("Your network finds no names (DNS)"),
    NetworkState.PROXY: _("Your proxy lets nothing through"),
    NetworkState.TLS: _("Your network opens encrypted connections"),
    NetworkState.UNKNOWN: _("Your network has not been looked at"),
}

#: What one ping saw, for lists and where the vendor gave no code.
SEEN = {
    Symptom.OK: _("answered"),
    Symptom.SLOW: _("answered late"),
    Symptom.OVERLOADED: _("overloaded"),
    Symptom.SERVER_ERROR: _("server error"),
    Symptom.EDGE_ERROR: _("error at the edge"),
    Symptom.TIMEOUT_CONNECT: _("no connection in time"),
    Symptom.TIMEOUT_READ: _("no answer in time"),
    Symptom.CONNECTION_LOST: _("connection lost"),
    Symptom.AUTH_SUSPECT: _("key refused"),
    Symptom.AUTH_INVALID: _("key not accepted"),
    Symptom.NO_CREDIT: _("no credit"),
    Symptom.RATE_LIMITED: _("your rate limit"),
    Symptom.REGION_BLOCKED: _("your region is not served"),
    Symptom.REQUEST_INVALID: _("heard, but not understood"),
    Symptom.DNS: _("name not found"),
    Symptom.REFUSED: _("connection refused"),
    Symptom.TLS_INTERCEPTED: _("connection opened by somebody"),
    Symptom.TLS_EXPIRED: _("certificate expired"),
    Symptom.CAPTIVE_PORTAL: _("a login page"),
    Symptom.PROXY_AUTH: _("proxy wants a login"),
    Symptom.PROXY_BLOCKED: _("blocked on the way"),
    Symptom.NETWORK_OFFLINE: _("no way through"),
    Symptom.SKIPPED: _("not made"),
}

#: Third parties by the word that provider files call them.
SOURCES = {"openrouter": "OpenRouter"}

#: What is wrong with the user's own account.
ACCOUNT = {
    Symptom.AUTH_SUSPECT: _("your key is refused"),
    Symptom.AUTH_INVALID: _("your key is not accepted"),
    Symptom.NO_CREDIT: _("your account has no credit left or has reached its own limit"),
    Symptom.RATE_LIMITED: _("you have reached your own rate limit"),
    Symptom.REGION_BLOCKED: _("requests from your region or network address are not served"),
}

#: What stands in the way on the user's own network.
MINE = {
    Symptom.TLS_INTERCEPTED: _("something on your network opens the encrypted connection"),
    Symptom.CAPTIVE_PORTAL: _("a login page or proxy answers in its place"),
    Symptom.PROXY_AUTH: _("your proxy wants a login"),
    Symptom.PROXY_BLOCKED: _("your proxy or network blocks it"),
    Symptom.NETWORK_OFFLINE: _("there is no way through to it"),
}


def age(seconds: float) -> str:
    """Return a stretch of time in words: "just now", "2 min", "1 h 18 min", "3 days"."""
    minutes = int(max(0.0, seconds) // 60)
    if minutes < 1:
        return _("just now") if seconds < 10 else _("{n} s").format(n=int(seconds))
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return _("{h} h {m} min").format(h=hours, m=rest) if rest else _("{h} h").format(h=hours)
    return _("{n} days").format(n=hours // 24)
