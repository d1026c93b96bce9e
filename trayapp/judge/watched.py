"""One provider's verdict from all that is held of it: a function of the evidence and the moment."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from trayapp.judge.confirm import NO_PINGS, Pings, has_worked
from trayapp.judge.crowd import NOBODY, Crowd
from trayapp.judge.evidence import Sight, age_s, fresh, fresh_for_s, sight
from trayapp.judge.flap import Steadiness
from trayapp.judge.fuse import Finding, Own, fuse
from trayapp.judge.kin import KIN, Kin
from trayapp.judge.latency import Latency
from trayapp.judge.scope import counting, incident_counts, maintenance_counts, page_level, speaks_of_sign_in
from trayapp.model.level import Cause, Level
from trayapp.model.provider import Provider
from trayapp.model.reading import (
    Component,
    ElsewhereReading,
    Incident,
    NetworkReading,
    PageReading,
    ProbeReading,
    Symptom,
)
from trayapp.model.settings import MonitorSettings, Scope
from trayapp.model.verdict import Case, FeedView, Verdict

#: A refused key that worked before is the account's affair only after this time without a word from the page: the
#: first when others are served well meanwhile, the second when nobody tells, by when most pages have spoken (R6).
BENEFIT_OF_DOUBT, LONG_BENEFIT_OF_DOUBT = timedelta(minutes=10), timedelta(hours=2)
#: So well must others be served, in per cent, and so lately (R6).
_OTHERS_WELL, OTHERS_HOLD_S = 99.0, 600.0
_GRAVE = ("major", "critical")
_WELL = (Level.OPERATIONAL, Level.MAINTENANCE)
_BAD = (Level.DEGRADED, Level.DOWN)


@dataclass(frozen=True, slots=True)
class Counted:
    """What of a page counts for this user; reckoned once, for most looks find the page unchanged."""

    components: tuple[Component, ...] = ()
    lost: tuple[str, ...] = ()
    ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Watched:
    """All that is held of one provider."""

    provider: Provider
    scope: Scope
    verdict: Verdict
    #: Unbilled pings, paid ones, and what the user's agents met: each is confirmed by itself.
    pings: Pings = NO_PINGS
    paid: Pings = NO_PINGS
    real: Pings = NO_PINGS
    #: The last page that could be read, what of it counts, and the last look at it, which may have failed.
    page: PageReading | None = None
    counted: Counted = field(default_factory=Counted)
    look: PageReading | None = None
    #: Since when the page reports trouble that counts; None while it does not.
    reported_at: datetime | None = None
    elsewhere: ElsewhereReading | None = None
    latency: Latency = field(default_factory=Latency)
    steadiness: Steadiness = field(default_factory=Steadiness)

    @property
    def newest(self) -> tuple[ProbeReading, ...]:
        """The newest unbilled pings."""
        return self.pings.newest


def looked(held: Watched, look: PageReading) -> Watched:
    """Return what is held after one more look at the page."""
    page = look.page
    if page is None:
        return replace(held, look=look)
    if held.page is not None and held.page.page is page:
        return replace(held, look=look, page=look)
    components, lost = counting(held.provider, held.scope, page)
    ids = {c.id for c in components}
    ids |= {i.id for i in page.incidents if incident_counts(i, components, held.scope)}
    ids |= {m.id for m in page.maintenances if maintenance_counts(m, components)}
    return replace(held, look=look, page=look, counted=Counted(components, lost, frozenset(ids)))


def verdict(
    held: Watched,
    network: NetworkReading,
    settings: MonitorSettings,
    now: datetime,
    crowd: Crowd = NOBODY,
    pages_down: str = "",
) -> Verdict:
    """Return what is true about the provider at `now`; `pages_down` tells that its page's platform is in trouble."""
    page = _trusted_level(held, settings, now)
    view = feed_view(held, page, pages_down)
    incident = _incident(held, view)
    seen = sight(held, network, page, settings, crowd, now)
    finding = _finding(held, seen, page, incident, now)
    if page is Level.UNKNOWN and view and view.lost and not view.counts and finding.level is Level.UNKNOWN:
        finding = finding._replace(case=Case.COMPONENTS_LOST)
    if held.steadiness.unstable and finding.level in (*_WELL, *_BAD):
        finding = Finding(Level.DEGRADED, Cause.PROVIDER, Case.UNSTABLE)
    level = finding.level or Level.UNKNOWN
    failed, tried = seen.pings.counted
    return Verdict(
        provider=held.provider.id,
        level=level,
        cause=finding.cause,
        case=finding.case,
        since=held.verdict.since if level is held.verdict.level else _begun(seen.pings, finding, network, now),
        at=now,
        stale=_is_stale(held, settings, now),
        suspect=held.pings.is_suspect or held.paid.is_suspect,
        failed=failed,
        tried=tried,
        symptom=_symptom(seen.pings),
        feed=view,
        probes=_newest(held),
        network=network.state,
        incident=incident,
        seen_since=_seen_since(seen.pings),
        shared=crowd.beside(held.provider.id),
        elsewhere=held.elsewhere,
        evidence=seen.pings.recent,
        unstable=held.steadiness.unstable,
    )


def _finding(held: Watched, seen: Sight, page: Level | None, incident: Incident | None, now: datetime) -> Finding:
    """Return the table's finding, with what no table can say: doubts about keys, other eyes, and patience."""
    explained = page
    if seen.own is Own.KEY_REFUSED and page is Level.DEGRADED and not _explains_refusal(incident):
        explained = Level.OPERATIONAL
    own = Own.PARTLY if seen.own is Own.SUSPECT and _is_seen_elsewhere(held, now) else seen.own
    finding = fuse(own, explained)
    before = held.verdict
    if own is Own.SUSPECT and finding.case is not Case.CONFIRMED and before.level is not Level.UNKNOWN:
        return Finding(before.level, before.cause, before.case)
    if finding.case is Case.KEY_REFUSED and _is_settled_refusal(held, seen.pings, now):
        return finding._replace(cause=Cause.ACCOUNT, case=Case.ACCOUNT)
    return finding


def _explains_refusal(incident: Incident | None) -> bool:
    return incident is not None and (incident.impact in _GRAVE or speaks_of_sign_in(incident))


def _is_seen_elsewhere(held: Watched, now: datetime) -> bool:
    """True when a third party sees trouble too: with it a single failure of ours is no longer a matter of chance."""
    other = held.elsewhere
    failing = held.pings.window and KIN[held.pings.window[-1].symptom] in (Kin.HARD, Kin.SOFT)
    return bool(failing) and other is not None and other.level in _BAD and age_s(other.at, now) <= OTHERS_HOLD_S


def _is_settled_refusal(held: Watched, pings: Pings, now: datetime) -> bool:
    assert pings.trouble is not None, "a key is refused only where trouble says so"
    trouble = pings.trouble
    if not has_worked(pings, trouble.since):
        return True
    other = held.elsewhere
    others_well = other is not None and (other.uptime or 0.0) >= _OTHERS_WELL and age_s(other.at, now) <= OTHERS_HOLD_S
    return now - trouble.since > (BENEFIT_OF_DOUBT if others_well else LONG_BENEFIT_OF_DOUBT)


def feed_view(held: Watched, level: Level | None, pages_down: str) -> FeedView | None:
    """Return the page as it counts for this user; a look that failed shows as unknown with its reason at once."""
    feed = held.provider.feed
    if feed is None:
        return None
    error = held.look.error if held.look else None
    if error and pages_down:
        error = f"{error}; {pages_down} at once"
    url = held.look.url if held.look else feed.url
    if held.page is None:
        return FeedView(feed.platform, url, Level.UNKNOWN, error=error)
    return FeedView(
        feed.platform,
        url,
        level=Level.UNKNOWN if error is not None or level is None else level,
        fetched_at=held.page.at,
        error=error,
        reading=held.page,
        counts=held.counted.ids,
        lost=held.counted.lost,
    )


def _trusted_level(held: Watched, settings: MonitorSettings, now: datetime) -> Level | None:
    """Return the level the verdict may rest on: the last page that was read, while it is not stale.

    One look that failed does not unmake what was read a minute ago; three do.
    """
    feed = held.provider.feed
    if feed is None:
        return None
    if held.page is None or held.page.page is None:
        return Level.UNKNOWN
    if age_s(held.page.at, now) > fresh_for_s(settings.feed_interval_s):
        return Level.UNKNOWN
    return page_level(held.page.page, held.counted.components, held.scope, now, roster=feed.roster)


def _newest(held: Watched) -> tuple[ProbeReading, ...]:
    if not held.paid.newest and not held.real.newest:
        return held.pings.newest
    return (*held.pings.newest, *held.paid.newest, *held.real.newest)


def _is_stale(held: Watched, settings: MonitorSettings, now: datetime) -> bool:
    """True when something was seen, but all of it is too old to judge by."""
    if held.page is not None and age_s(held.page.at, now) <= fresh_for_s(settings.feed_interval_s):
        return False
    seen = bool(held.pings.newest) or held.page is not None
    return seen and not any(fresh(each, settings, now) for each in (held.pings, held.paid, held.real))


def _begun(pings: Pings, finding: Finding, network: NetworkReading, now: datetime) -> datetime:
    trouble = pings.trouble
    if finding.case is Case.NETWORK and trouble is None:
        return network.at
    return min(trouble.since, now) if trouble and finding.level is not Level.OPERATIONAL else now


def _seen_since(pings: Pings) -> datetime | None:
    if pings.trouble is not None:
        return pings.trouble.since
    return pings.window[0].at if pings.window else None


def _symptom(pings: Pings) -> Symptom | None:
    if pings.trouble is not None:
        return pings.trouble.symptom
    return pings.window[-1].symptom if pings.window else None


def _incident(held: Watched, view: FeedView | None) -> Incident | None:
    if view is None or held.page is None or held.page.page is None or not held.page.page.incidents:
        return None
    open_ones = [i for i in held.page.page.incidents if i.id in view.counts]
    weight = {"critical": 3, "major": 2, "minor": 1}
    return max(open_ones, key=lambda i: weight.get(i.impact, 0), default=None)
