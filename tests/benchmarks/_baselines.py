"""Three simple monitors to be measured beside, in the same worlds: what most people would write in an afternoon."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from trayapp import feeds
from trayapp.judge import ping
from trayapp.main.play import KEY, catalogue
from trayapp.model.level import Cause, Level
from trayapp.model.provider import ProbeKind, Provider
from trayapp.model.request import Outcome
from trayapp.model.secret import Credential
from trayapp.model.settings import DEFAULT_TARGETS
from trayapp.simulator.inside import InsideNetwork
from trayapp.simulator.mishap import sleeps
from trayapp.simulator.report import Change
from trayapp.simulator.scenario import Scenario

#: A monitor: True when it looks bad now, None when it cannot tell.
Look = Callable[[datetime], bool | None]

BASELINES = ("page every 5 min", "3 failures in a row", "first failure")


def changes(name: str, scenario: Scenario) -> tuple[Change, ...]:
    """Return what the baseline says in this world, of one provider."""
    provider = catalogue()[next(iter([*(i.provider for i in scenario.incidents), *scenario.scopes, "anthropic"]))]
    network = InsideNetwork(scenario, KEY, (provider,), DEFAULT_TARGETS)
    if name == BASELINES[0]:
        return _run(scenario, provider, _page(provider, network), 300, 1)
    return _run(scenario, provider, _ping(provider, network), 60, 3 if name == BASELINES[1] else 1)


def _run(scenario: Scenario, provider: Provider, look: Look, every_s: float, in_a_row: int) -> tuple[Change, ...]:
    said: list[Change] = []
    at, row, level = scenario.start + timedelta(seconds=every_s / 3), 0, Level.OPERATIONAL
    asleep = list(sleeps(scenario.mine))
    while at < scenario.end:
        if asleep and at >= asleep[0].start:
            at = max(at, asleep.pop(0).end)
        bad = look(at)
        if bad is not None:
            row = row + 1 if bad else 0
            now = Level.DOWN if row >= in_a_row else Level.OPERATIONAL
            if now is not level:
                level = now
                cause = Cause.NONE if now is Level.OPERATIONAL else Cause.PROVIDER
                said.append(Change(at, provider.id, now, cause, ""))
        at += timedelta(seconds=every_s)
    return tuple(said)


def _page(provider: Provider, network: InsideNetwork) -> Look:
    feed = provider.feed
    assert feed is not None
    requests = [replace(request, conditional=False) for request in feeds.requests(feed, feed.url)]
    kept: dict[tuple[bytes, ...], bool] = {}

    def look(at: datetime) -> bool | None:
        outcomes = [network.outcome(request, at) for request in requests]
        bodies = tuple(outcome.body for outcome in outcomes)
        if bodies not in kept or not all(bodies):
            try:
                page = feeds.read(feed, outcomes, at)
            except feeds.BadFeed:
                return None
            kept[bodies] = any(i.is_open for i in page.incidents)
        return kept[bodies]

    return look


def _ping(provider: Provider, network: InsideNetwork) -> Look:
    probe, api = provider.probe(ProbeKind.FREE), provider.api
    assert probe is not None and api is not None
    request = ping.request(provider, probe, Credential(KEY, api.auth, api.hosts))
    assert request is not None

    def failed(outcome: Outcome) -> bool:
        return outcome.failure is not None or outcome.status not in probe.alive

    return lambda at: failed(network.outcome(request, at))
