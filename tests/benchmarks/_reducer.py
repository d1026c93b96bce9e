"""What a day of one provider costs in the reducer alone: the readings are made before, and only `take` is timed."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta

from tests.benchmarks._worlds import START
from trayapp.judge.judge import Judge
from trayapp.main.play import catalogue
from trayapp.model.level import Level
from trayapp.model.reading import Component, Observation, Page, PageReading, ProbeReading, Reading, Symptom
from trayapp.model.settings import MonitorSettings, Scope

_ROUNDS = 5


def reducer_ms() -> float:
    """Return the median CPU milliseconds of a day: a ping a minute, 1 % of them failing, the page every other."""
    observations = _day()
    return statistics.median(_time(observations) for _ in range(_ROUNDS))


def _time(observations: list[Observation]) -> float:
    provider = catalogue()["anthropic"]
    judge = Judge((provider,), MonitorSettings(), {"anthropic": Scope(models=("sonnet",))}, START)
    began = time.process_time()
    for observation in observations:
        judge.take(observation, observation.started_at)
    return (time.process_time() - began) * 1000


def _day() -> list[Observation]:
    feed = catalogue()["anthropic"].feed
    assert feed is not None
    components = tuple(Component(c.id, c.name, "operational", Level.OPERATIONAL) for c in feed.components)
    page, made = Page(components), list[Observation]()
    for minute in range(24 * 60):
        at = START + timedelta(minutes=minute)
        symptom = Symptom.SERVER_ERROR if minute % 100 == 99 else Symptom.OK
        readings: tuple[Reading, ...] = (ProbeReading("anthropic", "free", at, symptom, 200, 0.15),)
        made.append(Observation("anthropic", at, readings))
        if minute % 2:
            later = at + timedelta(seconds=20)
            made.append(Observation("anthropic", later, (PageReading("anthropic", later, feed.url, page),)))
    return made
