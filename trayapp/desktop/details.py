"""What is known about one provider: the sentence, the facts, and the way to its status page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from gettext import gettext as _

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from trayapp.desktop.plain import PlainLabel, tip
from trayapp.model.picture import Fact, Row


class Details(QWidget):
    """`open_page` gets the id of the provider whose status page the user wants to see."""

    def __init__(self, open_page: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._open_page = open_page
        self._provider: str | None = None
        self._name = PlainLabel()
        bold = QFont(self._name.font())
        bold.setWeight(QFont.Weight.DemiBold)
        bold.setPointSizeF(bold.pointSizeF() * 1.2)
        self._name.setFont(bold)
        self._summary = PlainLabel()
        self._facts = _Facts()
        self._page = QPushButton(_("Status page"))
        self._page.clicked.connect(self._page_clicked)
        buttons = QHBoxLayout()
        buttons.addWidget(self._page)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._name)
        layout.addWidget(self._summary)
        layout.addWidget(self._facts, stretch=1)
        layout.addLayout(buttons)
        self.show_row(None)

    def show_row(self, row: Row | None) -> None:
        """Show this provider; nothing for None."""
        self._provider = row.provider if row else None
        self._name.say(f"{row.name}: {row.word}" if row else "")
        self._summary.say(row.summary if row else "")
        self._facts.show_facts(row.facts if row else ())
        page = row.page if row else None
        self._page.setVisible(page is not None)
        tip(self._page, page or "")

    def _page_clicked(self) -> None:
        if self._provider is not None:
            self._open_page(self._provider)


class _Facts(QScrollArea):
    """Labelled lines; the labels are kept and only their texts change, so that nothing flickers or scrolls away."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(_("Details"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        self._form = QFormLayout(inner)
        self._form.setContentsMargins(0, 0, 8, 0)
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(4)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._lines: list[tuple[PlainLabel, PlainLabel]] = []
        self.setWidget(inner)
        # The list's own colour behind text would cut the window in two.
        self.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these facts in this order."""
        while len(self._lines) < len(facts):
            self._add_line()
        for index, (label, value) in enumerate(self._lines):
            is_used = index < len(facts)
            if is_used:
                label.say(facts[index].label)
                value.say(facts[index].value)
            self._form.setRowVisible(index, is_used)

    def _add_line(self) -> None:
        label, value = PlainLabel(), PlainLabel()
        label.setWordWrap(False)
        label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        label.setForegroundRole(label.palette().ColorRole.PlaceholderText)
        label.setBuddy(value)
        self._form.addRow(label, value)
        self._lines.append((label, value))
