"""Hands pages to the browser and files to the editor."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

log = logging.getLogger(__name__)

_LONGEST = 2000
#: PyInstaller's launcher points these at its own libraries, and keeps the user's value beside.
#: https://pyinstaller.org/en/stable/runtime-information.html#ld-library-path-libpath-considerations
_LIBRARY_PATHS = ("LD_LIBRARY_PATH", "LIBPATH")


def open_url(url: str) -> None:
    """Show a page in the browser. Anything but a plain https address is refused: addresses come from outside."""
    parsed = QUrl(url, QUrl.ParsingMode.StrictMode)
    is_plain = parsed.isValid() and parsed.scheme() == "https" and parsed.host() and not parsed.userInfo()
    if not is_plain or len(url) > _LONGEST:
        log.warning("not opened, since it is not a plain https address: %.100a", url)
        return
    _open(parsed)


def open_file(path: Path) -> None:
    """Show a file in the user's editor for its kind."""
    _open(QUrl.fromLocalFile(str(path.absolute())))


def _open(url: QUrl) -> None:
    with _own_libraries_hidden():
        if not QDesktopServices.openUrl(url):
            log.warning("nothing here opens %s", url.toDisplayString())


@contextlib.contextmanager
def _own_libraries_hidden() -> Iterator[None]:
    """Let a child of a frozen app find the system's libraries and not ours."""
    ours = {name: os.environ[name] for name in _LIBRARY_PATHS if name in os.environ and hasattr(sys, "_MEIPASS")}
    for name in ours:
        users = os.environ.get(f"{name}_ORIG")
        if users is None:
            del os.environ[name]
        else:
            os.environ[name] = users
    try:
        yield
    finally:
        os.environ.update(ours)
