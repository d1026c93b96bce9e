"""Slow is what is slow for this user: each ping against its own past (rule R9).

A line across an ocean answers in 400 ms on a good day, so a fixed limit is wrong for somebody. The median and its
absolute deviation stand against single slow answers, where a mean would not; the moving average over them keeps one
slow answer from alarming. Until enough is known the fixed limit of the classifier holds.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import exp, log
from statistics import median

from trayapp.model.reading import ProbeReading, Symptom

#: So many good answers make a baseline …
ENOUGH = 50
#: … of which so many are kept, spread over about a week.
_KEPT, _SPACING = 300, timedelta(minutes=30)
#: Weight of the newest answer in the moving average, and how far it may rise: in deviations that would be standard
#: ones in a normal distribution, in multiples of the median, and in seconds.
_ALPHA, _DEVIATIONS, _SIGMA, _TIMES, _SECONDS = 0.3, 4.0, 1.4826, 2.5, 1.5
#: Slow no longer below this multiple of the median.
_CLEAR_TIMES = 1.5
_LEAST_S = 0.001


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is usual for one ping: logarithms of seconds, in their order and in that of their age."""

    ordered: tuple[float, ...] = ()
    aged: tuple[float, ...] = ()
    #: Limits in seconds: above the first it is slow, below the second no longer. None: not enough is known.
    slow_s: float | None = None
    clear_s: float = 0.0
    average: float | None = None
    kept_at: datetime | None = None
    is_slow: bool = False


@dataclass(frozen=True, slots=True)
class Latency:
    """The baselines of one provider, by ping and model."""

    baselines: Mapping[tuple[str, str], Baseline] = field(default_factory=dict)


_NEW = Baseline()


def judged(latency: Latency, reading: ProbeReading, *, frozen: bool = False) -> tuple[Latency, ProbeReading]:
    """Return the baselines after one more answer, and the answer as they show it: slow, or well.

    `frozen`: learn nothing now, for what is seen in trouble is not what is usual.
    """
    if reading.symptom not in (Symptom.OK, Symptom.SLOW):
        return latency, reading
    key = (reading.kind, reading.model or "")
    known = latency.baselines.get(key, _NEW)
    value = log(max(reading.seconds, _LEAST_S))
    average = value if known.average is None else _ALPHA * value + (1 - _ALPHA) * known.average
    is_slow = _is_slow(known, exp(average), reading)
    after = Baseline(known.ordered, known.aged, known.slow_s, known.clear_s, average, known.kept_at, is_slow)
    if not frozen and not after.is_slow:
        after = _learnt(after, value, reading.at)
    symptom = reading.symptom if known.slow_s is None else (Symptom.SLOW if after.is_slow else Symptom.OK)
    if symptom is not reading.symptom:
        reading = replace(reading, symptom=symptom, detail=_detail(reading, known, symptom))
    return Latency({**latency.baselines, key: after}), reading


def usual_s(latency: Latency, kind: str, model: str | None = None) -> float | None:
    """Return the median seconds of this ping, None until enough is known."""
    known = latency.baselines.get((kind, model or ""), _NEW)
    return exp(median(known.ordered)) if known.slow_s is not None else None


def _is_slow(known: Baseline, average_s: float, reading: ProbeReading) -> bool:
    if known.slow_s is None:
        return reading.symptom is Symptom.SLOW
    return average_s > (known.clear_s if known.is_slow else known.slow_s)


def _learnt(known: Baseline, value: float, at: datetime) -> Baseline:
    """Keep every answer until there are enough, then one in a while."""
    if len(known.aged) >= ENOUGH and known.kept_at is not None and at - known.kept_at < _SPACING:
        return known
    aged = (*known.aged, value)
    ordered = list(known.ordered)
    insort(ordered, value)
    if len(aged) > _KEPT:
        ordered.remove(aged[0])
        aged = aged[1:]
    known = replace(known, ordered=tuple(ordered), aged=aged, kept_at=at)
    if len(aged) < ENOUGH:
        return known
    middle = median(ordered)
    spread = median(abs(each - middle) for each in ordered)
    limits = (exp(middle + _DEVIATIONS * _SIGMA * spread), _TIMES * exp(middle), exp(middle) + _SECONDS)
    return replace(known, slow_s=max(limits), clear_s=_CLEAR_TIMES * exp(middle))


def _detail(reading: ProbeReading, known: Baseline, symptom: Symptom) -> str:
    if symptom is Symptom.OK:
        return f"HTTP {reading.http_status}"
    return f"answered after {reading.seconds:.1f} s, usual is {exp(median(known.ordered)):.1f} s"
