"""The smallest program with a tray icon: red until "Green" is clicked in its menu, gone after "More", "Quit"."""

from __future__ import annotations

import sys

from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

application = QApplication(sys.argv)


def icon(colour: str) -> QIcon:
    pixmap = QPixmap(32, 32)
    pixmap.fill(QColor(colour))
    return QIcon(pixmap)


tray = QSystemTrayIcon(icon("#e01b24"))
tray.setToolTip("red\nsecond line")


def turn_green() -> None:
    tray.setIcon(icon("#2ec27e"))
    tray.setToolTip("green")


menu = QMenu()
menu.addAction("&Green").triggered.connect(turn_green)
menu.addSeparator()
checked = menu.addAction("Checked")
checked.setCheckable(True)
checked.setChecked(True)
menu.addAction("Disabled").setEnabled(False)
more = QMenu("More")
more.addAction("Quit").triggered.connect(application.quit)
menu.addMenu(more)
tray.setContextMenu(menu)
tray.show()
application.exec()
