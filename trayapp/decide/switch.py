"""When an agent is pointed elsewhere by itself, and back: a pure step from what was seen to what is done.

The user's own choice comes first. What they switched by hand is left alone until they put it back; what they put back
is not switched again in the same outage. What something else changed is left alone from then on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from trayapp.decide.agents import is_well
from trayapp.model.effect import Flip, Repoint, Restore
from trayapp.model.level import Level
from trayapp.model.settings import LEAST_COOL_DOWN_S, FallbackSettings
from trayapp.model.switching import Found
from trayapp.model.verdict import Verdict

#: Between two steps so far apart the machine slept, or we did: nothing is known to have lasted through it.
_GAP = timedelta(minutes=5)
#: A provider that a switch was refused for is not tried again so soon.
_AGAIN = timedelta(minutes=10)
#: In the place of a provider's id: putting back was refused.
_BACK = ""

Verdicts = Mapping[str, Verdict]


@dataclass(frozen=True, slots=True)
class Charge:
    """What is remembered of one agent."""

    #: When it was last pointed elsewhere, or tried to be, or the user decided something.
    flipped_at: datetime | None = None
    #: The provider that we pointed it at by ourselves, None when we did not.
    ours: str | None = None
    #: The user put back what we did: nothing more until its provider is well again.
    declined: bool = False
    #: Something else changed its files while a switch of ours stood: nothing more until the user chooses.
    stopped: bool = False
    #: When each provider last refused.
    refused: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Policy:
    """What is remembered. A value, handed on by `step`."""

    charges: Mapping[str, Charge] = field(default_factory=dict)
    #: Since when each provider is seen to fail, or to be well, without a break.
    ailing: Mapping[str, datetime] = field(default_factory=dict)
    well: Mapping[str, datetime] = field(default_factory=dict)
    at: datetime | None = None

    def charge(self, agent: str) -> Charge:
        """Return what is remembered of this agent."""
        return self.charges.get(agent, Charge())

    def noting(self, agent: str, charge: Charge) -> Policy:
        """Return it with this remembered of the agent."""
        return replace(self, charges={**self.charges, agent: charge})


def step(
    policy: Policy, found: Sequence[Found], verdicts: Verdicts, settings: FallbackSettings, now: datetime
) -> tuple[tuple[Flip, ...], Policy]:
    """Return what is to be done now, and what is remembered. What is returned counts as done at `now`."""
    policy = _seen(policy, verdicts, settings, now)
    flips: list[Flip] = []
    for each in found:
        charge = _followed(policy.charge(each.agent), each, verdicts)
        flip = _flip(policy, charge, each, verdicts, settings, now)
        if flip is not None:
            flips.append(flip)
            ours = flip.provider if isinstance(flip, Repoint) else None
            charge = replace(charge, flipped_at=now, ours=ours)
        if charge != policy.charge(each.agent):
            policy = policy.noting(each.agent, charge)
    return tuple(flips), policy


def chosen(policy: Policy, agent: str, now: datetime, *, put_back: bool) -> Policy:
    """Return it after the user switched the agent by hand, or put it back."""
    return policy.noting(agent, Charge(flipped_at=now, declined=put_back))


def was_refused(policy: Policy, flip: Flip) -> bool:
    """True when the same was refused before: the user knows."""
    return _what(flip) in policy.charge(flip.agent).refused


def failed(policy: Policy, flip: Flip, before: Charge, now: datetime) -> Policy:
    """Return it after a flip that was refused: `before` is what was remembered, for nothing was changed."""
    return policy.noting(flip.agent, replace(before, refused={**before.refused, _what(flip): now}))


def _what(flip: Flip) -> str:
    return flip.provider if isinstance(flip, Repoint) else _BACK


def _seen(policy: Policy, verdicts: Verdicts, settings: FallbackSettings, now: datetime) -> Policy:
    """Go on counting how long each provider has been as it is; a gap, or a clock set back, begins anew."""
    has_slept = policy.at is None or not timedelta() <= now - policy.at <= _GAP
    before_ailing = {} if has_slept else policy.ailing
    before_well = {} if has_slept else policy.well
    ailing = {id: before_ailing.get(id, now) for id, each in verdicts.items() if _ails(each, settings)}
    well = {id: before_well.get(id, now) for id, each in verdicts.items() if is_well(each)}
    return replace(policy, ailing=ailing, well=well, at=now)


def _ails(verdict: Verdict, settings: FallbackSettings) -> bool:
    if verdict.stale:
        return False
    return verdict.level is Level.DOWN or (settings.blocked and verdict.level is Level.BLOCKED)


def _followed(charge: Charge, found: Found, verdicts: Verdicts) -> Charge:
    """Return what is remembered after a look at what the agent's files say now."""
    if found.switched_to is None and charge.ours is not None:
        # Put back by somebody: by the command line, or another Uptray.
        return replace(charge, ours=None, declined=True)
    if found.is_changed and found.switched_to is not None and not charge.stopped:
        return replace(charge, stopped=True)
    if charge.declined and is_well(verdicts.get(found.home or "")):
        return replace(charge, declined=False)
    return charge


def _flip(
    policy: Policy, charge: Charge, found: Found, verdicts: Verdicts, settings: FallbackSettings, now: datetime
) -> Flip | None:
    if not _may(charge, found, settings, now):
        return None
    if charge.ours is not None and _lasts(policy.well, found.home, settings.back_after_s, now):
        return Restore(found.agent) if _is_over(charge.refused.get(_BACK), now, _AGAIN) else None
    if not _lasts(policy.ailing, found.provider, settings.after_s, now):
        return None
    return _next(charge, found, verdicts, settings.agents[found.agent], now)


def _may(charge: Charge, found: Found, settings: FallbackSettings, now: datetime) -> bool:
    """Return whether anything may be done by itself for this agent now."""
    by_hand = found.switched_to is not None and found.switched_to != charge.ours
    if not settings.enabled or found.agent not in settings.agents or found.watch_only or by_hand:
        return False
    if charge.declined or charge.stopped:
        return False
    return _is_over(charge.flipped_at, now, timedelta(seconds=max(settings.cool_down_s, LEAST_COOL_DOWN_S)))


def _next(charge: Charge, found: Found, verdicts: Verdicts, wishes: Sequence[str], now: datetime) -> Repoint | None:
    """Return the way to the first provider of the list that works and can be used."""
    able = {each.provider for each in found.targets if not each.same_upstream} - {found.provider}
    for wish in wishes:
        if wish in able and is_well(verdicts.get(wish)) and _is_over(charge.refused.get(wish), now, _AGAIN):
            return Repoint(found.agent, wish)
    return None


def _lasts(since: Mapping[str, datetime], provider: str | None, seconds: float, now: datetime) -> bool:
    began = since.get(provider or "")
    return began is not None and (now - began).total_seconds() >= seconds


def _is_over(at: datetime | None, now: datetime, wait: timedelta) -> bool:
    """True when so long has passed since; a clock that was set back does not shorten it."""
    return at is None or now - at >= wait
