"""Before Qt starts: is there a screen, and can Qt reach it? Qt itself would abort the process where not.

Also keeps GNOME and Xfce from loading GTK into the process: Qt's gtk3 theme costs 30 MB and 70 ms at start (measured
with PySide6 6.11.3), and gives a tray icon nothing.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from PySide6.QtCore import QLibrary, QLibraryInfo

_LOCAL_DISPLAY = re.compile(r"(?:unix)?:(\d+)(?:\.\d+)?")
_THEME = "QT_QPA_PLATFORMTHEME"
#: Qt has a theme of its own for KDE that loads no GTK.
_KDE = "KDE"


def why_no_screen(environ: Mapping[str, str], platform: str = sys.platform) -> str | None:
    """Return in one line why Qt would abort here, None when it would not."""
    if platform != "linux":
        return None
    chosen = environ.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
    if chosen not in ("", "xcb", "wayland"):
        return None
    display, wayland = environ.get("DISPLAY"), environ.get("WAYLAND_DISPLAY")
    if not display and not wayland:
        return "there is no screen: neither DISPLAY nor WAYLAND_DISPLAY is set (uptray watch works without one)"
    if chosen == "wayland" or (wayland and chosen != "xcb"):
        return None
    if not _has_x_server(display or ""):
        return f"there is no X server {display} (uptray watch works without one)"
    return _missing_library()


def _has_x_server(display: str) -> bool:
    """False only where a local X server has neither a socket file nor an abstract socket. Others are Qt's to find."""
    local = _LOCAL_DISPLAY.fullmatch(display)
    if local is None:
        return bool(display)
    path = Path(f"/tmp/.X11-unix/X{local[1]}")
    with contextlib.suppress(OSError):
        return path.exists() or f"@{path}\n" in Path("/proc/net/unix").read_text(encoding="utf-8", errors="replace")
    return False


def _missing_library() -> str | None:
    plugins = QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)
    library = QLibrary(str(Path(plugins, "platforms", "libqxcb.so")))
    if library.load():
        return None
    return f"Qt cannot draw here, a system library is missing: {library.errorString().splitlines()[0]}"


def is_without_theme(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """True where Qt would take GTK's theme, and so gets none: neither the user nor KDE has one of its own for Qt."""
    desktop = environ.get("XDG_CURRENT_DESKTOP", "").upper().split(":")
    return platform == "linux" and _THEME not in environ and _KDE not in desktop


@contextlib.contextmanager
def without_gtk(environ: Mapping[str, str]) -> Iterator[None]:
    """Make the QApplication in here. The variable is gone afterwards: a browser opened by us shall not inherit it."""
    if not is_without_theme(environ):
        yield
        return
    os.environ[_THEME] = "generic"
    try:
        yield
    finally:
        del os.environ[_THEME]
