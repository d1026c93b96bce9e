"""The sentences: terminal, toast and window say the same, and every verdict says in one what was seen and whose fault.

Texts go through gettext, so that a translation is a file and not a change here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from gettext import gettext as _

from trayapp.model.level import Level
from trayapp.model.provider import Provider
from trayapp.model.reading import NetworkState, ProbeReading, Symptom
from trayapp.model.verdict import Case, Verdict

#: A level in one or two words, for lists.
WORDS = {
    Level.OPERATIONAL: _("works"),
    Level.MAINTENANCE: _("maintenance"),
    Level.DEGRADED: _("degraded"),
    Level.DOWN: _("down"),
    Level.UNKNOWN: _("unknown"),
    Level.OFFLINE: _("your network"),
    Level.BLOCKED: _("refused for you"),
}

NETWORK = {
    NetworkState.ONLINE: _("Your network is back"),
    NetworkState.OFFLINE: _("Your network is down"),
    NetworkState.CAPTIVE_PORTAL: _("Your network wants you to log in first"),
    NetworkState.DNS: _("Your network finds no names (DNS)"),
    NetworkState.PROXY: _("Your proxy lets nothing through"),
    NetworkState.TLS: _("Your network opens encrypted connections"),
    NetworkState.UNKNOWN: _("Your network has not been looked at"),
}

#: What one ping saw, for lists and where the vendor gave no code.
SEEN = {
    Symptom.OK: _("answered"),
    Symptom.SLOW: _("answered late"),
    Symptom.OVERLOADED: _("overloaded"),
    Symptom.SERVER_ERROR: _("server error"),
    Symptom.EDGE_ERROR: _("error at the edge"),
    Symptom.TIMEOUT_CONNECT: _("no connection in time"),
    Symptom.TIMEOUT_READ: _("no answer in time"),
    Symptom.CONNECTION_LOST: _("connection lost"),
    Symptom.AUTH_SUSPECT: _("key refused"),
    Symptom.AUTH_INVALID: _("key not accepted"),
    Symptom.NO_CREDIT: _("no credit"),
    Symptom.RATE_LIMITED: _("your rate limit"),
    Symptom.REGION_BLOCKED: _("your region is not served"),
    Symptom.REQUEST_INVALID: _("heard, but not understood"),
    Symptom.DNS: _("name not found"),
    Symptom.REFUSED: _("connection refused"),
    Symptom.TLS_INTERCEPTED: _("connection opened by somebody"),
    Symptom.TLS_EXPIRED: _("certificate expired"),
    Symptom.CAPTIVE_PORTAL: _("a login page"),
    Symptom.PROXY_AUTH: _("proxy wants a login"),
    Symptom.PROXY_BLOCKED: _("blocked on the way"),
    Symptom.NETWORK_OFFLINE: _("no way through"),
    Symptom.SKIPPED: _("not made"),
}

_ACCOUNT = {
    Symptom.AUTH_SUSPECT: _("your key is refused"),
    Symptom.AUTH_INVALID: _("your key is not accepted"),
    Symptom.NO_CREDIT: _("your account has no credit left or has reached its own limit"),
    Symptom.RATE_LIMITED: _("you have reached your own rate limit"),
    Symptom.REGION_BLOCKED: _("requests from your region or network address are not served"),
}

_MINE = {
    Symptom.TLS_INTERCEPTED: _("something on your network opens the encrypted connection"),
    Symptom.CAPTIVE_PORTAL: _("a login page or proxy answers in its place"),
    Symptom.PROXY_AUTH: _("your proxy wants a login"),
    Symptom.PROXY_BLOCKED: _("your proxy or network blocks it"),
    Symptom.NETWORK_OFFLINE: _("there is no way through to it"),
}


def age(seconds: float) -> str:
    """Return a stretch of time in words: "just now", "2 min", "1 h 18 min", "3 days"."""
    minutes = int(max(0.0, seconds) // 60)
    if minutes < 1:
        return _("just now") if seconds < 10 else _("{n} s").format(n=int(seconds))
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return _("{h} h {m} min").format(h=hours, m=rest) if rest else _("{h} h").format(h=hours)
    return _("{n} days").format(n=hours // 24)


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
    return _("{it} {fails} for you ({pings}), and the status page says so too: {news}").format(
        it=subject(provider), fails=_fails(verdict), pings=_pings(verdict), news=_news(verdict)
    )


def _silent(verdict: Verdict, provider: Provider, now: datetime) -> str:
    page = _silence(verdict)
    return _("{it} {fails} for you ({pings}){page}").format(
        it=subject(provider), fails=_fails(verdict), pings=_pings(verdict), page=page
    )


def _silence(verdict: Verdict) -> str:
    if verdict.feed is None:
        return ""
    if verdict.feed.error:
        return _("; the status page could not be read ({why})").format(why=verdict.feed.error)
    return _("; the status page shows nothing yet")


def _reported(verdict: Verdict, provider: Provider, now: datetime) -> str:
    own = _("the front door answers you") if _newest_good(verdict) else _("no ping of your own")
    return _("{it}: the status page says {news}; {own}").format(it=subject(provider), news=_news(verdict), own=own)


def _reported_works(verdict: Verdict, provider: Provider, now: datetime) -> str:
    ping = _newest_good(verdict)
    return _("{it}: the status page says {news}, but your key is answered ({ms} ms)").format(
        it=subject(provider), news=_news(verdict), ms=round(ping.seconds * 1000) if ping else 0
    )


def _key_refused(verdict: Verdict, provider: Provider, now: datetime) -> str:
    return _(
        "{it} suddenly refuses your key, which worked ({pings}): their sign-in or your account, not yet known"
    ).format(it=subject(provider), pings=_pings(verdict))


def _account(verdict: Verdict, provider: Provider, now: datetime) -> str:
    what = _ACCOUNT.get(verdict.symptom or Symptom.AUTH_INVALID, _("your account is refused"))
    return _("{it}: {what} ({pings}); this is about your account, not an outage").format(
        it=subject(provider), what=what, pings=_pings(verdict)
    )


def _network(verdict: Verdict, provider: Provider, now: datetime) -> str:
    if verdict.network in (NetworkState.ONLINE, NetworkState.UNKNOWN):
        what = _MINE.get(verdict.symptom or Symptom.NETWORK_OFFLINE, _("there is no way through to it"))
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
    Case.REPORTED_WORKS: _reported_works,
    Case.KEY_REFUSED: _key_refused,
    Case.ACCOUNT: _account,
    Case.NETWORK: _network,
    Case.NOT_RUNNING: _not_running,
    Case.COMPONENTS_LOST: _lost,
}


def _fails(verdict: Verdict) -> str:
    return _("fails") if verdict.level is Level.DOWN else _("works badly")


def _pings(verdict: Verdict) -> str:
    return _("{failed} of {tried} pings, {what}").format(
        failed=verdict.failed, tried=verdict.tried, what=_what(verdict)
    )


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


_BAD = (Level.DOWN, Level.DEGRADED)


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
