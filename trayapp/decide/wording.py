"""The sentences: terminal, toast and window say the same, and every verdict says in one what was seen and whose fault.

Texts go through `tongue`, so that a translation is a file and not a change here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from trayapp.decide.tongue import _
from trayapp.decide.words import ACCOUNT, MINE, NETWORK, SEEN, SOURCES, age
from trayapp.model.level import Level
from trayapp.model.provider import Provider
from trayapp.model.reading import NetworkState, ProbeReading, Symptom
from trayapp.model.verdict import Case, Verdict

_BAD = (Level.DOWN, Level.DEGRADED)
#: From so many seconds on the page's silence is told with its length.
_LEAD_S = 60.0


def subject(provider: Provider) -> str:
    """Return what the sentence is about: the API's own name where the file gives one, else the provider's."""
    return (provider.api.name if provider.api else "") or provider.name


def summary(verdict: Verdict, provider: Provider, now: datetime) -> str:
    """Return the verdict as one plain sentence: what was seen, by whom, and whose fault it is."""
    if verdict.stale:
        return _("{it}: nothing fresh; the last look was {age} ago").format(
            it=subject(provider), age=age(_last_seen_s(verdict, now))
        )
    if verdict.suspect and verdict.level is Level.UNKNOWN:
        return _("{it}: the first ping failed ({what}); checking again").format(
            it=subject(provider), what=_what(verdict)
        )
    sentence = _SENTENCES[verdict.case](verdict, provider, now)
    if verdict.suspect:
        return _("{sentence}; one ping just failed, checking again").format(sentence=sentence)
    return sentence


def _nothing(verdict: Verdict, provider: Provider, now: datetime) -> str:
    error = verdict.feed.error if verdict.feed else None
    skipped = next((r.detail for r in verdict.probes if r.symptom is Symptom.SKIPPED), None)
    reason = error or skipped
    if reason:
        return _("{it}: not known; {reason}").format(it=subject(provider), reason=_page_error(reason, bool(error)))
    return _("{it} has not been looked at yet").format(it=subject(provider))


def _page_error(reason: str, is_page: bool) -> str:
    return _("the status page could not be read ({reason})").format(reason=reason) if is_page else reason


def _well(verdict: Verdict, provider: Provider, now: datetime) -> str:
    ping = _newest_good(verdict)
    if ping is None:
        return _("{it} works").format(it=subject(provider))
    page = _(" and the status page shows no trouble") if verdict.feed else ""
    heard = _("answers your key") if ping.kind != "keyless" else _("answers at the front door")
    return _("{it} {heard} ({ms} ms){page}").format(
        it=subject(provider), heard=heard, ms=round(ping.seconds * 1000), page=page
    )


def _well_unread(verdict: Verdict, provider: Provider, now: datetime) -> str:
    ping = _newest_good(verdict)
    return _("{it} answers your key ({ms} ms); the status page could not be read ({why})").format(
        it=subject(provider), ms=round(ping.seconds * 1000) if ping else 0, why=_why_unread(verdict)
    )


def _door_only(verdict: Verdict, provider: Provider, now: datetime) -> str:
    return _("{it}: the front door answers, but the status page could not be read ({why}), and no key is set").format(
        it=subject(provider), why=_why_unread(verdict)
    )


def _page_only(verdict: Verdict, provider: Provider, now: datetime) -> str:
    return _("{it}: the status page shows no trouble; no ping of your own").format(it=subject(provider))


def _maintenance(verdict: Verdict, provider: Provider, now: datetime) -> str:
    return _("{it}: announced maintenance is under way, no failure seen").format(it=subject(provider))


def _confirmed(verdict: Verdict, provider: Provider, now: datetime) -> str:
    return _("{it} {fails} for you ({pings}), and the status page says so too: {news}{others}").format(
        it=subject(provider),
        fails=_fails(verdict),
        pings=_pings(verdict),
        news=_news(verdict),
        others=_others(verdict),
    )


def _silent(verdict: Verdict, provider: Provider, now: datetime) -> str:
    return _("{it} {fails} for you ({pings}){page}{others}").format(
        it=subject(provider),
        fails=_fails(verdict),
        pings=_pings(verdict),
        page=_silence(verdict, now),
        others=_others(verdict),
    )


def _silence(verdict: Verdict, now: datetime) -> str:
    """Return what the page does not say, with the lead over it as long as it runs."""
    if verdict.feed is None:
        return ""
    if verdict.feed.error:
        return _("; the status page could not be read ({why})").format(why=verdict.feed.error)
    lead_s = (now - verdict.seen_since).total_seconds() if verdict.seen_since else 0.0
    if lead_s < _LEAD_S:
        return _("; the status page shows nothing yet")
    return _("; the status page shows nothing after {age}").format(age=age(lead_s))


def _others(verdict: Verdict) -> str:
    """Return what other eyes see of it, as far as it is to be told."""
    told = ""
    if verdict.shared:
        told += _("; {who} fails at the same edge").format(who=", ".join(verdict.shared[:3]))
    other = verdict.elsewhere
    if other is not None and other.level in _BAD:
        told += _("; {source} sees it too ({detail})").format(
            source=SOURCES.get(other.source, other.source), detail=other.detail
        )
    return told


def _reported(verdict: Verdict, provider: Provider, now: datetime) -> str:
    own = _("the front door answers you") if _newest_good(verdict) else _("no ping of your own")
    return _("{it}: the status page says {news}; {own}").format(it=subject(provider), news=_news(verdict), own=own)


def _reported_accepted(verdict: Verdict, provider: Provider, now: datetime) -> str:
    ping = _newest_good(verdict)
    return _("{it}: the status page says {news}; your key is accepted ({ms} ms), generation was not tried").format(
        it=subject(provider), news=_news(verdict), ms=round(ping.seconds * 1000) if ping else 0
    )


def _reported_works(verdict: Verdict, provider: Provider, now: datetime) -> str:
    ping = _newest_good(verdict)
    if ping is not None and ping.kind == "passive":
        return _("{it}: the status page says {news}, but your agent is answered").format(
            it=subject(provider), news=_news(verdict)
        )
    return _("{it}: the status page says {news}, but it works for you ({ms} ms)").format(
        it=subject(provider), news=_news(verdict), ms=round(ping.seconds * 1000) if ping else 0
    )


def _cut_off(verdict: Verdict, provider: Provider, now: datetime) -> str:
    return _(
        "{it} cannot be reached from here, nor can {others}, while other sites answer: something on the way "
        "(a filter, proxy or VPN) blocks them; nothing is known about the providers"
    ).format(it=subject(provider), others=", ".join(verdict.shared[:3]) or _("others"))


def _unstable(verdict: Verdict, provider: Provider, now: datetime) -> str:
    return _("{it} is unstable: it changes between answering and failing ({what})").format(
        it=subject(provider), what=_what(verdict) if verdict.symptom else _("answering just now")
    )


def _key_refused(verdict: Verdict, provider: Provider, now: datetime) -> str:
    return _(
        "{it} suddenly refuses your key, which worked ({pings}): their sign-in or your account, not yet known"
    ).format(it=subject(provider), pings=_pings(verdict))


def _account(verdict: Verdict, provider: Provider, now: datetime) -> str:
    what = ACCOUNT.get(verdict.symptom or Symptom.AUTH_INVALID, _("your account is refused"))
    return _("{it}: {what} ({pings}); this is about your account, not an outage").format(
        it=subject(provider), what=what, pings=_pings(verdict)
    )


def _network(verdict: Verdict, provider: Provider, now: datetime) -> str:
    if verdict.network in (NetworkState.ONLINE, NetworkState.UNKNOWN):
        what = MINE.get(verdict.symptom or Symptom.NETWORK_OFFLINE, _("there is no way through to it"))
        return _("{it} cannot be reached from here: {what}; nothing is known about the provider").format(
            it=subject(provider), what=what
        )
    return _("{network}; nothing is known about {it}").format(network=NETWORK[verdict.network], it=subject(provider))


def _not_running(verdict: Verdict, provider: Provider, now: datetime) -> str:
    where = provider.api.base_url.partition("//")[2] if provider.api else ""
    return _("{it} is not running ({where})").format(it=subject(provider), where=where)


def _lost(verdict: Verdict, provider: Provider, now: datetime) -> str:
    missing = ", ".join(verdict.feed.lost[:3]) if verdict.feed else ""
    return _("{it}: the status page no longer lists what counts for you ({missing})").format(
        it=subject(provider), missing=missing
    )


_SENTENCES: dict[Case, Callable[[Verdict, Provider, datetime], str]] = {
    Case.NOTHING_FRESH: _nothing,
    Case.WELL: _well,
    Case.WELL_UNREAD: _well_unread,
    Case.DOOR_ONLY: _door_only,
    Case.PAGE_ONLY: _page_only,
    Case.MAINTENANCE: _maintenance,
    Case.CONFIRMED: _confirmed,
    Case.SILENT_PAGE: _silent,
    Case.REPORTED: _reported,
    Case.REPORTED_ACCEPTED: _reported_accepted,
    Case.REPORTED_WORKS: _reported_works,
    Case.KEY_REFUSED: _key_refused,
    Case.ACCOUNT: _account,
    Case.NETWORK: _network,
    Case.CUT_OFF: _cut_off,
    Case.UNSTABLE: _unstable,
    Case.NOT_RUNNING: _not_running,
    Case.COMPONENTS_LOST: _lost,
}


def _fails(verdict: Verdict) -> str:
    return _("fails") if verdict.level is Level.DOWN else _("works badly")


def _pings(verdict: Verdict) -> str:
    last = verdict.evidence[-1] if verdict.evidence else None
    what = _what(verdict)
    if last is not None and last.kind == "passive":
        return _("{failed} of {tried} requests of your agent, {what}").format(
            failed=verdict.failed, tried=verdict.tried, what=what
        )
    if last is not None and last.model:
        what = _("{what} with {model}").format(what=what, model=last.model)
    return _("{failed} of {tried} pings, {what}").format(failed=verdict.failed, tried=verdict.tried, what=what)


def _what(verdict: Verdict) -> str:
    """Return what the telling ping saw: its detail, or its symptom in words."""
    telling = [r for r in verdict.probes if r.symptom is verdict.symptom and r.detail]
    if telling:
        return max(telling, key=lambda r: r.at).detail
    return SEEN[verdict.symptom or Symptom.SKIPPED]


def _news(verdict: Verdict) -> str:
    if verdict.incident is not None:
        return _("“{name}” ({status})").format(name=verdict.incident.name, status=verdict.incident.status)
    page = verdict.feed.reading.page if verdict.feed and verdict.feed.reading else None
    bad = (
        [c for c in page.components if c.id in verdict.feed.counts and c.level in _BAD] if page and verdict.feed else []
    )
    return ", ".join(f"{c.name}: {c.status.replace('_', ' ')}" for c in bad[:2]) or _("trouble")


def _newest_good(verdict: Verdict) -> ProbeReading | None:
    good = [r for r in verdict.probes if r.symptom is Symptom.OK]
    return max(good, key=lambda r: (r.kind != "keyless", r.at), default=None)


def _why_unread(verdict: Verdict) -> str:
    if verdict.feed and verdict.feed.error:
        return verdict.feed.error
    return _("nothing fresh")


def _last_seen_s(verdict: Verdict, now: datetime) -> float:
    seen = [r.at for r in verdict.probes]
    if verdict.feed and verdict.feed.fetched_at:
        seen.append(verdict.feed.fetched_at)
    return (now - max(seen, default=verdict.since)).total_seconds()
