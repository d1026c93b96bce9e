"""What each server of the world answers to a request at a moment: the same for real sockets and for a replay."""

from __future__ import annotations

import hashlib
import pkgutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from importlib import import_module
from random import Random
from types import ModuleType
from typing import cast

from trayapp.model.ports import Refused
from trayapp.model.secret import Secret
from trayapp.simulator import apis, pages
from trayapp.simulator.apis import Dialect
from trayapp.simulator.apis._account import refusal
from trayapp.simulator.apis._door import Broken, Door
from trayapp.simulator.board import Extra, board
from trayapp.simulator.exchange import Answer, Ask, Manner, Reply, html_answer, json_answer
from trayapp.simulator.mishap import ACCOUNT, Mine, Mishap
from trayapp.simulator.pages import Platform
from trayapp.simulator.scenario import Fault, Incident, Path, Scenario
from trayapp.simulator.spans import Spans
from trayapp.simulator.vendors import Vendor

#: Statuspage lists the last 50 incidents.
_LISTED = 50
#: A challenge for browsers, as an edge puts it before a way out of bad repute.
_CHALLENGE = Fault(status=403)
#: How a request fails although nothing is wrong.
_NOISE = (
    Fault(Manner.ERROR, 500, ""),
    Fault(Manner.ERROR, 500, ""),
    Fault(Manner.ERROR, 502),
    Fault(Manner.HANG),
    Fault(Manner.DROP),
)
KEY_HEADERS = ("authorization", "x-api-key", "x-goog-api-key", "api-key")
#: The headers by which an API answers one way or another.
_TELLING = (*KEY_HEADERS, "anthropic-version")


@dataclass(slots=True)
class _Told:
    """A page's answers at one state of it, by path, and until when they hold."""

    since: datetime
    until: datetime
    answers: dict[str, Answer | None]


class PageService:
    """One vendor's status page. Raises Refused for a platform that is not here."""

    def __init__(self, vendor: Vendor, scenario: Scenario) -> None:
        self._vendor = vendor
        self._platform = cast(Platform, protocol(pages, vendor.platform or ""))
        self._began = scenario.start
        self._incidents = tuple(each for each in scenario.incidents if each.provider == vendor.id)
        self._broken = Spans(each for each in self._incidents if each.path is Path.PAGE)
        self._dice = Random(f"{vendor.id}.page")
        self._moments = sorted({post.at for each in self._incidents for post in each.posts})
        self._told: _Told | None = None
        #: What was put on the page by hand.
        self.extra = Extra()

    def answer(self, ask: Ask, now: datetime) -> Reply:
        """Answer one request."""
        for incident in self._broken.at(now):
            if self._dice.random() < incident.share:
                manner = incident.fault.manner
                return manner if manner is not Manner.ERROR else edge_page(incident.fault.status)
        document = self._document(ask.path, now)
        return edge_page(404) if document is None else _validated(ask, document)

    def _document(self, path: str, now: datetime) -> Answer | None:
        told = self._told
        if told is None or not told.since <= now < told.until or self.extra.is_touched:
            told = self._told = self._state(now)
        if path not in told.answers:
            shown = board(self._vendor, self._began, self._lately(now), self.extra, now)
            document = self._platform.answer(self._vendor, shown, path)
            told.answers[path] = None if document is None else _tagged(json_answer(document))
        return told.answers[path]

    def _lately(self, now: datetime) -> tuple[Incident, ...]:
        """Leave out what the page told of long ago, as pages do; a year's worth would make it a book."""
        known = [each for each in self._incidents if each.posts and each.posts[0].at <= now]
        is_open = [each for each in known if each.posts[-1].at > now or each.posts[-1].status != "resolved"]
        new = known[-_LISTED:]
        return (*(each for each in is_open if each not in new), *new)

    def _state(self, now: datetime) -> _Told:
        before = [at for at in self._moments if at <= now]
        after = [at for at in self._moments if at > now]
        since = before[-1] if before else datetime.min.replace(tzinfo=UTC)
        return _Told(since, after[0] if after else datetime.max.replace(tzinfo=UTC), {})


class ApiService:
    """One vendor's API. Raises Refused for a dialect that is not here."""

    def __init__(self, vendor: Vendor, scenario: Scenario, valid_key: Secret, *, terse: bool = False) -> None:
        """`terse`: while all is well the same question gets the very same answer, request id included."""
        self._vendor = vendor
        self._terse = terse
        self._dialect = cast(Dialect, protocol(apis, vendor.dialect or ""))
        self._valid_key = valid_key
        mine = (each for each in scenario.mine if each.kind in (*ACCOUNT, Mishap.CHALLENGE))
        self._broken = Spans(each for each in scenario.incidents if each.provider == vendor.id)
        self._mine = Spans(each for each in mine if each.provider in (None, vendor.id))
        #: Seeded by what they decide: two runs with the same requests are alike.
        self._dice = {incident.id: Random(incident.id) for incident in scenario.incidents}
        self._chance = Random(f"{scenario.id}.{vendor.id}")
        self._noise = scenario.noise
        self._asked = 0
        self._usual: dict[tuple[object, ...], Answer] = {}

    def error(self, status: int) -> Answer:
        """Return the API's own error for a status."""
        return self._dialect.error(status, None, "", self._asked)

    def answer(self, ask: Ask, now: datetime) -> Reply:
        """Answer one request."""
        self._asked += 1
        if self._noise and self._chance.random() < self._noise:
            return self._reply(self._chance.choice(_NOISE))
        broken, mine = self._broken.at(now), self._mine.at(now)
        return self._troubled(ask, broken, mine) if broken or mine else self._well(ask)

    def _well(self, ask: Ask) -> Answer:
        """Answer as always."""
        if not self._terse:
            return self._dialect.answer(self._vendor, ask, Door(self._asked, self._accepts, _passes))
        known = (ask.method, ask.path, ask.query, ask.body, *(ask.headers.get(name, "") for name in _TELLING))
        if known not in self._usual:
            self._usual[known] = self._dialect.answer(self._vendor, ask, Door(self._asked, self._accepts, _passes))
        return self._usual[known]

    def _troubled(self, ask: Ask, broken: tuple[Incident, ...], mine: tuple[Mine, ...]) -> Reply:
        late = [0.0]

        def through(path: Path, model: str) -> None:
            """Raises Broken when something is on there and takes this request."""
            for each in mine:
                fault = self._own(each.kind, path)
                if fault is not None and self._chance.random() < each.share:
                    raise Broken(fault)
            for incident in broken:
                if _touches(incident, path, model) and self._dice[incident.id].random() < incident.share:
                    if incident.fault.manner is not Manner.SLOW:
                        raise Broken(incident.fault)
                    late.append(incident.fault.seconds)

        is_revoked = any(each.kind is Mishap.KEY for each in mine)
        accepts = _refuses if is_revoked else self._accepts
        door = Door(self._asked, accepts, through)
        try:
            door.through(Path.EDGE, "")
            answer = self._dialect.answer(self._vendor, ask, door)
        except Broken as trouble:
            return self._reply(trouble.fault)
        return replace(answer, after_s=max(late))

    def _own(self, kind: Mishap, path: Path) -> Fault | None:
        """Return how the user's own trouble ends a request at this part of its way, None when it does not."""
        if kind is Mishap.CHALLENGE and path is Path.EDGE:
            return _CHALLENGE
        is_there = (kind is Mishap.REGION and path is Path.EDGE) or (
            kind in (Mishap.CREDIT, Mishap.LIMIT) and path is Path.INFERENCE
        )
        return refusal(self._vendor.dialect or "", kind) if is_there else None

    def _reply(self, fault: Fault) -> Reply:
        if fault.manner is not Manner.ERROR:
            return fault.manner
        if fault is _CHALLENGE:
            return html_answer(fault.status, "Just a moment...", {"server": "cloudflare", "cf-mitigated": "challenge"})
        if fault.code is None:
            return edge_page(fault.status)
        made = self._dialect.error(fault.status, fault.code or None, fault.message, self._asked)
        wait = {} if fault.retry_after_s is None else {"retry-after": str(fault.retry_after_s)}
        return replace(made, headers={**made.headers, **wait})

    def _accepts(self, key: str) -> bool:
        return Secret(key) == self._valid_key


def protocol(family: ModuleType, name: str) -> ModuleType:
    """Return the module of a family that speaks the protocol `name`. Raises Refused when there is none."""
    known = sorted(module.name for module in pkgutil.iter_modules(family.__path__) if not module.name.startswith("_"))
    if name not in known:
        raise Refused(f"one of {', '.join(known)} was expected as protocol, got {name[:50]!a}")
    return import_module(f"{family.__name__}.{name}")


def edge_page(status: int) -> Answer:
    """Return the page that an edge shows; some of its statuses (520 to 530) have no words of their own."""
    known = {each.value: each.phrase for each in HTTPStatus}
    return html_answer(status, f"{status} {known.get(status, 'Error')}")


def _touches(incident: Incident, path: Path, model: str) -> bool:
    if incident.path is Path.MODEL:
        return path is Path.INFERENCE and any(piece.lower() in model.lower() for piece in incident.models)
    return incident.path is path


def _passes(path: Path, model: str) -> None:
    """Let every request through."""


def _refuses(key: str) -> bool:
    """Know no key."""
    return False


def _tagged(answer: Answer) -> Answer:
    tag = f'W/"{hashlib.sha256(answer.body).hexdigest()[:32]}"'
    return replace(
        answer, headers={**answer.headers, "etag": tag, "cache-control": "max-age=0, private, must-revalidate"}
    )


def _validated(ask: Ask, answer: Answer) -> Answer:
    """Return the answer with its ETag, or a 304 without a body to who has it already (RFC 9110, section 13.1.2)."""
    asked = ask.headers.get("if-none-match")
    if asked is None:
        return answer
    known = {each.strip().removeprefix("W/") for each in asked.split(",")}
    if known & {"*", answer.headers["etag"].removeprefix("W/")}:
        return Answer(304, {name: answer.headers[name] for name in ("etag", "cache-control")})
    return answer
