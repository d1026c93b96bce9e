"""This machine's power and network, as far as Qt and the desktop tell: hints to look again, never evidence.

Three sources: QNetworkInformation (reachability, metered lines), logind's PrepareForSleep on Linux, and, where neither
speaks, the clock: a timer that comes much later than it was set for has slept through it.
https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.login1.html
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import SLOT, QObject, Qt, QTimer, Slot

#: How often the clock is looked at: two wake-ups a minute.
_LOOK_S = 30
#: Later than that by the wall clock, the machine slept (or somebody set the clock: then looking again is right, too).
_SLEPT_S = 30
#: Changes of the network come in bursts, as address, route and names come up one after another.
_CALM_MS = 2000


class QtHost(QObject):
    """Implements `model.ports.Host`. `listen` is called once the icon is up: it loads libraries."""

    def __init__(self, is_saving: Callable[[], bool]) -> None:
        """`is_saving` tells about the battery; a metered line is found out here."""
        super().__init__()
        self._on_battery = is_saving
        self._is_metered = False
        self._calls: list[Callable[[], None]] = []
        self._calm = QTimer(self, singleShot=True, interval=_CALM_MS)
        self._calm.timeout.connect(self._tell)
        self._looked_at = time.time()
        self._clock = QTimer(self, interval=_LOOK_S * 1000, timerType=Qt.TimerType.VeryCoarseTimer)
        self._clock.timeout.connect(self._look)

    def on_change(self, call: Callable[[], None]) -> None:
        """Have `call` called after a wake or a change of network, once for a burst of them."""
        self._calls.append(call)

    @property
    def is_saving(self) -> bool:
        """True on battery or on a metered line."""
        return self._is_metered or self._on_battery()

    def listen(self) -> None:
        """Begin to watch."""
        self._looked_at = time.time()
        self._clock.start()
        self._listen_to_network()
        if sys.platform == "linux":
            self._listen_to_logind()

    def stop(self) -> None:
        """Tell no more."""
        self._clock.stop()
        self._calm.stop()
        self._calls.clear()

    def _listen_to_network(self) -> None:
        from PySide6.QtNetwork import QNetworkInformation

        # NetworkManager's speaks over D-Bus, which is loaded anyway; glib's brings 4 MB of libraries and a thread along
        # for a mere hint. Elsewhere there is only one backend.
        is_loaded = (
            QNetworkInformation.loadBackendByName("networkmanager")
            if sys.platform == "linux"
            else QNetworkInformation.loadDefaultBackend()
        )
        information = QNetworkInformation.instance() if is_loaded else None
        if information is not None:
            self._is_metered = information.isMetered()
            information.reachabilityChanged.connect(self._changed)
            information.isBehindCaptivePortalChanged.connect(self._changed)
            information.isMeteredChanged.connect(self._metered)

    def _listen_to_logind(self) -> None:
        from PySide6.QtDBus import QDBusConnection

        # No sender is named: then nobody is asked who logind is, which would be a call that waits. What another program
        # could fake by it is one early look.
        interface = "org.freedesktop.login1.Manager"
        slot: Any = SLOT("_sleeps(bool)")  # the stub asks for bytes, the binding takes nothing but str
        QDBusConnection.systemBus().connect("", "/org/freedesktop/login1", interface, "PrepareForSleep", self, slot)

    @Slot(bool)
    def _sleeps(self, begins: bool) -> None:
        if not begins:
            self._looked_at = time.time()
            self._changed()

    def _metered(self, is_metered: bool) -> None:
        self._is_metered = is_metered
        self._changed()

    def _look(self) -> None:
        now = time.time()
        if now - self._looked_at > _LOOK_S + _SLEPT_S:
            self._changed()
        self._looked_at = now

    def _changed(self, _what: object = None) -> None:
        self._calm.start()

    def _tell(self) -> None:
        for call in self._calls:
            call()
