"""The window shows the Picture as plain text, and everything in it can be reached by keys and read aloud."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.pictures import picture, row
from trayapp.desktop.plain import PlainLabel, tip
from trayapp.desktop.trayhost import why_no_tray
from trayapp.desktop.window import Window
from trayapp.model.level import Level
from trayapp.model.picture import CheckNow, Command, OpenPage, OpenPreferences, Quit, Refresh

#: Qt's offscreen platform has no order of windows.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise")

PICTURE = picture(
    row("acme", name="Acme <b>bold</b>"),
    row("beta", Level.DOWN, page="https://status.example.com"),
    row("gamma", Level.UNKNOWN),
    level=Level.DOWN,
    headline="Beta: down, <b>for 2 min</b>",
)


class Shown:
    """An open window, and what it asked for."""

    def __init__(self, qtbot: QtBot) -> None:
        self.commands: list[Command] = []
        self.window = Window(self.commands.append)
        qtbot.addWidget(self.window)
        self.window.show_picture(PICTURE)
        self.window.open()
        qtbot.waitExposed(self.window)
        self.commands.clear()

    def texts(self) -> list[str]:
        return [label.text() for label in self.window.findChildren(QLabel) if label.isVisible() and label.text()]

    def button(self, text: str) -> QPushButton:
        return next(button for button in self.window.findChildren(QPushButton) if button.text() == text)


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Shown]:
    shown = Shown(qtbot)
    yield shown
    shown.window.hide()


def test_every_label_shows_markup_as_its_characters(shown: Shown) -> None:
    labels = [label for label in shown.window.findChildren(QLabel) if label.text()]
    assert labels and {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert "Beta: down, <b>for 2 min</b>" in shown.texts()
    assert "<b>bold</b> & <img src='file:///etc/passwd'>" in shown.texts()


def test_a_tooltip_shows_markup_as_its_characters(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    tip(widget, "<img src='file:///etc/passwd'> & more")
    assert widget.toolTip() == "<qt>&lt;img src=&#x27;file:///etc/passwd&#x27;&gt; &amp; more</qt>"
    tip(widget, "")
    assert widget.toolTip() == ""


def test_a_label_without_text_takes_no_room(qtbot: QtBot) -> None:
    label = PlainLabel("x")
    qtbot.addWidget(label)
    label.say("")
    assert label.isHidden()


def test_rows_keep_the_users_order_and_the_worst_is_open_first(shown: Shown) -> None:
    rows = shown.window._rows
    assert [rows.item(index).text() for index in range(rows.count())] == [
        "Acme <b>bold</b>: is operational",
        "Beta: is down",
        "Gamma: is unknown",
    ]
    assert "Beta: is down" in shown.texts()


def test_selecting_a_provider_shows_what_is_known(shown: Shown) -> None:
    shown.window.open("gamma")
    assert {"Gamma: is unknown", "gamma <i>says</i>", "Since", "2 min"} <= set(shown.texts())
    assert not shown.button("Status page").isVisible()


def test_the_selection_outlives_the_next_picture(shown: Shown) -> None:
    shown.window.open("gamma")
    shown.window.show_picture(replace(PICTURE, headline="later"))
    assert {"later", "Gamma: is unknown"} <= set(shown.texts())
    shown.window.show_picture(picture(row("acme"), row("delta", Level.DEGRADED)))
    assert "Delta: is degraded" in shown.texts()


def test_facts_that_are_gone_are_not_shown(shown: Shown) -> None:
    shown.window.show_picture(picture(replace(row("acme"), facts=())))
    assert "Since" not in shown.texts()


def test_no_providers_is_no_error(shown: Shown) -> None:
    shown.window.show_picture(picture(headline="No provider is watched"))
    assert shown.texts() == ["No provider is watched"]


@pytest.mark.parametrize(
    ("label", "command"),
    [
        ("Check now", CheckNow()),
        ("Preferences file", OpenPreferences()),
        ("Status page", OpenPage("beta")),
    ],
)
def test_a_button_is_a_command(shown: Shown, label: str, command: Command) -> None:
    shown.button(label).click()
    assert shown.commands == [command]


def test_a_complaint_stands_in_full(shown: Shown) -> None:
    complaint = "config.toml, line 3: monitor.watch: " + "x" * 200
    shown.window.show_picture(replace(PICTURE, complaint=complaint))
    assert complaint in shown.texts()
    shown.window.show_picture(PICTURE)
    assert complaint not in shown.texts()


def test_escape_closes_and_the_app_goes_on(shown: Shown, qtbot: QtBot) -> None:
    QTest.keyClick(shown.window, Qt.Key.Key_Escape)
    qtbot.waitUntil(shown.window.isHidden)
    assert shown.commands == []


@pytest.mark.parametrize(("desktop", "word"), [("ubuntu:GNOME", "AppIndicator"), ("sway", "StatusNotifier")])
def test_without_a_tray_it_says_why_and_closing_quits(shown: Shown, desktop: str, word: str) -> None:
    shown.window.explain(why_no_tray({"XDG_CURRENT_DESKTOP": desktop}))
    assert any(word in text for text in shown.texts())
    shown.window.close()
    assert shown.commands == [Quit()]


def test_a_tray_that_came_takes_the_explanation_away(shown: Shown) -> None:
    shown.window.explain("no tray")
    shown.window.explain("")
    assert "no tray" not in shown.texts()
    shown.window.close()
    assert shown.commands == []


def test_opening_asks_for_fresh_ages(shown: Shown) -> None:
    shown.window.close()
    shown.window.open()
    assert shown.commands == [Refresh()]


def test_keys_reach_everything(shown: Shown) -> None:
    reached: set[QWidget] = set()
    shown.window._rows.setFocus()
    for _ in range(20):
        QTest.keyClick(shown.window, Qt.Key.Key_Tab)
        focus = shown.window.focusWidget()
        assert focus is not None
        reached.add(focus)
    wanted = {shown.window._rows, *(shown.button(text) for text in ("Check now", "Preferences file", "Status page"))}
    assert wanted <= reached


def test_a_screen_reader_hears_the_state(shown: Shown) -> None:
    assert shown.window._light.accessibleName() == "down"
    assert shown.window._rows.accessibleName() == "Providers"
    spoken = shown.window._rows.item(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Beta: is down. beta <i>says</i>"
    assert shown.window.windowTitle() == PICTURE.headline
