"""Before a switch: what would change is shown, and nothing is done without a yes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from trayapp.desktop.planwindow import PlanWindow
from trayapp.model.picture import Command, DropPlan, Plan, SwitchAgent

#: Qt's offscreen platform has no order of windows.
pytestmark = pytest.mark.qt_log_ignore(
    "This plugin does not support raise", "This plugin does not support propagateSizeHints"
)

DIFF = ("--- ~/.claude/settings.json", '+    "ANTHROPIC_BASE_URL": "https://api.deepseek.com/anthropic"', "<b>no</b>")
PLAN = Plan("claude-code", "deepseek", "Switch Claude Code to DeepSeek?", DIFF, ("A running session sees it at once.",))


class Shown:
    """The window, and what it asked for."""

    def __init__(self, qtbot: QtBot) -> None:
        self.commands: list[Command] = []
        self.window = PlanWindow(self.commands.append)
        qtbot.addWidget(self.window)

    def button(self, label: str) -> QPushButton:
        return next(b for b in self.window.findChildren(QPushButton) if b.text() == label)


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    made = Shown(qtbot)
    made.window.show_plan(PLAN)
    return made


def test_it_shows_the_diff_as_it_is(shown: Shown) -> None:
    assert shown.window.isVisible() and shown.window.windowTitle() == "Switch Claude Code to DeepSeek?"
    assert shown.window.findChildren(QPlainTextEdit)[0].toPlainText() == "\n".join(DIFF)


def test_yes_is_the_switch(shown: Shown) -> None:
    shown.button("Switch").click()
    assert shown.commands == [SwitchAgent("claude-code", "deepseek")]
    assert not shown.window.isVisible()


def test_no_is_told_once(shown: Shown) -> None:
    shown.button("Cancel").click()
    QTest.keyClick(shown.window, Qt.Key.Key_Escape)
    assert shown.commands == [DropPlan()]


def test_closing_the_window_is_a_no(shown: Shown) -> None:
    shown.window.close()
    assert shown.commands == [DropPlan()]


def test_what_cannot_be_done_can_only_be_read(shown: Shown) -> None:
    refusal = Plan("claude-code", "deepseek", "Switch?", refusal="settings.json, line 3: not JSON")
    shown.window.show_plan(refusal)
    assert not shown.button("Switch").isVisible() and shown.button("Close").isVisible()


def test_it_goes_when_there_is_nothing_to_decide_any_more(shown: Shown) -> None:
    shown.window.show_plan(None)
    assert not shown.window.isVisible() and shown.commands == []
    shown.window.show_plan(PLAN)
    assert shown.window.isVisible()
