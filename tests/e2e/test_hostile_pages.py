"""`uptray status` while a status page gives what is no status document: unknown, with the reason, and nobody else."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.command_line import CommandLine
from tests.live_world import LiveWorld
from trayapp.simulator.exchange import Answer

WATCH = ("anthropic", "openai", "google", "local")
WELL = dict.fromkeys(WATCH, "operational")


@pytest.fixture
def world() -> Iterator[LiveWorld]:
    with LiveWorld() as live:
        yield live


@pytest.fixture
def shell(world: LiveWorld, tmp_path: Path) -> CommandLine:
    made = CommandLine(tmp_path)
    made.configure(world.config(WATCH))
    return made


#: Broken documents, whose page gives them, and what the reason says.
BROKEN = {
    "a web page": ("anthropic", Answer(200, {"content-type": "text/html"}, b"<html>hello</html>"), "a web page"),
    "a web page that says it is JSON": (
        "openai",
        Answer(200, {"content-type": "application/json"}, b" <!DOCTYPE html><p>x"),
        "a web page",
    ),
    "nothing": ("google", Answer(200), "empty"),
    "an error": ("openai", Answer(503), "HTTP 503"),
    "a way elsewhere": ("anthropic", Answer(302, {"location": "http://example.test/"}), "HTTP 302"),
    "half a document": ("anthropic", Answer(200, {}, b'{"page": {"id": "x", "name"'), "JSON was expected"),
    "another document": ("openai", Answer(200, {}, b'{"summary": [1, 2]}'), "an object was expected"),
    "a nest": ("google", Answer(200, {}, b"[" * 500_000), "nested too deep"),
    "50 MB": ("anthropic", Answer(200, {}, b" " * 50_000_000), "larger than 2 MB"),
    "50 MB of unsaid length": ("google", Answer(200, stream=(b" " * 1_000_000,) * 50), "larger than 2 MB"),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_feed_is_unknown_with_its_reason_and_alone(
    broken: tuple[str, Answer, str], world: LiveWorld, shell: CommandLine
) -> None:
    name, answer, reason = broken
    world.do(lambda w: setattr(w.page(name), "reply", answer))
    said = shell.run("status", "--json", "--fresh")
    assert (said.levels, said.code, said.err) == ({**WELL, name: "unknown"}, 3, "")
    feed = said.provider(name)["feed"]
    assert reason in feed["error"]
    assert feed["level"] == "unknown"


def test_feeds_that_never_end_keep_nobody_waiting_beyond_their_deadlines(world: LiveWorld, shell: CommandLine) -> None:
    """Seconds for a whole answer: 20; without a byte: 10. Both at once, and then the rest of the command."""
    began = time.monotonic()
    world.do(lambda w: w.page("google").hang())
    with dripping() as url:
        text = world.config(WATCH)
        shell.configure(text.replace(world.world.page("anthropic").url, url))
        said = shell.run("status", "--json", "--fresh")
    assert said.levels == {**WELL, "anthropic": "unknown", "google": "unknown"}
    assert said.code == 3
    assert time.monotonic() - began < 30
    assert all(said.provider(name)["feed"]["error"] for name in ("anthropic", "google"))


@contextmanager
def dripping() -> Iterator[str]:
    """Serve a document of blanks that has no end; yield the address."""
    over = threading.Event()

    class Drip(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                while not over.wait(0.05):
                    self.wfile.write(b" ")

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing: the test's output is not a log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Drip) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            over.set()
            server.shutdown()
            thread.join()
