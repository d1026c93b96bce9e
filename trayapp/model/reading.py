"""What was observed at one moment: by a status page, by our own ping, or about the network in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from trayapp.model.level import Level


class Symptom(StrEnum):
    """What one ping saw; the words of `probes[].outcome` in the interface."""

    OK = "ok"
    SLOW = "slow"
    OVERLOADED = "overloaded"
    SERVER_ERROR = "server_error"
    EDGE_ERROR = "edge_error"
    TIMEOUT_CONNECT = "timeout_connect"
    TIMEOUT_READ = "timeout_read"
    CONNECTION_LOST = "connection_lost"
    AUTH_SUSPECT = "auth_suspect"
    AUTH_INVALID = "auth_invalid"
    NO_CREDIT = "no_credit"
    RATE_LIMITED = "rate_limited"
    REGION_BLOCKED = "region_blocked"
    REQUEST_INVALID = "request_invalid"
    DNS = "dns"
    REFUSED = "refused"
    TLS_INTERCEPTED = "tls_intercepted"
    TLS_EXPIRED = "tls_expired"
    CAPTIVE_PORTAL = "captive_portal"
    PROXY_AUTH = "proxy_auth"
    PROXY_BLOCKED = "proxy_blocked"
    NETWORK_OFFLINE = "network_offline"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a provider's service as its page shows it: the page's own word, and our level for it."""

    id: str
    name: str
    status: str
    level: Level


@dataclass(frozen=True, slots=True)
class Incident:
    """A disturbance that the page tells of. All text is already cleaned; times are aware UTC."""

    id: str
    name: str
    #: The page's own word: investigating, identified, monitoring, resolved …
    status: str
    #: The page's own word: none, minor, major, critical …
    impact: str
    started_at: datetime | None = None
    updated_at: datetime | None = None
    resolved_at: datetime | None = None
    url: str | None = None
    #: Ids of the components it names.
    components: tuple[str, ...] = ()
    #: Model families it names, in lower case: "sonnet", "gpt-5" …
    models: tuple[str, ...] = ()
    #: The newest update's text.
    latest: str = ""

    @property
    def is_open(self) -> bool:
        """True while the page has not called it over."""
        return self.resolved_at is None and self.status not in ("resolved", "postmortem", "completed")


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Announced work. Kept apart from incidents: it is neither up nor down."""

    id: str
    name: str
    #: The page's own word: scheduled, in_progress, verifying, completed …
    status: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    components: tuple[str, ...] = ()
    url: str | None = None

    def is_under_way(self, now: datetime) -> bool:
        """True within the announced window, as far as the page gives one."""
        begun = self.starts_at is not None and self.starts_at <= now
        over = self.ends_at is not None and self.ends_at <= now
        return begun and not over and self.status not in ("completed", "cancelled", "canceled")


@dataclass(frozen=True, slots=True)
class Page:
    """What a status page says, in our words."""

    components: tuple[Component, ...] = ()
    incidents: tuple[Incident, ...] = ()
    maintenances: tuple[Maintenance, ...] = ()
    #: The newest time on the page, as far as its platform gives any: a page that nobody tends stands still.
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PageReading:
    """One look at a status page: `page`, or the reason in `error` why there is none. Never both."""

    provider: str
    at: datetime
    url: str
    page: Page | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class ProbeReading:
    """One ping. `kind` is a word of `ProbeKind`; `beside` marks a keyless one sent because a keyed one failed."""

    provider: str
    kind: str
    at: datetime
    symptom: Symptom
    http_status: int | None = None
    seconds: float = 0.0
    #: One line: the vendor's code and message, or what failed.
    detail: str = ""
    model: str | None = None
    beside: bool = False
    #: The vendor's word to stay away for so many seconds.
    retry_after_s: float | None = None
    #: The network of others that stands before the provider and answered for it: "cloudflare".
    edge: str = ""


class NetworkState(StrEnum):
    """What stands between this machine and everybody; the words of `network.state` in the interface."""

    ONLINE = "online"
    OFFLINE = "offline"
    CAPTIVE_PORTAL = "captive_portal"
    DNS = "dns"
    PROXY = "proxy"
    TLS = "tls_intercepted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class NetworkReading:
    """What the neutral targets showed when a ping found no way through."""

    at: datetime
    state: NetworkState
    detail: str = ""
    #: So many of the neutral targets answered as they always do.
    well: int = 0


@dataclass(frozen=True, slots=True)
class ElsewhereReading:
    """What a third party saw of a provider in its own traffic. Never decisive alone: it may be the trouble itself.

    `level` is UNKNOWN when it saw too little, and when it could not be asked: then `error` says why.
    """

    provider: str
    at: datetime
    #: Who saw it: a word of `ELSEWHERE` in the catalogue.
    source: str
    level: Level
    #: Share of its requests in the last five minutes that succeeded, in per cent.
    uptime: float | None
    #: One line: the numbers that were seen.
    detail: str
    url: str
    error: str | None = None
    #: The same share for the other companies that it reaches the same model through: its own controls.
    peers: tuple[float, ...] = ()

    @property
    def kind(self) -> str:
        """How it was come by, as for a ping."""
        return "elsewhere"


@dataclass(frozen=True, slots=True)
class PassiveReading:
    """What a coding agent on this machine met on its own way to the provider, from the record it keeps of it.

    Nothing of what was asked or answered is in it: `code` and `model` are words, not sentences.
    """

    provider: str
    at: datetime
    symptom: Symptom
    http_status: int | None
    #: The vendor's or the agent's machine word: "overloaded_error", "server_overloaded" …
    code: str | None
    model: str | None
    agent: str

    @property
    def kind(self) -> str:
        """How it was come by, as for a ping."""
        return "passive"


Reading = PageReading | ProbeReading | NetworkReading | ElsewhereReading | PassiveReading


@dataclass(frozen=True, slots=True)
class Observation:
    """All readings of one look at one provider, taken together."""

    provider: str
    started_at: datetime
    readings: tuple[Reading, ...] = field(default_factory=tuple)
