"""The light itself: the real app on a real X server, with a tray host and a notification daemon, driven over D-Bus."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.until import until

if sys.platform != "linux":
    pytest.skip("the private desktop is made of Linux parts", allow_module_level=True)

from tests.desktop_session import DesktopSession, requires
from tests.live_world import KEY, LiveWorld
from tests.tray_client import TrayItem, wait_item

ROOT = Path(__file__).parent.parent.parent
WATCH = ("anthropic", "openai", "google")


@pytest.fixture(scope="module")
def world() -> Iterator[LiveWorld]:
    with LiveWorld() as live:
        yield live


@pytest.fixture
def session(desktop: DesktopSession) -> Iterator[DesktopSession]:
    requires("Xvfb", "dbus-daemon", "dunst")
    desktop.start_bus()
    desktop.start_display()
    desktop.start_watcher()
    desktop.start_notifications()
    yield desktop
    desktop.stop("notifications")


class Light:
    """The app under test, in a home of its own."""

    def __init__(self, session: DesktopSession, home: Path, config: str, **environ: str) -> None:
        self.session, self.home = session, home
        home.mkdir(exist_ok=True)
        (home / "config.toml").write_text(config, encoding="utf-8")
        self.environ = {**session.env, "UPTRAY_HOME": str(home), **environ}
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        with (self.home / "said.txt").open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "trayapp"], env=self.environ, cwd=ROOT, stdout=said, stderr=said
            )
        return self.process

    @property
    def item(self) -> TrayItem:
        return wait_item(self.session.bus)

    def tooltip(self, begins: str) -> str:
        until(lambda: self.item.tooltip().startswith(begins), 20)
        return self.item.tooltip()

    def ends(self, within: float = 5) -> int:
        try:
            return self.process.wait(within)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()


@pytest.fixture
def light(session: DesktopSession, world: LiveWorld, tmp_path: Path) -> Iterator[Light]:
    started = Light(session, tmp_path / "home", world.config(WATCH), ANTHROPIC_API_KEY=KEY.reveal())
    yield started
    if started.process.poll() is None:
        started.process.terminate()
    started.ends()
    world.do(lambda w: w.api("anthropic").work())


def test_an_outage_turns_the_light_and_tells_and_its_end_does_too(light: Light, world: LiveWorld) -> None:
    light.tooltip("Anthropic: works\nOpenAI: works\nGoogle Gemini: works")
    well = light.item.icon(22).shape
    world.do(lambda w: w.api("anthropic").fail(500))
    assert light.tooltip("Anthropic: down")
    assert light.item.icon(22).shape != well
    told = until(lambda: [s for s in light.session.history() if s.title == "Claude API is down"], 10)
    assert "HTTP 500 api_error" in told[0].body
    assert told[0].body.endswith("the status page shows nothing yet")
    first = next(label for label in light.item.labels() if label)
    assert first.startswith("Anthropic: down, for ")


def test_the_menu_has_what_the_user_expects_and_quit_ends_within_a_second(light: Light) -> None:
    light.tooltip("Anthropic: works")
    labels = light.item.labels()
    assert labels[0].startswith("All 3 providers work")
    for expected in ("Anthropic — works", "Check now", "Pause notifications", "Preferences file", "Quit"):
        assert expected in labels
    started = time.monotonic()
    light.item.click("Quit")
    assert light.ends() == 0
    assert time.monotonic() - started < 1.5


def test_sigterm_ends_it_within_a_second_and_nothing_is_lost(light: Light) -> None:
    light.tooltip("Anthropic: works")
    started = time.monotonic()
    light.process.send_signal(signal.SIGTERM)
    assert light.ends() == 0
    assert time.monotonic() - started < 1.5
    command = [sys.executable, "-m", "trayapp", "status", "--recorded"]
    after = subprocess.run(command, env=light.environ, cwd=ROOT, capture_output=True, text=True, check=False)
    assert after.returncode == 0, after.stdout + after.stderr


def test_after_kill_9_it_starts_again_and_the_journal_is_whole(light: Light) -> None:
    light.tooltip("Anthropic: works")
    light.process.kill()
    light.process.wait()
    light.start()
    light.tooltip("Anthropic: works")
    assert not list(light.home.rglob("*.damaged-*"))


def test_a_second_start_shows_the_first_ones_window_and_ends(light: Light) -> None:
    light.tooltip("Anthropic: works")
    second = subprocess.run(
        [sys.executable, "-m", "trayapp"], env=light.environ, cwd=ROOT, capture_output=True, timeout=10, check=False
    )
    assert second.returncode == 0
    requires("xdotool")
    until(
        lambda: light.session.run("xdotool", "search", "--onlyvisible", "--name", "providers work").stdout.strip(), 10
    )
    assert light.process.poll() is None


def test_a_typo_in_the_settings_is_told_and_the_last_good_ones_go_on(light: Light, world: LiveWorld) -> None:
    light.tooltip("Anthropic: works")
    config = light.home / "config.toml"
    good = config.read_text(encoding="utf-8")
    config.write_text(good + "\n[notifications]\nenabled = 7\n", encoding="utf-8")
    until(lambda: any("config.toml, line " in label for label in light.item.labels()), 20)
    assert light.item.tooltip().startswith("Anthropic: works")
    config.write_text(world.config(("openai",)), encoding="utf-8")
    light.tooltip("OpenAI: works")
    until(lambda: not any("config.toml, line " in label for label in light.item.labels()), 20)


def test_the_key_is_in_nothing_that_it_wrote(light: Light) -> None:
    light.tooltip("Anthropic: works")
    light.process.terminate()
    assert light.ends() == 0
    written = [file.read_bytes() for file in light.home.rglob("*") if file.is_file()]
    assert not any(KEY.reveal().encode() in content for content in written)


def test_a_hung_notification_daemon_freezes_nothing(session: DesktopSession, world: LiveWorld, tmp_path: Path) -> None:
    session.stop("notifications")
    session.start_hung("org.freedesktop.Notifications")
    light = Light(session, tmp_path / "home", world.config(WATCH), ANTHROPIC_API_KEY=KEY.reveal())
    try:
        light.tooltip("Anthropic: works")
        world.do(lambda w: w.api("anthropic").fail(500))
        light.tooltip("Anthropic: down")
        world.do(lambda w: w.api("anthropic").work())
        started = time.monotonic()
        assert light.item.labels()[0].startswith("Anthropic: ")
        assert time.monotonic() - started < 1
        light.item.click("Quit")
        assert light.ends() == 0
    finally:
        if light.process.poll() is None:
            light.process.kill()
            light.process.wait()
        session.stop("hung")
