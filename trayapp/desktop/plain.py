"""Text from outside, shown as what it is: no widget of ours renders markup.

Qt's labels and tooltips guess (Qt.AutoText): what looks like HTML is rendered, and an image in it is read from any
local or network path. https://doc.qt.io/qt-6/qt.html#TextFormat-enum
"""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


def tip(widget: QWidget, text: str) -> None:
    """Give the widget a tooltip that shows `text` as it is, wrapped when it is long."""
    widget.setToolTip(f"<qt>{escape(text)}</qt>" if text else "")


class PlainLabel(QLabel):
    """A label that shows exactly the characters it is given, wraps, and lets them be selected and copied."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setText(text)

    def say(self, text: str) -> None:
        """Show the text; hide the label while there is none."""
        if text != self.text():
            self.setText(text)
        self.setVisible(bool(text))
