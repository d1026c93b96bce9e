"""The JSON that the interface promises."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from tests.worlds import T0, acme, at, elsewhere, incident, page, ping
from trayapp.decide import document as doc
from trayapp.model.level import Cause, Level, rank
from trayapp.model.reading import Maintenance, NetworkState, Page, PageReading, Symptom
from trayapp.model.verdict import Case, FeedView, NetworkTransition, Transition, Verdict

READING = page(0, {"api": Level.DOWN}, [incident("api")])
FEED = FeedView("statuspage", READING.url, Level.DOWN, T0, None, READING, frozenset({"api", "i1"}))
DOWN = Verdict("acme", Level.DOWN, Cause.PROVIDER, Case.CONFIRMED, T0, at(60), feed=FEED, probes=(ping(0, Symptom.OK),))


def test_the_order_is_that_of_the_levels() -> None:
    assert sorted(Level, key=rank) == list(doc.ORDER)


def test_a_provider_reads_as_promised() -> None:
    made = json.loads(json.dumps(doc.document(DOWN, acme(), "Acme fails")))
    assert {key: made[key] for key in ("id", "name", "level", "cause", "stale", "since", "summary")} == {
        "id": "acme",
        "name": "Acme",
        "level": "down",
        "cause": "provider",
        "stale": False,
        "since": "2026-04-28T17:00:00Z",
        "summary": "Acme fails",
    }
    assert made["feed"]["components"][0] == {
        "id": "api",
        "name": "Acme API (api.acme.test)",
        "status": "down",
        "level": "down",
        "counts": True,
    }
    assert made["feed"]["components"][1]["counts"] is False
    assert made["feed"]["incidents"][0]["counts"] is True
    assert made["probes"] == [
        {
            "kind": "keyless",
            "outcome": "ok",
            "http_status": None,
            "latency_ms": 100,
            "at": "2026-04-28T17:00:00Z",
            "detail": "",
        }
    ]


def test_maintenance_stands_apart() -> None:
    work = Page((), (), (Maintenance("m", "Upgrade", "scheduled", at(0), at(60)),))
    view = replace(FEED, reading=PageReading("acme", T0, "u", work))
    made = doc.document(replace(DOWN, feed=view), acme(), "")
    assert made["feed"]["maintenances"][0]["starts_at"] == "2026-04-28T17:00:00Z"


def test_a_provider_without_a_page_or_with_none_read_has_empty_places() -> None:
    assert doc.document(replace(DOWN, feed=None), acme(), "")["feed"] is None
    unread = replace(DOWN, feed=FeedView("statuspage", "u", Level.UNKNOWN, error="HTTP 503"))
    assert doc.document(unread, acme(), "")["feed"]["components"] == []


def test_the_whole_document_has_the_worst_level() -> None:
    made = doc.status([{"level": "operational"}, {"level": "degraded"}, {"level": "blocked"}], "online", T0)
    assert (made["schema"], made["level"], made["network"]) == (1, "degraded", {"state": "online"})
    assert doc.status([], "unknown", T0)["level"] == "unknown"


def test_what_was_recorded_goes_stale_and_never_stays_green() -> None:
    recorded = {"id": "acme", "level": "operational", "cause": "none", "stale": False}
    assert doc.aged(recorded, "Acme", 100, 200) == recorded
    old = doc.aged(recorded, "Acme", 6000, 200)
    assert (old["level"], old["stale"], old["summary"]) == (
        "unknown",
        True,
        "Acme: nothing fresh; the last look was 100 min ago",
    )
    assert doc.aged(recorded, "Acme", -3600, 200)["level"] == "unknown"


def test_what_was_never_recorded_is_unknown_and_stale() -> None:
    made = doc.unrecorded("acme", "Acme", T0)
    assert (made["level"], made["probes"], made["feed"]) == ("unknown", [], None)


def test_times_are_utc_with_z() -> None:
    there = datetime(2026, 4, 28, 19, 0, tzinfo=timezone(timedelta(hours=2)))
    assert doc.moment(there) == "2026-04-28T17:00:00Z"
    assert doc.moment(None) is None


def test_a_change_is_an_event() -> None:
    well = replace(DOWN, level=Level.OPERATIONAL, cause=Cause.NONE)
    assert doc.verdict_event(Transition(well, DOWN), "Acme fails") == {
        "event": "verdict",
        "at": "2026-04-28T17:01:00Z",
        "provider": "acme",
        "previous": "operational",
        "level": "down",
        "cause": "provider",
        "summary": "Acme fails",
    }
    event = doc.network_event(NetworkTransition(T0, NetworkState.ONLINE, NetworkState.CAPTIVE_PORTAL, "x"))
    assert (event["event"], event["state"]) == ("network", "captive_portal")


def test_an_incident_is_an_event_when_it_comes_moves_and_goes() -> None:
    moved = replace(FEED, reading=page(60, {}, [incident("api", status="identified")]))
    done = replace(FEED, reading=page(90, {}, [incident("api", status="resolved")]))
    gone = replace(FEED, reading=page(120))

    def told(before: FeedView | None, after: FeedView | None) -> list[str]:
        return [event["status"] for event in doc.incident_events("acme", before, after, T0)]

    assert told(None, FEED) == ["investigating"]
    assert told(FEED, FEED) == []
    assert told(FEED, moved) == ["identified"]
    assert told(moved, done) == ["resolved"]
    assert told(FEED, gone) == ["removed"]
    assert told(None, done) == []
    assert told(FEED, None) == []


def test_other_eyes_stability_and_the_readings_behind_it_are_in_the_document() -> None:
    seen = replace(DOWN, elsewhere=elsewhere(0, 61.0), unstable=True, shared=("other",))
    made = doc.document(seen, acme(), "it is down")
    assert made["elsewhere"]["uptime_percent"] == 61.0
    assert (made["elsewhere"]["source"], made["elsewhere"]["error"]) == ("openrouter", None)
    assert (made["unstable"], made["shared_with"]) == (True, ["other"])
    assert any("status page" in line for line in made["why"])
