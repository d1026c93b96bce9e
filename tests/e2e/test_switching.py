"""A coding agent is pointed elsewhere and back from menu and notice: the real app, and a real file in a home of its own."""

from __future__ import annotations

import subprocess
import sys
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

RELAY = """
name = "Relay"
allow_private = true
[api]
base_url = "{url}"
auth = "x-api-key"
headers = {{ anthropic-version = "2023-06-01" }}
key_env = "RELAY_KEY"
[[probe]]
kind = "keyless"
get = "/v1/models"
alive = [401]
[[probe]]
kind = "free"
get = "/v1/models?limit=1"
alive = [200]
[[route]]
protocol = "anthropic"
base_url = "{url}"
auth = "x-api-key"
models = {{ default = "claude-sonnet-5", haiku = "claude-haiku-4-5" }}
"""

#: As people write it: two spaces, a blank line, hooks that nobody may lose.
SETTINGS = b'{\n  "model": "opus",\n\n  "hooks": {"Stop": []},\n  "env": { "FOO":  "1" }\n}\n'


class Desk:
    """The app on its desktop, with Claude Code in the home."""

    def __init__(self, session: DesktopSession, folder: Path, config: str, relay: str) -> None:
        self.session, self.home = session, folder / "home"
        self.file = self.home / ".claude" / "settings.json"
        self.file.parent.mkdir(parents=True)
        self.file.write_bytes(SETTINGS)
        self.uptray = folder / "uptray"
        (self.uptray / "providers").mkdir(parents=True)
        (self.uptray / "providers" / "relay.toml").write_text(RELAY.format(url=relay), encoding="utf-8")
        (self.uptray / "config.toml").write_text(config, encoding="utf-8")
        environ = {key: said for key, said in session.env.items() if not key.startswith(("ANTHROPIC_", "CLAUDE"))}
        environ |= {"HOME": str(self.home), "UPTRAY_HOME": str(self.uptray)}
        environ |= {"RELAY_KEY": KEY.reveal(), "PYTHONPATH": str(ROOT)}
        with (folder / "said.txt").open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "trayapp"], env=environ, cwd=self.home, stdout=said, stderr=said
            )

    @property
    def item(self) -> TrayItem:
        return wait_item(self.session.bus)

    def says(self, begins: str) -> str:
        """Return the menu's line that begins so, as soon as it is there."""

        def line() -> str:
            return next((label for label in self.item.labels() if label.startswith(begins)), "")

        return until(line, 30)

    def window(self, title: str) -> str:
        def found() -> list[str]:
            return self.session.run("xdotool", "search", "--onlyvisible", "--name", title).stdout.split()

        return until(found, 15)[0]

    def told(self, title: str) -> bool:
        return any(notice.title == title for notice in self.session.history())

    def is_pointed_away(self) -> bool:
        return b"ANTHROPIC_BASE_URL" in self.file.read_bytes()


def config(world: LiveWorld, extra: str = "") -> str:
    text = world.config(("anthropic",))
    return text.replace('watch = ["anthropic"]', 'watch = ["anthropic", "relay"]') + extra


@pytest.fixture
def worlds() -> Iterator[tuple[LiveWorld, LiveWorld]]:
    """The vendor's world and the relay's."""
    with LiveWorld() as vendor, LiveWorld() as relay:
        yield vendor, relay


@pytest.fixture
def desk(desktop: DesktopSession, worlds: tuple[LiveWorld, LiveWorld], tmp_path: Path) -> Iterator[Desk]:
    requires("Xvfb", "dbus-daemon", "dunst", "xdotool")
    for start in (desktop.start_bus, desktop.start_display, desktop.start_watcher, desktop.start_notifications):
        start()
    vendor, relay = worlds
    desk = Desk(desktop, tmp_path, config(vendor), address(relay))
    yield desk
    desk.process.terminate()
    desk.process.wait(10)
    desktop.stop("notifications")


def address(world: LiveWorld) -> str:
    line = next(line for line in world.config(("anthropic",)).splitlines() if line.startswith("api.base_url"))
    return line.split('"')[1]


def test_the_menu_switches_after_a_yes_and_the_notice_undoes_it(desk: Desk) -> None:
    desk.says("Claude Code — Anthropic")
    relay = until(lambda: line_of(desk.item, "Claude Code — Anthropic", "Relay — works"), 20)
    desk.item.click("Claude Code — Anthropic", relay)
    window = desk.window("Switch Claude Code to Relay")
    assert desk.file.read_bytes() == SETTINGS
    well = desk.item.icon(22).shape
    desk.session.run("xdotool", "key", "--window", window, "space")
    until(desk.is_pointed_away, 20)
    assert KEY.reveal().encode() not in desk.file.read_bytes()
    desk.says("Claude Code — Relay (on fallback)")
    assert desk.item.tooltip().endswith("On fallback: Claude Code")
    assert desk.item.icon(22).shape != well
    until(lambda: desk.session.displayed() == 1)
    desk.session.choose("Undo")
    until(lambda: desk.file.read_bytes() == SETTINGS, 20)
    desk.says("Claude Code — Anthropic")
    assert desk.item.icon(22).shape == well
    assert desk.told("Claude Code now uses Relay") or desk.told("Claude Code uses Anthropic again")


def line_of(item: TrayItem, box: str, begins: str) -> str:
    """Return the submenu's line that begins so. Raises LookupError."""
    labels = [each.label for each in item.find(box).children if each.visible]
    for label in labels:
        if label.startswith(begins):
            return label
    raise LookupError(f"nothing begins with {begins!r} among {labels}")


def test_the_notice_of_an_outage_offers_what_works_and_one_press_switches(
    desk: Desk, worlds: tuple[LiveWorld, LiveWorld]
) -> None:
    desk.says("Claude Code — Anthropic")
    until(lambda: line_of(desk.item, "Claude Code — Anthropic", "Relay — works"), 20)
    until(lambda: "Anthropic: works" in desk.item.tooltip(), 20)
    worlds[0].do(lambda w: w.api("anthropic").fail(500))
    assert "(works, " in desk.says("Switch Claude Code to Relay")
    until(lambda: desk.session.displayed() == 1, 20)
    desk.session.choose("Switch Claude Code to Relay")
    until(desk.is_pointed_away, 20)
    desk.item.click(desk.says("Claude Code — Relay"), "Put back")
    until(lambda: desk.file.read_bytes() == SETTINGS, 20)


def test_what_does_not_answer_is_refused_and_nothing_is_touched(
    desk: Desk, worlds: tuple[LiveWorld, LiveWorld]
) -> None:
    desk.says("Claude Code — Anthropic")
    relay = until(lambda: line_of(desk.item, "Claude Code — Anthropic", "Relay — works"), 20)
    worlds[1].do(lambda w: w.api("anthropic").fail(529))
    desk.item.click("Claude Code — Anthropic", relay)
    desk.session.run("xdotool", "key", "--window", desk.window("Switch Claude Code to Relay"), "space")
    until(lambda: desk.told("Claude Code was left as it is"), 40)
    assert desk.file.read_bytes() == SETTINGS
