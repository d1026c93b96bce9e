"""Whole stories through the real line, on a clock that moves only when told to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest

from tests.fakes import (
    FakeClock,
    FakeFetcher,
    FakeHost,
    FakeJournal,
    FakeKeys,
    FakeNotifier,
    FakeScreen,
)
from tests.worlds import DOOR, FREE, PAID, acme
from trayapp.model.level import Level
from trayapp.model.provider import Api, Provider
from trayapp.model.request import Failure, Outcome, Request
from trayapp.model.settings import MonitorSettings, NotificationSettings, Settings
from trayapp.monitor import Monitor, Ports

JSON = {"content-type": "application/json"}
PAGE, API, NEUTRAL = "https://status.acme.test", "https://api.acme.test", "http://neutral.test"
SETTINGS = MonitorSettings(connectivity_targets=(f"{NEUTRAL}/204",))
REFUSED = b'{"type":"error","error":{"type":"authentication_error","message":"no"}}'


def status_page(status: str = "operational", incidents: list[dict[str, Any]] | None = None) -> bytes:
    components = [
        {"id": "api", "name": "Acme API (api.acme.test)", "status": status},
        {"id": "docs", "name": "Docs", "status": "operational"},
    ]
    page = {"id": "p1", "name": "Acme", "url": PAGE, "updated_at": "2026-04-28T17:00:00Z"}
    document = {"page": page, "components": components, "incidents": incidents or [], "scheduled_maintenances": []}
    return json.dumps(document).encode()


def answers(status: int, body: bytes = b"{}", **headers: str) -> Callable[[Request], Outcome]:
    return lambda request: Outcome(request.url, status, {**JSON, **headers}, body, seconds=0.1)


def fails(failure: Failure) -> Callable[[Request], Outcome]:
    return lambda request: Outcome(request.url, failure=failure, detail=failure.value.replace("_", " "))


def elsewhere(name: str) -> Provider:
    """Return a provider without a page, at a host of its own."""
    host = f"{name}.acme.test"
    return replace(acme(), id=name, feed=None, api=Api(f"https://{host}", (host,)))


class Story:
    """One watched world, and everything that came of it."""

    def __init__(self, *providers: Provider, keys: dict[str, str] | None = None, settings: MonitorSettings = SETTINGS):
        self.clock, self.host, self.journal = FakeClock(), FakeHost(), FakeJournal()
        self.notifier, self.screen, self.keys = FakeNotifier(), FakeScreen(), FakeKeys(keys)
        self.fetcher = FakeFetcher({NEUTRAL: lambda request: Outcome(request.url, 204)})
        self.well()
        self.settings = Settings(settings, NotificationSettings(), providers or (acme(),))
        self.ports = Ports(self.clock, self.fetcher, self.keys, self.journal, self.host, self.notifier, self.screen)
        self.events: list[dict[str, Any]] = []
        self.monitor = Monitor(self.settings, self.ports, lambda: 0.5)
        self.monitor.listen(self.events.append)

    def well(self) -> None:
        self.fetcher.answers[PAGE] = answers(200, status_page())
        self.fetcher.answers[API] = lambda r: answers(200 if r.credential else 401)(r)

    def fail(self, status: int = 500, body: bytes = b'{"error":{"type":"api_error"}}') -> None:
        self.fetcher.answers[API] = answers(status, body)

    def page(self, status: str, *incidents: dict[str, Any]) -> None:
        self.fetcher.answers[PAGE] = answers(200, status_page(status, list(incidents)))

    @property
    def levels(self) -> list[str]:
        return [event["level"] for event in self.events if event["event"] == "verdict"]

    @property
    def titles(self) -> list[str]:
        return [notice.title for notice in self.notifier.shown]

    def plays(self, tale: Callable[[Story], Coroutine[Any, Any, None]]) -> Story:
        async def play() -> None:
            stop = asyncio.Event()
            running = asyncio.create_task(self.monitor.run(stop))
            await self.clock.advance(1)
            await tale(self)
            stop.set()
            await running

        asyncio.run(play())
        return self


def test_one_outage_is_two_notices_though_the_page_says_nothing() -> None:
    async def tale(story: Story) -> None:
        await story.clock.advance(600)
        story.fail()
        await story.clock.advance(20 * 60)
        story.well()
        await story.clock.advance(600)

    story = Story().plays(tale)
    assert story.levels == ["operational", "down", "operational"]
    assert story.titles == ["Acme API is down", "Acme API works again (21 min)"]
    down = next(event for event in story.events if event["event"] == "verdict" and event["level"] == "down")
    assert down["summary"].endswith("HTTP 500 api_error); the status page shows nothing yet")
    assert [t.after.level for t, _ in story.journal.transitions] == [Level.OPERATIONAL, Level.DOWN, Level.OPERATIONAL]


def test_a_full_outage_is_seen_within_two_minutes() -> None:
    async def tale(story: Story) -> None:
        await story.clock.advance(30)
        story.fail()
        await story.clock.advance(120)
        assert story.levels[-1] == "down"

    Story().plays(tale)


def test_a_single_failure_is_checked_again_within_seconds_and_told_nobody() -> None:
    async def tale(story: Story) -> None:
        story.fail()
        await story.clock.advance(60)
        story.well()
        asked = len(story.fetcher.asked)
        await story.clock.advance(65)
        again = [request for request in story.fetcher.asked[asked:] if request.url.startswith(API)]
        assert len(again) == 4
        assert all(request.fresh for request in again)
        assert story.screen.pictures[-1].rows[0].word == "works"

    story = Story().plays(tale)
    assert story.titles == []
    assert story.levels == ["operational"]


def test_a_refused_key_is_nobodys_fault_until_the_page_speaks() -> None:
    async def tale(story: Story) -> None:
        await story.clock.advance(300)
        story.fetcher.answers[API] = answers(401, REFUSED)
        await story.clock.advance(180)
        assert story.levels[-1] == "blocked"
        story.page("major_outage")
        await story.clock.advance(300)

    story = Story(keys={"acme": "sk-canary"}).plays(tale)
    assert story.levels == ["operational", "blocked", "down"]
    assert [e["cause"] for e in story.events if e["event"] == "verdict"] == ["none", "unknown", "provider"]
    beside = [reading for reading in story.journal.pings if reading.beside]
    assert beside
    assert all(reading.kind == "keyless" for reading in beside)


def test_the_key_is_in_nothing_that_leaves_the_line() -> None:
    async def tale(story: Story) -> None:
        await story.clock.advance(300)
        story.fail(401, REFUSED)
        await story.clock.advance(300)

    story = Story(keys={"acme": "sk-canary"}).plays(tale)
    everything = repr(
        (story.events, story.journal.snapshots, story.journal.pings, story.notifier.shown, story.screen.pictures)
    )
    assert "sk-canary" not in everything


def test_ones_own_network_is_one_notice_and_blames_nobody() -> None:
    async def tale(story: Story) -> None:
        await story.clock.advance(300)
        story.fetcher.answers = {"http": fails(Failure.DNS)}
        await story.clock.advance(600)
        assert story.screen.pictures[-1].level is Level.OFFLINE
        assert list(story.notifier.live) == ["network"]
        story.fetcher.answers = {NEUTRAL: lambda request: Outcome(request.url, 204)}
        story.well()
        await story.clock.advance(120)

    story = Story().plays(tale)
    assert story.titles == ["Your network finds no names (DNS)"]
    assert story.notifier.live == {}
    assert "down" not in story.levels
    assert story.levels[-1] == "operational"
    assert [e["state"] for e in story.events if e["event"] == "network"] == ["dns", "online"]
    assert story.fetcher.resets >= 1


def test_while_offline_only_the_neutral_targets_are_asked() -> None:
    async def tale(story: Story) -> None:
        story.fetcher.answers = {"http": fails(Failure.CONNECT_TIMEOUT)}
        await story.clock.advance(200)
        asked = len(story.fetcher.asked)
        await story.clock.advance(300)
        assert all(request.url.startswith(NEUTRAL) for request in story.fetcher.asked[asked:])

    Story().plays(tale)


def test_an_outage_that_was_there_at_start_alarms_nobody() -> None:
    async def tale(story: Story) -> None:
        await story.clock.advance(300)

    story = Story()
    story.page("major_outage")
    story.fail()
    assert story.plays(tale).titles == []
    assert story.levels[-1] == "down"


def test_sleep_is_a_gap_and_what_is_found_after_it_is_no_news() -> None:
    async def tale(story: Story) -> None:
        await story.clock.advance(300)
        story.clock.jump(8 * 3600)
        story.page("major_outage")
        await story.clock.advance(180)

    story = Story().plays(tale)
    assert story.levels[-1] == "down"
    assert story.titles == []
    assert story.fetcher.resets == 1


def test_the_machine_tells_of_its_waking_and_everything_is_looked_at_again() -> None:
    async def tale(story: Story) -> None:
        await story.clock.advance(10)
        asked = len(story.fetcher.asked)
        story.host.change()
        await story.clock.advance(1)
        assert len(story.fetcher.asked) >= asked + 2
        assert story.fetcher.resets == 1

    Story().plays(tale)


def test_check_now_looks_at_once() -> None:
    async def tale(story: Story) -> None:
        asked = len(story.fetcher.asked)
        story.monitor.check_now()
        await story.clock.advance(0.1)
        assert len(story.fetcher.asked) == asked + 2

    Story().plays(tale)


def test_a_pause_keeps_notices_back() -> None:
    async def tale(story: Story) -> None:
        story.monitor.pause(None)
        assert story.screen.pictures[-1].paused_until is not None
        story.fail()
        await story.clock.advance(300)
        story.monitor.pause(0)
        assert story.screen.pictures[-1].paused_until is None

    assert Story().plays(tale).titles == []


def test_an_incident_on_the_page_is_an_event_and_kept() -> None:
    async def tale(story: Story) -> None:
        post = {
            "id": "i1",
            "name": "Elevated errors",
            "status": "investigating",
            "impact": "major",
            "created_at": "2026-04-28T17:02:00Z",
            "updated_at": "2026-04-28T17:02:00Z",
            "components": [{"id": "api", "name": "Acme API (api.acme.test)"}],
            "incident_updates": [],
        }
        story.page("partial_outage", post)
        await story.clock.advance(300)

    story = Story().plays(tale)
    assert [(e["name"], e["counts"]) for e in story.events if e["event"] == "incident"] == [("Elevated errors", True)]
    assert story.journal.kept_incidents["acme", "i1"]["impact"] == "major"
    assert story.titles == ["Acme API works badly"]


def test_a_page_is_read_at_its_next_address_when_the_first_is_challenged() -> None:
    feed = acme().feed
    assert feed is not None
    story = Story(acme(feed=replace(feed, fallbacks=("https://mirror.acme.test",))))
    story.fetcher.answers[PAGE] = answers(405, b"", **{"x-amzn-waf-action": "captcha"})
    story.fetcher.answers["https://mirror.acme.test"] = answers(200, status_page())

    async def tale(story: Story) -> None:
        await story.clock.advance(60)

    story.plays(tale)
    assert story.levels == ["operational"]
    [provider] = story.monitor.status()["providers"]
    assert (provider["feed"]["url"], provider["feed"]["error"]) == ("https://mirror.acme.test", None)


def test_a_page_that_cannot_be_read_gives_its_reason_and_no_green() -> None:
    async def tale(story: Story) -> None:
        await story.clock.advance(60)

    story = Story()
    story.fetcher.answers[PAGE] = answers(200, b"<html>", **{"content-type": "text/html"})
    story.plays(tale)
    [provider] = story.monitor.status()["providers"]
    assert provider["level"] == "unknown"
    assert provider["feed"]["level"] == "unknown"
    assert provider["feed"]["error"]


def test_an_unchanged_page_is_fresh_evidence() -> None:
    async def tale(story: Story) -> None:
        await story.clock.advance(130)
        body = status_page()
        story.fetcher.answers[PAGE] = lambda r: Outcome(r.url, 200, JSON, body, unchanged=True)
        await story.clock.advance(900)

    story = Story().plays(tale)
    assert story.levels == ["operational"]
    [provider] = story.monitor.status()["providers"]
    assert provider["feed"]["fetched_at"] >= "2026-04-28T17:14"


def test_a_large_page_is_read_all_the_same() -> None:
    async def tale(story: Story) -> None:
        for _ in range(100):
            await story.clock.advance(1)
            if story.levels:
                return
            await asyncio.sleep(0.01)

    story = Story()
    story.fetcher.answers[PAGE] = answers(200, status_page() + b" " * 200_000)
    assert story.plays(tale).levels == ["operational"]


def test_paid_pings_are_made_only_when_asked_for_and_stop_at_the_cap() -> None:
    async def tale(story: Story) -> None:
        await story.clock.advance(3600)

    provider = acme(probes=(DOOR, FREE, PAID))
    free = Story(provider, keys={"acme": "k"}).plays(tale)
    assert not free.journal.costs
    paying = replace(SETTINGS, paid_probes=True, paid_cap_usd_per_month=0.0002)
    story = Story(provider, keys={"acme": "k"}, settings=paying).plays(tale)
    assert len(story.journal.costs["acme"]) == 2
    [paid] = [p for p in story.monitor.status()["providers"][0]["probes"] if p["kind"] == "paid"]
    assert (paid["outcome"], "cap" in paid["detail"]) == ("skipped", True)


@pytest.mark.parametrize("status", [404, 400])
def test_a_retired_model_makes_room_for_the_next(status: int) -> None:
    def api(request: Request) -> Outcome:
        retired = request.body is not None and b"small" in request.body
        return answers(status if retired else 200)(request)

    async def tale(story: Story) -> None:
        await story.clock.advance(700)

    paying = replace(SETTINGS, paid_probes=True)
    story = Story(acme(probes=(DOOR, FREE, PAID)), keys={"acme": "k"}, settings=paying)
    story.fetcher.answers[API] = api
    story.plays(tale)
    assert [p.model for p in story.journal.pings if p.kind == "paid"] == ["small", "large", "large"]
    assert story.levels == ["operational"]


def test_one_provider_that_hangs_keeps_nobody_waiting() -> None:
    never = asyncio.Event()

    class Hanging(FakeFetcher):
        async def fetch(self, request: Request) -> Outcome:
            if "slow" in request.url:
                await never.wait()
            return await super().fetch(request)

    slow = elsewhere("slow")
    story = Story(slow, acme())
    story.fetcher = Hanging(story.fetcher.answers)
    story.ports = replace(story.ports, fetcher=story.fetcher)
    story.monitor = Monitor(story.settings, story.ports, lambda: 0.5)
    story.monitor.listen(story.events.append)

    async def tale(story: Story) -> None:
        await story.clock.advance(300)

    assert story.plays(tale).levels == ["operational"]


def test_a_defect_in_one_look_is_logged_and_the_others_go_on(caplog: Any) -> None:
    class Broken(FakeFetcher):
        async def fetch(self, request: Request) -> Outcome:
            if "odd" in request.url:
                raise ZeroDivisionError
            return await super().fetch(request)

    odd = elsewhere("odd")
    story = Story(odd, acme())
    story.ports = replace(story.ports, fetcher=Broken(story.fetcher.answers))
    story.monitor = Monitor(story.settings, story.ports, lambda: 0.5)
    story.monitor.listen(story.events.append)

    async def tale(story: Story) -> None:
        await story.clock.advance(300)

    assert story.plays(tale).levels == ["operational"]
    assert "a look at odd failed by a defect of ours" in caplog.text


def test_new_settings_go_on_where_the_old_ones_stood() -> None:
    story = Story()

    async def tale(story: Story) -> None:
        story.fail()
        await story.clock.advance(300)

    story.plays(tale)
    heir = Monitor(story.settings, story.ports, lambda: 0.5, heir_of=story.monitor)
    assert [verdict.level for verdict in heir.verdicts] == [Level.DOWN]


def test_one_look_settles_a_suspicion_before_it_answers() -> None:
    story = Story()
    story.fail()

    async def look() -> None:
        looking = asyncio.create_task(story.monitor.settle(45))
        await story.clock.advance(45)
        await looking

    asyncio.run(look())
    assert story.monitor.status()["level"] == "down"
