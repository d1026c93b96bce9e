"""What is held of a provider, to be written down and taken up again: a restart must not alarm a second time.

Not kept: the page, which is read anew at once, and the verdict's evidence, which follows from the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from trayapp.judge.confirm import NO_PINGS, Pings
from trayapp.judge.flap import Steadiness
from trayapp.judge.latency import Latency
from trayapp.judge.watched import Watched
from trayapp.model.level import Cause, Level
from trayapp.model.verdict import Case, Verdict

#: After a gap this long what the pings showed is over, and what comes first is nothing new to anybody.
_GAP = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Memory:
    """What of a provider is worth keeping. `silent`: nothing was told of it yet."""

    at: datetime
    level: Level
    cause: Cause
    case: Case
    since: datetime
    silent: bool
    pings: Pings = NO_PINGS
    paid: Pings = NO_PINGS
    real: Pings = NO_PINGS
    latency: Latency = field(default_factory=Latency)
    steadiness: Steadiness = field(default_factory=Steadiness)


def memory(held: Watched, *, silent: bool) -> Memory:
    """Return what to keep of a provider."""
    verdict = held.verdict
    return Memory(
        verdict.at,
        verdict.level,
        verdict.cause,
        verdict.case,
        verdict.since,
        silent,
        held.pings,
        held.paid,
        held.real,
        held.latency,
        held.steadiness,
    )


def resumed(fresh: Watched, kept: Memory, now: datetime) -> tuple[Watched, bool]:
    """Return what is held after a restart, and whether it begins in silence.

    Baselines and the knowledge that a key worked hold for long. All else is dropped after a gap, and from a clock
    that was ahead of ours.
    """
    fresh = replace(
        fresh,
        latency=kept.latency,
        pings=replace(NO_PINGS, key_worked_at=kept.pings.key_worked_at),
    )
    if not timedelta() <= now - kept.at <= _GAP:
        return fresh, True
    verdict = Verdict(fresh.provider.id, kept.level, kept.cause, kept.case, since=kept.since, at=kept.at)
    held = replace(fresh, verdict=verdict, pings=kept.pings, paid=kept.paid, real=kept.real, steadiness=kept.steadiness)
    return held, kept.silent
