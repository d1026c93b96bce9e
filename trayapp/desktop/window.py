"""The window: the same as icon and menu in full sentences, for keyboard, screen reader, and desktops without tray.

An ordinary decorated window that the window manager places: no popup can be put beside the icon, since D-Bus trays and
Wayland tell nobody where it is.
"""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QFont, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QStyle, QVBoxLayout, QWidget

from trayapp.desktop.details import Details
from trayapp.desktop.icons import app_icon, icon
from trayapp.desktop.plain import PlainLabel
from trayapp.desktop.rows import RowList
from trayapp.model.picture import CheckNow, Command, OpenPage, OpenPreferences, Picture, Quit, Refresh

#: Device-independent pixels.
_SIZE = QSize(820, 470)
_LIGHT = 40


class Window(QWidget):
    """Shows Pictures. Closing it hides it; without a tray, where nothing else could bring it back, it quits."""

    def __init__(self, ask: Callable[[Command], None]) -> None:
        super().__init__()
        self._ask = ask
        self._picture: Picture | None = None
        self._without_tray = ""
        self.setWindowIcon(app_icon())
        self.resize(_SIZE)
        self.setMinimumSize(420, 280)
        self._light = QLabel()
        self._headline = PlainLabel()
        self._complaint = _Line(QStyle.StandardPixmap.SP_MessageBoxWarning)
        self._explanation = _Line(QStyle.StandardPixmap.SP_MessageBoxInformation)
        self._rows = RowList()
        self._details = Details(lambda provider: ask(OpenPage(provider)))
        self._rows.currentItemChanged.connect(lambda *_: self._details.show_row(self._rows.selected()))
        self._lay_out()
        for key in (Qt.Key.Key_Escape, QKeySequence.StandardKey.Close):
            QShortcut(QKeySequence(key), self, self.close)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Refresh), self, lambda: ask(CheckNow()))

    def open(self, provider: str | None = None) -> None:
        """Show the window before all others, with this provider selected, or the worst."""
        was_hidden = not self.isVisible()
        self.show()
        if provider is not None or was_hidden:
            self._rows.select(provider)
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()

    def show_picture(self, picture: Picture) -> None:
        """Show it, now or as soon as the window is open."""
        self._picture = picture
        if self.isVisible():
            self._apply(picture)

    def explain(self, reason: str) -> None:
        """Say why there is no icon in the tray; an empty reason: there is one."""
        self._without_tray = reason
        self._explanation.say(reason)

    # ---- Qt

    def showEvent(self, event: QShowEvent) -> None:
        """Bring what is shown up to date."""
        if not event.spontaneous():
            self._ask(Refresh())
            if self._picture is not None:
                self._apply(self._picture)
        super().showEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hide. The event is accepted: a window that refuses to close would stop the end of the session."""
        if self._without_tray:
            self._ask(Quit())
        super().closeEvent(event)

    # ---- inside

    def _lay_out(self) -> None:
        large = QFont(self._headline.font())
        large.setPointSizeF(large.pointSizeF() * 1.35)
        self._headline.setFont(large)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self._light)
        top.addWidget(self._headline, stretch=1)
        body = QSplitter(Qt.Orientation.Horizontal)
        body.setChildrenCollapsible(False)
        body.addWidget(self._rows)
        body.addWidget(self._details)
        body.setSizes([300, 500])
        body.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addLayout(top)
        layout.addWidget(self._complaint)
        layout.addWidget(self._explanation)
        layout.addWidget(body, stretch=1)
        layout.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        buttons = QHBoxLayout()
        preferences = QPushButton(_("Preferences file"))
        preferences.clicked.connect(lambda: self._ask(OpenPreferences()))
        check = QPushButton(_("Check now"))
        check.clicked.connect(lambda: self._ask(CheckNow()))
        buttons.addWidget(preferences)
        buttons.addStretch()
        buttons.addWidget(check)
        return buttons

    def _apply(self, picture: Picture) -> None:
        self.setWindowTitle(picture.headline)
        self._light.setPixmap(icon(picture.level).pixmap(QSize(_LIGHT, _LIGHT), self.devicePixelRatio()))
        self._light.setAccessibleName(picture.level.value)
        self._headline.say(picture.headline)
        self._complaint.say(picture.complaint or "")
        self._explanation.say(self._without_tray)
        self._rows.show_rows(picture.rows)
        self._details.show_row(self._rows.selected())


class _Line(QWidget):
    """A sentence with a sign before it, hidden while there is nothing to say."""

    def __init__(self, sign: QStyle.StandardPixmap) -> None:
        super().__init__()
        picture = QLabel()
        size = self.fontMetrics().height() + 4
        picture.setPixmap(self.style().standardIcon(sign).pixmap(size, size))
        self._text = PlainLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(picture, alignment=Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._text, stretch=1)
        self.setVisible(False)

    def say(self, text: str) -> None:
        """Show the sentence."""
        self._text.say(text)
        self.setVisible(bool(text))
