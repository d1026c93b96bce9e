"""One Uptray for each user: a lock file decides who is first, a local socket carries the one word of who is second.

The lock of a program that was killed is taken over: QLockFile looks whether its process is still there. The socket can
be opened by its owner alone, and what comes through it is one of two fixed words or nothing.
https://doc.qt.io/qt-6/qlockfile.html
"""

from __future__ import annotations

import logging
import sys
import time
import zlib
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject

from trayapp.model.refused import Refused

log = logging.getLogger(__name__)

_LONGEST = 64
#: Milliseconds for one attempt to reach the first, which listens only a moment after it took the lock.
_ATTEMPT_MS = 250
_PATIENCE_S = 3.0


class Word(StrEnum):
    """What a second start may say to the first."""

    SHOW = "show"
    QUIT = "quit"


class Instance(QObject):
    """This start of the program, first or second."""

    def __init__(self, folder: Path) -> None:
        """`folder` exists and belongs to the user alone."""
        super().__init__()
        self._lock = QLockFile(str(folder / "uptray.lock"))
        # Never too old by time: the app runs for weeks.
        self._lock.setStaleLockTime(0)
        self._address = _address(folder)

    def claim(self) -> bool:
        """Return True for the first, False when another one runs. Raises Refused when nothing can be locked."""
        if self._lock.tryLock(0):
            return True
        if self._lock.error() == QLockFile.LockError.LockFailedError:
            return False
        raise Refused(f"{self._lock.fileName()}: the lock file could not be made")

    def listen(self, call: Callable[[Word], None]) -> None:
        """Have `call` called with each word of a second start."""
        from PySide6.QtNetwork import QLocalServer

        # The lock is ours, so a socket that lies there is of a run that was killed.
        QLocalServer.removeServer(self._address)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.setMaxPendingConnections(5)
        self._server.newConnection.connect(lambda: self._accept(call))
        if not self._server.listen(self._address):
            log.warning("a second start cannot reach this one: %s", self._server.errorString())

    def tell(self, word: Word, patience_s: float = _PATIENCE_S) -> bool:
        """Say `word` to the first; return whether it was reached."""
        from PySide6.QtNetwork import QLocalSocket

        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            socket = QLocalSocket()
            socket.connectToServer(self._address)
            if socket.waitForConnected(_ATTEMPT_MS):
                socket.write(word.value.encode())
                is_said = socket.waitForBytesWritten(_ATTEMPT_MS) or socket.bytesToWrite() == 0
                socket.disconnectFromServer()
                return is_said
            time.sleep(0.05)
        return False

    def release(self) -> None:
        """Let the next one be first."""
        self._lock.unlock()

    def _accept(self, call: Callable[[Word], None]) -> None:
        connection = self._server.nextPendingConnection()

        def read() -> None:
            said = bytes(connection.read(_LONGEST + 1).data())
            connection.abort()
            if said in [word.value.encode() for word in Word]:
                call(Word(said.decode()))

        connection.readyRead.connect(read)
        connection.disconnected.connect(connection.deleteLater)
        if connection.bytesAvailable():
            read()


def _address(folder: Path) -> str:
    """Return a full path, since a bare name would become a socket in /tmp. Windows' pipes share one name space."""
    if sys.platform == "win32":
        import getpass

        return f"uptray-{getpass.getuser()}-{zlib.crc32(str(folder).encode()):08x}"
    return str(folder / "uptray.socket")
