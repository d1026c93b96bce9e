"""`uptray status` against servers on loopback that speak Statuspage, incident.io and Google's format.

The levels, causes and exit codes are those of the interface, seen as a script sees them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from tests.e2e.command_line import CommandLine
from tests.live_world import KEY, LiveWorld
from trayapp.simulator.world import World

WATCH = ("anthropic", "openai", "google", "local")
WELL = dict.fromkeys(WATCH, "operational")
#: A component of each page that counts for everybody.
COMPONENTS = {
    "anthropic": "k8w3r06qmzrp",
    "openai": "01JP8CD9JR3HR6Y7G4Q75N4DVW",
    "google": "Z0FZJAMvEB4j3NbCJs6B",
}
KEYED = {"ANTHROPIC_API_KEY": KEY.reveal(), "OPENAI_API_KEY": KEY.reveal(), "GEMINI_API_KEY": KEY.reveal()}
WRONG = {"ANTHROPIC_API_KEY": "sk-canary-that-never-worked"}


@pytest.fixture
def world() -> Iterator[LiveWorld]:
    with LiveWorld() as live:
        yield live


@pytest.fixture
def shell(world: LiveWorld, tmp_path: Path) -> CommandLine:
    made = CommandLine(tmp_path)
    made.configure(world.config(WATCH))
    return made


class Case(NamedTuple):
    """Turn the world so, have these keys, and expect this; `levels` of those that are not operational."""

    turn: Callable[[World], Any]
    code: int
    levels: dict[str, str]
    cause: str = "none"
    summary: str = ""
    keys: Mapping[str, str] = MappingProxyType({})


def outage(provider: str, state: str) -> Callable[[World], None]:
    """Have the page tell of an incident on the component that counts."""
    return lambda world: world.page(provider).incident(
        "i1", "Elevated errors", components={COMPONENTS[provider]: state}
    )


def work(provider: str) -> Callable[[World], None]:
    """Have announced work under way on the component that counts."""

    def turn(world: World) -> None:
        now, hour, component = datetime.now(UTC), timedelta(hours=1), COMPONENTS[provider]
        status = "in_progress" if provider == "anthropic" else "maintenance_in_progress"
        world.page(provider).maintenance("m1", "Database upgrade", now - hour, now + hour, [component], status)
        world.page(provider).component(component, "under_maintenance")

    return turn


async def all_at_once(world: World) -> None:
    """One provider for each way of failing."""
    outage("anthropic", "partial_outage")(world)
    world.api("openai").fail(500)
    world.page("google").fail(200, "<!DOCTYPE html><title>hello</title>")
    await world.api("local").refuse()


async def portal(world: World) -> None:
    """A network that answers for everybody with its own page."""
    for desk in (world.neutral, *(world.api(name) for name in COMPONENTS), *(world.page(name) for name in COMPONENTS)):
        desk.fail(200, "<!DOCTYPE html><title>Welcome to our hotel</title>")


async def nothing_out_there(world: World) -> None:
    """A network that reaches nobody."""
    for desk in (world.neutral, *(world.api(name) for name in COMPONENTS), *(world.page(name) for name in COMPONENTS)):
        await desk.refuse()


NO_CREDIT = {"type": "error", "error": {"type": "billing_error", "message": "Your credit balance is too low"}}
NO_QUOTA = {"error": {"type": "insufficient_quota", "code": "insufficient_quota", "message": "You exceeded …"}}
OFFLINE = dict.fromkeys(COMPONENTS, "offline")

CASES = {
    "all is well": Case(lambda world: None, 0, {}),
    "all is well with keys": Case(lambda world: None, 0, {}, keys=KEYED),
    "a partial outage on Statuspage": Case(
        outage("anthropic", "partial_outage"), 1, {"anthropic": "degraded"}, "provider", "Elevated errors"
    ),
    "a partial outage on incident.io": Case(
        outage("openai", "partial_outage"), 1, {"openai": "degraded"}, "provider", "Elevated errors"
    ),
    "a partial outage in Google's format": Case(
        outage("google", "partial_outage"), 1, {"google": "degraded"}, "provider", "Elevated errors"
    ),
    "a full outage on Statuspage": Case(
        outage("anthropic", "major_outage"), 2, {"anthropic": "down"}, "provider", "Elevated errors"
    ),
    "a full outage on incident.io": Case(
        outage("openai", "major_outage"), 2, {"openai": "down"}, "provider", "Elevated errors"
    ),
    "a full outage in Google's format": Case(
        outage("google", "major_outage"), 2, {"google": "down"}, "provider", "Elevated errors"
    ),
    "a full outage that the key does not see": Case(
        outage("anthropic", "major_outage"), 1, {"anthropic": "degraded"}, "provider", keys=KEYED
    ),
    "announced work on Statuspage": Case(work("anthropic"), 0, {"anthropic": "maintenance"}),
    "announced work on incident.io": Case(work("openai"), 0, {"openai": "maintenance"}),
    "errors while the page is green": Case(
        lambda world: world.api("anthropic").fail(500), 2, {"anthropic": "down"}, "provider", "shows nothing yet"
    ),
    "the same with a key": Case(
        lambda world: world.api("openai").fail(500), 2, {"openai": "down"}, "provider", "shows nothing yet", KEYED
    ),
    "an API that takes no connection": Case(
        lambda world: world.api("google").refuse(), 2, {"google": "down"}, "provider", "shows nothing yet"
    ),
    "an API that hangs up": Case(
        lambda world: world.api("anthropic").drop(), 2, {"anthropic": "down"}, "provider", "shows nothing yet"
    ),
    "an API that is overloaded": Case(
        lambda world: world.api("anthropic").fail(529), 1, {"anthropic": "degraded"}, "provider"
    ),
    "a key that never worked": Case(lambda world: None, 4, {"anthropic": "blocked"}, "account", keys=WRONG),
    "no credit at Anthropic": Case(
        lambda world: world.api("anthropic").fail(402, NO_CREDIT), 4, {"anthropic": "blocked"}, "account", keys=KEYED
    ),
    "no quota at OpenAI": Case(
        lambda world: world.api("openai").fail(429, NO_QUOTA), 4, {"openai": "blocked"}, "account", keys=KEYED
    ),
    "a local server that is not running": Case(lambda world: world.api("local").refuse(), 3, {"local": "unknown"}),
    "a captive portal": Case(portal, 3, OFFLINE, "network"),
    "no network": Case(nothing_out_there, 3, OFFLINE, "network"),
    "the worst one decides": Case(
        all_at_once, 2, {"anthropic": "degraded", "openai": "down", "google": "unknown", "local": "unknown"}
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_levels_and_exit_codes_are_those_of_the_interface(case: Case, world: LiveWorld, shell: CommandLine) -> None:
    world.do(case.turn)
    said = shell.run("status", "--json", "--fresh", **case.keys)
    assert (said.levels, said.code, said.err) == ({**WELL, **case.levels}, case.code, "")
    concerned = [said.provider(name) for name in case.levels]
    if len(case.levels) != len(WATCH):
        assert {provider["cause"] for provider in concerned} <= {case.cause}
    assert all(case.summary in provider["summary"] for provider in concerned)
    assert not any(
        key in text for key in case.keys.values() for text in (said.out, *map(str, shell.written().values()))
    )


def test_the_document_has_every_field_of_the_interface(world: LiveWorld, shell: CommandLine) -> None:
    world.do(outage("anthropic", "partial_outage"))
    world.do(work("anthropic"))
    document = shell.run("status", "anthropic", "--json", "--fresh", **KEYED).document
    assert document.keys() >= {"schema", "generated_at", "level", "network", "providers"}
    assert (document["schema"], document["network"]["state"]) == (1, "online")
    [provider] = document["providers"]
    assert provider.keys() >= {"id", "name", "level", "cause", "stale", "since", "summary", "feed", "probes"}
    feed = provider["feed"]
    assert feed.keys() >= {
        *("platform", "url", "fetched_at", "error", "level", "components", "incidents", "maintenances"),
    }
    assert all(c.keys() >= {"id", "name", "status", "level", "counts"} for c in feed["components"])
    [incident] = feed["incidents"]
    assert incident.keys() >= {
        *("id", "name", "status", "impact", "started_at", "updated_at", "resolved_at", "url"),
        *("components", "models", "counts", "latest"),
    }
    [maintenance] = feed["maintenances"]
    assert maintenance.keys() >= {"id", "name", "status", "starts_at", "ends_at", "counts"}
    [probe] = provider["probes"]
    assert probe.keys() >= {"kind", "outcome", "http_status", "latency_ms", "at", "detail"}
    assert (probe["kind"], probe["outcome"], probe["http_status"]) == ("free", "ok", 200)
    for moment in (document["generated_at"], provider["since"], feed["fetched_at"], incident["started_at"]):
        assert datetime.fromisoformat(moment).tzinfo is not None
        assert moment.endswith("Z")


def test_a_wrong_line_in_the_settings_is_told_in_one_line(world: LiveWorld, shell: CommandLine) -> None:
    shell.configure(world.config(WATCH) + "\n[notifications]\nenabled = 7\n")
    line = len(world.config(WATCH).splitlines()) + 3
    for arguments in (("status", "--json"), ("status", "--fresh"), ("watch",), ("wait", "google")):
        said = shell.run(*arguments)
        assert (said.code, said.out) == (64, ""), arguments
        assert len(said.err.splitlines()) == 1
        assert f"config.toml, line {line}" in said.err
        assert "enabled" in said.err


def test_a_wrong_line_in_the_settings_is_told_by_the_record_too(world: LiveWorld, shell: CommandLine) -> None:
    shell.configure(world.config(WATCH) + "\n[notifications]\nenabled = 7\n")
    assert shell.run("status", "--recorded").code == 64


def test_settings_that_are_no_toml_are_told_in_one_line(shell: CommandLine) -> None:
    shell.configure('[monitor]\nwatch = ["anthropic"\n')
    said = shell.run("status")
    assert (said.code, said.out) == (64, "")
    assert len(said.err.splitlines()) == 1
    assert "config.toml, line " in said.err


def test_an_unknown_key_is_no_error(world: LiveWorld, shell: CommandLine) -> None:
    shell.configure(world.config(WATCH) + "\n[notifications]\nenabeld = true\n")
    assert shell.run("status", "--fresh").code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("status", "antropic"), "did you mean anthropic?"), (("status", "--frehs"), "--help"), (("stauts",), "status")],
)
def test_a_wrong_word_is_told_with_the_right_one(arguments: tuple[str, ...], words: str, shell: CommandLine) -> None:
    said = shell.run(*arguments)
    assert (said.code, said.out) == (64, "")
    assert len(said.err.splitlines()) == 1
    assert words in said.err


def test_only_the_providers_that_are_named_are_asked(world: LiveWorld, shell: CommandLine) -> None:
    world.do(lambda w: w.api("openai").fail(500))
    said = shell.run("status", "google", "anthropic", "--json", "--fresh")
    assert (said.levels, said.code) == ({"google": "operational", "anthropic": "operational"}, 0)
    assert {asked.role.partition(".")[0] for asked in world.world.requests} == {"google", "anthropic"}


def test_people_get_a_table(world: LiveWorld, shell: CommandLine) -> None:
    world.do(lambda w: w.api("anthropic").fail(500))
    said = shell.run("status", "--fresh", COLUMNS="160", PYTHONIOENCODING="utf-8")
    assert (said.code, said.err) == (2, "")
    rows = said.out.splitlines()
    assert rows[0].split()[:2] == ["PROVIDER", "LEVEL"]
    assert any(row.startswith("Anthropic") and "■ down" in row and "HTTP 500" in row for row in rows)
    assert sum("● works" in row for row in rows) == 3
