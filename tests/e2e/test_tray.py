"""The icon, its menu and the window on a real desktop: X server, StatusNotifier host, session bus."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from tests.desktop_session import PARTS, DesktopSession, requires
from tests.tray_client import Pixels, TrayItem, items, wait_item
from tests.until import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the private desktop is made of Linux parts")

ROOT = Path(__file__).parents[2]


class Program:
    """`tray_program.py` in the desktop, told what to do through files."""

    def __init__(self, desktop: DesktopSession, folder: Path) -> None:
        self._desktop = desktop
        self._folder = folder
        self.process = self.start()

    def start(self, env: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start it, perhaps once more."""
        program = (sys.executable, PARTS / "tray_program.py", self._folder)
        return self._desktop.spawn(*program, env={"PYTHONPATH": str(ROOT), **(env or {})})

    def say(self, name: str, text: str) -> None:
        """Put `text` into a file of this name, in one step."""
        (self._folder / "next").write_text(text)
        (self._folder / "next").rename(self._folder / name)

    def read(self, name: str) -> str:
        """Return what the program wrote under this name."""
        with suppress(FileNotFoundError):
            return (self._folder / name).read_text()
        return ""

    def is_read(self, name: str, text: str) -> bool:
        return self.read(name) == text

    def wait_ready(self) -> None:
        until((self._folder / "ready").exists)

    def has_closed(self) -> bool:
        return (self._folder / "closed").exists()

    def ended_within(self, seconds: float) -> int:
        """Return the exit code."""
        return self.process.wait(seconds)

    def windows(self) -> list[str]:
        """Return the titles of the windows that can be seen."""
        found = self._desktop.run("xdotool", "search", "--onlyvisible", "--name", "Acme").stdout.split()
        return [self._desktop.run("xdotool", "getwindowname", window).stdout.strip() for window in found]


@pytest.fixture
def program(desktop: DesktopSession, tmp_path: Path) -> Iterator[Program]:
    requires("xdotool")
    program = Program(desktop, tmp_path)
    yield program
    program.process.kill()
    program.process.wait()
    for part in ("hung", "trayer", "notifications"):
        desktop.stop(part)
    if desktop.is_running("watcher"):
        until(lambda: not items(desktop.bus))


@pytest.fixture
def host(desktop: DesktopSession) -> DesktopSession:
    desktop.start_watcher()
    return desktop


@pytest.fixture
def item(host: DesktopSession, program: Program) -> TrayItem:
    item = wait_item(host.bus)
    until(lambda: item.labels()[0].startswith("Acme"))
    return item


def test_the_icon_is_the_level(program: Program, item: TrayItem) -> None:
    shapes = {}
    for level in ("degraded", "down", "blocked", "offline"):
        before = item.icon(22)
        program.say("level", level)
        until(partial(_has_changed, item, before))
        shapes[level] = item.icon(22).shape
    assert len(set(shapes.values())) == 4


def _has_changed(item: TrayItem, before: Pixels) -> bool:
    return item.icon(22) != before


def test_the_panel_knows_it_by_a_name_that_stays(item: TrayItem) -> None:
    properties = item.properties()
    assert (properties["Id"], properties["Category"], properties["Status"]) == ("uptray", "ApplicationStatus", "Active")
    sizes = {width for width, _height, _data in properties["IconPixmap"]}
    assert {16, 22, 24, 32, 44, 48, 64} <= sizes


def test_the_tooltip_fits_everywhere(item: TrayItem) -> None:
    until(lambda: item.tooltip().startswith("Acme & Sons: works"))
    assert len(item.tooltip()) <= 127


def test_the_menu_says_what_the_picture_says(program: Program, item: TrayItem) -> None:
    assert item.labels() == [
        "Acme & Sons: works, for 2 min",
        "Acme & Sons — works",
        "Beta — works",
        "Gamma — unknown",
        "Check now",
        "Pause notifications",
        "Preferences file",
        "Quit",
    ]
    program.say("level", "down")
    until(lambda: item.labels()[:2] == ["Acme & Sons: down, for 2 min", "Acme & Sons — down"])


def test_an_open_menu_waits_with_its_changes(program: Program, item: TrayItem) -> None:
    item.about_to_show()
    until(lambda: "Refresh()" in program.read("commands"))
    before = item.icon(22)
    program.say("level", "down")
    until(lambda: item.icon(22) != before)
    assert item.labels()[1] == "Acme & Sons — works"
    item.click("Check now")
    until(lambda: item.labels()[1] == "Acme & Sons — down")


def test_clicks_are_commands(program: Program, item: TrayItem) -> None:
    item.click("Check now")
    item.click("Preferences file")
    item.click("Pause notifications", "Until I say otherwise")
    wanted = ["CheckNow()", "OpenPreferences()", "Pause(seconds=None)"]
    until(lambda: [line for line in program.read("commands").splitlines() if line in wanted] == wanted)


def test_a_pause_can_be_seen(program: Program, item: TrayItem) -> None:
    before = item.icon(22)
    program.say("paused", "9999-12-31T00:00:00+00:00")
    until(lambda: "Notifications paused" in item.labels())
    assert item.icon(22) != before
    until(lambda: item.find("Notifications paused", "Until I say otherwise").checked)


def test_a_click_on_a_provider_opens_the_window(program: Program, item: TrayItem) -> None:
    assert program.windows() == []
    item.click("Beta — works")
    until(lambda: any(title.startswith("Acme & Sons: works, for 2 min") for title in program.windows()))


def test_a_click_on_the_icon_opens_the_window(program: Program, item: TrayItem) -> None:
    item.activate()
    until(program.windows)


def test_quit_closes_everything_within_a_second(program: Program, item: TrayItem) -> None:
    item.click("Quit")
    assert program.ended_within(1) == 0
    assert program.has_closed()


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_closes_everything_within_a_second(program: Program, item: TrayItem, name: signal.Signals) -> None:
    program.process.send_signal(name)
    assert program.ended_within(1) == 0
    assert program.has_closed()


def test_the_end_of_the_session_closes_everything(program: Program, item: TrayItem) -> None:
    item.activate()
    until(program.windows)
    program.say("order", "quit")
    assert program.ended_within(1) == 0
    assert program.has_closed()


def test_what_does_not_close_holds_nobody_up(program: Program, item: TrayItem) -> None:
    program.say("order", "stuck")
    program.process.send_signal(signal.SIGTERM)
    assert program.ended_within(1.5) == 0
    assert not program.has_closed()


def test_a_task_that_fails_is_logged_and_the_loop_goes_on(program: Program, item: TrayItem) -> None:
    program.say("order", "fail")
    until(lambda: "made to fail" in program.read("log"))
    program.say("level", "down")
    until(lambda: item.labels()[1] == "Acme & Sons — down")


def test_a_tray_that_comes_late_gets_the_icon(desktop: DesktopSession, tmp_path: Path) -> None:
    desktop.stop("watcher")
    program = Program(desktop, tmp_path)
    try:
        program.wait_ready()
        desktop.start_watcher()
        item = wait_item(desktop.bus)
        until(lambda: item.labels()[1:2] == ["Acme & Sons — works"])
        item.click("Quit")
        assert program.ended_within(1) == 0
    finally:
        program.process.kill()


def test_a_tray_that_is_restarted_gets_the_icon_again(program: Program, host: DesktopSession, item: TrayItem) -> None:
    host.stop("watcher")
    host.start_watcher()
    again = wait_item(host.bus)
    assert len(items(host.bus)) == 1
    assert again.labels()[1] == "Acme & Sons — works"


def test_without_a_tray_the_window_comes_by_itself(desktop: DesktopSession, program: Program) -> None:
    desktop.stop("watcher")
    until(program.windows)
    desktop.start_watcher()
    item = wait_item(desktop.bus)
    assert item.labels()[1] == "Acme & Sons — works"


def test_a_watcher_that_hangs_freezes_nothing(desktop: DesktopSession, program: Program) -> None:
    desktop.stop("watcher")
    program.process.kill()
    program.process.wait()
    desktop.start_hung("org.kde.StatusNotifierWatcher")
    program.process = program.start()
    program.wait_ready()
    until(program.windows)
    program.process.send_signal(signal.SIGTERM)
    assert program.ended_within(1) == 0


def test_the_window_is_as_dark_as_the_desktop(program: Program, host: DesktopSession, item: TrayItem) -> None:
    until(lambda: program.read("theme") == "light")
    portal = host.spawn(sys.executable, PARTS / "portal.py")
    try:
        host.wait_name("org.freedesktop.portal.Desktop")
        for scheme, theme in ((1, "dark"), (2, "light"), (1, "dark"), (0, "light")):
            set_scheme(host, scheme)
            until(partial(program.is_read, "theme", theme))
    finally:
        portal.kill()


def set_scheme(desktop: DesktopSession, scheme: int) -> None:
    """Let the desktop be light or dark."""
    portal = "org.freedesktop.portal.Desktop"
    desktop.bus.call(portal, "/org/freedesktop/portal/desktop", "io.github.uptray.Test", "Set", "u", scheme)


def test_an_old_tray_is_a_tray(desktop: DesktopSession, tmp_path: Path) -> None:
    requires("trayer", "xdotool")
    desktop.stop("watcher")
    desktop.start_trayer()
    program = Program(desktop, tmp_path)
    try:
        program.wait_ready()
        until(lambda: program.read("tray") == "present")
        assert program.windows() == []
    finally:
        program.process.kill()
        desktop.stop("trayer")


def test_the_second_start_shows_the_window_of_the_first(program: Program, item: TrayItem) -> None:
    begun = time.monotonic()
    second = program.start()
    assert second.wait(5) == 0
    assert time.monotonic() - begun < 3
    until(program.windows)
    assert program.process.poll() is None


def test_after_a_kill_the_next_start_is_first(program: Program, host: DesktopSession, item: TrayItem) -> None:
    program.process.kill()
    program.process.wait()
    until(lambda: not items(host.bus))
    program.process = program.start()
    assert wait_item(host.bus).properties()["Id"] == "uptray"


def test_without_a_screen_it_says_so_and_ends(desktop: DesktopSession, tmp_path: Path) -> None:
    command = (sys.executable, PARTS / "tray_program.py", tmp_path)
    env = {"PYTHONPATH": str(ROOT), "DISPLAY": "", "QT_QPA_PLATFORM": ""}
    ended = desktop.run(*command, env=env)
    assert ended.returncode == 69
    assert ended.stderr.count("\n") == 1 and "neither DISPLAY nor WAYLAND_DISPLAY" in ended.stderr


def test_on_wayland_the_icon_comes_too(host: DesktopSession, tmp_path: Path) -> None:
    env = host.start_weston()
    program = (sys.executable, PARTS / "tray_program.py", tmp_path)
    process = host.spawn(*program, env={"PYTHONPATH": str(ROOT), **env})
    try:
        item = wait_item(host.bus)
        until(lambda: item.labels()[1:2] == ["Acme & Sons — works"])
        item.click("Quit")
        assert process.wait(1) == 0
    finally:
        process.kill()


def test_qts_message_reaches_the_desktop_as_plain_text(program: Program, host: DesktopSession, item: TrayItem) -> None:
    host.start_notifications()
    program.say("order", "notify")
    until(lambda: program.read("notified"))
    assert program.read("notified") == "shown"
    notice = host.history()[0]
    assert (notice.title, notice.body) == ("Acme is down", "1 < 2 & <b>bold</b>")


@pytest.mark.parametrize("is_hung", [True, False])
def test_a_hung_or_absent_service_gets_no_message(
    program: Program, host: DesktopSession, item: TrayItem, is_hung: bool
) -> None:
    if is_hung:
        host.start_hung("org.freedesktop.Notifications")
    program.say("order", "notify")
    until(lambda: program.read("notified"), 3)
    assert program.read("notified") == "the notification service is absent or does not answer"
