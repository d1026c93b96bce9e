"""What is shown of the coding agents, and what is offered while the provider of one is not well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from trayapp.decide.present import TOOLTIP_LIMIT
from trayapp.decide.tongue import _
from trayapp.decide.words import WORDS
from trayapp.model.level import Level, rank
from trayapp.model.picture import AgentRow, Command, Offer, Picture, Plan, RestoreAgent, SwitchAgent, TargetRow
from trayapp.model.pointing import Pickup
from trayapp.model.reading import Symptom
from trayapp.model.switching import Candidate, Found
from trayapp.model.verdict import Verdict

#: Levels at which something else would help: not on one's own network's account, and not while nothing is known.
_UNWELL = (Level.DOWN, Level.DEGRADED, Level.BLOCKED)

_PICKUP = {
    Pickup.LIVE: "",
    Pickup.NEW_SESSION: _("A running session keeps what it has: start a new one"),
    Pickup.RESTART: _("It has to be started anew"),
}

Verdicts = Mapping[str, Verdict]
#: Agent id to the providers that the user would have stand in, first choice first.
Wishes = Mapping[str, Sequence[str]]


def is_well(verdict: Verdict | None) -> bool:
    """True for a provider that is known to work now."""
    return verdict is not None and verdict.level is Level.OPERATIONAL and not verdict.stale and not verdict.suspect


def is_unwell(verdict: Verdict | None) -> bool:
    """True for a provider that is known to be failing this user."""
    return verdict is not None and verdict.level in _UNWELL and not verdict.stale


def rows(found: Sequence[Found], verdicts: Verdicts, wishes: Wishes) -> tuple[AgentRow, ...]:
    """Return a row for each agent; its providers in the order in which they would be offered."""
    return tuple(_row(each, verdicts, wishes.get(each.agent, ())) for each in found)


def offer(found: Sequence[Found], verdicts: Verdicts, wishes: Wishes) -> Offer | None:
    """Return what would help most now: for the agent whose provider is worst off, None when all are served."""
    ailing = sorted(
        (each for each in found if not each.watch_only and is_unwell(_of(each.provider, verdicts))),
        key=lambda each: rank(_level(each.provider, verdicts)),
    )
    offers = (_instead(each, verdicts, wishes.get(each.agent, ())) for each in ailing)
    back = (_back(each, verdicts) for each in found if is_well(_of(each.home, verdicts)))
    return next((made for made in (*offers, *back) if made is not None), None)


def adorned(
    picture: Picture, found: Sequence[Found], verdicts: Verdicts, wishes: Wishes, plan: Plan | None = None
) -> Picture:
    """Return the picture with the agents, the offer, and the mark of what was switched."""
    switched = [each.name for each in found if each.switched_to is not None]
    return replace(
        picture,
        agents=rows(found, verdicts, wishes),
        offer=offer(found, verdicts, wishes),
        on_fallback=bool(switched),
        plan=plan,
        tooltip=_marked(picture.tooltip, switched) if switched else picture.tooltip,
    )


def _marked(tooltip: str, switched: Sequence[str]) -> str:
    """Return the tooltip with a last line about what was switched, and as many of the others as fit."""
    mark = _("On fallback: {agents}").format(agents=", ".join(switched))
    if len(mark) > TOOLTIP_LIMIT // 2:
        mark = mark[: TOOLTIP_LIMIT // 2 - 1] + "…"
    lines = tooltip.split("\n")
    while len("\n".join([*lines, mark])) > TOOLTIP_LIMIT and len(lines) > 1:
        lines.pop()
    return "\n".join([*lines, mark])[:TOOLTIP_LIMIT]


def asked(offer: Offer) -> Command:
    """Return what accepting the offer asks for."""
    return RestoreAgent(offer.agent) if offer.is_back else SwitchAgent(offer.agent, offer.provider)


def ordered(candidates: Sequence[Candidate], verdicts: Verdicts, wishes: Sequence[str]) -> tuple[Candidate, ...]:
    """Return the candidates, best first: by the user's order, then by level and latency.

    Other names for what the agent uses by itself come last: they fail with it.
    """

    def key(candidate: Candidate) -> tuple[bool, int, int, float]:
        id = candidate.provider
        wish = wishes.index(id) if id in wishes else len(wishes)
        latency = latency_ms(_of(id, verdicts))
        best_last = rank(_level(id, verdicts))
        return candidate.same_upstream, wish, -best_last, float("inf") if latency is None else latency

    return tuple(sorted(candidates, key=key))


def latency_ms(verdict: Verdict | None) -> int | None:
    """Return how long the newest ping that was answered took."""
    good = [r for r in (verdict.probes if verdict else ()) if r.symptom is Symptom.OK and r.kind != "passive"]
    return round(max(good, key=lambda r: r.at).seconds * 1000) if good else None


def _instead(found: Found, verdicts: Verdicts, wishes: Sequence[str]) -> Offer | None:
    if found.switched_to is not None and is_well(_of(found.home, verdicts)):
        return _back(found, verdicts)
    able = [each for each in found.targets if is_well(_of(each.provider, verdicts)) and each.provider != found.provider]
    best = next(iter(ordered(able, verdicts, wishes)), None)
    if best is None:
        return None
    label = _("Switch {agent} to {provider}").format(agent=found.name, provider=best.name)
    text = f"{label} ({_word(best.provider, verdicts)})"
    return Offer(found.agent, best.provider, text, label, found.provider or "")


def _back(found: Found, verdicts: Verdicts) -> Offer | None:
    if found.switched_to is None or found.home is None or found.switched_to == found.home:
        return None
    name = next((each.name for each in found.targets if each.provider == found.home), found.home.title())
    label = _("Put {agent} back to {provider}").format(agent=found.name, provider=name)
    return Offer(found.agent, found.home, f"{label} ({_word(found.home, verdicts)})", label, "", is_back=True)


def _row(found: Found, verdicts: Verdicts, wishes: Sequence[str]) -> AgentRow:
    return AgentRow(
        id=found.agent,
        name=found.name,
        uses=found.uses,
        uses_level=_level(found.provider, verdicts),
        switched_to=found.switched_to,
        pickup=_PICKUP[found.pickup],
        targets=tuple(_target(each, verdicts) for each in ordered(found.targets, verdicts, wishes)),
        watch_only=found.watch_only,
        note=_("Something else changed its files since the switch") if found.is_changed else found.note,
        provider=found.provider,
    )


def _target(candidate: Candidate, verdicts: Verdicts) -> TargetRow:
    id = candidate.provider
    return TargetRow(
        provider=id,
        name=candidate.name,
        level=_level(id, verdicts),
        word=_word(id, verdicts),
        latency_ms=latency_ms(_of(id, verdicts)),
        same_upstream=candidate.same_upstream,
    )


def _word(provider: str, verdicts: Verdicts) -> str:
    verdict = verdicts.get(provider)
    if verdict is None:
        return _("not watched")
    if verdict.suspect:
        return _("checking again")
    latency = latency_ms(verdict) if verdict.level is Level.OPERATIONAL else None
    return WORDS[verdict.level] if latency is None else f"{WORDS[verdict.level]}, {latency} ms"


def _of(provider: str | None, verdicts: Verdicts) -> Verdict | None:
    return None if provider is None else verdicts.get(provider)


def _level(provider: str | None, verdicts: Verdicts) -> Level:
    verdict = _of(provider, verdicts)
    return Level.UNKNOWN if verdict is None else verdict.level
