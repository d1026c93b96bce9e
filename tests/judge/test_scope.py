"""Which of what a page says is about this user."""

from __future__ import annotations

import pytest

from tests.worlds import acme, at, incident, page
from trayapp.judge.scope import counting, incident_counts, maintenance_counts, page_level
from trayapp.model.level import Level
from trayapp.model.provider import Feed
from trayapp.model.reading import Component, Incident, Maintenance, Page
from trayapp.model.settings import Scope

API = Component("api", "Acme API (api.acme.test)", "operational", Level.OPERATIONAL)
DOCS = Component("docs", "Docs", "operational", Level.OPERATIONAL)
EVERYTHING = Scope()


def said(levels: dict[str, Level], *incidents: Incident, scope: Scope = EVERYTHING) -> Level:
    seen = page(0, levels, incidents).page
    assert seen is not None
    components, _ = counting(acme(), scope, seen)
    return page_level(seen, components, scope, at(0))


@pytest.mark.parametrize("wish", ["api", "Acme API (api.acme.test)", "acme api", " Acme API "])
def test_a_component_is_meant_by_id_or_name_or_name_without_bracket(wish: str) -> None:
    assert counting(acme(), Scope((wish,)), Page((API, DOCS))) == ((API,), ())


def test_without_a_wish_the_presets_of_the_file_decide() -> None:
    assert counting(acme(), EVERYTHING, Page((API, DOCS)))[0] == (API,)


def test_a_file_that_names_no_component_counts_them_all() -> None:
    bare = acme(feed=Feed("statuspage", "https://status.acme.test"))
    assert counting(bare, EVERYTHING, Page((API, DOCS)))[0] == (API, DOCS)
    assert counting(acme(feed=None), EVERYTHING, Page((API,)))[0] == (API,)


def test_a_component_that_left_the_page_is_reported() -> None:
    assert counting(acme(), EVERYTHING, Page((DOCS,))) == ((), ("api",))
    assert said({"api": Level.OPERATIONAL}, scope=Scope(("gone",))) is Level.UNKNOWN


def test_only_what_counts_decides() -> None:
    assert said({"docs": Level.DOWN}) is Level.OPERATIONAL
    assert said({"api": Level.DOWN}) is Level.DOWN


@pytest.mark.parametrize(
    ("posted", "level"),
    [
        (incident("api", impact="none"), Level.DEGRADED),
        (incident("docs"), Level.OPERATIONAL),
        (incident("api", status="monitoring"), Level.OPERATIONAL),
        (incident("api", status="resolved"), Level.OPERATIONAL),
        (incident(impact="minor"), Level.OPERATIONAL),
        (incident(impact="critical"), Level.DEGRADED),
    ],
)
def test_an_open_incident_is_seen_though_every_component_is_green(posted: Incident, level: Level) -> None:
    assert said({}, posted) is level


def test_trouble_of_other_models_is_not_the_users() -> None:
    about_haiku = incident("api", models=("haiku",))
    sonnet, haiku = Scope(models=("Sonnet",)), Scope(models=("haiku",))
    assert said({"api": Level.DEGRADED}, about_haiku, scope=sonnet) is Level.OPERATIONAL
    assert said({"api": Level.DEGRADED}, about_haiku, scope=haiku) is Level.DEGRADED
    assert said({"api": Level.DEGRADED}, about_haiku) is Level.DEGRADED
    assert said({"api": Level.DOWN}, scope=sonnet) is Level.DOWN
    assert not incident_counts(about_haiku, (API,), sonnet)


def test_announced_work_is_maintenance_only_while_under_way() -> None:
    work = Maintenance("m", "Upgrade", "in_progress", at(0), at(60), ("api",))
    seen = Page((API,), (), (work,))
    assert page_level(seen, (API,), EVERYTHING, at(30)) is Level.MAINTENANCE
    assert page_level(seen, (API,), EVERYTHING, at(90)) is Level.OPERATIONAL
    assert page_level(seen, (API,), EVERYTHING, at(-30)) is Level.OPERATIONAL


def test_work_that_names_no_component_is_about_everybody() -> None:
    assert maintenance_counts(Maintenance("m", "Upgrade", "scheduled"), (API,))
    assert not maintenance_counts(Maintenance("m", "Upgrade", "scheduled", components=("docs",)), (API,))
