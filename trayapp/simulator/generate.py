"""Made-up years of a provider, drawn from what is known of real ones. Pure: the seed decides.

The sources are the vendors' own histories. When impact was stated, the first post came 20 to 25 minutes after it in
the median (54 incidents of 2021 to 2024, 20 of 2024 to 2026: p25 13, p75 35 to 56, p90 140 to 147), one incident in
six was posted when it was over, 10 % (OpenAI) and 21 % (Anthropic) were never told of live; 8 % and 15 % were posted
with impact "none"; of Anthropic's posts of July 2026 70 % named single models, and it posted 1.35 a day that year.
"Resolved" came 25 minutes after recovery in the median (17 incidents; p75 51, p90 80).
How much of the requests fails is stated for few incidents; the shares here are assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log
from random import Random

from trayapp.model.settings import Scope
from trayapp.simulator.exchange import Manner
from trayapp.simulator.scenario import Fault, Incident, Path, Post, Scenario
from trayapp.simulator.vendors import VENDORS, Vendor

#: What a page shows for each impact.
_STATES = {"minor": "degraded_performance", "major": "partial_outage", "critical": "major_outage"}


@dataclass(frozen=True, slots=True)
class Habit:
    """How one vendor fails, and tells of it."""

    provider: str
    posts_a_day: float
    #: Of all incidents the part that breaks each path.
    paths: dict[Path, float]
    #: The families of models, and how often each is the one that fails.
    models: dict[str, float]
    #: How posts name a family.
    title: str
    #: Components of the API, and those that are none of a developer's business.
    api: tuple[str, ...]
    other: tuple[str, ...]
    overload: Fault
    never_posted: float
    impact_none: float


ANTHROPIC = Habit(
    "anthropic",
    1.35,
    {
        Path.MODEL: 0.70,
        Path.INFERENCE: 0.07,
        Path.EDGE: 0.04,
        Path.SIGN_IN: 0.04,
        Path.LOG_IN: 0.14,
        Path.PAGE: 0.01,
    },
    {"opus": 0.4, "sonnet": 0.35, "haiku": 0.25},
    "Elevated errors on Claude {model}",
    ("k8w3r06qmzrp", "yyzkbfz2thpt"),
    ("rwppv331jlwc", "0qbwn08sd68x"),
    Fault(status=529, code="overloaded_error"),
    0.20,
    0.15,
)

_EDGE_FAULTS = (
    Fault(status=500, code="api_error"),
    Fault(status=502),
    Fault(status=503),
    Fault(status=520),
    Fault(status=530),
    Fault(Manner.HANG),
    Fault(Manner.DROP),
    Fault(Manner.REFUSE),
    Fault(Manner.DNS),
    Fault(Manner.CUT),
    Fault(Manner.SLOW, seconds=30.0),
)
_SIGN_IN_FAULTS = (
    Fault(status=401, code="authentication_error"),
    Fault(status=401, code="authentication_error"),
    Fault(status=500, code="api_error"),
    Fault(Manner.HANG),
)


def provider_year(
    habit: Habit, seed: int, start: datetime, days: float = 365, scope: Scope | None = None, noise: float = 0.003
) -> Scenario:
    """Return `days` of a provider from `start` on, as `seed` has it."""
    dice = Random(f"{habit.provider} {seed}")
    end, at, made = start + timedelta(days=days), start, list[Incident]()
    while (at := at + timedelta(days=dice.expovariate(habit.posts_a_day))) < end - timedelta(hours=12):
        made.append(_incident(habit, f"{habit.provider}-{seed}-{len(made)}", at, dice))
    return Scenario(
        f"{habit.provider}-year-{seed}",
        f"A year of {habit.provider}, made up",
        start,
        end,
        tuple(made),
        noise=noise,
        scopes={habit.provider: scope or Scope()},
    )


def volley(
    id: str,
    start: datetime,
    count: int,
    faults: tuple[tuple[Path, Fault], ...],
    share: float = 1.0,
    minutes: float = 40,
    *,
    provider: str = "anthropic",
    noise: float = 0.003,
) -> Scenario:
    """Return `count` outages of the same kind, far enough apart to know nothing of each other; the page is late."""
    dice = Random(id)
    made, at = list[Incident](), start + timedelta(hours=1)
    for number in range(count):
        path, fault = faults[number % len(faults)]
        begins = at + timedelta(seconds=dice.uniform(0, 600))
        ends = begins + timedelta(minutes=minutes)
        models = ("haiku", "gpt-5", "flash") if path is Path.MODEL else ()
        posts = _posts(ANTHROPIC, begins, ends, ANTHROPIC.api, "major", dice) if provider == "anthropic" else ()
        made.append(
            Incident(f"{id}-{number}", provider, "Elevated errors", path, begins, ends, fault, share, models, posts)
        )
        at = max(ends, posts[-1].at if posts else ends) + timedelta(minutes=50)
    return Scenario(id, id, start, at, tuple(made), noise=noise)


def edge_faults() -> tuple[tuple[Path, Fault], ...]:
    """Return the ways in which everything, or sign-in alone, was seen to fail."""
    return (
        *((Path.EDGE, fault) for fault in _EDGE_FAULTS),
        *((Path.SIGN_IN, fault) for fault in _SIGN_IN_FAULTS),
    )


def inference_faults(habit: Habit = ANTHROPIC) -> tuple[tuple[Path, Fault], ...]:
    """Return the ways in which generation was seen to fail."""
    usual = (habit.overload, Fault(status=500, code="api_error"), Fault(Manner.HANG))
    return tuple((Path.INFERENCE, fault) for fault in usual)


def _incident(habit: Habit, id: str, start: datetime, dice: Random) -> Incident:
    path = dice.choices(list(habit.paths), list(habit.paths.values()))[0]
    posted = dice.random() >= habit.never_posted
    minutes = dice.lognormvariate(log(60 if posted else 18), 0.9 if posted else 0.7)
    end = start + timedelta(minutes=min(max(minutes, 3), 600))
    model = dice.choices(list(habit.models), list(habit.models.values()))[0]
    impact = "none" if dice.random() < habit.impact_none else dice.choice(("minor", "minor", "major", "critical"))
    if path is Path.LOG_IN:
        name, touched = "Log-in and chat fail for some subscribers", habit.other
    elif path is Path.PAGE:
        name, touched = "The status page cannot be read", ()
    else:
        name = habit.title.format(model=model.title()) if path is Path.MODEL else "Elevated errors"
        touched = habit.api if dice.random() > 0.15 else ()
    posts: tuple[Post, ...] = ()
    if path is not Path.PAGE:
        posts = _posts(habit, start, end, touched, impact, dice) if posted else _afterwards(end, impact, dice)
    share = _share(path, dice)
    fault = _fault(habit, path, dice)
    models = (model,) if path is Path.MODEL else ()
    return Incident(id, habit.provider, name, path, start, end, fault, share, models, posts)


def _share(path: Path, dice: Random) -> float:
    if path in (Path.EDGE, Path.SIGN_IN, Path.PAGE):
        return 1.0 if dice.random() < 0.5 else dice.uniform(0.2, 0.8)
    return 1.0 if dice.random() < 0.15 else dice.uniform(0.05, 0.6)


def _fault(habit: Habit, path: Path, dice: Random) -> Fault:
    if path is Path.EDGE:
        return dice.choice(_EDGE_FAULTS)
    if path is Path.SIGN_IN:
        return dice.choice(_SIGN_IN_FAULTS)
    if path is Path.PAGE:
        return dice.choice((Fault(status=503), Fault(Manner.HANG), Fault(Manner.REFUSE)))
    return dice.choice(tuple(fault for _, fault in inference_faults(habit)))


def _posts(
    habit: Habit, start: datetime, end: datetime, touched: tuple[str, ...], impact: str, dice: Random
) -> tuple[Post, ...]:
    """Return the page's words: late by a median of 22 minutes, over 25 minutes after it was."""
    lag = _lag(dice)
    if lag > end - start and dice.random() < 0.5:
        lag = _lag(dice)
    first = start + lag
    red = dict.fromkeys(touched, _STATES.get(impact, "operational"))
    resolved = max(end + _minutes(dice, 25, 0.9, 2, 300), first + _minutes(dice, 8, 0.5, 2, 60))
    posts = [Post(first, "investigating", impact, red, "We are looking into elevated errors.")]
    identified = first + _minutes(dice, 22, 0.6, 3, 200)
    monitoring = max(end, identified) + _minutes(dice, 7, 0.5, 1, 60)
    if identified < resolved:
        posts.append(Post(identified, "identified", impact, {}, "The cause is known."))
    if monitoring < resolved:
        posts.append(Post(monitoring, "monitoring", impact, {}, "A fix is in place."))
    posts.append(Post(resolved, "resolved", impact, dict.fromkeys(red, "operational"), "This is over."))
    return tuple(posts)


def _afterwards(end: datetime, impact: str, dice: Random) -> tuple[Post, ...]:
    """Return the one post of an incident that was never told of while it lasted."""
    return (Post(end + _minutes(dice, 40, 0.6, 5, 300), "resolved", impact, {}, "This was over before we told of it."),)


def _lag(dice: Random) -> timedelta:
    return _minutes(dice, 22, 1.1, 1, 240)


def _minutes(dice: Random, median: float, spread: float, least: float, most: float) -> timedelta:
    """Draw from a logarithmic normal distribution, to the second."""
    return timedelta(seconds=round(60 * min(max(dice.lognormvariate(log(median), spread), least), most)))


def vendor(provider: str) -> Vendor:
    """Return the vendor that the world plays under this id. Raises KeyError."""
    return {each.id: each for each in VENDORS}[provider]
