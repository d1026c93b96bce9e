"""The network of a replay: a Fetcher that asks the world's servers in this process, without a socket.

It answers at the vendors' own addresses, so that the line runs with the settings that ship. What stands between the
user and everybody (`mishap.py`) stands here too, before the neutral targets as before the providers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from random import Random
from urllib.parse import urlsplit

from trayapp.model.ports import Clock
from trayapp.model.provider import Provider
from trayapp.model.request import Failure, Outcome, Request
from trayapp.model.secret import Secret
from trayapp.simulator.exchange import Answer, Ask, Manner, Reply
from trayapp.simulator.mishap import NETWORK, Blow, blow
from trayapp.simulator.router import HOST as ROUTER
from trayapp.simulator.router import Listed, RouterService
from trayapp.simulator.scenario import Scenario
from trayapp.simulator.service import ApiService, PageService
from trayapp.simulator.spans import Spans

#: Seconds to the first byte while all is well: the spread of a healthy API, in the order in which they come.
_DICE = Random(7)
_USUAL_S = tuple(round(_DICE.lognormvariate(-1.9, 0.25), 3) for _ in range(997))
#: A wait shorter than this is told but not lived through: it would only cost time.
_FELT_S = 1.0

_FAILURES = {
    Manner.DROP: (Failure.LOST, 0.2),
    Manner.CUT: (Failure.CUT, 0.3),
    Manner.REFUSE: (Failure.REFUSED, 0.1),
    Manner.DNS: (Failure.DNS, 0.1),
}


class InsideNetwork:
    """The way from this user to the scenario's servers, and to the neutral `targets` ("URL" or "URL|TEXT")."""

    def __init__(
        self, scenario: Scenario, valid_key: Secret, providers: Iterable[Provider], targets: Iterable[str]
    ) -> None:
        self._targets = {target.partition("|")[0]: target for target in targets}
        self._hosts: dict[str, PageService | ApiService | RouterService] = {}
        self._blows = Spans(mine for mine in scenario.mine if mine.kind in NETWORK)
        self._luck = Random(f"{scenario.id}.network")
        #: The last good answer of each address, so that what has not changed is not sent again.
        self._kept: dict[str, Answer] = {}
        self._turn = 0
        vendors, listed = {vendor.id: vendor for vendor in scenario.vendors}, list[Listed]()
        for provider in providers:
            vendor = vendors.get(provider.id)
            if vendor and vendor.platform and provider.feed:
                page = PageService(vendor, scenario)
                self._hosts.update({_host(base): page for base in provider.feed.bases})
            if provider.elsewhere is not None:
                listed.append(Listed(provider.id, provider.elsewhere.model, provider.elsewhere.endpoint))
            if vendor and vendor.dialect and provider.api:
                self._hosts[_host(provider.api.base_url)] = ApiService(vendor, scenario, valid_key, terse=True)
        self._hosts.setdefault(ROUTER, RouterService(scenario, listed))

    def outcome(self, request: Request, now: datetime) -> Outcome:
        """Return what comes of a request that is sent now; its `seconds` are how long that takes."""
        self._turn += 1
        host, path, query, is_tls = _parts(request.url)
        for mine in self._blows.at(now):
            hit = blow(mine, is_tls=is_tls)
            if hit is not None and (mine.share == 1 or self._luck.random() < mine.share):
                return _blown(request, hit)
        target = self._targets.get(request.url)
        if target is not None:
            _, expects, text = target.partition("|")
            return Outcome(request.url, 200 if expects else 204, body=text.encode(), seconds=0.05)
        service = self._hosts.get(host)
        if service is None:
            return Outcome(request.url, failure=Failure.DNS, detail="no such name", seconds=0.05)
        return self._told(request, service.answer(self._ask(request, path, query), now))

    def _ask(self, request: Request, path: str, query: str) -> Ask:
        headers = dict(request.headers)
        if request.credential is not None:
            name, value = _presented(request.credential.auth, request.credential.secret.reveal())
            headers[name] = value
        kept = self._kept.get(request.url) if request.conditional else None
        if kept is not None:
            headers["if-none-match"] = kept.headers["etag"]
        return Ask(request.method, path, query, headers, request.body or b"")

    def _told(self, request: Request, reply: Reply) -> Outcome:
        if reply is Manner.HANG or (isinstance(reply, Answer) and reply.after_s >= request.read_s):
            return Outcome(request.url, failure=Failure.READ_TIMEOUT, detail="no answer", seconds=request.read_s)
        if not isinstance(reply, Answer):
            failure, seconds = _FAILURES[reply]
            return Outcome(request.url, failure=failure, detail=failure.value.replace("_", " "), seconds=seconds)
        seconds = reply.after_s or _USUAL_S[self._turn % len(_USUAL_S)]
        kept = self._kept.get(request.url)
        if reply.status == 304 and kept is not None:
            return Outcome(request.url, 200, kept.headers, kept.body, seconds=seconds, unchanged=True)
        if request.conditional and reply.status == 200 and "etag" in reply.headers:
            self._kept[request.url] = reply
        return Outcome(request.url, reply.status, reply.headers, _body(reply), seconds=seconds)


class InsideFetcher:
    """The port Fetcher on such a network; what takes long takes that long on the clock."""

    def __init__(self, network: InsideNetwork, clock: Clock) -> None:
        self._network = network
        self._clock = clock

    async def fetch(self, request: Request) -> Outcome:
        """Make the request."""
        outcome = self._network.outcome(request, self._clock.now())
        if outcome.seconds >= _FELT_S:
            await asyncio.sleep(outcome.seconds)
        return outcome

    async def reset(self) -> None:
        """Have nothing to forget."""

    async def close(self) -> None:
        """Have nothing to let go."""


def _blown(request: Request, hit: Blow) -> Outcome:
    if hit.failure is None:
        headers = {"content-type": "text/html", "location": "http://login.invalid/"}
        return Outcome(request.url, hit.status, headers, b"<html></html>", seconds=hit.seconds)
    seconds = min(hit.seconds, request.connect_s)
    return Outcome(request.url, failure=hit.failure, detail=hit.failure.value.replace("_", " "), seconds=seconds)


def _presented(auth: str, key: str) -> tuple[str, str]:
    return ("authorization", f"Bearer {key}") if auth == "bearer" else (auth, key)


def _body(answer: Answer) -> bytes:
    return b"".join(answer.stream) if answer.stream else answer.body


def _host(url: str) -> str:
    return urlsplit(url).netloc


@lru_cache(256)
def _parts(url: str) -> tuple[str, str, str, bool]:
    split = urlsplit(url)
    return split.netloc, split.path, split.query, split.scheme == "https"
