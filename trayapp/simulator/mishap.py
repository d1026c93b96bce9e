"""What goes wrong on the user's own side: the machine, the network in between, the account. No provider is to blame."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trayapp.model.request import Failure


class Mishap(StrEnum):
    """What happened to the user."""

    #: The lid is closed: nothing runs, and the wall clock has jumped when it opens.
    SLEEP = "sleep"
    #: No way out, or a weak one when `share` is below 1.
    WIFI = "wifi"
    #: A page that wants a login stands before everything.
    PORTAL = "portal"
    #: No name can be looked up.
    DNS = "dns"
    #: The proxy wants to know who asks.
    PROXY = "proxy"
    #: TLS is opened on the way, by an authority that this machine does not trust.
    TLS = "tls"
    #: The way out changes: connections under way are lost, new ones hang for a while.
    VPN = "vpn"
    #: A way out of bad repute: the edge answers with a challenge for browsers.
    CHALLENGE = "challenge"
    #: The key is revoked or has run out.
    KEY = "key"
    #: The money is spent.
    CREDIT = "credit"
    #: The account's own limit of requests is reached.
    LIMIT = "limit"
    #: The way out is in a country that is not served.
    REGION = "region"


#: Which concern everything that is asked, and which one provider's account.
NETWORK = (Mishap.WIFI, Mishap.PORTAL, Mishap.DNS, Mishap.PROXY, Mishap.TLS, Mishap.VPN)
ACCOUNT = (Mishap.KEY, Mishap.CREDIT, Mishap.LIMIT, Mishap.REGION)


@dataclass(frozen=True, slots=True)
class Mine:
    """One stretch of the user's own trouble; `provider` is whose account, for those of `ACCOUNT`, None for all."""

    kind: Mishap
    start: datetime
    end: datetime
    share: float = 1.0
    provider: str | None = None


@dataclass(frozen=True, slots=True)
class Blow:
    """How one request ends on a broken network: by a failure after some seconds, or by a stranger's answer."""

    failure: Failure | None
    seconds: float = 0.0
    status: int | None = None


#: For a request by https and by plain http, as the neutral targets are. A portal cannot answer for a name that it has
#: no certificate for; a proxy answers plain http itself; who opens TLS lets plain http pass (None).
_BLOWS: dict[Mishap, tuple[Blow, Blow | None]] = {
    Mishap.WIFI: (Blow(Failure.UNREACHABLE), Blow(Failure.UNREACHABLE)),
    Mishap.PORTAL: (Blow(Failure.TLS_HOSTNAME, 0.1), Blow(None, 0.0, 302)),
    Mishap.DNS: (Blow(Failure.DNS, 0.05), Blow(Failure.DNS, 0.05)),
    Mishap.PROXY: (Blow(Failure.PROXY_AUTH), Blow(None, 0.0, 407)),
    Mishap.TLS: (Blow(Failure.TLS_UNTRUSTED, 0.1), None),
    Mishap.VPN: (Blow(Failure.CONNECT_TIMEOUT, 5.0), Blow(Failure.CONNECT_TIMEOUT, 3.0)),
}
#: A weak network loses packets: the request runs out of time.
_LOST = (Blow(Failure.CONNECT_TIMEOUT, 5.0), Blow(Failure.CONNECT_TIMEOUT, 3.0))


def blow(mine: Mine, *, is_tls: bool) -> Blow | None:
    """Return how a request ends that this stretch of bad network takes; None: it passes."""
    pair = _LOST if mine.kind is Mishap.WIFI and mine.share < 1 else _BLOWS[mine.kind]
    return pair[0] if is_tls else pair[1]


def sleeps(mine: Iterable[Mine]) -> tuple[Mine, ...]:
    """Return the stretches of sleep in the order of time."""
    return tuple(sorted((each for each in mine if each.kind is Mishap.SLEEP), key=lambda each: each.start))
