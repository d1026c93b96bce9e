"""The light: a shape of its own for each level, drawn from the SVG files in `resources/icons`.

Each file has one `<g id="edge">`: the thin contrasting outline, which also shows through the holes of the shape.
Without it what is left is the shape in one colour, for macOS' menu bar and for who sees no colours.

    python -m trayapp.desktop.icons FOLDER      writes every icon as PNG

QSvgRenderer was chosen over drawing by QPainter: it costs 2 ms and 1.6 MB at start (measured on Linux with PySide6
6.11.3), and a file that any designer can open is the only place where a shape is written down. The namespace `Qt` is
not imported before the icon is up: PySide6 makes all of its enums when it is first touched, which takes 14 ms.
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from trayapp.model.level import Level

#: Pixels. 16 to 40 are Windows' notification area at 100 to 250 %, 18 and 36 macOS' menu bar, 22, 44 and 64 what Qt
#: sends over D-Bus, which drops what is larger.
SIZES = (16, 18, 20, 22, 24, 32, 36, 40, 44, 48, 64)

#: Levels that need nobody's attention: macOS may colour them like every other icon in its menu bar.
CALM = frozenset({Level.OPERATIONAL, Level.MAINTENANCE, Level.UNKNOWN, Level.OFFLINE})

_EDGE = re.compile(r'<g id="edge".*?</g>', re.DOTALL)


@functools.cache
def icon(level: Level, mono: bool = False, paused: bool = False, fallback: bool = False) -> QIcon:
    """Return the icon of a level, drawn once. `mono`: the shape alone, in black, which macOS colours to fit its bar.

    `paused` adds two bars: notifications are off. `fallback` adds an arrow: an agent was pointed elsewhere.
    """
    drawn = QIcon()
    for size in SIZES:
        drawn.addPixmap(QPixmap.fromImage(image(level.value, size, mono=mono, paused=paused, fallback=fallback)))
    drawn.setIsMask(mono)
    return drawn


@functools.cache
def app_icon() -> QIcon:
    """Return the icon of the app itself, for windows."""
    drawn = QIcon()
    for size in (*SIZES, 128, 256):
        drawn.addPixmap(QPixmap.fromImage(image("app", size)))
    return drawn


def image(name: str, size: int, *, mono: bool = False, paused: bool = False, fallback: bool = False) -> QImage:
    """Return the picture of this name, `size` pixels square."""
    canvas = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    canvas.fill(0)
    painter = QPainter(canvas)
    box = QRectF(0, 0, size, size)
    _renderer(name, mono).render(painter, box)
    for badge in [*(["paused"] if paused else []), *(["fallback"] if fallback else [])]:
        # A clear field around a badge keeps it apart from the shape.
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
        _renderer(badge, False).render(painter, box)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        _renderer(badge, mono).render(painter, box)
    if mono:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(canvas.rect(), QColor(0, 0, 0))
    painter.end()
    return canvas


def write_pngs(folder: Path, names: Sequence[str] = (), sizes: Sequence[int] = (16, 22, 64, 128)) -> list[Path]:
    """Write `<name>-<size>.png` for each name (all levels and the app's own by default); return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in names or [*(level.value for level in Level), "app"]:
        for size in sizes:
            file = folder / f"{name}-{size}.png"
            if not image(name, size).save(str(file)):
                raise OSError(f"{file} could not be written")
            written.append(file)
    return written


def _renderer(name: str, mono: bool) -> QSvgRenderer:
    text = _source(name)
    return QSvgRenderer(QByteArray((_EDGE.sub("", text) if mono else text).encode()))


@functools.cache
def _source(name: str) -> str:
    return (_folder() / f"{name}.svg").read_text(encoding="utf-8")


@functools.cache
def _folder() -> Path:
    """Return where the icons are: below PyInstaller's folder, in the package when installed, or beside it."""
    package = Path(__file__).parents[1]
    frozen = getattr(sys, "_MEIPASS", None)
    tops = [*([Path(frozen, "trayapp"), Path(frozen)] if frozen else []), package, package.parent]
    for top in tops:
        if (folder := top / "resources" / "icons").is_dir():
            return folder
    raise FileNotFoundError(f"{package}: the icons that ship with Uptray are missing; install it again")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m trayapp.desktop.icons FOLDER")
    sys.stdout.write("".join(f"{file}\n" for file in write_pngs(Path(sys.argv[1]))))
