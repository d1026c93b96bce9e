"""What we hold to be true about a provider, and how that changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trayapp.model.level import Cause, Level
from trayapp.model.reading import (
    ElsewhereReading,
    Incident,
    NetworkState,
    PageReading,
    ProbeReading,
    Symptom,
)


class Case(StrEnum):
    """Which of the stories a verdict tells; `decide/wording.py` has a sentence for each."""

    #: Nothing looked at yet, or everything too old.
    NOTHING_FRESH = "nothing_fresh"
    #: Pings answer and the page agrees.
    WELL = "well"
    #: Pings answer, the page could not be read.
    WELL_UNREAD = "well_unread"
    #: No key, the page could not be read: only the front door is known to answer.
    DOOR_ONLY = "door_only"
    #: The page says well, and no ping of our own is fresh.
    PAGE_ONLY = "page_only"
    #: Announced work, no failure seen.
    MAINTENANCE = "maintenance"
    #: Our pings fail and the page says so too.
    CONFIRMED = "confirmed"
    #: Our pings fail and the page shows nothing.
    SILENT_PAGE = "silent_page"
    #: The page reports it; pings reach as far as they can and cannot contradict.
    REPORTED = "reported"
    #: The page reports it, and the key is accepted; whether generation works was not tried.
    REPORTED_ACCEPTED = "reported_accepted"
    #: The page reports it, but generation is answered here, or what failed here works again.
    REPORTED_WORKS = "reported_works"
    #: A key that worked is suddenly refused, nobody knows why yet.
    KEY_REFUSED = "key_refused"
    #: Key, credit, own rate limit, region.
    ACCOUNT = "account"
    #: The user's own network.
    NETWORK = "network"
    #: Unrelated providers cannot be reached all at once while neutral sites can: something on the way blocks them.
    CUT_OFF = "cut_off"
    #: It changes between well and not too often to be called either.
    UNSTABLE = "unstable"
    #: A server on this machine that nobody started.
    NOT_RUNNING = "not_running"
    #: Only the components that count are missing from the page.
    COMPONENTS_LOST = "components_lost"


@dataclass(frozen=True, slots=True)
class FeedView:
    """The page as it counts for this user."""

    platform: str
    url: str
    level: Level
    fetched_at: datetime | None = None
    error: str | None = None
    reading: PageReading | None = None
    #: Ids of the components, incidents and maintenances that count for this user.
    counts: frozenset[str] = frozenset()
    #: Ids that the provider file or the user names and the page no longer has.
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is true about one provider for this user at `at`; `since` when that began."""

    provider: str
    level: Level
    cause: Cause
    case: Case
    since: datetime
    at: datetime
    #: The evidence is older than three intervals.
    stale: bool = False
    #: A ping failed and is being checked again; the level is still the one before.
    suspect: bool = False
    #: Of the last `tried` pings `failed` failed, with `symptom`.
    failed: int = 0
    tried: int = 0
    symptom: Symptom | None = None
    feed: FeedView | None = None
    #: The newest ping of each kind.
    probes: tuple[ProbeReading, ...] = ()
    network: NetworkState = NetworkState.ONLINE
    #: The open incident that counts most, if any.
    incident: Incident | None = None
    #: When the trouble was first seen by ourselves; None without one.
    seen_since: datetime | None = None
    #: Other providers that fail at the same moment in the same way: behind the same edge, or cut off alike.
    shared: tuple[str, ...] = ()
    #: What a third party last saw, while it can be trusted.
    elsewhere: ElsewhereReading | None = None
    #: The pings that the verdict rests on, oldest first.
    evidence: tuple[ProbeReading, ...] = ()
    #: Changes so often that single changes are not told of.
    unstable: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """A verdict that followed another. `baseline`: the first after start or wake, which alarms nobody."""

    before: Verdict
    after: Verdict
    baseline: bool = False


@dataclass(frozen=True, slots=True)
class NetworkTransition:
    """The network between this machine and everybody changed."""

    at: datetime
    before: NetworkState
    after: NetworkState
    detail: str = ""
    baseline: bool = False
