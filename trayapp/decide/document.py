"""The JSON that the interface promises: `uptray status --json`, and one event of `uptray watch --json`.

Nothing at the top of this file imports a noun: `uptray status --recorded` reads documents back and ages them, and
shall start no slower than it must.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trayapp.model.provider import Provider
    from trayapp.model.reading import Component, ElsewhereReading, Incident, Maintenance, ProbeReading
    from trayapp.model.verdict import FeedView, NetworkTransition, Transition, Verdict

#: The order of the exit codes, worst first; kept equal to `model.level` by a test.
ORDER = ("down", "degraded", "blocked", "offline", "unknown", "maintenance", "operational")


def moment(at: datetime | None) -> str | None:
    """Return a time as UTC, ISO 8601, with Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at is not None else None


def status(providers: Sequence[Mapping[str, Any]], network: str, now: datetime) -> dict[str, Any]:
    """Return the whole document around the providers' own."""
    return {
        "schema": 1,
        "generated_at": moment(now),
        "level": min((str(p["level"]) for p in providers), key=ORDER.index, default="unknown"),
        "network": {"state": network},
        "providers": list(providers),
    }


def aged(document: Mapping[str, Any], name: str, age_s: float, holds_s: float) -> dict[str, Any]:
    """Return a recorded provider's document as it reads now: too old to judge by, it is unknown and stale."""
    if -5 <= age_s <= holds_s:
        return dict(document)
    words = f"{name}: nothing fresh; the last look was {round(age_s / 60)} min ago"
    return {**document, "level": "unknown", "cause": "unknown", "stale": True, "summary": words}


def unrecorded(provider: str, name: str, now: datetime) -> dict[str, Any]:
    """Return the document of a provider about which nothing was recorded."""
    return {
        "id": provider,
        "name": name,
        "level": "unknown",
        "cause": "unknown",
        "stale": True,
        "since": moment(now),
        "summary": f"{name}: nothing was recorded; start the app or `uptray watch`, or ask with --fresh",
        "feed": None,
        "probes": [],
        "unstable": False,
        "elsewhere": None,
        "shared_with": [],
        "why": [],
    }


def document(verdict: Verdict, provider: Provider, summary: str) -> dict[str, Any]:
    """Return one provider's object."""
    # Those who only read documents back need no sentences.
    from trayapp.decide.why import why

    return {
        "id": provider.id,
        "name": provider.name,
        "level": verdict.level.value,
        "cause": verdict.cause.value,
        "stale": verdict.stale,
        "since": moment(verdict.since),
        "summary": summary,
        "suspect": verdict.suspect,
        "feed": _feed(verdict.feed, verdict.at) if verdict.feed else None,
        "probes": [_probe(reading) for reading in verdict.probes],
        "unstable": verdict.unstable,
        "elsewhere": _elsewhere(verdict.elsewhere) if verdict.elsewhere else None,
        "shared_with": list(verdict.shared),
        "why": list(why(verdict, verdict.at)),
    }


def _elsewhere(reading: ElsewhereReading) -> dict[str, Any]:
    return {
        "source": reading.source,
        "level": reading.level.value,
        "uptime_percent": reading.uptime,
        "at": moment(reading.at),
        "detail": reading.detail,
        "url": reading.url,
        "error": reading.error,
    }


def _feed(view: FeedView, now: datetime) -> dict[str, Any]:
    from trayapp.decide.remarks import abandoned, foreign

    page = view.reading.page if view.reading else None
    changed_at = page.changed_at if page else None
    return {
        "platform": view.platform,
        "url": view.url,
        "fetched_at": moment(view.fetched_at),
        "error": view.error or foreign(view),
        "level": view.level.value,
        "changed_at": moment(changed_at),
        "note": abandoned(changed_at, now),
        "lost": list(view.lost),
        "components": [_component(c, c.id in view.counts) for c in page.components] if page else [],
        "incidents": [incident(i, i.id in view.counts) for i in page.incidents] if page else [],
        "maintenances": [_maintenance(m, m.id in view.counts) for m in page.maintenances] if page else [],
    }


def _component(component: Component, counts: bool) -> dict[str, Any]:
    return {
        "id": component.id,
        "name": component.name,
        "status": component.status,
        "level": component.level.value,
        "counts": counts,
    }


def incident(item: Incident, counts: bool) -> dict[str, Any]:
    """Return one incident's object."""
    return {
        "id": item.id,
        "name": item.name,
        "status": item.status,
        "impact": item.impact,
        "started_at": moment(item.started_at),
        "updated_at": moment(item.updated_at),
        "resolved_at": moment(item.resolved_at),
        "url": item.url,
        "components": list(item.components),
        "models": list(item.models),
        "counts": counts,
        "latest": item.latest,
    }


def _maintenance(item: Maintenance, counts: bool) -> dict[str, Any]:
    return {
        "id": item.id,
        "name": item.name,
        "status": item.status,
        "starts_at": moment(item.starts_at),
        "ends_at": moment(item.ends_at),
        "counts": counts,
    }


def _probe(reading: ProbeReading) -> dict[str, Any]:
    return {
        "kind": reading.kind,
        "outcome": reading.symptom.value,
        "http_status": reading.http_status,
        "latency_ms": round(reading.seconds * 1000),
        "at": moment(reading.at),
        "detail": reading.detail,
    }


def verdict_event(change: Transition, summary: str) -> dict[str, Any]:
    """Return the event of a verdict that changed."""
    return {
        "event": "verdict",
        "at": moment(change.after.at),
        "provider": change.after.provider,
        "previous": change.before.level.value,
        "level": change.after.level.value,
        "cause": change.after.cause.value,
        "summary": summary,
    }


def network_event(change: NetworkTransition) -> dict[str, Any]:
    """Return the event of a network that changed."""
    return {
        "event": "network",
        "at": moment(change.at),
        "previous": change.before.value,
        "state": change.after.value,
        "detail": change.detail,
    }


def incident_events(
    provider: str, before: FeedView | None, after: FeedView | None, now: datetime
) -> Iterable[dict[str, Any]]:
    """Return an event for each incident that is new on the page, moved on, or left it."""
    old, new = _by_id(before), _by_id(after)
    for key, item in new.items():
        known = old.get(key)
        if known is None and not item.is_open:
            continue
        if known is None or (known.status, known.updated_at) != (item.status, item.updated_at):
            counts = after is not None and item.id in after.counts
            yield {"event": "incident", "at": moment(now), "provider": provider, **incident(item, counts)}
    for key, item in old.items():
        if item.is_open and after is not None and after.reading is not None and key not in new:
            gone = {**incident(item, False), "status": "removed"}
            yield {"event": "incident", "at": moment(now), "provider": provider, **gone}


def _by_id(view: FeedView | None) -> dict[str, Incident]:
    page = view.reading.page if view and view.reading else None
    return {item.id: item for item in page.incidents} if page else {}
