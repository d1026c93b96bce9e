"""Messages through Qt's own tray icon: the last resort, when no better notifier works here.

Where a StatusNotifier host draws the icon Qt passes a message on to the desktop's notification service, and waits for
its answer: 25 s of frozen windows when that service hangs, and silence when there is none. So the service is asked
first, without waiting, and only one that answers at once gets a message. On macOS Qt still uses NSUserNotification,
which shows nothing any more. https://doc.qt.io/qt-6/qsystemtrayicon.html#showMessage
"""

from __future__ import annotations

import asyncio
import html
import sys
from typing import Any

from trayapp.desktop.tray import Tray
from trayapp.model.effect import Notify, Urgency
from trayapp.model.ports import Capability
from trayapp.model.refused import Refused

_SERVICE = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
#: A service that needs longer for a question without work would freeze the windows with the message itself.
_PATIENCE_MS = 500
#: UTF-16 units that Windows' NOTIFYICONDATAW holds beside the end mark.
_TITLE_UNITS = 63
_BODY_UNITS = 255
_SHOWN_S = 10.0


class QtMessageNotifier:
    """Implements `model.ports.Notifier`."""

    name = "Qt"

    def __init__(self, tray: Tray) -> None:
        self._tray = tray

    @property
    def capabilities(self) -> frozenset[Capability]:
        """None: a message appears and goes by itself, and most desktops do not report a click on it."""
        return frozenset()

    async def start(self) -> None:
        """Raises Refused where a message would not be seen, or would freeze the windows."""
        await self._service_markup()

    async def notify(self, notice: Notify) -> None:
        """Show it. Raises Refused."""
        has_markup = await self._service_markup()
        body = cut(notice.text(has_buttons=False), _BODY_UNITS)
        # Qt does not escape, and a service with markup would render it.
        shown = html.escape(body, quote=False) if has_markup else body
        urgent = notice.urgency is Urgency.CRITICAL
        self._tray.message(cut(notice.title, _TITLE_UNITS), shown, _SHOWN_S, urgent=urgent)

    async def withdraw(self, key: str) -> None:
        """A message cannot be taken away; it goes by itself."""

    async def close(self) -> None:
        """There is nothing to let go of."""

    async def _service_markup(self) -> bool:
        """Return whether the service that will get the message renders markup. Raises Refused."""
        if sys.platform == "darwin":
            raise Refused("Qt's messages are not shown on macOS")
        if not self._tray.is_present:
            raise Refused("there is no tray that could show a message")
        if not self._tray.is_on_bus:
            return False
        answer = await self._asked()
        if answer is None:
            raise Refused("the notification service is absent or does not answer")
        return "body-markup" in answer[0]

    async def _asked(self) -> list[Any] | None:
        from trayapp.desktop.dbus import ask

        answered: asyncio.Future[list[Any] | None] = asyncio.get_running_loop().create_future()

        def take(values: list[Any] | None) -> None:
            if not answered.done():
                answered.set_result(values)

        ask(self._tray, (_SERVICE, _PATH, _SERVICE), "GetCapabilities", [], take, _PATIENCE_MS)
        return await answered


def cut(text: str, units: int) -> str:
    """Return the text within so many UTF-16 units, with an ellipsis where it was cut."""
    if len(text.encode("utf-16-le", "replace")) // 2 <= units:
        return text
    while len(text.encode("utf-16-le", "replace")) // 2 > units - 1:
        text = text[:-1]
    return text + "…"
