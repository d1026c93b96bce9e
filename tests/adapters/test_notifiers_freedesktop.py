"""Notices over D-Bus: on the real dunst, and on a daemon that writes down what it is asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.until import eventually
from trayapp.adapters.notifiers._text import BODY_LENGTH, TITLE_LENGTH, clean
from trayapp.model.effect import Notify, Urgency
from trayapp.model.picture import RestoreAgent, SwitchAgent
from trayapp.model.ports import Capability, Refused

pytest.importorskip("dbus_fast", reason="dbus-fast is of Linux")
from tests.desktop_session import DesktopSession
from tests.recording_daemon import RecordingDaemon
from trayapp.adapters.notifiers.freedesktop import Freedesktop

PAGE = "https://status.example.com/incidents/1?a=b&c=d"
TITLE = "Acme <b>& 'co\" 🚑 is down"
DOWN = Notify("acme", TITLE, 'It fails for <i>you</i> &amp; "all" 👩‍🚀', Urgency.CRITICAL, ("Status page", PAGE))


@pytest.fixture(scope="module")
def bus() -> Iterator[DesktopSession]:
    """A bus with nothing on it."""
    with DesktopSession(display=False) as session:
        yield session


@pytest.fixture
def dunst(desktop: DesktopSession) -> Iterator[DesktopSession]:
    """The desktop with a dunst that has shown nothing yet."""
    desktop.stop("notifications")
    desktop.start_notifications()
    yield desktop
    desktop.stop("notifications")


@asynccontextmanager
async def on(session: DesktopSession, opened: list[str] | None = None) -> AsyncIterator[Freedesktop]:
    notifier = Freedesktop(([] if opened is None else opened).append, session.env["DBUS_SESSION_BUS_ADDRESS"])
    try:
        yield notifier
    finally:
        await notifier.close()


# ---- the real dunst


@pytest.mark.parametrize("markup", [True, False])
async def test_title_and_body_are_shown_literally(desktop: DesktopSession, markup: bool) -> None:
    desktop.stop("notifications")
    desktop.start_notifications(markup=markup)
    async with on(desktop) as notifier:
        await notifier.notify(DOWN)
    assert [(shown.title, shown.body, shown.app) for shown in desktop.history()] == [(TITLE, DOWN.body, "Uptray")]


async def test_a_notice_is_replaced_in_its_place(dunst: DesktopSession) -> None:
    async with on(dunst) as notifier:
        for body in ("2 of 2 pings", "3 of 3 pings", "4 of 4 pings"):
            await notifier.notify(Notify("acme", TITLE, body))
            assert dunst.displayed() == 1
    assert [shown.body for shown in dunst.history()] == ["4 of 4 pings"]


async def test_a_withdrawn_notice_disappears(dunst: DesktopSession) -> None:
    async with on(dunst) as notifier:
        await notifier.notify(DOWN)
        await notifier.withdraw("acme")
        assert dunst.displayed() == 0


async def test_the_chosen_button_opens_the_page(dunst: DesktopSession) -> None:
    opened: list[str] = []
    async with on(dunst, opened) as notifier:
        await notifier.notify(DOWN)
        dunst.choose("Status page")
        await eventually(lambda: opened == [PAGE])


async def test_a_click_opens_the_page(dunst: DesktopSession) -> None:
    opened: list[str] = []
    async with on(dunst, opened) as notifier:
        await notifier.notify(DOWN)
        dunst.click_notice()
        await eventually(lambda: opened == [PAGE])


async def test_a_daemon_that_was_restarted_shows_the_next_notice(dunst: DesktopSession) -> None:
    async with on(dunst) as notifier:
        await notifier.notify(DOWN)
        dunst.stop("notifications")
        with pytest.raises(Refused, match="no notification daemon"):
            await notifier.notify(DOWN)
        dunst.start_notifications()
        await notifier.notify(DOWN)
        assert [shown.title for shown in dunst.history()] == [TITLE]


async def test_the_doctor_learns_the_daemons_name(dunst: DesktopSession) -> None:
    async with on(dunst) as notifier:
        await notifier.start()
        assert notifier.name == "freedesktop (dunst)"
        assert notifier.capabilities == frozenset(Capability)


def test_any_text_is_sent_and_reads_the_same(bus: DesktopSession) -> None:
    async def everything() -> None:
        loop = asyncio.get_running_loop()
        async with RecordingDaemon(bus).running(["body-markup"]) as daemon, on(bus) as notifier:
            await asyncio.to_thread(check, loop, daemon, notifier)

    def check(loop: asyncio.AbstractEventLoop, daemon: RecordingDaemon, notifier: Freedesktop) -> None:
        @settings(max_examples=80, deadline=None)
        @given(st.text(st.characters()), st.text(st.characters()))
        def sends(title: str, body: str) -> None:
            asyncio.run_coroutine_threadsafe(notifier.notify(Notify("acme", title, body)), loop).result(5)
            assert daemon.asked[-1].title == clean(title, TITLE_LENGTH)
            assert daemon.asked[-1].text == clean(body, BODY_LENGTH)

        sends()

    asyncio.run(everything())


# ---- what is asked of the daemon


async def test_urgency_is_a_byte_and_the_desktop_entry_is_named(bus: DesktopSession) -> None:
    async with RecordingDaemon(bus).running([]) as daemon, on(bus) as notifier:
        for urgency in Urgency:
            await notifier.notify(Notify("acme", "Acme", "", urgency))
    assert [asked.hints["urgency"] for asked in daemon.asked] == [("y", 0), ("y", 1), ("y", 2)]
    assert daemon.asked[0].hints["desktop-entry"] == ("s", "io.github.uptray.Uptray")


@pytest.mark.parametrize(
    ("announced", "server", "actions"),
    [
        (["actions"], "gnome-shell", ["default", "Status page", "open", "Status page"]),
        (["actions"], "Xfce Notify Daemon", ["open", "Status page"]),
        (["body"], "plain", []),
    ],
)
async def test_buttons_are_offered_only_where_they_work(
    bus: DesktopSession, announced: list[str], server: str, actions: list[str]
) -> None:
    async with RecordingDaemon(bus).running(announced, server) as daemon, on(bus) as notifier:
        await notifier.notify(DOWN)
        has_click = Capability.CLICK in notifier.capabilities
    assert daemon.asked[0].actions == actions
    assert has_click == ("default" in actions)


@pytest.mark.parametrize("link", ["http://status.example.com/", "file:///etc/passwd", "javascript:alert(1)", ""])
async def test_only_https_gets_a_button(bus: DesktopSession, link: str) -> None:
    async with RecordingDaemon(bus).running(["actions"]) as daemon, on(bus) as notifier:
        await notifier.notify(Notify("acme", "Acme", "", action=("Status page", link)))
    assert daemon.asked[0].actions == []


async def test_without_markup_the_body_is_sent_as_it_is(bus: DesktopSession) -> None:
    async with RecordingDaemon(bus).running([]) as daemon, on(bus) as notifier:
        await notifier.notify(Notify("acme", "a & b", "<b> & c"))
    assert (daemon.asked[0].title, daemon.asked[0].body) == ("a & b", "<b> & c")


async def test_a_new_daemon_is_asked_anew_what_it_can_do_and_gets_no_old_id(bus: DesktopSession) -> None:
    async with on(bus) as notifier:
        async with RecordingDaemon(bus).running(["body-markup"]) as first:
            await notifier.notify(Notify("acme", "a", "<"))
        async with RecordingDaemon(bus).running([]) as second:
            await notifier.notify(Notify("acme", "a", "<"))
            await notifier.notify(Notify("acme", "a", "<"))
    assert [asked.body for asked in first.asked + second.asked] == ["&lt;", "<", "<"]
    assert [asked.replaces for asked in second.asked] == [0, 1]


async def test_what_the_user_closed_comes_back_as_a_new_notice(bus: DesktopSession) -> None:
    async with RecordingDaemon(bus).running([]) as daemon, on(bus) as notifier:
        await notifier.notify(DOWN)
        await daemon.dismiss(1)
        # Its answer comes after the signal.
        await notifier.notify(Notify("other", "Other is down", ""))
        await notifier.notify(DOWN)
    assert [asked.replaces for asked in daemon.asked] == [0, 0, 0]


async def test_only_the_daemon_can_press_a_button(bus: DesktopSession) -> None:
    opened: list[str] = []
    async with RecordingDaemon(bus).running(["actions"]) as daemon, on(bus, opened) as notifier:
        await notifier.notify(DOWN)
        stranger = RecordingDaemon(bus)
        async with stranger.connected():
            await stranger.press(1, "open", to=daemon.asked[0].sender)
        await daemon.press(1, "no-such-action")
        await daemon.press(99, "open")
        # Its answer comes after the signals.
        await notifier.notify(Notify("other", "Other is down", ""))
        assert opened == []
        await daemon.press(1, "open")
        await eventually(lambda: opened == [PAGE])


SWITCH = Notify(
    "acme",
    TITLE,
    "4 of 4 pings",
    action=("Status page", PAGE),
    commands=(("Switch Claude Code to Relay", SwitchAgent("claude-code", "relay")), ("Undo", RestoreAgent("codex"))),
    otherwise="In the menu: Switch.",
)


@asynccontextmanager
async def asking(bus: DesktopSession, heard: list[object]) -> AsyncIterator[Freedesktop]:
    """A notifier of which everything that is opened or asked for is heard."""
    notifier = Freedesktop(heard.append, bus.env["DBUS_SESSION_BUS_ADDRESS"], heard.append)
    try:
        yield notifier
    finally:
        await notifier.close()


async def test_a_button_asks_for_its_command_and_a_click_never_does(bus: DesktopSession) -> None:
    heard: list[object] = []
    async with RecordingDaemon(bus).running(["actions"]) as daemon, asking(bus, heard) as notifier:
        await notifier.notify(SWITCH)
        labels = daemon.asked[0].actions[1::2]
        assert labels == ["Status page", "Switch Claude Code to Relay", "Undo", "Status page"]
        assert daemon.asked[0].text == "4 of 4 pings"
        await daemon.press(1, "ask-1")
        await eventually(lambda: heard == [RestoreAgent("codex")])
        await daemon.press(1, "default")
        await eventually(lambda: heard[1:] == [PAGE])


async def test_a_notice_without_a_page_cannot_be_clicked_but_its_buttons_work(bus: DesktopSession) -> None:
    heard: list[object] = []
    async with RecordingDaemon(bus).running(["actions"]) as daemon, asking(bus, heard) as notifier:
        await notifier.notify(replace(SWITCH, action=None))
        assert daemon.asked[0].actions[::2] == ["ask-0", "ask-1"]
        await daemon.press(1, "default")
        await daemon.press(1, "ask-7")
        await daemon.press(1, "ask-0")
        await eventually(lambda: heard == [SwitchAgent("claude-code", "relay")])


async def test_where_there_are_no_buttons_the_text_says_where_else(bus: DesktopSession) -> None:
    async with RecordingDaemon(bus).running([]) as daemon, asking(bus, []) as notifier:
        await notifier.notify(SWITCH)
        assert (daemon.asked[0].actions, daemon.asked[0].text) == ([], "4 of 4 pings In the menu: Switch.")
