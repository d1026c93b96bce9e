"""The smallest PySide6 tray program: an icon, a menu, nothing else."""

from __future__ import annotations

import signal
import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

app = QApplication(sys.argv)
app.setQuitOnLastWindowClosed(False)
drawing = QPixmap(22, 22)
drawing.fill(Qt.GlobalColor.transparent)
painter = QPainter(drawing)
painter.setBrush(QColor("#2a7"))
painter.drawEllipse(2, 2, 18, 18)
painter.end()
menu = QMenu()
menu.addAction("Quit", app.quit)
tray = QSystemTrayIcon(QIcon(drawing))
tray.setContextMenu(menu)
tray.setToolTip("floor")
tray.show()
signal.signal(signal.SIGTERM, signal.SIG_DFL)
sys.exit(app.exec())
