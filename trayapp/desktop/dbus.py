"""Questions over D-Bus that never make the user wait: the answer comes later, by a call.

QtDBus' own `call` blocks the window for up to 25 s when the other side hangs; `asyncCall` does not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher, QDBusVariant

#: Called with the arguments of the reply, or with None: an error, or no reply in time.
Answered = Callable[[list[Any] | None], None]


def ask(
    parent: QObject,
    to: tuple[str, str, str],
    member: str,
    arguments: list[Any],
    answered: Answered,
    timeout_ms: int = 2000,
) -> None:
    """Call a method on the session bus; `to` is service, path and interface. No service is started for it.

    `answered` is called once, later, unless `parent` has gone by then.
    """
    message = QDBusMessage.createMethodCall(*to, member)
    message.setArguments(arguments)
    message.setAutoStartService(False)
    watcher = QDBusPendingCallWatcher(QDBusConnection.sessionBus().asyncCall(message, timeout_ms), parent)

    def finished(done: QDBusPendingCallWatcher) -> None:
        reply = done.reply()
        done.deleteLater()
        is_answer = reply.type() == QDBusMessage.MessageType.ReplyMessage
        answered([_plain(value) for value in reply.arguments()] if is_answer else None)

    watcher.finished.connect(finished)


def _plain(value: Any) -> Any:
    return value.variant() if isinstance(value, QDBusVariant) else value
