"""Google Cloud: `/incidents.json` (schema at https://status.cloud.google.com/incidents.schema.json).

The feed has no list of components: a product is well when no incident names it. A state set by hand without a notice
therefore becomes an incident of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from trayapp.simulator.board import Board, Notice
from trayapp.simulator.ids import made_id
from trayapp.simulator.scenario import Post
from trayapp.simulator.vendors import STATES, Vendor

_WORDS = {
    "operational": "AVAILABLE",
    "degraded_performance": "SERVICE_INFORMATION",
    "partial_outage": "SERVICE_DISRUPTION",
    "major_outage": "SERVICE_OUTAGE",
}
_SEVERITIES = {"none": "low", "minor": "low", "major": "medium", "critical": "high"}
_EVERYWHERE = {"title": "Global", "id": "global"}


def answer(vendor: Vendor, board: Board, path: str) -> Any | None:
    """Return the document at `path`, None where there is none."""
    if not path.endswith("/incidents.json"):
        return None
    notices = (*board.notices, *_unnamed(vendor, board))
    return [_incident(vendor, notice) for notice in sorted(notices, key=lambda each: each.started_at, reverse=True)]


def _unnamed(vendor: Vendor, board: Board) -> list[Notice]:
    """Return a notice for each component that is not well and that no open notice names."""
    named = {id for notice in board.open for id in notice.components}
    return [
        Notice(
            made_id(20, vendor.id, id),
            f"{vendor.components.get(id, id)}: {state.replace('_', ' ')}",
            (Post(board.component_changed_at[id], "investigating", "major", {id: state}),),
        )
        for id, state in board.components.items()
        if state != STATES[0] and id not in named
    ]


def _incident(vendor: Vendor, notice: Notice) -> dict[str, Any]:
    updates = _updates(notice)[::-1]
    impacts = [_worst(post.components) for post in notice.posts if post.components]
    is_over = notice.resolved_at is not None
    return {
        "id": notice.id,
        "number": made_id(20, notice.id),
        "begin": _time(notice.started_at),
        "created": _time(notice.started_at),
        "end": _time(notice.resolved_at) if notice.resolved_at else None,
        "modified": _time(notice.updated_at),
        "external_desc": notice.name,
        "updates": updates,
        "most_recent_update": updates[0],
        "status_impact": _word(max(impacts, key=_rank, default="degraded_performance")),
        "severity": _SEVERITIES.get(notice.impact, "medium"),
        "service_key": "zall",
        "service_name": "Multiple Products",
        "affected_products": [{"title": vendor.components.get(id, id), "id": id} for id in notice.components],
        "uri": f"incidents/{notice.id}",
        "currently_affected_locations": [] if is_over else [_EVERYWHERE],
        "previously_affected_locations": [_EVERYWHERE] if is_over else [],
    }


def _updates(notice: Notice) -> list[dict[str, Any]]:
    state = "degraded_performance"
    updates = []
    for post in notice.posts:
        state = _worst(post.components) if post.components else state
        word = "AVAILABLE" if post.status == "resolved" else _word(state)
        at = _time(post.at)
        updates.append(
            {
                "created": at,
                "modified": at,
                "when": at,
                "text": post.text,
                "status": word,
                "affected_locations": [] if word == "AVAILABLE" else [_EVERYWHERE],
            }
        )
    return updates


def _worst(components: Mapping[str, str]) -> str:
    return max(components.values(), key=_rank)


def _rank(state: str) -> int:
    return STATES.index(state) if state in STATES else len(STATES)


def _word(state: str) -> str:
    return _WORDS.get(state, state)


def _time(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
