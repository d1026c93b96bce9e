"""What the user is told of an agent that was pointed elsewhere: notices with their buttons, and the event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from trayapp.decide.agents import asked
from trayapp.decide.document import moment
from trayapp.decide.tongue import _
from trayapp.model.effect import Flip, Notify, Urgency
from trayapp.model.picture import Offer, Plan, RestoreAgent
from trayapp.model.pointing import Hindrance, Pickup
from trayapp.model.switching import Found

_PICKUP = {
    Pickup.LIVE: _("Running sessions see it at once."),
    Pickup.NEW_SESSION: _("A running session keeps what it has: start a new one."),
    Pickup.RESTART: _("It has to be started anew."),
}


def key(agent: str) -> str:
    """Return the key of the notices about this agent: the newest stands in the place of the one before."""
    return f"agent:{agent}"


def switched(found: Found, provider: str, said: str, flip: Flip | None = None) -> Notify:
    """Return the notice of a switch; `flip` when it was made by itself."""
    why = _("What it used has been down for too long.") if flip is not None else ""
    undo = (_("Undo"), RestoreAgent(found.agent))
    return Notify(
        key(found.agent),
        _("{agent} now uses {provider}").format(agent=found.name, provider=_name(found, provider)),
        _body(why, said, _PICKUP[found.pickup]),
        commands=(undo,),
        otherwise=_("“Put back” in Uptray's menu undoes it."),
    )


def restored(found: Found, said: str, flip: Flip | None = None) -> Notify:
    """Return the notice that the agent's own settings are back."""
    why = _("It works again.") if flip is not None else ""
    title = _("{agent} uses {provider} again").format(agent=found.name, provider=_name(found, found.home))
    return Notify(key(found.agent), title, _body(why, said, _PICKUP[found.pickup]), Urgency.LOW)


def refused(name: str, agent: str, reason: str) -> Notify:
    """Return the notice that an agent stays as it is."""
    return Notify(key(agent), _("{agent} was left as it is").format(agent=name), reason)


def stopped(found: Found) -> Notify:
    """Return the notice that an agent is no longer pointed elsewhere by itself."""
    return Notify(
        key(found.agent),
        _("{agent} is left alone from now on").format(agent=found.name),
        _(
            "Something else has changed its files since Uptray pointed it elsewhere. "
            "It is not switched by itself until you put it back or switch it in the menu."
        ),
    )


def planned(
    agent: tuple[str, str],
    provider: tuple[str, str],
    pickup: Pickup,
    diffs: Sequence[str],
    hindrances: Sequence[Hindrance],
) -> Plan:
    """Return the plan of a switch as it is shown; `agent` and `provider` are id and name."""
    stops = [each.reason for each in hindrances if each.stops]
    remarks = [f"{each.reason}." for each in hindrances if not each.stops]
    if not stops:
        remarks += [_("{provider} is first asked for one answer.").format(provider=provider[1]), _PICKUP[pickup]]
    return Plan(
        agent[0],
        provider[0],
        _("Switch {agent} to {provider}?").format(agent=agent[1], provider=provider[1]),
        tuple(line for text in diffs for line in (*text.splitlines(), "")),
        tuple(remarks),
        _("It would have no effect: {why}.").format(why="; ".join(stops)) if stops else "",
    )


def unplanned(agent: str, provider: str, reason: str) -> Plan:
    """Return the plan of a switch that cannot be made."""
    return Plan(agent, provider, _("This switch cannot be made"), refusal=reason)


def offered(notice: Notify, offer: Offer | None) -> Notify:
    """Return the notice of a provider's trouble with what would help as a button."""
    if offer is None or offer.instead_of != notice.key:
        return notice
    otherwise = _("In Uptray's menu: {offer}.").format(offer=offer.label)
    return replace(notice, commands=((offer.label, asked(offer)),), otherwise=otherwise)


def switch_event(before: Found, after: Found, now: datetime) -> dict[str, Any]:
    """Return the event of an agent that uses another provider now."""
    return {
        "event": "switch",
        "at": moment(now),
        "agent": after.agent,
        "from": before.provider,
        "to": after.provider,
        "switched_to": after.switched_to,
    }


def _name(found: Found, provider: str | None) -> str:
    known = {each.provider: each.name for each in found.targets}
    return known.get(provider or "") or (provider or _("its own settings")).title()


def _body(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
