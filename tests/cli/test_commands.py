"""The commands with a house of cardboard behind them: exit codes, tables, and what never reaches a terminal."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from trayapp.cli import run
from trayapp.cli._doors import Check
from trayapp.model.history import History, OfficialIncident, Outage, Uptime
from trayapp.model.level import Cause, Level
from trayapp.model.refused import Refused
from trayapp.model.secret import Secret
from trayapp.model.settings import Settings

NOW = datetime(2026, 4, 28, 17, 36, tzinfo=UTC)
HOSTILE = "Acme\x1b[31m\x07 [red]B\u202e\nC"


def provider(id: str, level: str, *, stale: bool = False, summary: str = "it is so") -> dict[str, Any]:
    return {
        "id": id,
        "name": id.title(),
        "level": level,
        "stale": stale,
        "since": "2026-04-28T17:34:00Z",
        "summary": summary,
    }


def status(*providers: Mapping[str, Any]) -> dict[str, Any]:
    order = ["down", "degraded", "blocked", "offline", "unknown", "maintenance", "operational"]
    level = min((p["level"] for p in providers), key=order.index, default="unknown")
    return {"schema": 1, "generated_at": "2026-04-28T17:36:00Z", "level": level, "providers": list(providers)}


class House:
    """Answers what it was told, and remembers what it was asked."""

    def __init__(self, *providers: Mapping[str, Any], fresh: Sequence[Mapping[str, Any]] = ()) -> None:
        self.kept, self.fresh = status(*providers), status(*(fresh or providers))
        self.asked: list[str] = []
        self.key: Secret | None = None
        self.events: list[dict[str, Any]] = []
        self.checks = [Check("network", "ok", "online"), Check("keyring", "warning", "locked", "unlock it")]
        self.past = History(NOW - timedelta(days=7), NOW)
        self.defect: BaseException | None = None
        self.found_agents: list[dict[str, Any]] = []
        self.chosen: str | None = None

    def settings(self) -> Settings:
        return Settings()

    def agents(self) -> Sequence[Mapping[str, Any]]:
        return self.found_agents

    def switch_agent(
        self, agent: str, provider: str, *, dry_run: bool, force: bool, clear_key: bool
    ) -> Mapping[str, Any]:
        self.asked.append(f"switch {agent} {provider} {dry_run} {force} {clear_key}")
        files = [{"path": "/home/a/s.json", "diff": "--- a\n+++ b\n+new\x1b[31m"}]
        notes = [{"reason": "a session under way stays", "stops": False}]
        tried = None if dry_run else {"outcome": "ok", "latency_ms": 320, "detail": ""}
        return {
            "schema": 1,
            "agent": agent,
            "from": "anthropic",
            "to": provider,
            "dry_run": dry_run,
            "files": files,
            "hindrances": notes,
            "pickup": "live",
            "tried": tried,
            "done": not dry_run,
        }

    def restore_agent(self, agent: str | None, *, dry_run: bool) -> Sequence[Mapping[str, Any]]:
        self.asked.append(f"restore {agent} {dry_run}")
        return (
            [{"agent": agent, "files": [], "kept": ["env.A was changed since, and stays"], "done": not dry_run}]
            if agent
            else []
        )

    def run_agent(self, agent: str | None, via: str | None, arguments: Sequence[str]) -> int:
        self.asked.append(f"run {agent} {via} {list(arguments)}")
        return 7

    def default_agent(self) -> str | None:
        return self.chosen

    def set_default_agent(self, agent: str) -> None:
        self.chosen = agent

    def names(self) -> Mapping[str, str]:
        return {"anthropic": "Anthropic", "openai": "OpenAI", "acme": "Acme"}

    def providers(self) -> Sequence[Mapping[str, Any]]:
        return []

    def check_provider(
        self, file: Path, *, offline: bool, paid: bool, warn: Callable[[str], None]
    ) -> Mapping[str, Any]:
        return {}

    def watched(self) -> Sequence[str]:
        if self.defect is not None:
            raise self.defect
        return ["acme"]

    def recorded(self, ids: Sequence[str]) -> Mapping[str, Any]:
        self.asked.append("recorded")
        return self.kept

    def live(self, ids: Sequence[str]) -> Mapping[str, Any]:
        self.asked.append("live")
        return self.fresh

    def watch(self, ids: Sequence[str], emit: Callable[[Mapping[str, Any]], bool]) -> None:
        for event in self.events:
            if emit(event):
                return

    def history(self, ids: Sequence[str], days: float) -> History:
        return self.past

    def put_key(self, provider: str, secret: Secret) -> str:
        self.key = secret
        return "kept in a drawer"

    def get_key(self, provider: str) -> Secret | None:
        return self.key

    def delete_key(self, provider: str) -> bool:
        had, self.key = self.key is not None, None
        return had

    def test_key(self, provider: str) -> tuple[bool, str]:
        return self.key is not None, "tried"

    def doctor(self) -> Sequence[Check]:
        return self.checks

    def demo(self, speed: float, headless: bool, icons: Path) -> int:
        self.asked.append(f"demo {speed:g} {headless} {icons}")
        return 0

    def replay(self, file: Path, evidence: str, *, as_json: bool) -> int:
        self.asked.append(f"replay {file} {evidence} {as_json}")
        return 0

    def tray(self) -> int:
        self.asked.append("tray")
        return 0


@pytest.mark.parametrize(
    ("levels", "code"),
    [
        (["operational"], 0),
        (["maintenance", "operational"], 0),
        (["degraded", "operational"], 1),
        (["down", "degraded", "blocked"], 2),
        (["unknown", "operational"], 3),
        (["offline"], 3),
        (["blocked", "unknown"], 4),
        (["degraded", "blocked", "unknown"], 1),
    ],
)
def test_the_exit_code_is_that_of_the_worst(levels: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    house = House(*(provider(f"p{n}", level) for n, level in enumerate(levels)))
    assert run(["status", "--recorded"], house) == code
    assert run(["status", "--json"], house) == code
    assert capsys.readouterr().out


def test_the_document_goes_through_unchanged(capsys: pytest.CaptureFixture[str]) -> None:
    house = House(provider("acme", "down"))
    run(["status", "--json"], house)
    assert json.loads(capsys.readouterr().out) == house.kept


def test_what_was_recorded_is_taken_while_it_is_fresh_and_else_it_is_looked_at(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for house, options, asked in (
        (House(provider("acme", "operational")), [], ["recorded"]),
        (House(provider("acme", "unknown", stale=True)), [], ["recorded", "live"]),
        (House(provider("acme", "unknown", stale=True)), ["--recorded"], ["recorded"]),
        (House(provider("acme", "operational")), ["--fresh"], ["live"]),
    ):
        run(["status", *options], house)
        assert house.asked == asked


def test_a_table_fits_its_terminal_and_obeys_no_text_from_outside(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    run(["status"], House(provider("acme", "down", summary=HOSTILE + " word" * 60)))
    shown = capsys.readouterr().out
    assert "■ down" in shown
    assert "[red]B" in shown
    assert not set(shown) & {"\x1b", "\x07", "\u202e"}
    assert max(map(len, shown.splitlines())) <= 80


def test_with_nobody_to_watch_it_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status", "--recorded"], House()) == 3
    assert "config.toml" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ["statis"],
        ["_words"],
        ["../x"],
        ["--nonsense"],
        ["status", "--nonsense"],
        ["status", "antropic"],
        ["status", "--fresh", "--recorded"],
        ["wait"],
        ["wait", "acme", "--timeout", "abc"],
        ["wait", "acme", "--timeout", "-1"],
        ["wait", "acme", "--for", "fine"],
        ["history", "--days", "0"],
        ["key", "set"],
        ["key", "steal", "acme"],
        ["key", "set", "acme", "sk-canary"],
        ["key", "print", "acme"],
        ["demo", "--speed", "0"],
    ],
)
def test_wrong_usage_is_one_line_and_64(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code = run(words, House(provider("acme", "operational")))
    except SystemExit as error:
        code = int(str(error.code))
    said = capsys.readouterr()
    assert (code, said.out) == (64, "")
    assert len(said.err.splitlines()) == 1
    assert "canary" not in said.err


def test_a_near_name_is_offered(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status", "antropic"], House()) == 64
    assert "did you mean anthropic?" in capsys.readouterr().err
    assert run(["statis"], House()) == 64
    assert "did you mean status?" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["status", "watch", "wait", "history", "key", "doctor", "demo"])
def test_every_command_explains_itself_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run([command, "--help"], House())
    assert ended.value.code == 0
    assert f"uptray {command}" in capsys.readouterr().out.split("example")[1]


def test_the_whole_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(["--help"], House())
    shown = capsys.readouterr().out
    assert all(name in shown for name in ("status", "watch", "wait", "history", "key", "doctor", "demo"))


def test_without_a_command_the_light_is_started() -> None:
    house = House()
    assert run([], house) == 0
    assert house.asked == ["tray"]


@pytest.mark.parametrize(
    ("defect", "code", "said"),
    [
        (Refused("config.toml, line 3: no"), 64, "config.toml, line 3: no"),
        (ZeroDivisionError("secret text"), 70, "ZeroDivisionError"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_what_goes_wrong_is_one_line(
    defect: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    house = House()
    house.defect = defect
    assert run(["status"], house) == code
    shown = capsys.readouterr().err
    assert said in shown
    assert "secret text" not in shown
    assert len(shown.splitlines()) <= 1


def verdict(level: str) -> dict[str, Any]:
    return {"event": "verdict", "at": "2026-04-28T17:36:00Z", "provider": "acme", "level": level, "summary": HOSTILE}


TICK = {"event": "tick", "at": "2026-04-28T17:36:00Z"}


def test_watch_prints_a_line_a_change_and_no_tick(capsys: pytest.CaptureFixture[str]) -> None:
    house = House()
    incident = {"event": "incident", "at": TICK["at"], "provider": "acme", "name": HOSTILE, "status": "identified"}
    network = {"event": "network", "at": TICK["at"], "state": "captive_portal", "detail": "x"}
    house.events = [TICK, verdict("down"), incident, network]
    assert run(["watch"], house) == 0
    shown = capsys.readouterr().out
    assert len(shown.splitlines()) == 3
    assert "\x1b" not in shown
    assert run(["watch", "--json"], house) == 0
    assert [json.loads(line)["event"] for line in capsys.readouterr().out.splitlines()] == [
        "verdict",
        "incident",
        "network",
    ]


def test_wait_comes_back_when_all_are_well_or_the_time_is_up(capsys: pytest.CaptureFixture[str]) -> None:
    house = House(provider("acme", "down"))
    house.events = [TICK, verdict("down"), TICK, verdict("operational"), verdict("down")]
    assert run(["wait", "acme"], house) == 0
    house.events = [verdict("down"), TICK]
    assert run(["wait", "acme", "--timeout", "0.000001"], house) == 75
    assert run(["wait", "acme", "--timeout", "0"], house) == 75
    assert run(["wait", "acme", "--timeout", "0", "--for", "down"], house) == 0
    assert capsys.readouterr().out == ""


def test_history_stands_measured_beside_official(capsys: pytest.CaptureFixture[str]) -> None:
    house = House(provider("acme", "down"))
    assert run(["history"], house) == 0
    assert "Nothing was recorded" in capsys.readouterr().out
    uptime = Uptime("acme", 1000, 900, 0, 100, 0, 10, 1, 120.0)
    outage = Outage("acme", Level.DOWN, Cause.PROVIDER, NOW - timedelta(hours=2), NOW - timedelta(hours=1), "=cmd()")
    told = OfficialIncident("acme", "i1", HOSTILE, "major", None, NOW, None)
    house.past = History(
        NOW - timedelta(days=7), NOW, (uptime, Uptime("new", 0, 0, 0, 0, 0, 0, 0, None)), (outage,), (told,)
    )
    assert run(["history"], house) == 0
    shown = capsys.readouterr().out
    assert "90.00 %" in shown
    assert "\x1b" not in shown
    assert run(["history", "--json"], house) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["providers"][0]["uptime_percent"] == 90.0
    assert run(["history", "--csv"], house) == 0
    assert "'=cmd()" in capsys.readouterr().out


def test_a_key_comes_in_by_standard_input_and_out_by_print_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(provider("acme", "operational"))
    monkeypatch.setattr(sys, "stdin", io.StringIO("  sk-canary\n"))
    assert run(["key", "set", "acme"], house) == 0
    assert house.key == Secret("sk-canary")
    assert "canary" not in "".join(capsys.readouterr())
    assert run(["key", "test", "acme"], house) == 0
    assert "canary" not in "".join(capsys.readouterr())
    assert run(["key", "print", "acme"], house) == 0
    assert capsys.readouterr().out == "sk-canary\n"
    assert run(["key", "delete", "acme"], house) == 0
    assert run(["key", "delete", "acme"], house) == 0
    assert run(["key", "test", "acme"], house) == 1


@pytest.mark.parametrize("text", ["", "  \n", "two\nlines", "a b", "k\x00", "ключ", "x" * 5000])
def test_what_is_no_key_is_refused(
    text: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(provider("acme", "operational"))
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    assert run(["key", "set", "acme"], house) == 64
    assert house.key is None


def test_doctor_ends_with_1_when_something_is_broken(capsys: pytest.CaptureFixture[str]) -> None:
    house = House()
    assert run(["doctor"], house) == 0
    assert "unlock it" in capsys.readouterr().out
    house.checks.append(Check("journal", "broken", "no"))
    assert run(["doctor", "--json"], house) == 1
    assert json.loads(capsys.readouterr().out)["checks"][2]["state"] == "broken"


def test_the_demo_takes_its_speed_and_needs_no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    run(["demo", "--speed", "600", "--icons", "x", "--headless"], house)
    assert house.asked == ["demo 600 True x"]


def test_a_terminal_that_knows_only_ascii_gets_ascii(tmp_path: Path) -> None:
    environ = {**os.environ, "UPTRAY_HOME": str(tmp_path), "PYTHONIOENCODING": "ascii:strict", "PYTHONUTF8": "0"}
    for words in (["status", "--recorded"], ["--help"], ["status", "ключ"], ["history"]):
        done = subprocess.run([sys.executable, "-m", "trayapp", *words], env=environ, capture_output=True, check=False)
        assert done.returncode in (0, 3, 64), done.stderr
        assert b"defect" not in done.stderr
