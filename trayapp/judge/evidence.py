"""What our own eyes show of one provider: unbilled pings, paid ones, and what the user's agents met, taken together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import takewhile
from typing import NamedTuple, Protocol

from trayapp.judge.confirm import NO_PINGS, Pings
from trayapp.judge.crowd import Crowd
from trayapp.judge.fuse import Own
from trayapp.judge.kin import KIN, Kin
from trayapp.model.level import Level
from trayapp.model.provider import Provider
from trayapp.model.reading import NetworkReading, NetworkState, ProbeReading, Symptom
from trayapp.model.settings import MonitorSettings, Scope

#: Evidence holds for so many intervals, and a little for jitter and the time an answer takes.
MISSED_INTERVALS = 3
SLACK_S = 30.0
#: What an agent met holds for so long: who works with it makes a request every few minutes.
_PASSIVE_HOLDS_S = 900.0
#: So many answers in a row, since it began to report, contradict the page.
_CONTRADICTION = 3
#: After a recovery seen by ourselves a page that still reports the trouble is behind, for so long at most.
_BEHIND = timedelta(hours=6)

_THROUGH = (NetworkState.ONLINE, NetworkState.UNKNOWN)

#: What one sees outweighs what another does, in this order.
_WEIGHT = (
    *(Own.MINE, Own.CUT_OFF, Own.FAILS, Own.KEY_REFUSED, Own.ACCOUNT, Own.PARTLY, Own.SUSPECT, Own.NOT_RUNNING),
    *(Own.WORKS, Own.KEYED_OK, Own.DOOR_OK, Own.NOTHING),
)


class Eyes(Protocol):
    """What is asked of a watched provider here."""

    @property
    def provider(self) -> Provider:
        """The provider."""

    @property
    def scope(self) -> Scope:
        """What of it counts for the user."""

    @property
    def pings(self) -> Pings:
        """Unbilled pings."""

    @property
    def paid(self) -> Pings:
        """Paid pings."""

    @property
    def real(self) -> Pings:
        """What agents met."""

    @property
    def reported_at(self) -> datetime | None:
        """Since when the page reports trouble."""


class Sight(NamedTuple):
    """What is seen, and the pings that tell it."""

    own: Own
    pings: Pings = NO_PINGS


def fresh_for_s(interval_s: float) -> float:
    """Return for how many seconds evidence holds that is gathered at this interval."""
    return MISSED_INTERVALS * interval_s + SLACK_S


def age_s(at: datetime, now: datetime) -> float:
    """Return the age in seconds; what lies in the future (the clock was set back) is of no age we could trust."""
    age = (now - at).total_seconds()
    return age if age >= -SLACK_S else float("inf")


def sight(
    eyes: Eyes, network: NetworkReading, page: Level | None, settings: MonitorSettings, crowd: Crowd, now: datetime
) -> Sight:
    """Return what our own eyes show; `page` is the page's level, which tells what a refused key may mean."""
    if network.state not in _THROUGH and not eyes.provider.local:
        return Sight(Own.MINE, eyes.pings)
    if eyes.provider.id in crowd.cut_off:
        return Sight(Own.CUT_OFF, eyes.pings)
    best = Sight(_own(eyes, eyes.pings, page, settings, now), eyes.pings)
    for pings in (eyes.paid, eyes.real):
        # Most users have neither.
        if pings.newest:
            best = min(best, Sight(_own(eyes, pings, page, settings, now), pings), key=_weight)
    return best


def fresh(pings: Pings, settings: MonitorSettings, now: datetime) -> tuple[ProbeReading, ...]:
    """Return the newest pings of each kind that are not too old to judge by."""
    if not pings.newest:
        return ()
    return tuple(
        [
            reading
            for reading in pings.newest
            if KIN[reading.symptom] is not Kin.NOTHING and age_s(reading.at, now) <= _holds_s(reading, settings)
        ]
    )


def is_about(model: str | None, scope: Scope) -> bool:
    """True unless the user named model families and this model is of none of them."""
    return model is None or not scope.models or any(each.casefold() in model.casefold() for each in scope.models)


def _weight(sight: Sight) -> int:
    return _WEIGHT.index(sight.own)


def _own(eyes: Eyes, pings: Pings, page: Level | None, settings: MonitorSettings, now: datetime) -> Own:
    held = fresh(pings, settings, now)
    if not held:
        return Own.NOTHING
    trouble = pings.trouble
    if trouble is None:
        if pings.is_suspect:
            return _suspicion(eyes, pings)
        since = (eyes.reported_at or now) if page in (Level.DEGRADED, Level.DOWN) else None
        return _well(pings, held, since, now)
    if not is_about(pings.recent[-1].model, eyes.scope):
        return Own.NOTHING
    if trouble.kin is Kin.ACCOUNT:
        return _refusal(trouble.symptom, page)
    if trouble.kin is Kin.MINE:
        return Own.MINE
    if trouble.symptom is Symptom.REFUSED and eyes.provider.local:
        return Own.NOT_RUNNING
    return Own.PARTLY if trouble.partly else Own.FAILS


def _suspicion(eyes: Eyes, pings: Pings) -> Own:
    """Nobody need be asked twice whether a server on this machine is running."""
    refused = eyes.provider.local and pings.window[-1].symptom is Symptom.REFUSED
    return Own.NOT_RUNNING if refused else Own.SUSPECT


def _well(pings: Pings, held: Iterable[ProbeReading], reported_at: datetime | None, now: datetime) -> Own:
    kinds = {reading.kind for reading in held if KIN[reading.symptom] is Kin.FINE}
    if kinds & {"paid", "passive"}:
        return Own.KEYED_OK if contradictions_due(pings, reported_at) else Own.WORKS
    if "free" not in kinds:
        return Own.DOOR_OK
    is_back = pings.recovered_at is not None and now - pings.recovered_at <= _BEHIND
    return Own.WORKS if is_back else Own.KEYED_OK


def contradictions_due(pings: Pings, reported_at: datetime | None) -> int:
    """Return how many more answers in a row it takes to hold against the page that it works here.

    One proves little: where three requests in ten fail, seven do not. Nothing is due while the page reports nothing.
    """
    if reported_at is None:
        return 0
    row = takewhile(lambda reading: KIN[reading.symptom] is Kin.FINE, reversed(pings.recent))
    return max(0, _CONTRADICTION - sum(reading.at >= reported_at for reading in row))


def _refusal(symptom: Symptom, page: Level | None) -> Own:
    if symptom is Symptom.AUTH_SUSPECT or (symptom is Symptom.AUTH_INVALID and page in (Level.DEGRADED, Level.DOWN)):
        return Own.KEY_REFUSED
    return Own.ACCOUNT


def _holds_s(reading: ProbeReading, settings: MonitorSettings) -> float:
    if reading.kind == "passive":
        return _PASSIVE_HOLDS_S
    if reading.kind == "paid":
        return fresh_for_s(settings.paid_interval_s)
    return fresh_for_s(max(settings.probe_interval_s, settings.probe_interval_saving_s))
