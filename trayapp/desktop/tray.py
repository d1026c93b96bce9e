"""The icon in the tray: shows a Picture's level, and finds its way back whenever a tray comes up."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from trayapp.desktop.escaping import inert
from trayapp.desktop.icons import CALM, icon
from trayapp.desktop.trayhost import TrayHost
from trayapp.model.level import Level
from trayapp.model.picture import Picture

#: Milliseconds after which a tray that has not shown itself is taken for absent. A panel that is restarted is back
#: within two seconds.
_PATIENCE_MS = 3000
#: Windows cuts at 127 (szTip holds 128 with its end mark).
_TOOLTIP_LIMIT = 127


class Tray(QObject):
    """One tray icon. `is_present` is None as long as nobody knows whether there is a tray."""

    def __init__(
        self, first: Picture, menu: QMenu, opened: Callable[[], None], presence: Callable[[bool], None]
    ) -> None:
        """`opened`: the icon was clicked. `presence`: told when a tray came (True) or is missing (False)."""
        super().__init__()
        self._menu = menu
        self._opened = opened
        self._presence = presence
        self._look = _look(first)
        self._tooltip = _tooltip(first)
        self.is_present: bool | None = None
        #: Whether this icon object speaks D-Bus; None until the host has answered.
        self._speaks_bus: bool | None = None
        self._patience = QTimer(self)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._look_around)
        # Asked before the icon is made: if the answer is yes then Qt heard yes too, if no, the coming will be told.
        self._host = TrayHost(self._host_changed, self)
        self._icon = self._make()
        self._patience.start()

    def show(self, picture: Picture) -> None:
        """Show level and tooltip. What is shown already is not sent again: on D-Bus each icon is 40 KB of pixels."""
        look = _look(picture)
        if look != self._look:
            self._look = look
            self._icon.setIcon(_drawn(*look))
        tooltip = _tooltip(picture)
        if tooltip != self._tooltip:
            self._tooltip = tooltip
            self._icon.setToolTip(tooltip)

    @property
    def is_on_bus(self) -> bool:
        """True when a StatusNotifier host draws the icon, which also means that its messages go over D-Bus."""
        return self._speaks_bus is True and self._host.is_up is True

    def message(self, title: str, body: str, seconds: float, *, urgent: bool) -> None:
        """Show a balloon at the icon. Blocks as long as the notification service does: see `message.py`."""
        kind = QSystemTrayIcon.MessageIcon.Warning if urgent else QSystemTrayIcon.MessageIcon.Information
        self._icon.showMessage(title, body, kind, round(seconds * 1000))

    def hide(self) -> None:
        """Take the icon away."""
        self._patience.stop()
        self._icon.hide()

    def _make(self) -> QSystemTrayIcon:
        made = QSystemTrayIcon(self)
        made.setContextMenu(self._menu)
        made.setIcon(_drawn(*self._look))
        made.setToolTip(self._tooltip)
        made.activated.connect(self._activated)
        made.show()
        return made

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        # On macOS a click opens the menu, and reports it. A double click comes after its single one: ignored.
        if reason == QSystemTrayIcon.ActivationReason.Trigger and sys.platform != "darwin":
            self._opened()

    def _host_changed(self) -> None:
        if self._host.is_up:
            if self._speaks_bus is False:
                self._renew()
            self._speaks_bus = True
        elif self._speaks_bus is None:
            self._speaks_bus = False
        if self._is_there():
            self._judge(is_present=True)
        elif self.is_present:
            self._patience.start()

    def _renew(self) -> None:
        # Only under X11 does Qt miss a tray that comes later; elsewhere the icon registers by itself.
        if QGuiApplication.platformName() == "xcb":
            old, self._icon = self._icon, self._make()
            old.hide()
            old.deleteLater()

    def _look_around(self) -> None:
        is_there = self._is_there()
        self._judge(is_present=is_there)
        if not is_there:
            self._host.ask()

    def _judge(self, *, is_present: bool) -> None:
        if is_present:
            self._patience.stop()
        if is_present is not self.is_present:
            self.is_present = is_present
            self._presence(is_present)

    def _is_there(self) -> bool:
        if sys.platform != "linux":
            return QSystemTrayIcon.isSystemTrayAvailable()
        # An XEmbed tray gives the icon a place. QSystemTrayIcon.isSystemTrayAvailable() would wait for D-Bus.
        return self._host.is_up is True or not self._icon.geometry().isEmpty()


def _look(picture: Picture) -> tuple[Level, bool, bool]:
    return picture.level, picture.paused_until is not None, picture.on_fallback


def _tooltip(picture: Picture) -> str:
    return inert(picture.tooltip)[:_TOOLTIP_LIMIT]


def _drawn(level: Level, is_paused: bool, on_fallback: bool) -> QIcon:
    mono = sys.platform == "darwin" and level in CALM
    return icon(level, mono=mono, paused=is_paused, fallback=on_fallback)
