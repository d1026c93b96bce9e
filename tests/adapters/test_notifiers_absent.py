"""Notices over D-Bus when nobody answers: no bus, no daemon, a hung one, one that comes back."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.until import eventually
from trayapp.adapters.notifiers import chain
from trayapp.adapters.notifiers._deadline import Stuck
from trayapp.model.effect import Notify, Urgency
from trayapp.model.ports import Refused

pytest.importorskip("dbus_fast", reason="dbus-fast is of Linux")
from tests.desktop_session import NOTIFICATIONS, DesktopSession
from tests.recording_daemon import RecordingDaemon
from trayapp.adapters.notifiers.freedesktop import Freedesktop

DOWN = Notify(
    "acme", "Acme is down", "It fails for you", Urgency.CRITICAL, ("Status page", "https://status.example.com/")
)

OTHER = Notify("other", "Other is down", "It fails as well")


@pytest.fixture(scope="module")
def bus() -> Iterator[DesktopSession]:
    """A bus with nothing on it."""
    with DesktopSession(display=False) as session:
        yield session


@asynccontextmanager
async def on(session: DesktopSession) -> AsyncIterator[Freedesktop]:
    notifier = Freedesktop(lambda url: None, session.env["DBUS_SESSION_BUS_ADDRESS"])
    try:
        yield notifier
    finally:
        await notifier.close()


async def test_without_a_daemon_it_refuses_at_once(bus: DesktopSession) -> None:
    started = time.monotonic()
    async with on(bus) as notifier:
        with pytest.raises(Refused, match="no notification daemon"):
            await notifier.notify(DOWN)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("address", ["unix:path=/nonexistent/bus", "nonsense", "tcp:host=", ""])
async def test_without_a_bus_it_refuses_with_the_reason(
    address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(Refused, match="there is no session bus"):
        await Freedesktop(lambda url: None).start()


async def test_the_bus_is_found_where_systemd_opens_it(bus: DesktopSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    monkeypatch.setenv("XDG_RUNTIME_DIR", bus.env["XDG_RUNTIME_DIR"])
    notifier = Freedesktop(lambda url: None)
    async with RecordingDaemon(bus).running([], "here"):
        await notifier.start()
    assert notifier.name == "freedesktop (here)"
    await notifier.close()


async def test_a_bus_that_was_restarted_is_found_again(caplog: pytest.LogCaptureFixture) -> None:
    with DesktopSession(display=False) as session:
        async with on(session) as notifier:
            async with RecordingDaemon(session).running([]):
                await notifier.notify(DOWN)
            session.stop("bus")
            with pytest.raises(Refused):
                await notifier.notify(DOWN)
            session.start_bus()
            async with RecordingDaemon(session).running([]) as daemon:
                await notifier.notify(DOWN)
            assert [asked.replaces for asked in daemon.asked] == [0]
    gc.collect()
    assert caplog.text == ""


async def test_a_hung_daemon_is_refused_in_time_and_the_loop_goes_on(bus: DesktopSession) -> None:
    bus.start_hung(NOTIFICATIONS)
    try:
        gaps: list[float] = []
        # Three tries, for another program may take the processor away for longer than is measured here.
        while len(gaps) < 3 and (not gaps or gaps[-1] >= 0.05):
            gaps.append(await _longest_gap_while_hung(bus))
    finally:
        bus.stop("hung")
    assert min(gaps) < 0.05, gaps


async def _longest_gap_while_hung(session: DesktopSession) -> float:
    gaps = [0.0]

    async def tick() -> None:
        before = time.monotonic()
        while True:
            await asyncio.sleep(0.005)
            gaps.append(time.monotonic() - before)
            before = time.monotonic()

    ticking = asyncio.create_task(tick())
    started = time.monotonic()
    async with on(session) as notifier:
        with pytest.raises(Stuck, match="did not answer within 2 s"):
            await notifier.notify(DOWN)
        assert time.monotonic() - started < 2.5
    ticking.cancel()
    return max(gaps)


@pytest.mark.parametrize("is_met", [True, False])
async def test_closing_does_not_wait_for_a_daemon_that_hangs(bus: DesktopSession, is_met: bool) -> None:
    async with RecordingDaemon(bus).running([]) as daemon, on(bus) as notifier:
        if is_met:
            await notifier.start()
        daemon.hold()
        under_way = asyncio.create_task(notifier.notify(DOWN))
        await eventually(daemon.is_holding)
        started = time.monotonic()
        await notifier.close()
        assert time.monotonic() - started < 0.5
        with pytest.raises(Refused, match="went away"):
            await under_way


async def test_a_notice_that_was_shown_late_is_replaced_by_the_next(bus: DesktopSession) -> None:
    async with RecordingDaemon(bus).running([]) as daemon, on(bus) as notifier:
        await notifier.start()
        daemon.hold()
        with pytest.raises(Stuck):
            await notifier.notify(DOWN)
        daemon.release()
        # Its answer comes after the late one.
        await notifier.notify(OTHER)
        await notifier.notify(DOWN)
    assert [asked.replaces for asked in daemon.asked] == [0, 0, 1]


async def test_the_whole_chain_reports_what_each_said(bus: DesktopSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.env["DBUS_SESSION_BUS_ADDRESS"])
    made = chain([], lambda url: None, "linux")
    await made.start()
    said = dict(made.report())
    assert made.name == "nothing"
    assert said["freedesktop"] == "no notification daemon is running on the session bus"
    assert "same daemon" in said["plyer"]
    async with RecordingDaemon(bus).running(["actions"], "plain"):
        await made.notify(DOWN)
        assert made.name == "freedesktop (plain)"
        assert dict(made.report())[made.name] == "works (actions, click, replace, withdraw)"
    await made.close()
