"""The menu of the icon: one QMenu with fixed lines, of which only the texts that differ are changed.

Panels draw a copy of it over D-Bus and show a menu that changes under the pointer badly or not at all, so changes wait
while it is open. Not every panel says that it closed the menu: after half a minute it is taken for closed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from gettext import gettext as _

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from trayapp.desktop import pausing
from trayapp.desktop.agentmenu import AgentMenu
from trayapp.desktop.icons import icon
from trayapp.desktop.line import line, say
from trayapp.desktop.whymenu import WhyMenu
from trayapp.model.picture import CheckNow, Command, OpenPreferences, Pause, Picture, Quit, Refresh, Row

#: Milliseconds after which an open menu is taken for closed.
_OPEN_MS = 30_000
#: Lines for providers; what is more is in the window.
_MOST_ROWS = 25


class TrayMenu:
    """`ask` gets what the user wants; `open_window` gets the id of a provider, or None for the window as it is."""

    def __init__(self, ask: Callable[[Command], None], open_window: Callable[[str | None], None]) -> None:
        self._ask = ask
        self._open_window = open_window
        self._picture: Picture | None = None
        self._shown: Picture | None = None
        self._is_open = False
        self.menu = QMenu()
        self._fill()
        self._closing = QTimer(self.menu, singleShot=True, interval=_OPEN_MS)
        self._closing.timeout.connect(self._closed)
        self.menu.aboutToShow.connect(self._opening)
        self.menu.aboutToHide.connect(self._closed_soon)
        self.menu.triggered.connect(self._closed_soon)

    def show(self, picture: Picture) -> None:
        """Show it, now or as soon as the menu is closed."""
        self._picture = picture
        if not self._is_open:
            self._apply(picture)

    def _fill(self) -> None:
        self._headline = line(self.menu, "", lambda: self._open_window(None))
        self._complaint = line(self.menu, "", lambda: self._open_window(None))
        self._complaint.setVisible(False)
        self._why = WhyMenu(self.menu)
        self.menu.addSeparator()
        self._rows: list[QAction] = []
        self._below_rows = self.menu.addSeparator()
        self._below_agents = self.menu.addSeparator()
        self._agents = AgentMenu(self.menu, self._headline, self._below_agents, self._ask)
        line(self.menu, _("Check now"), lambda: self._ask(CheckNow()))
        self._fill_pause()
        line(self.menu, _("Preferences file"), lambda: self._ask(OpenPreferences()))
        self.menu.addSeparator()
        line(self.menu, _("Quit"), lambda: self._ask(Quit()))

    def _fill_pause(self) -> None:
        self._pause = self.menu.addMenu(pausing.title(None, datetime.now().astimezone()))
        self._pause.menuAction().setMenuRole(QAction.MenuRole.NoRole)
        self._choices = [
            line(self._pause, pausing.LABELS[choice], partial(self._choose, choice)) for choice in pausing.Choice
        ]
        for action in self._choices:
            action.setCheckable(True)
        self._pause.addSeparator()
        self._resume = line(self._pause, _("Notify me again"), lambda: self._ask(Pause(0)))
        self._resume.setVisible(False)

    def _choose(self, choice: pausing.Choice) -> None:
        self._ask(Pause(pausing.seconds(choice, datetime.now().astimezone())))

    # ---- open and closed

    def _opening(self) -> None:
        if not self._is_open:
            # The ages are brought up to date while the menu may still change.
            self._ask(Refresh())
            self._is_open = True
        self._closing.start()

    def _closed_soon(self) -> None:
        # Not at once: the click that closed it may still be on its way.
        QTimer.singleShot(0, self.menu, self._closed)

    def _closed(self) -> None:
        self._is_open = False
        self._closing.stop()
        if self._picture is not None:
            self._apply(self._picture)

    # ---- texts

    def _apply(self, picture: Picture) -> None:
        say(self._headline, picture.headline)
        say(self._complaint, picture.complaint or "")
        self._complaint.setVisible(picture.complaint is not None)
        rows = picture.rows[:_MOST_ROWS]
        while len(self._rows) < len(rows):
            self._rows.append(self._new_row(len(self._rows)))
        for index, action in enumerate(self._rows):
            if index < len(rows):
                say(action, f"{rows[index].name} — {rows[index].word}", icon(rows[index].level))
            action.setVisible(index < len(rows))
        self._why.show(picture.why)
        self._agents.show(picture)
        self._below_agents.setVisible(bool(picture.agents))
        self._apply_pause(picture.paused_until)
        self._shown = picture

    def _apply_pause(self, until: datetime | None) -> None:
        now = datetime.now().astimezone()
        say(self._pause.menuAction(), pausing.title(until, now))
        chosen = pausing.chosen(until)
        for choice, action in zip(pausing.Choice, self._choices, strict=True):
            # A click has turned the mark over by itself: what is true is set in any case.
            action.setChecked(choice is chosen)
        self._resume.setVisible(until is not None)

    def _new_row(self, index: int) -> QAction:
        action = line(self.menu, "", lambda: self._open_row(index))
        self.menu.insertAction(self._below_rows, action)
        return action

    def _open_row(self, index: int) -> None:
        row: Row | None = self._shown.rows[index] if self._shown and index < len(self._shown.rows) else None
        self._open_window(row.provider if row else None)
