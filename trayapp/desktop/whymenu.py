"""Why the headline says what it says: a submenu of plain lines below it, as many as the picture has reasons."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from trayapp.desktop.line import line, say

#: Lines that are there from the start, so that the menu's form stays.
_LINES = 8


class WhyMenu:
    """Lines to be read: none of them does anything."""

    def __init__(self, menu: QMenu) -> None:
        self._menu = menu.addMenu(_("Why?"))
        self._menu.menuAction().setMenuRole(QAction.MenuRole.NoRole)
        self._lines = [line(self._menu, "", lambda: None) for _each in range(_LINES)]
        self._menu.menuAction().setVisible(False)

    def show(self, reasons: Sequence[str]) -> None:
        """Show these reasons."""
        self._menu.menuAction().setVisible(bool(reasons))
        for index, action in enumerate(self._lines):
            say(action, reasons[index] if index < len(reasons) else "")
            action.setVisible(index < len(reasons))
