"""Google's incident list, which Workspace publishes as well."""

from __future__ import annotations

import json

from tests.feeds.recorded import NOW, acme, answer
from trayapp import feeds
from trayapp.model.level import Level
from trayapp.model.provider import FeedComponent

GEMINI = "npdyhgECDJ6tB66MxXyo"
WORKSPACE = acme(
    "googlecloud",
    url="https://www.acme.test/appsstatus",
    path="/dashboard/incidents.json",
    components=(FeedComponent(GEMINI, "Gemini"),),
)


def test_the_list_of_workspace_lies_at_a_path_of_its_own() -> None:
    (request,) = feeds.requests(WORKSPACE, WORKSPACE.url)
    assert request.url == "https://www.acme.test/appsstatus/dashboard/incidents.json"


def test_the_list_of_workspace_has_no_places_and_is_read_all_the_same() -> None:
    row = {
        "id": "w1",
        "begin": "2026-11-23T10:00:00+00:00",
        "end": None,
        "external_desc": "Gemini app is slow",
        "updates": [],
        "most_recent_update": {"status": "SERVICE_DISRUPTION", "text": "Slow."},
        "status_impact": "SERVICE_DISRUPTION",
        "affected_products": [{"title": "Gemini", "id": GEMINI}],
    }
    page = feeds.read(WORKSPACE, answer(json.dumps([row]).encode()), NOW)
    assert page.components[0].level is Level.DEGRADED
