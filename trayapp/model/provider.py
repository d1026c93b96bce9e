"""A provider as its file declares it: where its status is published, how it is pinged, how agents reach it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from trayapp.model.reading import Symptom


class ProbeKind(StrEnum):
    """What a ping costs and proves: the front door, the key too, or the whole path for money."""

    KEYLESS = "keyless"
    FREE = "free"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class FeedComponent:
    """A component of the status page that we know: its id there, and the presets in which it counts."""

    id: str
    name: str
    scope: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """Where a provider publishes its status, and on which platform (= a module of `feeds/`)."""

    platform: str
    #: The base that `path` is joined to, then the bases tried when it does not answer.
    url: str
    fallbacks: tuple[str, ...] = ()
    #: Path of the document below the base; None: the platform's own.
    path: str | None = None
    #: The page for people; None: `url`.
    page: str | None = None
    components: tuple[FeedComponent, ...] = ()
    #: The page has a component for each model, and they come and go: a few that fail are not the service.
    roster: bool = False

    @property
    def bases(self) -> tuple[str, ...]:
        """Every base in the order in which they are tried."""
        return (self.url, *self.fallbacks)


@dataclass(frozen=True, slots=True)
class Api:
    """Where the provider answers, and how a key is presented there."""

    base_url: str
    #: The only hosts the key may ever be sent to.
    hosts: tuple[str, ...]
    auth: str = "bearer"
    headers: Mapping[str, str] = field(default_factory=dict)
    key_env: str | None = None
    key_page: str | None = None
    #: What sentences call it: "Claude API". Empty: the provider's name.
    name: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """One light request below `Api.base_url`, and the HTTP statuses that mean it was heard."""

    kind: ProbeKind
    method: str
    path: str
    alive: tuple[int, ...]
    #: May contain `{model}`.
    body: str | None = None
    #: Cheapest first; one that is retired falls through to the next.
    models: tuple[str, ...] = ()
    #: US dollars for a million tokens in and out.
    usd_per_million: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Answer:
    """A vendor's own way of failing. All that is given must fit."""

    means: Symptom
    status: int | None = None
    #: A machine word in the body: error.type, error.code, error.status, a detail's reason.
    code: str | None = None
    #: A piece of the body's text, in lower case.
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """How an agent can be pointed here."""

    protocol: str
    base_url: str
    auth: str = "bearer"
    models: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Who else publishes how well this provider serves them, and what to look up there."""

    #: A word of `ELSEWHERE` in the catalogue.
    source: str
    #: The model as the source names it: "author/model".
    model: str
    #: This provider's own endpoint there, by its tag or its name; others serve the same model.
    endpoint: str


@dataclass(frozen=True, slots=True)
class Provider:
    """A vendor whose availability we watch. `id` is the name of its file."""

    id: str
    name: str
    feed: Feed | None = None
    api: Api | None = None
    probes: tuple[Probe, ...] = ()
    answers: tuple[Answer, ...] = ()
    routes: tuple[Route, ...] = ()
    formerly: tuple[str, ...] = ()
    #: A server on the user's own machine: when nobody listens it is not running, which is no outage.
    local: bool = False
    #: Plain http and private addresses are meant.
    allow_private: bool = False
    #: What a reader should know about this provider's evidence.
    note: str = ""
    elsewhere: Elsewhere | None = None

    def probe(self, kind: ProbeKind) -> Probe | None:
        """Return the provider's ping of this kind, None when it declares none."""
        return next((probe for probe in self.probes if probe.kind is kind), None)

    @property
    def page(self) -> str | None:
        """The status page for people, None when the provider has none."""
        return (self.feed.page or self.feed.url) if self.feed else None
