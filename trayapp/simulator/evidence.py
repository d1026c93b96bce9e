"""Which evidence a replay has, and what such evidence can see at all. Nothing is credited with more."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from trayapp.simulator.scenario import Incident, Path


class Evidence(StrEnum):
    """Each set has the status page; all but the first have the unbilled pings too."""

    PAGE = "page"
    #: As it ships: page, and unbilled pings with the user's key.
    DEFAULT = "default"
    #: And what a third party measures of the vendor's models.
    THIRD_PARTY = "third-party"
    #: And the errors that coding agents on this machine leave in their own logs.
    PASSIVE = "passive"
    #: And a paid ping every five minutes.
    PAID = "paid"


#: The paths that a set's own measurements go through, besides what the page tells.
EXERCISES: Mapping[Evidence, frozenset[Path]] = {
    Evidence.PAGE: frozenset(),
    Evidence.DEFAULT: frozenset({Path.EDGE, Path.SIGN_IN}),
    Evidence.THIRD_PARTY: frozenset({Path.EDGE, Path.SIGN_IN, Path.INFERENCE, Path.MODEL}),
    Evidence.PASSIVE: frozenset({Path.EDGE, Path.SIGN_IN, Path.INFERENCE, Path.MODEL}),
    Evidence.PAID: frozenset({Path.EDGE, Path.SIGN_IN, Path.INFERENCE, Path.MODEL}),
}


def exercises(evidence: Evidence, incident: Incident, model: str) -> bool:
    """True when this evidence goes through what broke; `model` is the one that this evidence is about."""
    if incident.path is Path.MODEL and not any(piece.lower() in model.lower() for piece in incident.models):
        return False
    return incident.path in EXERCISES[evidence]


def is_told(incident: Incident) -> bool:
    """True when the page told of it while it was open there, not only when it was over."""
    return any(post.status != "resolved" for post in incident.posts)
