"""What every screen promises: it takes any picture at once, and every listener hears what the user asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.pictures import picture, row
from tests.fakes import FakeScreen
from trayapp.desktop.bridge import QtScreen
from trayapp.model.level import Level
from trayapp.model.picture import CheckNow, Command, Quit
from trayapp.model.ports import Screen

PICTURES = [
    picture(),
    picture(*(row(f"p{number}", level) for number, level in enumerate(Level))),
    picture(*(row(f"p{number}") for number in range(200)), headline="x" * 10_000),
    replace(picture(row("acme", name="<b>&amp;\u202e&")), complaint="<img src='file:///etc/passwd'>"),
    replace(picture(row("acme")), paused_until=datetime.max.replace(tzinfo=UTC)),
    replace(picture(row("acme")), paused_until=datetime.min.replace(tzinfo=UTC), tooltip="x" * 1000),
]


class ScreenContract:
    """Subclass it with a fixture `screen`, and `ask`, which has the user ask for something."""

    def ask(self, screen: Screen, command: Command) -> None:
        raise NotImplementedError

    def test_it_takes_any_picture(self, screen: Screen) -> None:
        for shown in [*PICTURES, *reversed(PICTURES)]:
            screen.show(shown)

    def test_every_listener_hears_every_command_in_order(self, screen: Screen) -> None:
        heard: list[tuple[str, Command]] = []
        screen.on_command(lambda command: heard.append(("one", command)))
        screen.on_command(lambda command: heard.append(("two", command)))
        self.ask(screen, CheckNow())
        self.ask(screen, Quit())
        assert heard == [("one", CheckNow()), ("two", CheckNow()), ("one", Quit()), ("two", Quit())]

    def test_without_a_listener_a_command_is_nothing(self, screen: Screen) -> None:
        self.ask(screen, CheckNow())


class TestFakeScreen(ScreenContract):
    @pytest.fixture
    def screen(self) -> FakeScreen:
        return FakeScreen()

    def ask(self, screen: Screen, command: Command) -> None:
        assert isinstance(screen, FakeScreen)
        screen.ask(command)


#: Qt's offscreen platform has no order of windows and no XEmbed.
@pytest.mark.qt_log_ignore("This plugin does not support raise", "No such signal QPlatformNativeInterface")
class TestQtScreen(ScreenContract):
    @pytest.fixture
    def screen(self, qtbot: QtBot) -> Iterator[QtScreen]:
        screen = QtScreen(picture())
        screen.open_window()
        yield screen
        screen.close()

    def ask(self, screen: Screen, command: Command) -> None:
        assert isinstance(screen, QtScreen)
        labels: dict[Command, str] = {CheckNow(): "Check now", Quit(): "Quit"}
        actions = screen._menu.menu.actions()
        next(action for action in actions if action.text() == labels[command]).trigger()
