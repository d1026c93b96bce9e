"""Is there a place for tray icons on this desktop, and did one come up after us?

On Linux there are two kinds. A StatusNotifierWatcher on D-Bus is asked here, without waiting. An XEmbed tray (X11 only)
shows itself by giving the icon a place, which the icon is asked. Under X11 Qt decides once for each icon object, when
it is made, which kind it uses (qtbase, qdbustrayicon and qgenericunixtheme), and panels often start after us at login:
then the icon has to be made anew.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from gettext import gettext as _
from typing import Any

from PySide6.QtCore import SLOT, QObject, Slot

_WATCHER = "org.kde.StatusNotifierWatcher"
_PATH = "/StatusNotifierWatcher"


class TrayHost(QObject):
    """Follows the StatusNotifierWatcher. `is_up` is None until it has answered for the first time."""

    def __init__(self, changed: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = changed
        self.is_up: bool | None = None
        if sys.platform == "linux":
            self._listen()
        self.ask()

    def _listen(self) -> None:
        from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher

        bus = QDBusConnection.sessionBus()
        mode = QDBusServiceWatcher.WatchModeFlag.WatchForOwnerChange
        self._owner = QDBusServiceWatcher(_WATCHER, bus, mode, self)
        self._owner.serviceRegistered.connect(self._registered)
        self._owner.serviceUnregistered.connect(self._gone)
        # No sender is named: then the bus is not asked for its owner, which would be a call that waits.
        came: Any = SLOT("_came()")  # the stub asks for bytes, the binding takes nothing but str
        bus.connect("", _PATH, _WATCHER, "StatusNotifierHostRegistered", self, came)

    def ask(self) -> None:
        """Ask the watcher again whether a host is there."""
        if sys.platform == "linux":
            from trayapp.desktop.dbus import ask

            to = (_WATCHER, _PATH, "org.freedesktop.DBus.Properties")
            ask(self, to, "Get", [_WATCHER, "IsStatusNotifierHostRegistered"], self._answer)

    @Slot()
    def _came(self) -> None:
        self.ask()

    def _registered(self, _service: str) -> None:
        self.ask()

    def _answer(self, values: list[Any] | None) -> None:
        self._set(values is not None and bool(values[0]))

    def _gone(self, _service: str) -> None:
        self._set(False)

    def _set(self, is_up: bool) -> None:
        if is_up != self.is_up:
            self.is_up = is_up
            self._changed()


def why_no_tray(environ: Mapping[str, str]) -> str:
    """Return, for the window, why there is no icon and what can be done about it."""
    if "GNOME" in environ.get("XDG_CURRENT_DESKTOP", "").upper():
        return _(
            "GNOME shows tray icons only with the extension “AppIndicator and KStatusNotifierItem Support”. "
            "Without it this window shows the same. Closing it quits Uptray."
        )
    return _(
        "There is no tray for icons on this desktop (neither StatusNotifier nor XEmbed), so this window shows the "
        "same. The icon appears as soon as there is one. Closing this window quits Uptray."
    )
