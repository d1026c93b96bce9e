"""From verdicts to the picture that any screen can show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from trayapp.decide.remarks import abandoned, foreign
from trayapp.decide.tongue import _
from trayapp.decide.why import why
from trayapp.decide.wording import summary
from trayapp.decide.words import NETWORK, SEEN, WORDS, age
from trayapp.model.level import Level, rank, worst
from trayapp.model.picture import Fact, Picture, Row
from trayapp.model.provider import Provider
from trayapp.model.reading import NetworkState, ProbeReading
from trayapp.model.verdict import FeedView, Verdict

#: Windows cuts a tray tooltip at 127 characters (szTip is 128 with its end mark).
TOOLTIP_LIMIT = 127
#: Lines that say why, in the menu.
MOST_REASONS = 8

_PINGS = {
    "keyless": _("Ping without a key"),
    "free": _("Ping with your key"),
    "paid": _("Paid ping"),
}


def picture(
    verdicts: Sequence[Verdict],
    providers: Mapping[str, Provider],
    now: datetime,
    *,
    paused_until: datetime | None = None,
    complaint: str | None = None,
) -> Picture:
    """Return everything the screen shows at `now`; rows keep the user's order, tooltip and headline the worst first."""
    rows = tuple(_row(verdict, providers[verdict.provider], now) for verdict in verdicts)
    by_need = sorted(verdicts, key=lambda v: rank(v.level))
    return Picture(
        level=worst(verdict.level for verdict in verdicts),
        headline=_headline(by_need, providers, now),
        tooltip=_tooltip(by_need, providers),
        rows=rows,
        paused_until=paused_until,
        complaint=complaint,
        why=why(by_need[0], now)[:MOST_REASONS] if by_need else (),
    )


def _headline(by_need: Sequence[Verdict], providers: Mapping[str, Provider], now: datetime) -> str:
    if not by_need:
        return _("No provider is watched: name some in the preferences file")
    first = by_need[0]
    if first.level is Level.OPERATIONAL:
        checked = age((now - max(verdict.at for verdict in by_need)).total_seconds())
        what = _("All {n} providers work").format(n=len(by_need)) if len(by_need) > 1 else None
        return _("{what}, checked {age}").format(
            what=what or summary(first, providers[first.provider], now), age=_ago(checked)
        )
    if first.level is Level.OFFLINE and first.network not in (NetworkState.ONLINE, NetworkState.UNKNOWN):
        return _("{network}, {age}").format(network=NETWORK[first.network], age=_since(first, now))
    return _("{name}: {word}, {age}").format(
        name=providers[first.provider].name, word=WORDS[first.level], age=_since(first, now)
    )


def _since(verdict: Verdict, now: datetime) -> str:
    return _("for {age}").format(age=_stretch((now - verdict.since).total_seconds()))


def _stretch(seconds: float) -> str:
    return _("a moment") if seconds < 10 else age(seconds)


def _ago(words: str) -> str:
    return words if words == age(0) else _("{age} ago").format(age=words)


def _tooltip(by_need: Sequence[Verdict], providers: Mapping[str, Provider]) -> str:
    lines = [f"{_cut(providers[v.provider].name, 40)}: {WORDS[v.level]}" for v in by_need]
    text = "\n".join(lines) if lines else _("Uptray watches nothing yet")
    while len(text) > TOOLTIP_LIMIT:
        lines.pop()
        text = "\n".join([*lines, "…"])
    return text


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _row(verdict: Verdict, provider: Provider, now: datetime) -> Row:
    return Row(
        provider=provider.id,
        name=provider.name,
        level=verdict.level,
        word=_("checking again") if verdict.suspect else WORDS[verdict.level],
        summary=summary(verdict, provider, now),
        stale=verdict.stale,
        suspect=verdict.suspect,
        page=provider.page,
        facts=tuple(_facts(verdict, provider, now)),
    )


def _facts(verdict: Verdict, provider: Provider, now: datetime) -> list[Fact]:
    facts = [Fact(_("Since"), _since(verdict, now))]
    if verdict.feed is not None:
        facts += _page_facts(verdict.feed, now)
    facts += [Fact(_PINGS[reading.kind], _ping(reading, now)) for reading in verdict.probes if reading.kind in _PINGS]
    if provider.note:
        facts.append(Fact(_("Note"), provider.note))
    return facts


def _page_facts(feed: FeedView, now: datetime) -> list[Fact]:
    if feed.error is not None:
        return [Fact(_("Status page"), _("could not be read: {why}").format(why=feed.error))]
    page = feed.reading.page if feed.reading else None
    if page is None or feed.fetched_at is None:
        return [Fact(_("Status page"), _("not read yet"))]
    looked = _ago(age((now - feed.fetched_at).total_seconds()))
    facts = [Fact(_("Status page"), _("{word}, read {age}").format(word=WORDS[feed.level], age=looked))]
    remarks = (foreign(feed), abandoned(page.changed_at, now))
    facts += [Fact(_("About the page"), remark) for remark in remarks if remark]
    facts += [
        Fact(component.name, component.status.replace("_", " "))
        for component in page.components
        if component.id in feed.counts
    ]
    facts += [
        Fact(_("Incident"), f"{i.name} ({i.status})" + (f": {i.latest}" if i.latest else ""))
        for i in page.incidents
        if i.is_open and i.id in feed.counts
    ][:3]
    facts += [
        Fact(_("Maintenance"), f"{m.name} ({m.status.replace('_', ' ')})")
        for m in page.maintenances
        if m.id in feed.counts
    ][:2]
    return facts


def _ping(reading: ProbeReading, now: datetime) -> str:
    detail = f" ({reading.detail})" if reading.detail else ""
    looked = _ago(age((now - reading.at).total_seconds()))
    return f"{SEEN[reading.symptom]}{detail}, {round(reading.seconds * 1000)} ms, {looked}"
