"""What may interrupt: one notice an episode, brought up to date in place, and none for what was already so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from trayapp.decide.tongue import _
from trayapp.decide.wording import subject, summary
from trayapp.decide.words import NETWORK, age
from trayapp.model.effect import Effect, Notify, Urgency, Withdraw
from trayapp.model.level import Level
from trayapp.model.provider import Provider
from trayapp.model.reading import NetworkState
from trayapp.model.settings import NotificationSettings
from trayapp.model.verdict import Case, NetworkTransition, Transition, Verdict

NETWORK_KEY = "network"

_TITLES = {
    Level.DOWN: _("{name} is down"),
    Level.DEGRADED: _("{name} works badly"),
    Level.BLOCKED: _("{name} refuses you"),
}
_WELL = (Level.OPERATIONAL, Level.MAINTENANCE)
_GRAVE = ("major", "critical")
#: A relapse this soon belongs to the episode before (R10).
_RELAPSE = timedelta(minutes=30)
#: So often a provider is spoken of in a day (R11).
_A_DAY, _DAY = 3, timedelta(days=1)
_THROUGH = (NetworkState.ONLINE, NetworkState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Announced:
    """Which episodes are open: since when, and whether the user was told of each. A value, handed on by `effects`."""

    since: Mapping[str, datetime] = field(default_factory=dict)
    told: frozenset[str] = frozenset()
    #: When each episode that was told of ended, and when it had begun: a relapse opens it again.
    ended: Mapping[str, tuple[datetime, datetime]] = field(default_factory=dict)
    #: When each provider was last spoken of.
    spoken: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)


def effects(
    change: Transition | NetworkTransition,
    provider: Provider | None,
    announced: Announced,
    wishes: NotificationSettings,
    *,
    paused: bool,
    all_down: bool = False,
) -> tuple[tuple[Effect, ...], Announced]:
    """Return what to tell of one change, and the episodes that are open after it.

    Nothing is told of the first verdict after start or wake, of a report that does not reach this user, or while
    the user wants quiet; a notice that no longer holds is taken away all the same. `all_down`: nothing that is
    watched works, which alone is critical: desktops keep a critical notice until it is dismissed.
    """
    if isinstance(change, NetworkTransition):
        return _of_network(change, announced, wishes, paused=paused)
    if provider is None:
        return (), announced
    if change.after.case is Case.REPORTED_WORKS and provider.id in announced.told:
        # The page is behind: what was told of here is over here.
        return _of_recovery(change, provider, announced, wishes, paused=paused)
    if change.after.level in _TITLES:
        urgency = Urgency.CRITICAL if all_down else Urgency.NORMAL
        return _of_trouble(change, provider, announced, wishes, None if paused else urgency)
    if change.after.level in _WELL:
        return _of_recovery(change, provider, announced, wishes, paused=paused)
    return (), announced


def _of_network(
    change: NetworkTransition, announced: Announced, wishes: NotificationSettings, *, paused: bool
) -> tuple[tuple[Effect, ...], Announced]:
    if change.after in _THROUGH:
        told = NETWORK_KEY in announced.told
        return ((Withdraw(NETWORK_KEY),) if told else ()), replace(announced, told=announced.told - {NETWORK_KEY})
    if change.baseline or paused or not _wanted("network", wishes):
        return (), announced
    body = _("{detail}. Your providers are unknown until it is back.").format(detail=_sentence(change.detail))
    notice = Notify(NETWORK_KEY, NETWORK[change.after], body, Urgency.LOW)
    return (notice,), replace(announced, told=announced.told | {NETWORK_KEY})


def _of_trouble(
    change: Transition,
    provider: Provider,
    announced: Announced,
    wishes: NotificationSettings,
    urgency: Urgency | None,
) -> tuple[tuple[Effect, ...], Announced]:
    after, name = change.after, provider.id
    ended_at, began = announced.ended.get(name, (None, after.since))
    relapse = ended_at is not None and name not in announced.since and after.at - ended_at <= _RELAPSE
    if relapse:
        # Told of once: it goes on in silence, and its end is not told a second time either.
        return (), replace(announced, since={**announced.since, name: began})
    opened = replace(announced, since={**announced.since, name: announced.since.get(name, after.since)})
    silent = change.baseline or not _reaches_the_user(after) or _is_spent(announced, name, after.level, after.at)
    if silent or urgency is None or not _wanted(after.level.value, wishes, provider):
        return (), opened
    title = _TITLES[after.level].format(name=subject(provider))
    notice = Notify(name, title, summary(after, provider, after.at), urgency, _button(provider))
    return (notice,), _spoke(replace(opened, told=opened.told | {name}), name, after.at)


def _reaches_the_user(after: Verdict) -> bool:
    """False for what is reported but works here, for a report that may not touch the user, and for the unstable."""
    if after.case is Case.REPORTED_ACCEPTED:
        grave = after.incident is not None and after.incident.impact in _GRAVE
        return grave or (after.feed is not None and after.feed.level is Level.DOWN)
    return after.case not in (Case.REPORTED_WORKS, Case.UNSTABLE)


def _is_spent(announced: Announced, name: str, level: Level, now: datetime) -> bool:
    """True when the provider was spoken of often enough for a day; the last time is kept for an outage (R11)."""
    lately = sum(now - at < _DAY for at in announced.spoken.get(name, ()))
    return lately >= (_A_DAY - 1 if level is Level.DEGRADED else _A_DAY)


def _spoke(announced: Announced, name: str, now: datetime) -> Announced:
    kept = tuple(at for at in announced.spoken.get(name, ()) if now - at < _DAY)
    return replace(announced, spoken={**announced.spoken, name: (*kept, now)})


def _of_recovery(
    change: Transition, provider: Provider, announced: Announced, wishes: NotificationSettings, *, paused: bool
) -> tuple[tuple[Effect, ...], Announced]:
    since = announced.since.get(provider.id)
    if since is None:
        return (), announced
    told, now = provider.id in announced.told, change.after.at
    before = announced.ended.get(provider.id)
    is_known = told or (before is not None and before[1] == since)
    closed = replace(
        announced,
        since={name: at for name, at in announced.since.items() if name != provider.id},
        told=announced.told - {provider.id},
        ended={**announced.ended, provider.id: (now, since)} if is_known else announced.ended,
    )
    silent = paused or change.baseline or not told or _is_spent(announced, provider.id, Level.OPERATIONAL, now)
    if silent or not _wanted("recovered", wishes, provider):
        return ((Withdraw(provider.id),) if told else ()), closed
    title = _("{name} works again ({lasted})").format(name=subject(provider), lasted=_lasted(since, change.after))
    notice = Notify(provider.id, title, summary(change.after, provider, now), Urgency.LOW)
    return (notice,), _spoke(closed, provider.id, now)


def _lasted(since: datetime, after: Verdict) -> str:
    return age((after.at - since).total_seconds())


def _button(provider: Provider) -> tuple[str, str] | None:
    page = provider.page
    return (_("Status page"), page) if page and page.startswith("https://") else None


def _wanted(about: str, wishes: NotificationSettings, provider: Provider | None = None) -> bool:
    return wishes.enabled and about in wishes.about and (provider is None or provider.id not in wishes.mute)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
