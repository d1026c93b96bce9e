"""A replay as one JSON document: for each incident the truth, the page and Uptray, and what was said without cause."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from trayapp.simulator.evidence import Evidence, exercises
from trayapp.simulator.report import Change
from trayapp.simulator.scenario import Scenario
from trayapp.simulator.score import Heard, heard, unfounded

SCHEMA = 1


#: A world, what was said in it, and the notices: when, title, text.
Told = tuple[Scenario, Sequence[Change], Sequence[tuple[datetime, str, str]]]


def document(evidence: Evidence, model: Callable[[str], str], told: Iterable[Told]) -> dict[str, Any]:
    """Return the document of all worlds; `model` gives the one that the evidence about a provider is about."""
    parts = list(told)
    return {
        "schema": SCHEMA,
        "evidence": evidence.value,
        "scenarios": [
            {"id": world.id, "title": world.title, "start": _moment(world.start), "end": _moment(world.end)}
            for world, _, _ in parts
        ],
        "incidents": [_incident(each, evidence, model) for world, said, _ in parts for each in heard(world, said)],
        "verdicts": [_change(change) for _, said, _ in parts for change in said],
        "toasts": [
            {"at": _moment(at), "title": title, "body": body} for _, _, toasts in parts for at, title, body in toasts
        ],
        "false_alarms": [_change(change) for world, said, _ in parts for change in unfounded(world, said)],
    }


def _incident(each: Heard, evidence: Evidence, model: Callable[[str], str]) -> dict[str, Any]:
    incident, alarm = each.incident, each.alarm
    return {
        "id": incident.id,
        "provider": incident.provider,
        "name": incident.name,
        "start": _moment(incident.start),
        "end": _moment(incident.end),
        "path": incident.path.value,
        "share": incident.share,
        "exercised": exercises(evidence, incident, model(incident.provider)),
        "page_at": _moment(each.page_at),
        "resolved_at": _moment(each.resolved_at),
        "told_at": _moment(each.told.at if each.told else None),
        "verdict_at": _moment(alarm.at if alarm else None),
        "level": alarm.level.value if alarm else None,
        "cause": alarm.cause.value if alarm else None,
        "by": alarm.case if alarm else None,
        "onset_s": _seconds(each.onset_s),
        "lead_s": _seconds(each.lead_s),
        "recovered_at": _moment(each.recovered_at),
        "recovery_lead_s": _seconds(each.recovery_lead_s),
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "at": _moment(change.at),
        "provider": change.provider,
        "level": change.level.value,
        "cause": change.cause.value,
        "case": change.case,
        "summary": change.summary,
    }


def _seconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds)


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
