"""desktop-notifier's ways, on a stand-in for it: its real centers exist on Windows and macOS alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import pytest

from tests.until import eventually
from trayapp.adapters.notifiers._deadline import Stuck
from trayapp.adapters.notifiers.toast import Toast
from trayapp.model.effect import Notify, Urgency
from trayapp.model.picture import Command, RestoreAgent
from trayapp.model.ports import Capability, Refused

PAGE = "https://status.example.com/"
DOWN = Notify("acme", "Acme\nis down", "It fails <b>for you", Urgency.CRITICAL, ("Status page", PAGE))


@dataclass(frozen=True)
class Button:
    title: str
    on_pressed: Callable[[], object] | None = None


@dataclass(frozen=True)
class Note:
    title: str
    message: str
    urgency: Any
    buttons: tuple[Button, ...]
    on_clicked: Callable[[], object] | None
    on_dispatched: Callable[[], object]
    identifier: str


@dataclass
class Library:
    """desktop_notifier as far as it is used; also the center that it makes."""

    able: frozenset[str] = frozenset({"title"})
    allowed: bool = True
    swallows: bool = False
    breaks: Exception | None = None
    asks_for_s: float = 0
    live: dict[str, Note] = field(default_factory=dict)
    app_name: str = ""
    Notification = Note
    Button = Button
    Urgency = Enum("Urgency", {"Low": "low", "Normal": "normal", "Critical": "critical"})

    def DesktopNotifier(self, app_name: str, app_icon: object) -> Library:
        self.app_name = app_name
        return self

    async def get_capabilities(self) -> frozenset[str]:
        return self.able

    async def request_authorisation(self) -> bool:
        await asyncio.sleep(self.asks_for_s)
        return self.allowed

    async def send_notification(self, toast: Note) -> str:
        if self.breaks:
            raise self.breaks
        if not self.swallows:
            self.live[toast.identifier] = toast
            toast.on_dispatched()
        return toast.identifier

    async def clear(self, identifier: str) -> None:
        self.live.pop(identifier, None)


async def test_a_notice_arrives_clean_and_is_replaced_and_withdrawn_by_its_key() -> None:
    library = Library()
    toast = Toast(lambda url: None, lambda: library)
    await toast.notify(DOWN)
    await toast.notify(DOWN)
    (shown,) = library.live.values()
    assert (shown.title, shown.message, shown.urgency.name) == ("Acme is down", "It fails <b>for you", "Critical")
    assert library.app_name == "Uptray"
    await toast.withdraw("acme")
    assert library.live == {}
    assert toast.capabilities == frozenset(Capability)
    await toast.close()


async def test_button_and_click_open_the_page_also_from_another_thread() -> None:
    library, opened = Library(), list[str]()
    toast = Toast(opened.append, lambda: library)
    await toast.notify(DOWN)
    shown = library.live["acme"]
    assert shown.on_clicked and shown.buttons[0].on_pressed and shown.buttons[0].title == "Status page"
    await asyncio.to_thread(shown.on_clicked)
    await asyncio.to_thread(shown.buttons[0].on_pressed)
    await eventually(lambda: opened == [PAGE, PAGE])
    await toast.close()


@pytest.mark.parametrize("link", ["http://status.example.com/", "file:///etc/passwd", "javascript:alert(1)", ""])
async def test_only_https_can_be_clicked(link: str) -> None:
    library = Library()
    toast = Toast(lambda url: None, lambda: library)
    await toast.notify(Notify("acme", "Acme is down", "", action=("Status page", link)))
    assert (library.live["acme"].buttons, library.live["acme"].on_clicked) == ((), None)
    await toast.close()


@pytest.mark.parametrize(
    ("library", "reason"),
    [
        (Library(able=frozenset()), "no notification center for this process"),
        (Library(allowed=False), "switched off in the system's settings"),
        (Library(swallows=True), "did not take the notice"),
        (Library(breaks=RuntimeError("WinRT says\nno")), r"RuntimeError: WinRT says no"),
    ],
    ids=["dummy", "not allowed", "swallowed", "broken"],
)
async def test_what_is_not_shown_is_refused_with_the_reason(library: Library, reason: str) -> None:
    toast = Toast(lambda url: None, lambda: library)
    with pytest.raises(Refused, match=reason):
        await toast.notify(DOWN)
    await toast.close()


async def test_a_missing_library_is_refused() -> None:
    def load() -> Any:
        raise ImportError("No module named 'winrt'")

    with pytest.raises(Refused, match="cannot be loaded"):
        await Toast(lambda url: None, load).start()


async def test_a_question_to_the_user_does_not_hold_up_and_its_answer_counts_later() -> None:
    library = Library(asks_for_s=2.3)
    toast = Toast(lambda url: None, lambda: library)
    with pytest.raises(Stuck):
        await toast.start()
    assert toast.capabilities == frozenset()
    await toast.start()
    assert toast.capabilities == frozenset(Capability)
    await toast.close()


async def test_a_button_asks_for_its_command_on_the_loop_and_a_click_opens_nothing() -> None:
    library, asked = Library(), list[Command]()
    toast = Toast(lambda url: None, lambda: library, asked.append)
    await toast.notify(Notify("agent", "It now uses Relay", "", commands=(("Undo", RestoreAgent("claude-code")),)))
    shown = library.live["agent"]
    assert [button.title for button in shown.buttons] == ["Undo"] and shown.on_clicked is None
    assert shown.buttons[0].on_pressed
    await asyncio.to_thread(shown.buttons[0].on_pressed)
    await eventually(lambda: asked == [RestoreAgent("claude-code")])
    await toast.close()
