"""Is it our own network? Neutral targets tell, before any provider is blamed (rule R1).

A target is "URL", well when it answers 204 without a body, or "URL|TEXT", well when it answers 200 with exactly TEXT.
Operating systems and browsers find captive portals in the same way.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from trayapp.model.reading import NetworkState, Symptom
from trayapp.model.request import Failure, Outcome, Request

#: Seconds a target has for everything.
PATIENCE_S = 3.0

#: What a ping sees when there may be no way through: reason to ask the targets.
NO_WAY_THROUGH = frozenset(
    {
        Symptom.DNS,
        Symptom.REFUSED,
        Symptom.TIMEOUT_CONNECT,
        Symptom.TIMEOUT_READ,
        Symptom.CONNECTION_LOST,
        Symptom.TLS_INTERCEPTED,
        Symptom.TLS_EXPIRED,
        Symptom.CAPTIVE_PORTAL,
        Symptom.PROXY_AUTH,
        Symptom.PROXY_BLOCKED,
        Symptom.NETWORK_OFFLINE,
    }
)

_PROXY = (Failure.PROXY_AUTH, Failure.PROXY_BLOCKED, Failure.PROXY_DOWN)


def request(target: str) -> Request:
    """Return the request that asks a target, on a connection of its own."""
    url = target.partition("|")[0]
    return Request(url, connect_s=PATIENCE_S, read_s=PATIENCE_S, total_s=PATIENCE_S, fresh=True, allow_private=True)


def is_well(target: str, outcome: Outcome) -> bool:
    """True when the target answered as it always does."""
    _, expects, text = target.partition("|")
    if expects:
        return outcome.status == 200 and outcome.body == text.encode()
    return outcome.status == 204 and not outcome.body


def well(outcomes: Iterable[tuple[str, Outcome]]) -> int:
    """Return how many of the targets answered as they always do."""
    return sum(is_well(target, outcome) for target, outcome in outcomes)


def network(outcomes: Sequence[tuple[str, Outcome]]) -> tuple[NetworkState, str]:
    """Return the state of the network that the targets' outcomes show, and one line about it.

    One target may be blocked or answered stale by a cache, so a wrong answer counts only when wrong answers
    outnumber right ones. Without targets nothing can be said, and the providers are judged as if all were well.
    """
    if not outcomes:
        return NetworkState.UNKNOWN, "no neutral targets are configured"
    well = sum(is_well(target, outcome) for target, outcome in outcomes)
    wrong = sum(outcome.failure is None for _, outcome in outcomes) - well
    if wrong > well:
        return NetworkState.CAPTIVE_PORTAL, f"{wrong} of {len(outcomes)} neutral sites answer with something else"
    if well:
        return NetworkState.ONLINE, f"{well} of {len(outcomes)} neutral sites answer"
    failures = [outcome.failure for _, outcome in outcomes]
    if all(failure is Failure.DNS for failure in failures):
        return NetworkState.DNS, "no name can be looked up"
    if any(failure in _PROXY for failure in failures):
        return NetworkState.PROXY, "the proxy lets nothing through"
    return NetworkState.OFFLINE, f"none of {len(outcomes)} neutral sites answers"


def is_private(host: str) -> bool:
    """True for this machine and for addresses of private ranges, as far as the name itself tells."""
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return not address.is_global


def applies(failed: Iterable[str], targets: Iterable[str]) -> bool:
    """True when the targets can tell anything about the URLs that failed.

    A server on this machine does not need the internet: its silence says nothing about the network, unless the
    targets are on private addresses too.
    """
    hosts = [urlsplit(url).hostname or "" for url in failed]
    aims = [urlsplit(target.partition("|")[0]).hostname or "" for target in targets]
    return any(not is_private(host) for host in hosts) or any(is_private(aim) for aim in aims)
