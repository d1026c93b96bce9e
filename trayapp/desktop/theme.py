"""Light or dark, where Qt does not find out by itself: on Linux, once GTK is kept out of the process.

Desktops tell it through their settings portal: `color-scheme` is 1 for dark.
https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Settings.html
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import SLOT, QObject, Slot
from PySide6.QtDBus import QDBusConnection
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from trayapp.desktop.dbus import ask

_PORTAL = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_SETTINGS = "org.freedesktop.portal.Settings"
_DARK = 1


class PortalTheme(QObject):
    """Gives the app a dark palette while the desktop is dark, and its own one again when it is not."""

    def __init__(self) -> None:
        super().__init__()
        self._light = QPalette(QApplication.palette())
        slot: Any = SLOT("_changed()")  # the stub asks for bytes, the binding takes nothing but str
        # No sender is named: then nobody is asked who the portal is, which would be a call that waits.
        QDBusConnection.sessionBus().connect("", _PATH, _SETTINGS, "SettingChanged", self, slot)
        self._changed()

    @Slot()
    def _changed(self) -> None:
        ask(self, (_PORTAL, _PATH, _SETTINGS), "ReadOne", ["org.freedesktop.appearance", "color-scheme"], self._answer)

    def _answer(self, values: list[Any] | None) -> None:
        if values is not None:
            QApplication.setPalette(dark() if values[0] == _DARK else self._light)


def dark() -> QPalette:
    """Return a dark palette; Qt works out what is not named here."""
    palette = QPalette(QColor("#3a3a3a"), QColor("#2b2b2b"))
    palette.setColor(QPalette.ColorRole.Base, QColor("#202020"))
    palette.setColor(QPalette.ColorRole.AlternateBase, QColor("#262626"))
    palette.setColor(QPalette.ColorRole.Highlight, QColor("#1f6fb2"))
    palette.setColor(QPalette.ColorRole.HighlightedText, QColor("#ffffff"))
    palette.setColor(QPalette.ColorRole.Link, QColor("#6cb4f5"))
    return palette
