"""One provider's verdict from all that is held of it: a function of the evidence and the moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from trayapp.judge.confirm import KIN, NO_PINGS, Kin, Pings, has_worked
from trayapp.judge.fuse import Finding, Own, fuse
from trayapp.judge.scope import counting, incident_counts, maintenance_counts, page_level
from trayapp.model.level import Cause, Level
from trayapp.model.provider import Provider
from trayapp.model.reading import Incident, NetworkReading, NetworkState, PageReading, ProbeReading, Symptom
from trayapp.model.settings import MonitorSettings, Scope
from trayapp.model.verdict import Case, FeedView, Verdict

#: Evidence holds for so many intervals, and a little for jitter and the time an answer takes.
MISSED_INTERVALS = 3
_SLACK_S = 30.0
#: A refused key that worked before is the account's affair only after this time without a word from the page (R6).
BENEFIT_OF_DOUBT = timedelta(minutes=10)

_THROUGH = (NetworkState.ONLINE, NetworkState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Watched:
    """All that is held of one provider."""

    provider: Provider
    scope: Scope
    verdict: Verdict
    pings: Pings = NO_PINGS
    #: The last page that could be read, and the last look at it, which may have failed.
    page: PageReading | None = None
    look: PageReading | None = None


def fresh_for_s(interval_s: float) -> float:
    """Return for how many seconds evidence holds that is gathered at this interval."""
    return MISSED_INTERVALS * interval_s + _SLACK_S


def verdict(held: Watched, network: NetworkReading, settings: MonitorSettings, now: datetime) -> Verdict:
    """Return what is true about the provider at `now`."""
    before = held.verdict
    view = feed_view(held, settings, now)
    page = _trusted_level(held, view, settings, now)
    own = _own(held, network, page, settings, now)
    finding = fuse(own, page)
    if own is Own.SUSPECT and finding.case is not Case.CONFIRMED and before.level is not Level.UNKNOWN:
        finding = Finding(before.level, before.cause, before.case)
    if page is Level.UNKNOWN and view and view.lost and not view.counts and finding.level is Level.UNKNOWN:
        finding = finding._replace(case=Case.COMPONENTS_LOST)
    level = finding.level or Level.UNKNOWN
    failed, tried = held.pings.counted
    return Verdict(
        provider=held.provider.id,
        level=level,
        cause=_whose(held, finding, now),
        case=_story(held, finding, now),
        since=before.since if level is before.level else _begun(held, finding, network, now),
        at=now,
        stale=_is_stale(held, settings, now),
        suspect=held.pings.is_suspect,
        failed=failed,
        tried=tried,
        symptom=_symptom(held.pings),
        feed=view,
        probes=held.pings.newest,
        network=network.state,
        incident=_incident(held, view),
    )


def feed_view(held: Watched, settings: MonitorSettings, now: datetime) -> FeedView | None:
    """Return the page as it counts for this user; a look that failed shows as unknown with its reason at once."""
    feed = held.provider.feed
    if feed is None:
        return None
    page = held.page.page if held.page else None
    error = held.look.error if held.look else None
    seen = FeedView(feed.platform, held.look.url if held.look else feed.url, Level.UNKNOWN, error=error)
    if page is None or held.page is None:
        return seen
    components, lost = counting(held.provider, held.scope, page)
    ids = {c.id for c in components}
    ids |= {i.id for i in page.incidents if incident_counts(i, components, held.scope)}
    ids |= {m.id for m in page.maintenances if maintenance_counts(m, components)}
    is_old = error is not None or _age_s(held.page.at, now) > fresh_for_s(settings.feed_interval_s)
    return replace(
        seen,
        level=Level.UNKNOWN if is_old else page_level(page, components, held.scope, now),
        fetched_at=held.page.at,
        reading=held.page,
        counts=frozenset(ids),
        lost=lost,
    )


def _trusted_level(held: Watched, view: FeedView | None, settings: MonitorSettings, now: datetime) -> Level | None:
    """Return the level the verdict may rest on: the last page that was read, while it is not stale.

    One look that failed does not unmake what was read a minute ago; three do.
    """
    if view is None:
        return None
    if held.page is None or held.page.page is None:
        return Level.UNKNOWN
    if _age_s(held.page.at, now) > fresh_for_s(settings.feed_interval_s):
        return Level.UNKNOWN
    components, _ = counting(held.provider, held.scope, held.page.page)
    return page_level(held.page.page, components, held.scope, now)


def _own(held: Watched, network: NetworkReading, page: Level | None, settings: MonitorSettings, now: datetime) -> Own:
    if network.state not in _THROUGH and not held.provider.local:
        return Own.MINE
    trouble = held.pings.trouble
    fresh = _fresh(held.pings, settings, now)
    if not fresh:
        return Own.NOTHING
    if trouble is None and held.pings.is_suspect:
        return _suspicion(held)
    if trouble is None:
        return Own.KEYED_OK if any(r.kind != "keyless" and _is_fine(r) for r in fresh) else Own.DOOR_OK
    if trouble.kin is Kin.ACCOUNT:
        return _refusal(trouble.symptom, page)
    if trouble.kin is Kin.MINE:
        return Own.MINE
    if trouble.symptom is Symptom.REFUSED and held.provider.local:
        return Own.NOT_RUNNING
    return Own.PARTLY if trouble.partly else Own.FAILS


def _suspicion(held: Watched) -> Own:
    """Nobody need be asked twice whether a server on this machine is running."""
    refused = held.provider.local and held.pings.window[-1].symptom is Symptom.REFUSED
    return Own.NOT_RUNNING if refused else Own.SUSPECT


def _refusal(symptom: Symptom, page: Level | None) -> Own:
    if symptom is Symptom.AUTH_SUSPECT or (symptom is Symptom.AUTH_INVALID and page in (Level.DEGRADED, Level.DOWN)):
        return Own.KEY_REFUSED
    return Own.ACCOUNT


def _whose(held: Watched, finding: Finding, now: datetime) -> Cause:
    """Return whose fault it is: a refused key is the account's when it never worked, or the doubt has lasted."""
    return Cause.ACCOUNT if _is_settled_refusal(held, finding, now) else finding.cause


def _story(held: Watched, finding: Finding, now: datetime) -> Case:
    return Case.ACCOUNT if _is_settled_refusal(held, finding, now) else finding.case


def _is_settled_refusal(held: Watched, finding: Finding, now: datetime) -> bool:
    trouble = held.pings.trouble
    if finding.case is not Case.KEY_REFUSED or trouble is None:
        return False
    return not has_worked(held.pings, trouble.since) or now - trouble.since > BENEFIT_OF_DOUBT


def _fresh(pings: Pings, settings: MonitorSettings, now: datetime) -> tuple[ProbeReading, ...]:
    return tuple(
        reading
        for reading in pings.newest
        if KIN[reading.symptom] is not Kin.NOTHING and _age_s(reading.at, now) <= _ping_holds_s(reading, settings)
    )


def _ping_holds_s(reading: ProbeReading, settings: MonitorSettings) -> float:
    slowest = max(settings.probe_interval_s, settings.probe_interval_saving_s)
    return fresh_for_s(settings.paid_interval_s if reading.kind == "paid" else slowest)


def _is_fine(reading: ProbeReading) -> bool:
    return KIN[reading.symptom] is Kin.FINE


def _is_stale(held: Watched, settings: MonitorSettings, now: datetime) -> bool:
    """True when something was seen, but all of it is too old to judge by."""
    seen = bool(held.pings.newest) or held.page is not None
    page_is_fresh = held.page is not None and _age_s(held.page.at, now) <= fresh_for_s(settings.feed_interval_s)
    return seen and not page_is_fresh and not _fresh(held.pings, settings, now)


def _begun(held: Watched, finding: Finding, network: NetworkReading, now: datetime) -> datetime:
    trouble = held.pings.trouble
    if finding.case is Case.NETWORK and trouble is None:
        return network.at
    return min(trouble.since, now) if trouble and finding.level is not Level.OPERATIONAL else now


def _symptom(pings: Pings) -> Symptom | None:
    if pings.trouble is not None:
        return pings.trouble.symptom
    return pings.window[-1].symptom if pings.window else None


def _incident(held: Watched, view: FeedView | None) -> Incident | None:
    if view is None or held.page is None or held.page.page is None:
        return None
    open_ones = [i for i in held.page.page.incidents if i.id in view.counts]
    weight = {"critical": 3, "major": 2, "minor": 1}
    return max(open_ones, key=lambda i: weight.get(i.impact, 0), default=None)


def _age_s(at: datetime, now: datetime) -> float:
    """Return the age in seconds; what lies in the future (the clock was set back) is of no age we could trust."""
    age = (now - at).total_seconds()
    return age if age >= -_SLACK_S else float("inf")
