"""The readings behind a verdict, one line each: `uptray status ID --why`, and the same in the window."""

from __future__ import annotations

from datetime import datetime

from trayapp.decide.tongue import _
from trayapp.decide.words import SEEN, SOURCES, WORDS, age
from trayapp.model.level import Level
from trayapp.model.reading import ProbeReading
from trayapp.model.verdict import FeedView, Verdict

_KINDS = {
    "keyless": _("ping without a key"),
    "free": _("ping with your key"),
    "paid": _("generation"),
    "passive": _("your agent"),
}
#: Pings told one by one; the newest.
_MOST = 3


def why(verdict: Verdict, now: datetime) -> tuple[str, ...]:
    """Return what the verdict rests on, the most telling first, each with its age. Plain text, one line each."""
    lines = [_pings(verdict)] if verdict.tried and verdict.symptom else []
    shown = verdict.evidence[-_MOST:][::-1] or verdict.probes
    lines += [_ping(reading, now) for reading in shown]
    told = {(reading.kind, reading.at) for reading in shown}
    lines += [_ping(reading, now) for reading in verdict.probes if (reading.kind, reading.at) not in told]
    if verdict.feed is not None:
        lines += _page(verdict.feed, now)
    lines += _others(verdict, now)
    return tuple(lines)


def _pings(verdict: Verdict) -> str:
    return _("{failed} of the last {tried} failed: {what}").format(
        failed=verdict.failed, tried=verdict.tried, what=SEEN[verdict.symptom] if verdict.symptom else ""
    )


def _ping(reading: ProbeReading, now: datetime) -> str:
    kind = _KINDS.get(reading.kind, reading.kind)
    model = _(" with {model}").format(model=reading.model) if reading.model else ""
    detail = f" ({reading.detail})" if reading.detail else ""
    took = f", {round(reading.seconds * 1000)} ms" if reading.kind != "passive" else ""
    return f"{_age(reading.at, now)}: {kind}{model}: {SEEN[reading.symptom]}{detail}{took}"


def _page(feed: FeedView, now: datetime) -> list[str]:
    when = _age(feed.fetched_at, now) if feed.fetched_at else _("never")
    if feed.error:
        return [_("status page: could not be read ({why}); last read: {when}").format(why=feed.error, when=when)]
    page = feed.reading.page if feed.reading else None
    if page is None:
        return [_("status page: not read yet")]
    lines = [_("{when}: status page: {word} for what counts for you").format(when=when, word=WORDS[feed.level])]
    lines += [
        _("component {name}: {word}").format(name=c.name, word=c.status.replace("_", " "))
        for c in page.components
        if c.id in feed.counts and c.level is not Level.OPERATIONAL
    ]
    for incident in page.incidents:
        if not incident.is_open:
            continue
        counts = _("counts for you") if incident.id in feed.counts else _("not about what you use")
        models = _(", names {models}").format(models=", ".join(incident.models)) if incident.models else ""
        lines.append(
            _("incident “{name}” ({status}, impact {impact}{models}): {counts}").format(
                name=incident.name, status=incident.status, impact=incident.impact or "-", models=models, counts=counts
            )
        )
    if feed.lost:
        lines.append(_("no longer on the page: {ids}").format(ids=", ".join(feed.lost[:5])))
    return lines


def _others(verdict: Verdict, now: datetime) -> list[str]:
    lines = []
    other = verdict.elsewhere
    if other is not None:
        source = SOURCES.get(other.source, other.source)
        seen = other.detail if other.error is None else _("not known, {why}").format(why=other.error)
        lines.append(f"{_age(other.at, now)}: {source}: {seen}")
    if verdict.shared:
        lines.append(_("fails at the same moment: {who}").format(who=", ".join(verdict.shared)))
    if verdict.unstable:
        lines.append(_("changes too often to be called well or not"))
    lines.append(_("your network: {state}").format(state=verdict.network.value.replace("_", " ")))
    return lines


def _age(at: datetime, now: datetime) -> str:
    words = age((now - at).total_seconds())
    return words if words == age(0) else _("{age} ago").format(age=words)
