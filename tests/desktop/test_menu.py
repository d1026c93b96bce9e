"""The menu says what the Picture says, changes only when closed, and hands on what is clicked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.desktop.pictures import picture, row
from trayapp.desktop.menu import TrayMenu
from trayapp.model.level import Level
from trayapp.model.picture import CheckNow, Command, OpenPreferences, Pause, Quit, Refresh


class Asked:
    """A menu, and what it asked for."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.opened: list[str | None] = []
        self.menu = TrayMenu(self.commands.append, self.opened.append)

    def labels(self) -> list[str]:
        return [a.text() for a in self.menu.menu.actions() if a.isVisible() and not a.isSeparator()]

    def action(self, label: str) -> QAction:
        below = [action for menu in self.menu.menu.findChildren(QMenu) for action in menu.actions()]
        return next(action for action in [*self.menu.menu.actions(), *below] if action.text() == label)

    def click(self, label: str) -> None:
        self.action(label).trigger()


@pytest.fixture
def asked(qtbot: QtBot) -> Asked:
    return Asked()


def test_the_verdict_comes_first_then_a_line_for_each_provider(asked: Asked) -> None:
    asked.menu.show(picture(row("acme", Level.DOWN), row("beta"), headline="Acme: down, for 2 min"))
    assert asked.labels() == [
        "Acme: down, for 2 min",
        "Acme — is down",
        "Beta — is operational",
        "Check now",
        "Pause notifications",
        "Preferences file",
        "Quit",
    ]


def test_providers_come_and_go_with_the_settings(asked: Asked) -> None:
    asked.menu.show(picture(row("acme"), row("beta")))
    asked.menu.show(picture(row("gamma")))
    assert asked.labels()[1:3] == ["Gamma — is operational", "Check now"]
    asked.menu.show(picture(row("acme"), row("beta"), row("gamma")))
    assert asked.labels()[3:5] == ["Gamma — is operational", "Check now"]


def test_an_ampersand_is_no_mnemonic(asked: Asked) -> None:
    asked.menu.show(picture(row("acme", name="A & B"), headline="A & B works"))
    assert asked.labels()[:2] == ["A && B works", "A && B — is operational"]


def test_a_long_complaint_is_cut_and_leads_to_the_window(asked: Asked) -> None:
    asked.menu.show(replace(picture(row("acme")), complaint="config.toml, line 3: " + "x" * 300))
    line = asked.labels()[1]
    assert line.startswith("config.toml, line 3: ") and len(line) <= 90
    asked.click(line)
    assert asked.opened == [None]


def test_a_provider_opens_its_details(asked: Asked) -> None:
    asked.menu.show(picture(row("acme"), row("beta")))
    asked.click("Beta — is operational")
    asked.click("All work")
    assert asked.opened == ["beta", None]


@pytest.mark.parametrize(
    ("label", "command"),
    [
        ("Check now", CheckNow()),
        ("Preferences file", OpenPreferences()),
        ("Quit", Quit()),
        ("For 1 hour", Pause(3600)),
        ("Until I say otherwise", Pause(None)),
        ("Notify me again", Pause(0)),
    ],
)
def test_a_click_is_a_command(asked: Asked, label: str, command: Command) -> None:
    asked.click(label)
    assert asked.commands == [command]


def test_a_pause_is_marked_and_can_be_ended(asked: Asked) -> None:
    asked.menu.show(picture(row("acme")))
    assert not asked.action("Notify me again").isVisible()
    asked.menu.show(replace(picture(row("acme")), paused_until=datetime.max.replace(tzinfo=UTC)))
    assert "Notifications paused" in asked.labels()
    assert asked.action("Until I say otherwise").isChecked()
    assert not asked.action("For 1 hour").isChecked()
    assert asked.action("Notify me again").isVisible()


def test_a_click_on_a_choice_marks_it_only_when_the_pause_is_true(asked: Asked) -> None:
    asked.menu.show(picture(row("acme")))
    asked.click("For 1 hour")
    asked.menu.show(picture(row("acme")))
    assert not asked.action("For 1 hour").isChecked()
    asked.menu.show(replace(picture(row("acme")), paused_until=datetime.now(UTC) + timedelta(hours=1)))
    assert asked.action("For 1 hour").isChecked()


def test_an_open_menu_does_not_change_until_it_is_closed(asked: Asked, qtbot: QtBot) -> None:
    asked.menu.show(picture(row("acme"), headline="before"))
    asked.menu.menu.aboutToShow.emit()
    asked.menu.show(picture(row("acme"), headline="after"))
    assert asked.labels()[0] == "before"
    asked.menu.menu.aboutToHide.emit()
    qtbot.waitUntil(lambda: asked.labels()[0] == "after")


def test_a_menu_that_never_says_that_it_closed_changes_after_a_while(asked: Asked) -> None:
    asked.menu.show(picture(row("acme"), headline="before"))
    asked.menu.menu.aboutToShow.emit()
    asked.menu.show(picture(row("acme"), headline="after"))
    timer = asked.menu._closing
    assert timer.isActive() and timer.interval() == 30_000
    timer.timeout.emit()
    assert asked.labels()[0] == "after"


def test_ages_are_brought_up_to_date_as_the_menu_opens(qtbot: QtBot) -> None:
    asked = Asked()

    def refresh(command: Command) -> None:
        if command == Refresh():
            asked.menu.show(picture(row("acme"), headline="fresh"))

    asked.menu._ask = refresh
    asked.menu.show(picture(row("acme"), headline="old"))
    asked.menu.menu.aboutToShow.emit()
    assert asked.labels()[0] == "fresh"


def test_what_is_shown_already_is_not_sent_again(asked: Asked) -> None:
    asked.menu.show(picture(row("acme")))
    changes: list[str] = []
    note: Callable[[], None] = lambda: changes.append("changed")  # noqa: E731  # a slot needs a callable object
    for action in asked.menu.menu.actions():
        action.changed.connect(note)
    asked.menu.show(picture(row("acme")))
    assert changes == []
