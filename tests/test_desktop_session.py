"""The test desktop itself: what other tests take for granted about it."""

from __future__ import annotations

import asyncio
import os
import sys

import pytest

pytest.importorskip("dbus_fast", reason="the private desktop is made of Linux parts")
from tests.desktop_session import NOTIFICATIONS, WATCHER, DesktopSession, requires
from tests.session_bus import CallFailed
from tests.tray_client import items
from tests.until import until


def test_a_missing_tool_skips_with_its_name() -> None:
    with pytest.raises(pytest.skip.Exception, match="no-such-tool-here"):
        requires("no-such-tool-here")


def test_nothing_is_started_by_activation() -> None:
    with DesktopSession(display=False) as session:
        assert not session.bus.has(NOTIFICATIONS)
        with pytest.raises(CallFailed, match="ServiceUnknown"):
            session.bus.call(NOTIFICATIONS, "/org/freedesktop/Notifications", NOTIFICATIONS, "GetCapabilities")


def test_closing_ends_every_program_and_removes_the_folder() -> None:
    session = DesktopSession(display=False)
    session.start_watcher()
    sleeper = session.spawn("sleep", "60")
    session.close()
    assert sleeper.returncode is not None
    assert not session.folder.exists()


def test_the_bus_comes_back_at_the_same_address() -> None:
    with DesktopSession(display=False) as session:
        session.start_watcher()
        session.stop("bus")
        session.start_bus()
        assert not session.bus.has(WATCHER)


def test_a_program_that_leaves_takes_its_tray_item_along() -> None:
    with DesktopSession(display=False) as session:
        session.start_watcher()
        register = (
            "import asyncio; from dbus_fast import Message; from dbus_fast.aio import MessageBus\n"
            "async def main():\n"
            "    bus = await MessageBus().connect()\n"
            f"    await bus.call(Message('{WATCHER}', '/StatusNotifierWatcher', '{WATCHER}',"
            " 'RegisterStatusNotifierItem', signature='s', body=['/StatusNotifierItem']))\n"
            "    await asyncio.sleep(60)\n"
            "asyncio.run(main())\n"
        )
        program = session.spawn(sys.executable, "-c", register)
        until(lambda: items(session.bus))
        program.kill()
        until(lambda: not items(session.bus))


def test_what_dunst_showed_is_in_its_history(desktop: DesktopSession) -> None:
    desktop.stop("notifications")
    desktop.start_notifications()
    path = "/org/freedesktop/Notifications"
    notice = ["app", 0, "", "A title", "1 &lt; 2", [], {}, -1]
    desktop.bus.call(NOTIFICATIONS, path, NOTIFICATIONS, "Notify", "susssasa{sv}i", *notice)
    assert desktop.displayed() == 1
    assert [(shown.title, shown.body, shown.app) for shown in desktop.history()] == [("A title", "1 < 2", "app")]
    assert desktop.displayed() == 0


def test_this_process_cannot_reach_the_developers_desktop() -> None:
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"
    assert "DISPLAY" not in os.environ
    assert os.environ["DBUS_SESSION_BUS_ADDRESS"].startswith("unix:path=/nonexistent/")


async def test_a_coroutine_test_runs_on_a_loop() -> None:
    assert asyncio.get_running_loop().is_running()
