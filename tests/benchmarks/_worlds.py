"""The worlds in which detection is measured, by name: a worker process makes its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

from trayapp.model.settings import Scope
from trayapp.simulator.generate import ANTHROPIC, edge_faults, inference_faults, provider_year, volley
from trayapp.simulator.mishap import Mine, Mishap
from trayapp.simulator.scenario import Fault, Incident, Path, Post, Scenario

START = datetime(2026, 1, 5, tzinfo=UTC)
#: What the measured user works with.
USER = Scope(models=("sonnet",))


def full(count: int) -> Scenario:
    """Everything, or sign-in, fails for everyone."""
    return volley("full", START, count, edge_faults())


def partly(count: int) -> Scenario:
    """30 % of the requests to the API fail, or of those with a key."""
    return volley("partly", START, count, edge_faults(), 0.3, 90)


def generation(count: int) -> Scenario:
    """No model generates."""
    return volley("generation", START, count, inference_faults())


def generation_partly(count: int) -> Scenario:
    """30 % of generations fail, with every model."""
    return volley("generation_partly", START, count, inference_faults(), 0.3, 90)


def noise(days: float) -> Scenario:
    """Nothing is wrong, and yet 1 % of the requests fail."""
    end = START + timedelta(days=days)
    return Scenario("noise", "noise", START, end, noise=0.01, scopes={"anthropic": Scope()})


def year(days: float) -> Scenario:
    """Anthropic as it was in 2026, with a user of Sonnet."""
    return provider_year(ANTHROPIC, 1, START, days, USER)


def mishaps(count: int) -> Scenario:
    """All that may happen to a laptop and its network, again and again; the providers are well."""
    dice = Random("mishaps")
    kinds: tuple[tuple[Mishap, float, float, float], ...] = (
        (Mishap.SLEEP, 600, 30_000, 1),
        (Mishap.WIFI, 5, 600, 1),
        (Mishap.WIFI, 120, 1200, 0.4),
        (Mishap.PORTAL, 60, 900, 1),
        (Mishap.DNS, 10, 600, 1),
        (Mishap.PROXY, 30, 900, 1),
        (Mishap.TLS, 60, 1800, 1),
        (Mishap.VPN, 5, 45, 1),
        (Mishap.CHALLENGE, 120, 1800, 1),
    )
    mine, at = list[Mine](), START + timedelta(hours=1)
    for number in range(count):
        kind, least, most, share = kinds[number % len(kinds)]
        end = at + timedelta(seconds=dice.uniform(least, most))
        mine.append(Mine(kind, at, end, share))
        if kind is Mishap.SLEEP:
            # The Wi-Fi comes back a little after the lid is opened.
            back = end + timedelta(seconds=dice.uniform(2, 20))
            mine.append(Mine(Mishap.WIFI, end, back))
            end = back
        at = end + timedelta(seconds=dice.uniform(900, 3600))
    return Scenario("mishaps", "mishaps", START, at, mine=tuple(mine), noise=0.003, scopes={"anthropic": Scope()})


def accounts(count: int) -> Scenario:
    """The key runs out, the money is spent, the limit is reached, the country is not served."""
    kinds = (Mishap.KEY, Mishap.CREDIT, Mishap.LIMIT, Mishap.REGION)
    mine, at = list[Mine](), START + timedelta(hours=1)
    for number in range(count):
        end = at + timedelta(minutes=40)
        mine.append(Mine(kinds[number % len(kinds)], at, end, provider="anthropic"))
        at = end + timedelta(minutes=75)
    return Scenario("accounts", "accounts", START, at, mine=tuple(mine), noise=0.003)


def foreign(count: int) -> Scenario:
    """Incidents that do not touch a user of Sonnet: other models, log-in, documents, billing, impact none."""
    dice = Random("foreign")
    api = dict.fromkeys(ANTHROPIC.api, "partial_outage")
    chat = dict.fromkeys(ANTHROPIC.other, "major_outage")
    told: tuple[tuple[str, Path, tuple[str, ...], dict[str, str], str], ...] = (
        ("Elevated errors on Claude Opus 5", Path.MODEL, ("opus",), api, "major"),
        ("Claude Haiku 4.5 and Opus 5: degraded", Path.MODEL, ("haiku", "opus"), api, "minor"),
        ("claude.ai is unavailable", Path.LOG_IN, (), chat, "critical"),
        ("Documentation site cannot be reached", Path.LOG_IN, (), {}, "minor"),
        ("Invoices are delayed", Path.LOG_IN, (), {}, "none"),
    )
    made, at = list[Incident](), START + timedelta(hours=2)
    for number in range(count):
        name, path, models, red, impact = told[number % len(told)]
        end = at + timedelta(minutes=dice.uniform(30, 120))
        well = dict.fromkeys(red, "operational")
        posts = (Post(at, "investigating", impact, red), Post(end, "resolved", impact, well))
        fault = Fault(status=529, code="overloaded_error")
        made.append(Incident(f"foreign-{number}", "anthropic", name, path, at, end, fault, 1.0, models, posts))
        at = end + timedelta(minutes=60)
    return Scenario("foreign", "foreign", START, at, tuple(made), noise=0.003, scopes={"anthropic": USER})


def week(days: float) -> Scenario:
    """The week of 25 July 2026 by its number of posts: 1.35 a day in the mean of the year, four a day in that week."""
    from dataclasses import replace

    return provider_year(replace(ANTHROPIC, posts_a_day=4.0), 7, START, days, USER)


WORLDS: dict[str, Callable[[float], Scenario]] = {
    "full": lambda size: full(int(size)),
    "partly": lambda size: partly(int(size)),
    "generation": lambda size: generation(int(size)),
    "generation_partly": lambda size: generation_partly(int(size)),
    "noise": noise,
    "year": year,
    "mishaps": lambda size: mishaps(int(size)),
    "accounts": lambda size: accounts(int(size)),
    "foreign": lambda size: foreign(int(size)),
    "week": week,
}
