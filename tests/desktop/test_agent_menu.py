"""The agents in the menu: what each uses, where it can go, and the one offer at the top."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.desktop.pictures import picture, row
from trayapp.desktop.menu import TrayMenu
from trayapp.model.level import Level
from trayapp.model.picture import AgentRow, Command, Offer, Picture, PlanSwitch, RestoreAgent, TargetRow

TARGETS = (
    TargetRow("deepseek", "DeepSeek", Level.OPERATIONAL, "works, 320 ms", 320),
    TargetRow("anthropic", "Anthropic", Level.DOWN, "down"),
    TargetRow("mirror", "Mirror & Co", Level.UNKNOWN, "not watched", same_upstream=True),
)
CLAUDE = AgentRow("claude-code", "Claude Code", "Anthropic", Level.DOWN, targets=TARGETS, provider="anthropic")
SWITCHED = replace(CLAUDE, uses="DeepSeek", uses_level=Level.OPERATIONAL, switched_to="deepseek", provider="deepseek")
OFFER = Offer("claude-code", "deepseek", "Switch Claude Code to DeepSeek (works, 320 ms)", "Switch", "anthropic")


class Asked:
    """A menu, and what it asked for."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.menu = TrayMenu(self.commands.append, lambda _provider: None)

    def show(self, *agents: AgentRow, offer: Offer | None = None) -> None:
        self.menu.show(replace(picture(row("acme")), agents=agents, offer=offer))

    def box(self, begins: str) -> QMenu:
        menus = [each for each in self.menu.menu.findChildren(QMenu) if each.title().startswith(begins)]
        return next(each for each in menus if each.menuAction().isVisible())

    def lines(self, begins: str = "Claude Code") -> list[str]:
        return [a.text() for a in self.box(begins).actions() if a.isVisible() and not a.isSeparator()]

    def click(self, label: str) -> None:
        self.action(label).trigger()

    def action(self, label: str) -> QAction:
        return next(a for a in self.box("Claude Code").actions() if a.text().startswith(label))

    def top(self) -> list[str]:
        return [a.text() for a in self.menu.menu.actions() if a.isVisible() and not a.isSeparator()]


@pytest.fixture
def asked(qtbot: QtBot) -> Asked:
    return Asked()


def test_an_agent_has_a_submenu_with_what_it_uses_and_where_it_can_go(asked: Asked) -> None:
    asked.show(CLAUDE)
    assert asked.top()[2] == "Claude Code — Anthropic"
    assert asked.lines() == [
        "DeepSeek — works, 320 ms",
        "Anthropic — down (in use)",
        "Mirror && Co — not watched (another name for the same)",
    ]
    assert [a.isChecked() for a in asked.box("Claude Code").actions() if a.isCheckable()] == [False, True, False]


def test_a_choice_asks_for_the_plan_and_marks_nothing_yet(asked: Asked) -> None:
    asked.show(CLAUDE)
    asked.click("DeepSeek")
    assert asked.commands == [PlanSwitch("claude-code", "deepseek")]
    assert asked.action("Anthropic").isChecked() and not asked.action("DeepSeek").isChecked()


def test_choosing_what_it_uses_already_asks_for_nothing(asked: Asked) -> None:
    asked.show(CLAUDE)
    asked.click("Anthropic")
    assert asked.commands == [] and asked.action("Anthropic").isChecked()


def test_it_can_be_put_back_only_while_switched(asked: Asked) -> None:
    asked.show(CLAUDE)
    assert "Put back" not in asked.lines()
    asked.show(SWITCHED)
    assert asked.top()[2] == "Claude Code — DeepSeek (on fallback)"
    asked.click("Put back")
    assert asked.commands == [RestoreAgent("claude-code")]
    asked.show(CLAUDE)
    assert "Put back" not in asked.lines()


def test_what_cannot_be_switched_says_why(asked: Asked) -> None:
    asked.show(replace(CLAUDE, watch_only="Its vendor does not allow it."))
    assert asked.lines() == ["Its vendor does not allow it."]
    assert not asked.action("Its vendor").isEnabled()


def test_agents_come_and_go(asked: Asked) -> None:
    asked.show(CLAUDE, replace(CLAUDE, id="codex", name="Codex"))
    assert asked.top()[2:4] == ["Claude Code — Anthropic", "Codex — Anthropic"]
    asked.show(replace(CLAUDE, id="codex", name="Codex"))
    assert asked.top()[2] == "Codex — Anthropic" and "Claude Code — Anthropic" not in asked.top()


def test_the_offer_stands_at_the_top_as_long_as_it_holds(asked: Asked) -> None:
    asked.show(CLAUDE, offer=OFFER)
    assert asked.top()[0] == "Switch Claude Code to DeepSeek (works, 320 ms)…"
    asked.menu.menu.actions()[0].trigger()
    assert asked.commands == [PlanSwitch("claude-code", "deepseek")]
    asked.show(CLAUDE)
    assert asked.top()[0] == "All work"


def test_an_offer_to_go_back_needs_no_plan(asked: Asked) -> None:
    asked.show(SWITCHED, offer=replace(OFFER, text="Put Claude Code back to Anthropic", is_back=True))
    asked.menu.menu.actions()[0].trigger()
    assert asked.commands == [RestoreAgent("claude-code")]


def test_the_reasons_stand_below_the_headline(asked: Asked) -> None:
    shown: Callable[[Picture], None] = asked.menu.show
    shown(replace(picture(row("acme")), why=("3 of the last 4 failed: server error", "2 min ago: ping <b>")))
    assert asked.top()[:2] == ["All work", "Why?"]
    assert asked.lines("Why?") == ["3 of the last 4 failed: server error", "2 min ago: ping <b>"]
    shown(picture(row("acme")))
    assert "Why?" not in asked.top()
