"""`uptray watch`, `wait`, `history`, `doctor` and `key` as processes, and that no key is left anywhere by them."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.command_line import CommandLine
from tests.live_world import KEY, LiveWorld
from tests.until import until

if sys.platform == "win32":
    pytest.skip("there a process cannot be asked to end with SIGTERM", allow_module_level=True)

WATCH = ("anthropic", "openai", "google", "local")
KEYED = {"ANTHROPIC_API_KEY": KEY.reveal()}
RESPONSES = "01JP8CD9JR3HR6Y7G4Q75N4DVW"
#: The interface gives a second; a busy machine may take another half to tell us.
SOON_S = 1.5


@pytest.fixture
def world() -> Iterator[LiveWorld]:
    with LiveWorld() as live:
        yield live


@pytest.fixture
def shell(world: LiveWorld, tmp_path: Path) -> CommandLine:
    made = CommandLine(tmp_path, KEYED)
    made.configure(world.config(WATCH))
    return made


def verdicts(process: subprocess.Popen[str], wanted: Collection[tuple[str, str]]) -> list[dict[str, Any]]:
    """Read events until each provider has come to its wanted level; return them all."""
    assert process.stdout is not None
    missing, events = set(wanted), []
    for line in process.stdout:
        events.append(json.loads(line))
        missing -= {(events[-1].get("provider"), events[-1].get("level"))}
        if not missing:
            return events
    raise AssertionError(f"it ended without {missing}; {process.stderr.read() if process.stderr else ''}")


def ended(process: subprocess.Popen[str]) -> int:
    """Ask it to end; return its exit code. Fails when that takes too long, or something is complained of."""
    process.send_signal(signal.SIGTERM)
    code = process.wait(SOON_S)
    assert process.stderr is not None
    assert process.stderr.read() == ""
    return code


def watched(shell: CommandLine, *wanted: tuple[str, str]) -> list[dict[str, Any]]:
    """Watch until the levels are reached, and end well."""
    with shell.running("watch", "--json") as process:
        events = verdicts(process, wanted)
        assert ended(process) == 0
    return events


def test_watch_tells_each_change_and_ends_within_a_second(world: LiveWorld, shell: CommandLine) -> None:
    with shell.running("watch", "--json") as process:
        first = verdicts(process, [(name, "operational") for name in WATCH])
        world.do(lambda w: w.api("anthropic").fail(500))
        world.do(lambda w: w.page("openai").incident("i1", "Errors", components={RESPONSES: "partial_outage"}))
        then = verdicts(process, [("anthropic", "down"), ("openai", "degraded")])
        assert ended(process) == 0
    fields = {"event", "at", "provider", "previous", "level", "cause", "summary"}
    told = [event for event in (*first, *then) if event["event"] == "verdict"]
    assert all(event.keys() >= fields and event["at"].endswith("Z") for event in told)
    down = next(event for event in told if event["level"] == "down")
    assert (down["provider"], down["cause"]) == ("anthropic", "provider")
    assert "shows nothing yet" in down["summary"]
    incident = next(event for event in then if event["event"] == "incident")
    assert (incident["provider"], incident["name"]) == ("openai", "Errors")


def test_what_was_watched_is_what_the_record_says(world: LiveWorld, shell: CommandLine) -> None:
    world.do(lambda w: w.api("openai").fail(500))
    world.do(lambda w: w.page("google").fail(200, "<html>"))
    watched(shell, ("anthropic", "operational"), ("openai", "down"), ("local", "operational"))
    before = len(world.world.requests)
    recorded = shell.run("status", "--recorded", "--json")
    assert recorded.levels == {
        "anthropic": "operational",
        "openai": "down",
        "google": "unknown",
        "local": "operational",
    }
    assert recorded.code == 2
    assert len(world.world.requests) == before
    assert recorded.levels == shell.run("status", "--fresh", "--json").levels


def test_without_a_record_nothing_is_known(shell: CommandLine) -> None:
    said = shell.run("status", "--recorded", "--json")
    assert (said.levels, said.code) == (dict.fromkeys(WATCH, "unknown"), 3)
    assert all(provider["stale"] for provider in said.document["providers"])


def test_ctrl_c_is_an_end_like_another(shell: CommandLine) -> None:
    with shell.running("watch") as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(SOON_S) == 0


KEPT_ELSEWHERE = "uptray: another Uptray keeps the journal; this one goes on with it when that one ends\n"


def _told_at_the_end(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGTERM)
    assert process.wait(SOON_S) == 0
    assert process.stderr is not None
    return process.stderr.read()


def test_two_watchers_do_not_disturb_each_other(shell: CommandLine) -> None:
    with shell.running("watch", "--json") as one, shell.running("watch", "--json") as other:
        for process in (one, other):
            verdicts(process, [(name, "operational") for name in WATCH])
        assert sorted(_told_at_the_end(process) for process in (one, other)) == ["", KEPT_ELSEWHERE]
    assert shell.run("status", "--recorded").code == 0


def test_a_watcher_killed_in_the_midst_leaves_a_whole_record(shell: CommandLine) -> None:
    with shell.running("watch", "--json") as process:
        verdicts(process, [(name, "operational") for name in WATCH])
        process.kill()
        process.wait()
    assert shell.run("history", "--json").code == 0
    watched(shell, ("anthropic", "operational"))
    assert not [name for name in shell.written() if "damaged" in name]


def test_wait_ends_when_all_that_are_named_are_back(world: LiveWorld, shell: CommandLine) -> None:
    said = shell.run("wait", "anthropic", "google", "--timeout", "30")
    assert (said.code, said.out) == (0, "")
    world.do(lambda w: w.page("openai").component(RESPONSES, "partial_outage"))
    with shell.running("wait", "openai", "--timeout", "40") as process:
        assert process.stderr is not None
        assert "partial outage" in process.stderr.readline()
        world.do(lambda w: w.page("openai").component(RESPONSES, "operational"))
        assert process.wait(30) == 0


def test_wait_gives_up_when_the_time_is_over(world: LiveWorld, shell: CommandLine) -> None:
    world.do(lambda w: w.api("openai").fail(500))
    began = time.monotonic()
    assert shell.run("wait", "openai", "--timeout", "3").code == 75
    assert 3 <= time.monotonic() - began < 10
    assert shell.run("wait", "openai", "--timeout", "30", "--for", "down").code == 0


def test_history_has_the_outage_beside_the_incident(world: LiveWorld, shell: CommandLine) -> None:
    world.do(lambda w: w.api("anthropic").fail(500))
    world.do(lambda w: w.page("openai").incident("i1", "=Errors", components={RESPONSES: "partial_outage"}))
    watched(shell, ("anthropic", "down"), ("openai", "degraded"), ("google", "operational"))
    document = shell.run("history", "--json").document
    assert (document["schema"], {uptime["id"] for uptime in document["providers"]}) == (1, set(WATCH))
    outages = {outage["provider"]: (outage["level"], outage["cause"]) for outage in document["outages"]}
    assert outages["anthropic"] == ("down", "provider")
    assert [(i["provider"], i["id"], i["name"]) for i in document["incidents"]] == [("openai", "i1", "=Errors")]
    table = list(csv.DictReader(io.StringIO(shell.run("history", "--csv").out)))
    assert {(row["provider"], row["source"]) for row in table} >= {("anthropic", "measured"), ("openai", "official")}
    assert "'=Errors" in {row["text"] for row in table}
    assert "Measured here" in shell.run("history").out


def test_doctor_names_every_part(shell: CommandLine) -> None:
    said = shell.run("doctor", "--json")
    checks = {check["name"]: check for check in said.document["checks"]}
    assert checks.keys() >= {"settings", "providers", "network", "proxy", "keyring", "notifications", "journal", "tray"}
    assert {check["state"] for check in checks.values()} <= {"ok", "warning"}
    assert (said.code, said.err) == (0, "")
    if sys.platform == "linux":
        assert checks["keyring"]["state"] == "warning"


def test_no_key_is_left_anywhere(world: LiveWorld, shell: CommandLine) -> None:
    world.do(lambda w: w.api("anthropic").fail(401, {"error": {"message": f"bad key {KEY.reveal()}"}}))
    with shell.running("watch", "--json") as process:
        events = verdicts(process, [("anthropic", "blocked"), ("google", "operational")])
        assert ended(process) == 0
    outputs = [json.dumps(events)]
    for command in (
        ("status",),
        ("status", "--json", "--fresh"),
        ("history", "--json"),
        ("doctor", "--json"),
        ("key", "test", "anthropic"),
    ):
        said = shell.run(*command, UPTRAY_DEBUG="1")
        outputs += [said.out, said.err]
    assert not any("canary" in output for output in outputs)
    files = shell.written()
    assert any(name.endswith("journal.sqlite3") for name in files)
    assert not [name for name, content in files.items() if b"canary" in content]


@pytest.mark.skipif(sys.platform != "linux", reason="the private keyring is a Linux part")
def test_a_key_goes_into_the_keyring_and_out_again(world: LiveWorld, tmp_path: Path) -> None:
    from tests.desktop_session import DesktopSession

    with DesktopSession(display=False) as session:
        session.start_keyring()
        shell = CommandLine(tmp_path, {"DBUS_SESSION_BUS_ADDRESS": session.env["DBUS_SESSION_BUS_ADDRESS"]})
        shell.configure(world.config(WATCH))
        host = world.world.api("anthropic").url.removeprefix("http://")
        stored = shell.run("key", "set", "anthropic", stdin=KEY.reveal() + "\n")
        assert (stored.code, stored.err) == (0, "")
        assert host in stored.out
        assert "canary" not in stored.out
        assert shell.run("key", "print", "anthropic").out == KEY.reveal() + "\n"
        tested = shell.run("key", "test", "anthropic")
        assert (tested.code, tested.err) == (0, "")
        probes = shell.run("status", "anthropic", "--json", "--fresh").provider("anthropic")["probes"]
        assert [probe["kind"] for probe in probes] == ["free"]
        assert shell.run("doctor", "--json").code == 0
        assert shell.run("key", "delete", "anthropic").code == 0
        assert shell.run("key", "print", "anthropic").code == 64
        assert not [name for name, content in shell.written().items() if b"canary" in content]


def test_a_key_as_an_argument_is_refused_and_not_repeated(shell: CommandLine) -> None:
    said = shell.run("key", "set", "anthropic", "sk-canary-in-the-history")
    assert (said.code, said.out) == (64, "")
    assert "canary" not in said.err


def test_no_keyring_is_a_reason_in_one_line(shell: CommandLine) -> None:
    if sys.platform != "linux":
        pytest.skip("elsewhere the system's own keyring answers")
    assert "nonexistent" in os.environ["DBUS_SESSION_BUS_ADDRESS"]
    said = shell.run("key", "set", "anthropic", stdin="sk-canary")
    assert (said.code, said.out, len(said.err.splitlines())) == (64, "", 1)
    assert "canary" not in said.err
    assert not [name for name, content in shell.written().items() if b"canary" in content]


def test_a_reader_that_goes_away_ends_it_at_the_next_event(world: LiveWorld, shell: CommandLine) -> None:
    with shell.running("watch", "--json") as process:
        verdicts(process, [(name, "operational") for name in WATCH])
        assert process.stdout is not None
        process.stdout.close()
        world.do(lambda w: w.api("google").fail(500))
        until(lambda: process.poll() is not None, 15)
        assert process.stderr is not None
        assert process.stderr.read() == ""
