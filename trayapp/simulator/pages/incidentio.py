"""incident.io: `/proxy/<host>`, which the page itself loads (fields as status.openai.com sent them in 2026)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from trayapp.model.reading import Maintenance
from trayapp.simulator.board import Board, Notice
from trayapp.simulator.ids import made_id
from trayapp.simulator.pages._times import milliseconds
from trayapp.simulator.vendors import STATES, Vendor

#: Statuspage's word to incident.io's, where they differ.
_WORDS = {"major_outage": "full_outage"}
_WORK = {"scheduled": "maintenance_scheduled", "completed": "maintenance_complete"}


def answer(vendor: Vendor, board: Board, path: str) -> Any | None:
    """Return the document at `path`, None where there is none."""
    if not path.startswith("/proxy/") or path.count("/") > 2:
        return None
    return {"summary": _summary(vendor, board)}


def _summary(vendor: Vendor, board: Board) -> dict[str, Any]:
    page = vendor.page_id
    return {
        "id": page,
        "name": vendor.name,
        "subpath": vendor.id,
        "public_url": f"{vendor.page_url}/",
        "components": [{"id": id, "name": _name(vendor, id), "status_page_id": page} for id in board.components],
        # A component that is well is not listed.
        "affected_components": [
            {"component_id": id, "status": _word(state)} for id, state in board.components.items() if state != STATES[0]
        ],
        "ongoing_incidents": [_incident(vendor, board, notice) for notice in board.open],
        "scheduled_maintenances": [_maintenance(vendor, board, work) for work in board.maintenances],
        "structure": _structure(vendor, board),
        "expose_status_summary_api": True,
        "page_type": "standalone",
        "history_window_days": 90,
        "display_uptime_mode": "chart_and_percentage",
        "locale": "en-US",
    }


def _structure(vendor: Vendor, board: Board) -> dict[str, Any]:
    shown = [
        {"component_id": id, "name": _name(vendor, id), "hidden": False, "display_uptime": True}
        for id in board.components
    ]
    group = {"id": _id(vendor, "group"), "name": vendor.name, "hidden": False, "components": shown}
    return {"id": _id(vendor, "structure"), "status_page_id": vendor.page_id, "items": [{"group": group}]}


def _incident(vendor: Vendor, board: Board, notice: Notice) -> dict[str, Any]:
    states: dict[str, str] = {}
    impacts = []
    for post in notice.posts:
        for id, state in post.components.items():
            impacts += [_impact(vendor, notice.id, id, state, post.at)] if state != states.get(id, STATES[0]) else []
        states.update(post.components)
    return {
        "id": notice.id,
        "name": notice.name,
        "type": "incident",
        "status": notice.status,
        "status_page_id": vendor.page_id,
        "published_at": milliseconds(notice.started_at),
        "affected_components": [
            {"component_id": id, "status": _word(state), "current_status": _word(board.components[id])}
            for id, state in states.items()
            if state != STATES[0]
        ],
        "component_impacts": impacts,
        "status_summaries": [
            {
                "start_at": milliseconds(notice.started_at),
                "worst_component_status": _word(max(states.values(), key=_rank)),
            }
        ]
        if states
        else [],
        # Oldest first, unlike Statuspage.
        "updates": [
            {
                "id": _id(vendor, notice.id, number),
                "published_at": milliseconds(post.at),
                "to_status": post.status,
                "message": {"markdown": post.text},
                "message_string": post.text,
                "component_statuses": [
                    {"component_id": id, "status": _word(state)} for id, state in post.components.items()
                ],
                "automated_update": False,
            }
            for number, post in enumerate(notice.posts)
        ],
    }


def _impact(vendor: Vendor, incident: str, component: str, state: str, at: datetime) -> dict[str, Any]:
    return {
        "id": _id(vendor, incident, component, at),
        "component_id": component,
        "status": _word(state),
        "start_at": milliseconds(at),
        "status_page_incident_id": incident,
    }


def _maintenance(vendor: Vendor, board: Board, work: Maintenance) -> dict[str, Any]:
    """Return announced work; its window is only in the impacts."""
    window = {
        name: milliseconds(at)
        for name, at in (("start_at", work.starts_at), ("end_at", work.ends_at))
        if at is not None
    }
    status = _WORK.get(work.status, "maintenance_in_progress")
    return {
        "id": work.id,
        "name": work.name,
        "type": "maintenance",
        "status": status,
        "status_page_id": vendor.page_id,
        "published_at": milliseconds(board.changed_at),
        "affected_components": [
            {"component_id": id, "status": "under_maintenance", "current_status": _word(board.components[id])}
            for id in work.components
        ],
        "component_impacts": [
            {
                "id": _id(vendor, work.id, id),
                "component_id": id,
                "status": "under_maintenance",
                "status_page_incident_id": work.id,
                **window,
            }
            for id in work.components
        ],
        "status_summaries": [],
        "updates": [],
    }


def _name(vendor: Vendor, id: str) -> str:
    return vendor.components.get(id, id)


def _word(state: str) -> str:
    return _WORDS.get(state, state)


def _rank(state: str) -> int:
    return STATES.index(state) if state in STATES else len(STATES)


def _id(vendor: Vendor, *parts: object) -> str:
    return "01" + made_id(24, vendor.id, *parts).upper()
