"""Who fails together (R5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.worlds import T0, acme, at, page, ping
from trayapp.judge.crowd import Crowd, crowd, pages_down
from trayapp.judge.judge import Judge
from trayapp.model.level import Cause, Level
from trayapp.model.provider import Api, Provider
from trayapp.model.reading import NetworkReading, NetworkState, Observation, Reading, Symptom
from trayapp.model.settings import MonitorSettings
from trayapp.model.verdict import Case, Transition, Verdict

GONE, EDGE = Symptom.TIMEOUT_CONNECT, Symptom.EDGE_ERROR


def provider(id: str, host: str, *, local: bool = False) -> Provider:
    return replace(acme(api=Api(f"https://{host}", (host,))), id=id, name=id.title(), local=local)


ONE, TWO, THREE = (
    provider("one", "api.one.test"),
    provider("two", "api.two.test"),
    provider("three", "api.three.test"),
)


class Street:
    """A judge of several providers."""

    def __init__(self, *providers: Provider) -> None:
        self.judge = Judge(providers, MonitorSettings(), {}, T0)
        self.ids = [each.id for each in providers]
        self.changes: list[object] = []
        for id in self.ids:
            self.see(id, 0, page(0, provider=id), ping(0, provider=id))

    def see(self, id: str, seconds: float, *readings: Reading) -> Verdict:
        self.changes += self.judge.take(Observation(id, at(seconds), readings), at(seconds))
        return self.judge.held(id).verdict

    def fail(self, id: str, seconds: float, symptom: Symptom = GONE, edge: str = "") -> Verdict:
        gate = NetworkReading(at(seconds), NetworkState.ONLINE, "3 of 3 neutral sites answer")
        return self.see(id, seconds, gate, replace(ping(seconds, symptom, provider=id), edge=edge))


def test_r5_one_that_cannot_be_reached_while_others_are_is_down() -> None:
    street = Street(ONE, TWO)
    street.fail("one", 60)
    street.see("two", 61, ping(61, provider="two"))
    street.fail("one", 65)
    verdict = street.fail("one", 80)
    assert (verdict.level, verdict.cause) == (Level.DOWN, Cause.PROVIDER)


def test_r5_when_nobody_can_be_reached_though_neutral_sites_answer_it_is_the_way_there() -> None:
    street = Street(ONE, TWO, THREE)
    for seconds in (60, 65, 80):
        for id in street.ids:
            verdict = street.fail(id, seconds)
    assert (verdict.level, verdict.cause, verdict.case) == (Level.OFFLINE, Cause.NETWORK, Case.CUT_OFF)
    assert verdict.shared == ("one", "two")
    levels = {change.after.level for change in street.changes if isinstance(change, Transition)}
    assert not levels & {Level.DOWN, Level.DEGRADED}


def test_r5_providers_of_one_house_are_no_crowd() -> None:
    street = Street(provider("one", "api.acme.test"), provider("two", "eu.acme.test"))
    for seconds in (60, 65, 80):
        for id in street.ids:
            verdict = street.fail(id, seconds)
    assert verdict.level is Level.DOWN


def test_r5_a_server_on_this_machine_tells_nothing_of_the_way_to_the_world() -> None:
    street = Street(ONE, provider("two", "127.0.0.1:11434", local=True))
    for seconds in (60, 65, 80):
        street.see("two", seconds, ping(seconds, Symptom.REFUSED, provider="two"))
        verdict = street.fail("one", seconds)
    assert verdict.level is Level.DOWN


def test_r5_a_page_that_explains_it_makes_it_the_providers_again() -> None:
    street = Street(ONE, TWO)
    for seconds in (60, 65, 80):
        for id in street.ids:
            street.fail(id, seconds)
    verdict = street.see("one", 90, page(90, {"api": Level.DOWN}, provider="one"))
    assert (verdict.level, verdict.cause) == (Level.DOWN, Cause.PROVIDER)


def test_r5_errors_of_one_edge_are_told_with_who_shares_it() -> None:
    street = Street(ONE, TWO, THREE)
    street.see("three", 59, ping(59, provider="three"))
    for seconds in (60, 65, 80):
        street.fail("two", seconds, EDGE, "cloudflare")
        verdict = street.fail("one", seconds, EDGE, "cloudflare")
    assert (verdict.level, verdict.cause, verdict.shared) == (Level.DOWN, Cause.PROVIDER, ("two",))


def test_r5_old_failures_make_no_crowd() -> None:
    street = Street(ONE, TWO)
    street.fail("one", 60)
    street.fail("two", 400)
    assert crowd([street.judge.held(id) for id in street.ids], at(401)) == Crowd()


@pytest.mark.parametrize(("bad", "told"), [(2, ""), (3, "3 of 4 statuspage pages fail")])
def test_pages_of_one_platform_that_fail_together_say_so(bad: int, told: str) -> None:
    street = Street(ONE, TWO, THREE, provider("four", "api.four.test"))
    for id in street.ids[:bad]:
        verdict = street.see(id, 60, page(60, provider=id, error="HTTP 503"))
    members = [street.judge.held(id) for id in street.ids]
    assert pages_down(members, "statuspage") == told
    assert verdict.feed is not None
    assert verdict.feed.error == (f"HTTP 503; {told} at once" if told else "HTTP 503")


def test_r9_slowness_of_everybody_is_ones_own_line() -> None:
    street = Street(ONE, TWO)
    for seconds in (60, 65, 80, 90, 100):
        street.see("two", seconds, ping(seconds, Symptom.SLOW, provider="two"))
        verdict = street.see("one", seconds, ping(seconds, Symptom.SLOW, provider="one"))
    assert verdict.level is Level.OPERATIONAL
