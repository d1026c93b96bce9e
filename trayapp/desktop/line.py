"""A line of the menu: made so that every panel shows it alike, and changed only where it differs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu

from trayapp.desktop.escaping import mnemonic_free

#: Characters of one line. A complaint is a whole sentence with a file name, and stands in full in the window.
LONGEST = 90


def line(menu: QMenu, text: str, do: Callable[[], None]) -> QAction:
    """Return a new last line of the menu."""
    action = menu.addAction(text)
    # By its text macOS would take "Preferences" and "Quit" for those of the application menu and move them there.
    action.setMenuRole(QAction.MenuRole.NoRole)
    action.setIconVisibleInMenu(True)
    action.triggered.connect(lambda _checked=False: do())
    return action


def say(action: QAction, text: str, drawn: QIcon | None = None) -> None:
    """Change what differs: every change is a message on the bus."""
    text = mnemonic_free(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")
    if action.text() != text:
        action.setText(text)
    if drawn is not None and action.icon().cacheKey() != drawn.cacheKey():
        action.setIcon(drawn)
