"""The tray client reads and clicks a real Qt tray icon, under X11 and under Wayland."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.until import until

pytest.importorskip("dbus_fast", reason="the private desktop is made of Linux parts")
from tests.desktop_session import PARTS, DesktopSession
from tests.tray_client import CallFailed, TrayItem, items, wait_item

RED, GREEN = (0xE0, 0x1B, 0x24, 255), (0x2E, 0xC2, 0x7E, 255)


@pytest.fixture(params=["xcb", "wayland"])
def tray(desktop: DesktopSession, request: pytest.FixtureRequest) -> Iterator[TrayItem]:
    desktop.start_watcher()
    there = desktop.start_weston() if request.param == "wayland" else {}
    program = desktop.spawn(sys.executable, PARTS / "plain_tray.py", env=there)
    try:
        yield wait_item(desktop.bus)
    finally:
        program.terminate()
        program.wait()
        desktop.stop("weston")
        desktop.stop("watcher")


def test_a_click_in_the_menu_changes_icon_and_tooltip(tray: TrayItem) -> None:
    assert (tray.icon().centre, tray.tooltip()) == (RED, "red\nsecond line")
    assert len(tray.icon(22).shape) == 22 * 22
    tray.about_to_show()
    tray.click("Green")
    until(lambda: tray.icon(22).centre == GREEN)
    assert tray.tooltip() == "green"


def test_the_menu_is_read_as_it_is_drawn(tray: TrayItem) -> None:
    assert tray.labels() == ["Green", "Checked", "Disabled", "More"]
    assert tray.find("Checked").checked is True
    with pytest.raises(ValueError, match="disabled"):
        tray.click("Disabled")
    with pytest.raises(LookupError, match="no 'Blue' among"):
        tray.find("Blue")


def test_after_quit_the_item_is_gone(desktop: DesktopSession, tray: TrayItem) -> None:
    tray.click("More", "Quit")
    until(lambda: not items(desktop.bus))
    with pytest.raises(CallFailed):
        tray.tooltip()
