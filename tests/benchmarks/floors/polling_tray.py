"""The same with qasync and one httpx client that polls the URLs given as arguments, each every 30 seconds."""

from __future__ import annotations

import asyncio
import signal
import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

app = QApplication(sys.argv[:1])
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
tray.show()

import httpx  # noqa: E402  # as ours, after the icon
import qasync  # noqa: E402


async def poll() -> None:
    async with httpx.AsyncClient() as client:
        while True:
            for url in sys.argv[1:]:
                await client.get(url)
            await asyncio.sleep(30)


signal.signal(signal.SIGTERM, signal.SIG_DFL)
loop = qasync.QEventLoop(app)
asyncio.set_event_loop(loop)
with loop:
    loop.run_until_complete(poll())
