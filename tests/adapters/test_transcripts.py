"""Agents' records on a real disk, written, cut, removed and linked by another program while they are watched."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from trayapp.adapters.transcripts import Transcripts
from trayapp.model.reading import PassiveReading, Symptom
from trayapp.transcripts import trails

NOW = datetime(2026, 8, 30, 17, 0, tzinfo=UTC)


class Desk:
    """A home with agents in it, and a witness whose time the test holds."""

    def __init__(self, home: Path) -> None:
        self.home, self.seconds, self.environ = home, 0.0, dict[str, str]()
        self.sessions = home / ".claude" / "projects" / "-w"
        self.sessions.mkdir(parents=True)
        self.witness = Transcripts(trails(), home, self.environ, self.now, lambda: self.seconds)
        os.utime(self.sessions, (NOW.timestamp(), NOW.timestamp()))

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    async def poll(self, after: float = 5) -> list[tuple[str, Symptom, int | None]]:
        self.seconds += after
        return [(r.agent, r.symptom, r.http_status) for r in await self.witness.poll()]

    def write(self, *records: dict[str, Any], name: str = "s", mode: str = "a") -> Path:
        path = self.sessions / f"{name}.jsonl"
        with path.open(mode) as file:
            file.writelines(json.dumps(record, separators=(",", ":")) + "\n" for record in records)
        os.utime(path, (self.now().timestamp(), self.now().timestamp()))
        return path

    def failed(self, status: int = 529, ago: float = 0) -> dict[str, Any]:
        when = (self.now() - timedelta(seconds=ago)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        content = [{"type": "text", "text": "API Error"}]
        record = {"type": "assistant", "isApiErrorMessage": True, "apiErrorStatus": status, "timestamp": when}
        return {**record, "message": {"model": "<synthetic>", "content": content}}


def met(status: int) -> tuple[str, Symptom, int]:
    return "claude-code", Symptom.OVERLOADED if status == 529 else Symptom.SERVER_ERROR, status


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.witness.close()


async def test_nothing_from_before_it_was_switched_on_is_told(desk: Desk) -> None:
    desk.write(desk.failed())
    assert await desk.poll() == []
    desk.write(desk.failed(500, ago=60))
    assert await desk.poll() == []
    desk.write(desk.failed(503))
    assert await desk.poll() == [met(503)]


async def test_a_session_begun_later_is_read_from_its_beginning(desk: Desk) -> None:
    await desk.poll()
    desk.seconds += 12
    desk.write(desk.failed(), name="new")
    assert await desk.poll(10) == [met(529)]
    (desk.sessions / "sub").mkdir()
    desk.write(desk.failed(502), name="sub/agent")
    assert await desk.poll(16) == [met(502)]


async def test_an_old_session_that_comes_in_later_is_read_from_its_end(desk: Desk) -> None:
    await desk.poll()
    filler = {"text": "x" * 60_000}
    desk.write(desk.failed(), *[filler] * 20, name="large")
    assert await desk.poll(16) == []
    desk.write(desk.failed(500), name="large")
    assert await desk.poll() == [met(500)]


async def test_one_who_paused_begins_anew(desk: Desk) -> None:
    desk.write()
    await desk.poll()
    desk.write(desk.failed())
    assert await desk.poll(600) == []
    assert await desk.poll() == []
    desk.write(desk.failed(500))
    assert await desk.poll() == [met(500)]


async def test_lines_that_are_copied_into_another_session_are_told_once(desk: Desk) -> None:
    desk.write()
    await desk.poll()
    failure = desk.failed()
    desk.write(failure)
    assert await desk.poll() == [met(529)]
    desk.write(failure, name="resumed")
    assert await desk.poll(16) == []


async def test_a_file_may_be_cut_replaced_and_removed(desk: Desk) -> None:
    path = desk.write({"a": 1}, {"b": 2})
    await desk.poll()
    desk.write({"c": 3})
    assert await desk.poll() == []
    desk.write(desk.failed(), mode="w")
    assert await desk.poll() == [met(529)]
    path.unlink()
    assert await desk.poll() == []
    desk.write(desk.failed(500), name="other")
    assert await desk.poll(16) == [met(500)]
    desk.write({"x": "y"}, name="swap", mode="w")
    (desk.sessions / "swap.jsonl").replace(desk.sessions / "other.jsonl")
    desk.write(desk.failed(503), name="other")
    assert await desk.poll() == [met(503)]


async def test_a_session_that_shows_another_provider_is_not_read(desk: Desk) -> None:
    desk.write()
    await desk.poll()
    message = {"id": "msg_2026", "model": "glm-5.3", "usage": {"output_tokens": 3}}
    when = desk.failed()["timestamp"]
    answer = {"type": "assistant", "timestamp": when, "requestId": "20260830", "message": message}
    desk.write(desk.failed(500), answer, desk.failed())
    assert await desk.poll() == [met(500)]
    desk.write(desk.failed())
    assert await desk.poll() == []


async def test_an_agent_that_is_pointed_elsewhere_is_not_believed_until_it_is_back(desk: Desk) -> None:
    desk.write()
    settings = desk.home / ".claude" / "settings.json"
    settings.write_text('{"env": {"ANTHROPIC_BASE_URL": "https://api.z.ai/api/anthropic"}}')
    await desk.poll()
    desk.write(desk.failed())
    assert await desk.poll() == []
    assert desk.witness.describe() == "claude-code (not: it may be pointed elsewhere)"
    settings.unlink()
    assert await desk.poll() == []
    desk.write(desk.failed(500))
    assert await desk.poll() == [met(500)]
    assert desk.witness.describe() == "claude-code"


@pytest.mark.parametrize("content", [b"\xff\xfe", b" " * 300_000])
async def test_settings_that_cannot_be_read_leave_it_open_where_the_agent_is_pointed(
    desk: Desk, content: bytes
) -> None:
    desk.write()
    (desk.home / ".claude" / "settings.json").write_bytes(content)
    await desk.poll()
    desk.write(desk.failed())
    assert await desk.poll() == []


async def test_the_first_line_of_a_session_tells_whose_it_is(desk: Desk) -> None:
    folder = desk.home / ".codex" / "sessions" / "2026" / "08" / "30"
    folder.mkdir(parents=True)
    for name, provider in (("own", "openai"), ("other", "zai")):
        meta = {"timestamp": "x", "type": "session_meta", "payload": {"model_provider": provider}}
        (folder / f"rollout-{name}.jsonl").write_text(json.dumps(meta) + "\n")
        os.utime(folder / f"rollout-{name}.jsonl", (NOW.timestamp(), NOW.timestamp()))
    await desk.poll()
    when = desk.failed()["timestamp"]
    error = {"codex_error_info": "server_overloaded"}
    failure = {"timestamp": when, "type": "event_msg", "payload": {"type": "task_complete", "error": error}}
    for name in ("own", "other"):
        with (folder / f"rollout-{name}.jsonl").open("a") as file:
            file.write(json.dumps(failure, separators=(",", ":")) + "\n")
    assert await desk.poll() == [("codex", Symptom.OVERLOADED, None)]


async def test_folders_are_where_the_agents_variables_say(tmp_path: Path) -> None:
    environ = {"CLAUDE_CONFIG_DIR": str(tmp_path / "c"), "GEMINI_CLI_HOME": str(tmp_path / "g")}
    (tmp_path / "c").mkdir()
    (tmp_path / "g" / ".gemini").mkdir(parents=True)
    assert Transcripts(trails(), tmp_path, environ).describe() == "claude-code, gemini-cli"
    assert Transcripts(trails(), tmp_path, {}).describe() == "no agent has kept any here"


async def test_another_process_writes_while_we_read(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    path = desk.write()
    os.utime(path)
    witness = Transcripts(trails(), tmp_path, {})
    await witness.poll()
    code = """
import json, sys, time
from datetime import datetime, timezone
for number in range(200):
    at = datetime.now(timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")
    line = {"type": "system", "subtype": "api_error", "timestamp": at, "error": {"status": 500 + number % 3}}
    text = json.dumps({"text": "x" * 5000, **line}, separators=(",", ":")) + "\\n"
    with open(sys.argv[1], "a") as file:
        file.write(text[:3000]); file.flush(); time.sleep(0.001); file.write(text[3000:])
"""
    writer = await asyncio.create_subprocess_exec(sys.executable, "-c", code, str(path))
    seen: list[PassiveReading] = []
    async with asyncio.timeout(30):
        while len(seen) < 200:
            seen += await witness.poll()
            await asyncio.sleep(0.01)
    assert await writer.wait() == 0
    assert [reading.http_status for reading in seen] == [500 + number % 3 for number in range(200)]
    assert await witness.poll() == ()


async def test_a_look_that_hangs_keeps_nobody_waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trayapp.adapters.transcripts._DEADLINE_S", 0.05)
    let_go = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hang() -> datetime:
        asyncio.run_coroutine_threadsafe(let_go.wait(), loop).result()
        return desk.now()

    witness = Transcripts(trails(), desk.home, {}, hang, lambda: 1.0)
    assert await witness.poll() == ()
    assert await witness.poll() == ()
    let_go.set()


async def test_a_defect_is_logged_by_its_name_alone(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> datetime:
        raise RuntimeError("CANARY")

    witness = Transcripts(trails(), desk.home, {}, broken)
    with caplog.at_level(logging.DEBUG):
        assert await witness.poll() == ()
        assert await witness.poll() == ()
    assert "RuntimeError" in caplog.text
    assert "CANARY" not in caplog.text


async def test_what_was_asked_and_answered_is_kept_nowhere(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    # In two parts, so that this file's own constants do not hold it.
    secret = "".join(("tell-nobody-", "7Q2X"))
    desk.write()
    (desk.home / ".gemini" / "tmp" / "p" / "chats").mkdir(parents=True)
    (desk.home / ".codex" / "sessions").mkdir(parents=True)
    await desk.poll()
    when = desk.failed()["timestamp"]
    failure = desk.failed()
    failure["message"]["content"][0]["text"] = f"API Error: 529 {secret}"
    answer = {"type": "assistant", "timestamp": when, "requestId": "req_0123456", "message": {
        "id": "msg_01", "model": "claude-opus-5", "content": [{"type": "text", "text": secret}],
        "usage": {"output_tokens": 3}}}  # fmt: skip
    prompt = {"type": "user", "timestamp": when, "message": {"content": f'{secret} "isApiErrorMessage":true'}}
    tool = {"type": "user", "timestamp": when, "toolUseResult": {"isApiErrorMessage": True, "error": secret}}
    wrong = {**desk.failed(500), "error": secret, "extra": {secret: secret}}
    desk.write(prompt, failure, answer, tool, wrong)
    with (desk.sessions / "s.jsonl").open("a") as file:
        file.write('{"isApiErrorMessage":true, "broken": "' + secret + "\n")
    os.utime(desk.sessions / "s.jsonl", (desk.now().timestamp(),) * 2)
    error = {"message": secret, "codex_error_info": "server_overloaded"}
    turn = {"type": "task_complete", "last_agent_message": secret, "error": error}
    (desk.home / ".codex" / "sessions" / "rollout-1.jsonl").write_text(
        json.dumps({"timestamp": when, "type": "event_msg", "payload": turn}, separators=(",", ":")) + "\n"
    )
    (desk.home / ".gemini" / "tmp" / "p" / "chats" / "session-1.jsonl").write_text(
        json.dumps({"timestamp": when, "type": "error", "content": f"[API Error: 503] {secret}"}, separators=(",", ":")) + "\n"
    )  # fmt: skip
    for below in (".codex/sessions/rollout-1.jsonl", ".gemini/tmp/p/chats/session-1.jsonl"):
        os.utime(desk.home / below, (desk.now().timestamp(),) * 2)
    del failure, answer, prompt, tool, wrong, error, turn
    with caplog.at_level(logging.DEBUG):
        desk.seconds += 16
        readings = await desk.witness.poll()
    assert {(r.agent, r.symptom) for r in readings} == {
        ("claude-code", Symptom.OVERLOADED),
        ("claude-code", Symptom.OK),
        ("claude-code", Symptom.SERVER_ERROR),
        ("codex", Symptom.OVERLOADED),
        ("gemini-cli", Symptom.OVERLOADED),
    }
    assert secret not in repr(readings) + caplog.text + desk.witness.describe()
    assert _holders(secret) == []
    kept = ({"deep": (secret + "!",)},)
    assert len(_holders(secret)) == 1, kept


def _holders(secret: str) -> list[str]:
    """Return the texts and bytes in this process, other than `secret` itself, that hold it."""
    gc.collect()
    coded, found, seen = secret.encode(), list[str](), set[int]()
    waiting: list[object] = list(gc.get_objects())
    own = {id(waiting), id(found), id(seen), id(secret), id(coded)}
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or id(thing) in own:
            continue
        seen.add(id(thing))
        if isinstance(thing, str) and secret in thing:
            found.append(f"str {thing[:80]!r}")
        elif isinstance(thing, bytes | bytearray) and coded in thing:
            found.append(f"bytes {bytes(thing[:80])!r}")
        else:
            waiting += gc.get_referents(thing)
    return found
