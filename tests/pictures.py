"""The README's pictures, drawn from the real icons and widgets: `python -m tests.pictures`, in the checkout.

The menu and the window show what the real line made of 28 April 2026, replayed until the status page has spoken.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from trayapp.decide.words import WORDS
from trayapp.main.demo import stage
from trayapp.model.level import Level
from trayapp.model.picture import Picture

FOLDER = Path(__file__).parent.parent / "resources" / "pictures"
SPEED = 600.0
LIGHT, DARK, GREY = "#f3f3f3", "#2a2d33", "#8a8f98"


async def picture_of_the_outage() -> Picture:
    """Return what the screen shows once our pings and the status page agree."""
    async with stage(SPEED) as play:
        stop = asyncio.Event()
        play.monitor.listen(lambda event: stop.set() if event.get("level") == "down" else None)
        await play.monitor.run(stop)
        return play.monitor.picture()


def draw(picture: Picture) -> None:
    """Write every picture."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtGui import QFont
    from PySide6.QtWidgets import QApplication

    app = QApplication([])
    app.setStyle("Fusion")
    app.setFont(QFont("DejaVu Sans", 10))
    FOLDER.mkdir(exist_ok=True)
    draw_levels()
    draw_states()
    draw_menu(picture)


def draw_levels() -> None:
    """Write the icon of each level by itself."""
    from trayapp.desktop.icons import image

    for level in Level:
        image(level.value, 22).save(str(FOLDER / f"{level.value}.png"))


def draw_states() -> None:
    """Write all levels side by side, as a light and a dark bar show them, large, small, and in one colour."""
    from PySide6.QtCore import QRect, Qt
    from PySide6.QtGui import QColor, QImage, QPainter

    from trayapp.desktop.icons import image

    width, height, bar = 118, 132, 26
    sheet = QImage(width * len(Level), height + 2 * bar, QImage.Format.Format_ARGB32)
    sheet.fill(QColor("white"))
    painter = QPainter(sheet)
    for index, level in enumerate(Level):
        left = index * width
        painter.drawImage(left + (width - 64) // 2, 18, image(level.value, 64))
        painter.setPen(QColor("black"))
        painter.drawText(QRect(left, 90, width, 30), Qt.AlignmentFlag.AlignCenter, WORDS[level])
        for row, colour in enumerate((LIGHT, DARK)):
            top = height + row * bar
            painter.fillRect(left, top, width, bar, QColor(colour))
            painter.drawImage(left + 22, top + 2, image(level.value, 22))
            painter.drawImage(left + 72, top + 5, mono(level, LIGHT if row else DARK))
    painter.end()
    sheet.save(str(FOLDER / "states.png"))


def mono(level: Level, colour: str):  # type: ignore[no-untyped-def]  # the type is Qt's, which is imported late
    """Return the level's mask in one colour, as a system that colours icons itself shows it."""
    from PySide6.QtGui import QColor, QPainter

    from trayapp.desktop.icons import image

    drawn = image(level.value, 16, mono=True)
    painter = QPainter(drawn)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(drawn.rect(), QColor(colour))
    painter.end()
    return drawn


def draw_menu(picture: Picture) -> None:
    """Write the menu beside the window."""
    from PySide6.QtCore import QPoint, QSize
    from PySide6.QtGui import QColor, QImage, QPainter
    from PySide6.QtWidgets import QApplication

    from trayapp.desktop.menu import TrayMenu
    from trayapp.desktop.window import Window

    tray_menu = TrayMenu(lambda command: None, lambda provider: None)
    tray_menu.show(picture)
    window = Window(lambda command: None)
    window.show_picture(picture)
    window.open("anthropic")
    menu = tray_menu.menu
    menu.popup(QPoint(0, 0))
    QApplication.processEvents()
    shots = [menu.grab(), window.grab()]
    gap = 24
    size = QSize(sum(s.width() for s in shots) + 3 * gap, max(s.height() for s in shots) + 2 * gap)
    sheet = QImage(size, QImage.Format.Format_ARGB32)
    sheet.fill(QColor(GREY))
    painter = QPainter(sheet)
    left = gap
    for shot in shots:
        painter.drawPixmap(left, gap, shot)
        left += shot.width() + gap
    painter.end()
    menu.close()
    window.close()
    sheet.save(str(FOLDER / "menu.png"))


if __name__ == "__main__":
    draw(asyncio.run(picture_of_the_outage()))
