"""An outage as facts: what was broken from when to when, and what the status page said about it, and when.

A scenario is a file in `scenarios/`. A new one needs nothing else; about another vendor it brings a `[[vendor]]` table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib.resources import files
from typing import Any

from trayapp.model.forms import Form, Unfit, flag, line, matching, number, one_of
from trayapp.model.forms import status as http_status
from trayapp.model.ports import Refused
from trayapp.model.settings import Scope
from trayapp.model.source import Source
from trayapp.model.table import Table
from trayapp.simulator.exchange import Manner
from trayapp.simulator.mishap import ACCOUNT, Mine, Mishap
from trayapp.simulator.vendors import STATES, VENDORS, Vendor


class Path(StrEnum):
    """The part of a vendor's service that breaks. A request notices only what it passes through."""

    #: All of the API's traffic, with a key and without.
    EDGE = "edge"
    #: Looking up a key: only requests with a valid one.
    SIGN_IN = "sign_in"
    #: Generating, with every model.
    INFERENCE = "inference"
    #: Generating, with the models named.
    MODEL = "model"
    #: Logging in with a subscription: no request to the API.
    LOG_IN = "log_in"
    #: The status page itself.
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Fault:
    """How a broken path answers. Without a code it is the HTML page of a proxy, not the vendor's own error."""

    manner: Manner = Manner.ERROR
    status: int = 500
    code: str | None = None
    message: str = ""
    #: Seconds before the answer, for `Manner.SLOW`.
    seconds: float = 30.0
    #: The header of that name.
    retry_after_s: int | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One update on the status page. Components that it does not name keep their state."""

    at: datetime
    status: str
    impact: str
    components: Mapping[str, str] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """One thing that broke: the truth, and beside it what the page said. Times are aware UTC."""

    id: str
    provider: str
    name: str
    path: Path
    start: datetime
    end: datetime
    fault: Fault
    #: Of the requests that pass through the path, the part that fails; above 0, at most 1.
    share: float = 1.0
    #: Pieces of the names of the models that fail, for `Path.MODEL`.
    models: tuple[str, ...] = ()
    #: In the order of time.
    posts: tuple[Post, ...] = ()

    def is_on(self, now: datetime) -> bool:
        """True while it is broken."""
        return self.start <= now < self.end


@dataclass(frozen=True, slots=True)
class Scenario:
    """A stretch of time from `start` to `end`, and what goes wrong in it, with the vendors and with the user."""

    id: str
    title: str
    start: datetime
    end: datetime
    incidents: tuple[Incident, ...] = ()
    vendors: tuple[Vendor, ...] = VENDORS
    #: Where the facts are from.
    source: str = ""
    #: What goes wrong on the user's own side.
    mine: tuple[Mine, ...] = ()
    #: Of all requests to an API the part that fails although nothing is wrong.
    noise: float = 0.0
    #: The models and the components (names or ids) that the user cares for, by provider; without: all.
    scopes: Mapping[str, Scope] = field(default_factory=dict)

    def vendor(self, provider: str) -> Vendor:
        """Return the vendor with this id. Raises KeyError."""
        return {vendor.id: vendor for vendor in self.vendors}[provider]


def scenarios() -> tuple[str, ...]:
    """Return the ids of all scenarios: the files in their folder."""
    entries = files("trayapp.simulator").joinpath("scenarios").iterdir()
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in entries if entry.name.endswith(".toml")))


def scenario(id: str) -> Scenario:
    """Return the scenario with this id. Raises Refused when there is none."""
    if id not in scenarios():
        raise Refused(f"one of {', '.join(scenarios())} was expected as scenario, got {id[:50]!a}")
    text = files("trayapp.simulator").joinpath("scenarios", f"{id}.toml").read_text(encoding="utf-8")
    return load(text, f"{id}.toml")


def calm(start: datetime) -> Scenario:
    """Return a day on which nothing goes wrong by itself."""
    return Scenario("calm", "Nothing goes wrong", start, start + timedelta(days=1))


def load(text: str, where: str = "scenario.toml") -> Scenario:
    """Return the scenario that `text` tells; `where` names its file, and by it the scenario.

    Raises Refused: one line with file, line, key and what was expected, also for a key that is not known.
    """
    table = Table.of(Source(where, text))
    start, end = _span(table, "start", "end")
    vendors = _vendors(table)
    incidents = tuple(_incident(each, vendors) for each in table.tables("incident", most=1000))
    mine = tuple(_mine(each, vendors) for each in table.tables("mine", most=1000))
    scopes = tuple(_scope(each, vendors) for each in table.tables("user", most=20))
    made = Scenario(
        id=where.removesuffix(".toml"),
        title=table.need("title", line(100)),
        start=start,
        end=end,
        incidents=incidents,
        vendors=tuple(vendors.values()),
        source=table.get("source", line(300), ""),
        mine=mine,
        noise=table.get("noise", number(0, 1), 0.0),
        scopes=dict(scopes),
    )
    if len({incident.id for incident in incidents}) < len(incidents):
        raise table.refusal("incident", "incidents with ids of their own")
    for warning in table.warnings():
        raise Refused(warning)
    return made


_ID: Form[str] = matching(r"[A-Za-z0-9_-]{1,64}", "an id of letters, digits, - and _")
_ROOM: Form[str] = matching(r"[a-z]{1,30}", "the name of a protocol")


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    raise Unfit("a date and time with its offset, as 2026-04-28T17:34:00Z")


def _span(table: Table, first: str, last: str) -> tuple[datetime, datetime]:
    start, end = table.need(first, _moment), table.need(last, _moment)
    if start >= end:
        raise table.refusal(last, f"a time after {first}")
    return start, end


def _vendors(table: Table) -> dict[str, Vendor]:
    declared = (
        Vendor(
            id=each.need("id", _ID),
            name=each.need("name", line(60)),
            platform=each.get("platform", _ROOM, None),
            page_id=each.get("page_id", _ID, ""),
            page_url=each.get("page_url", line(200), ""),
            components=each.mapping("components", _ID, line(100), most=200),
            dialect=each.get("dialect", _ROOM, None),
            is_open=each.get("is_open", flag, False),
            models=each.each("models", line(100)),
        )
        for each in table.tables("vendor", most=20)
    )
    return {vendor.id: vendor for vendor in (*VENDORS, *declared)}


def _incident(table: Table, vendors: Mapping[str, Vendor]) -> Incident:
    vendor = vendors[table.need("provider", one_of(vendors))]
    start, end = _span(table, "from", "to")
    share = table.get("share", number(0, 1), 1.0)
    path = Path(table.need("path", one_of([path.value for path in Path])))
    made = Incident(
        id=table.need("id", _ID),
        provider=vendor.id,
        name=table.need("name", line(200)),
        path=path,
        start=start,
        end=end,
        fault=_fault(table, path),
        share=share,
        models=table.each("models", line(100), least=1) if path is Path.MODEL else (),
        posts=tuple(_post(each, vendor) for each in table.tables("post")),
    )
    if not share:
        raise table.refusal("share", "a number above 0")
    if path is Path.MODEL and not made.models:
        raise table.refusal("models", "the models that fail")
    if sorted(post.at for post in made.posts) != [post.at for post in made.posts]:
        raise table.refusal("post", "posts in the order of time")
    return made


def _fault(table: Table, path: Path) -> Fault:
    if path is Path.LOG_IN:
        return Fault()
    manner = Manner(table.get("manner", one_of([manner.value for manner in Manner]), "error"))
    if manner is not Manner.ERROR:
        return Fault(manner, seconds=table.get("seconds", number(0, 600), 30.0))
    return Fault(
        manner,
        table.need("status", http_status),
        table.get("code", _ID, None),
        table.get("message", line(500), ""),
    )


def _mine(table: Table, vendors: Mapping[str, Vendor]) -> Mine:
    kind = Mishap(table.need("kind", one_of([kind.value for kind in Mishap])))
    start, end = _span(table, "from", "to")
    share = table.get("share", number(0, 1), 1.0)
    if not share:
        raise table.refusal("share", "a number above 0")
    of_one = kind in ACCOUNT
    return Mine(kind, start, end, share, table.need("provider", one_of(vendors)) if of_one else None)


def _scope(table: Table, vendors: Mapping[str, Vendor]) -> tuple[str, Scope]:
    provider = table.need("provider", one_of(vendors))
    return provider, Scope(table.each("components", line(100)), table.each("models", line(100)))


def _post(table: Table, vendor: Vendor) -> Post:
    return Post(
        at=table.need("at", _moment),
        status=table.need("status", one_of(("investigating", "identified", "monitoring", "resolved"))),
        impact=table.need("impact", one_of(("none", "minor", "major", "critical"))),
        components=table.mapping("components", one_of(vendor.components), one_of(STATES), most=200),
        text=table.get("text", line(1000), ""),
    )
