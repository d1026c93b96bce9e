"""Atlassian Statuspage: `/api/v2/*.json` (https://metastatuspage.com/api; fields as status.claude.com sent in 2026)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from trayapp.model.reading import Maintenance
from trayapp.simulator.board import Board, Notice
from trayapp.simulator.ids import made_id
from trayapp.simulator.pages._times import milliseconds
from trayapp.simulator.vendors import Vendor

_CREATED = "2023-01-01T00:00:00.000Z"

#: The indicator over all components, as pages were seen to show it: half the components in partial outage was "minor".
_INDICATORS = {
    "major_outage": ("major", "Partial System Outage"),
    "partial_outage": ("minor", "Minor Service Outage"),
    "degraded_performance": ("minor", "Partially Degraded Service"),
    "under_maintenance": ("maintenance", "Service Under Maintenance"),
}


def answer(vendor: Vendor, board: Board, path: str) -> Any | None:
    """Return the document at `path`, None where there is none."""
    make = _DOCUMENTS.get(path)
    return None if make is None else {"page": _page(vendor, board), **make(vendor, board)}


def _summary(vendor: Vendor, board: Board) -> dict[str, Any]:
    return {
        **_components(vendor, board),
        **_unresolved(vendor, board),
        "scheduled_maintenances": [_maintenance(vendor, board, each) for each in board.maintenances],
        **_status(vendor, board),
    }


def _status(vendor: Vendor, board: Board) -> dict[str, Any]:
    indicator, description = _indicator(list(board.components.values()))
    return {"status": {"indicator": indicator, "description": description}}


def _components(vendor: Vendor, board: Board) -> dict[str, Any]:
    return {"components": [_component(vendor, board, id) for id in board.components]}


def _unresolved(vendor: Vendor, board: Board) -> dict[str, Any]:
    """The incidents that are open; one that is resolved just leaves, its last word is only in the history."""
    return {"incidents": [_incident(vendor, board, notice) for notice in board.open]}


def _history(vendor: Vendor, board: Board) -> dict[str, Any]:
    return {"incidents": [_incident(vendor, board, notice) for notice in reversed(board.notices)]}


_DOCUMENTS: Mapping[str, Callable[[Vendor, Board], dict[str, Any]]] = {
    "/api/v2/summary.json": _summary,
    "/api/v2/status.json": _status,
    "/api/v2/components.json": _components,
    "/api/v2/incidents.json": _history,
    "/api/v2/incidents/unresolved.json": _unresolved,
}


def _page(vendor: Vendor, board: Board) -> dict[str, Any]:
    return {
        "id": vendor.page_id,
        "name": vendor.name,
        "url": vendor.page_url,
        "time_zone": "Etc/UTC",
        "updated_at": milliseconds(board.changed_at),
    }


def _indicator(states: list[str]) -> tuple[str, str]:
    if states and all(state == "major_outage" for state in states):
        return "critical", "Major Service Outage"
    worst = next((state for state in _INDICATORS if state in states), None)
    return _INDICATORS[worst] if worst else ("none", "All Systems Operational")


def _component(vendor: Vendor, board: Board, id: str) -> dict[str, Any]:
    return {
        "id": id,
        "name": vendor.components.get(id, id),
        "status": board.components[id],
        "created_at": _CREATED,
        "updated_at": milliseconds(board.component_changed_at[id]),
        "position": list(board.components).index(id) + 1,
        "description": None,
        "showcase": True,
        "start_date": _CREATED[:10],
        "group_id": None,
        "page_id": vendor.page_id,
        "group": False,
        "only_show_if_degraded": False,
    }


def _incident(vendor: Vendor, board: Board, notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "name": notice.name,
        "status": notice.status,
        "created_at": milliseconds(notice.started_at),
        "updated_at": milliseconds(notice.updated_at),
        "monitoring_at": _time(next((post.at for post in notice.posts if post.status == "monitoring"), None)),
        "resolved_at": _time(notice.resolved_at),
        "impact": notice.impact,
        "shortlink": f"https://stspg.io/{notice.id}",
        "started_at": milliseconds(notice.started_at),
        "page_id": vendor.page_id,
        "incident_updates": _updates(vendor, notice),
        "components": [_component(vendor, board, id) for id in notice.components],
        "reminder_intervals": None,
    }


def _updates(vendor: Vendor, notice: Notice) -> list[dict[str, Any]]:
    """Return the posts, newest first, each with the components before and after it."""
    states: dict[str, str] = {}
    updates = []
    for number, post in enumerate(notice.posts):
        before = dict(states)
        states.update(post.components)
        at = milliseconds(post.at)
        updates.append(
            {
                "id": made_id(12, notice.id, number),
                "status": post.status,
                "body": post.text,
                "incident_id": notice.id,
                "created_at": at,
                "updated_at": at,
                "display_at": at,
                "affected_components": [
                    {
                        "code": id,
                        "name": vendor.components.get(id, id),
                        "old_status": before.get(id, "operational"),
                        "new_status": state,
                    }
                    for id, state in states.items()
                ]
                or None,
                "deliver_notifications": True,
                "custom_tweet": None,
                "tweet_id": None,
            }
        )
    return updates[::-1]


def _maintenance(vendor: Vendor, board: Board, work: Maintenance) -> dict[str, Any]:
    at = milliseconds(board.changed_at)
    return {
        "id": work.id,
        "name": work.name,
        "status": work.status,
        "created_at": at,
        "updated_at": at,
        "monitoring_at": None,
        "resolved_at": None,
        "impact": "maintenance",
        "shortlink": f"https://stspg.io/{work.id}",
        "started_at": _time(work.starts_at),
        "page_id": vendor.page_id,
        "incident_updates": [],
        "components": [_component(vendor, board, id) for id in work.components],
        "scheduled_for": _time(work.starts_at),
        "scheduled_until": _time(work.ends_at),
        "reminder_intervals": None,
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else milliseconds(at)
