"""The list of providers in the window: shape, name, word, and below them the verdict's sentence."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from trayapp.desktop.icons import icon
from trayapp.model.level import rank
from trayapp.model.picture import Row

_ROW = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex

#: Device-independent pixels.
_ICON = 24
_MARGIN = 8


class RowList(QListWidget):
    """A list of rows; an item keeps its place, and its selection, while the rows stay the same providers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Providers"))
        self.setItemDelegate(_RowDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setUniformItemSizes(True)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows in this order."""
        before = self.selected()
        if [row.provider for row in rows] != [row.provider for row in self._rows()]:
            self.clear()
            for _each in rows:
                self.addItem(QListWidgetItem())
        for index, row in enumerate(rows):
            self._fill(self.item(index), row)
        if self.selected() is None and rows:
            self.select(before.provider if before else None)

    def select(self, provider: str | None) -> None:
        """Select this provider, or the worst one when it is None or not there."""
        rows = self._rows()
        if rows:
            worst = min(range(len(rows)), key=lambda index: rank(rows[index].level))
            places = {row.provider: index for index, row in enumerate(rows)}
            self.setCurrentRow(places.get(provider or "", worst))

    def selected(self) -> Row | None:
        """Return the selected row."""
        item = self.currentItem()
        row: Row | None = item.data(_ROW) if item is not None else None
        return row

    def _rows(self) -> list[Row]:
        found = [self.item(index).data(_ROW) for index in range(self.count())]
        return [row for row in found if row is not None]

    @staticmethod
    def _fill(item: QListWidgetItem, row: Row) -> None:
        if item.data(_ROW) != row:
            item.setData(_ROW, row)
            # Read aloud, and found by typing.
            item.setText(f"{row.name}: {row.word}")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{row.name}: {row.word}. {row.summary}")


class _RowDelegate(QStyledItemDelegate):
    """Draws a row by the style's own background and plain text."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        line = QFontMetrics(option.font).lineSpacing()
        return QSize(0, max(_ICON, 2 * line + 2) + 2 * _MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row: Row | None = index.data(_ROW)
        if row is None:
            return
        _draw_background(painter, option, index, self)
        inner = option.rect.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        left = QRect(inner.left(), inner.top(), _ICON, inner.height())
        icon(row.level).paint(painter, left)
        text = inner.adjusted(_ICON + _MARGIN, 0, 0, 0)
        painter.save()
        _draw_texts(painter, option, text, row)
        painter.restore()


def _draw_background(
    painter: QPainter, option: QStyleOptionViewItem, index: _Index, delegate: QStyledItemDelegate
) -> None:
    empty = QStyleOptionViewItem(option)
    delegate.initStyleOption(empty, index)
    empty.text = ""
    widget = option.widget
    widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, empty, painter, widget)


def _draw_texts(painter: QPainter, option: QStyleOptionViewItem, box: QRect, row: Row) -> None:
    is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
    strong, faint = _colours(option, is_selected)
    bold = QFont(option.font)
    bold.setWeight(QFont.Weight.DemiBold)
    plain = QFontMetrics(option.font)
    upper = QRect(box.left(), box.top(), box.width(), plain.lineSpacing())
    lower = upper.translated(0, plain.lineSpacing() + 2)

    painter.setPen(strong)
    # The advance is rounded, and a text of just that width would be cut.
    word_width = min(plain.horizontalAdvance(row.word) + 2, box.width() // 2)
    painter.drawText(
        upper,
        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
        plain.elidedText(row.word, Qt.TextElideMode.ElideRight, word_width),
    )
    painter.setFont(bold)
    name_width = box.width() - word_width - _MARGIN
    name = QFontMetrics(bold).elidedText(row.name, Qt.TextElideMode.ElideRight, name_width)
    painter.drawText(upper, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
    painter.setFont(option.font)
    painter.setPen(faint)
    summary = plain.elidedText(row.summary, Qt.TextElideMode.ElideRight, lower.width())
    painter.drawText(lower, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, summary)


def _colours(option: QStyleOptionViewItem, is_selected: bool) -> tuple[QColor, QColor]:
    is_active = bool(option.state & QStyle.StateFlag.State_Active)
    group = QPalette.ColorGroup.Active if is_active else QPalette.ColorGroup.Inactive
    role = QPalette.ColorRole.HighlightedText if is_selected else QPalette.ColorRole.Text
    strong = option.palette.color(group, role)
    faint = option.palette.color(group, role)
    faint.setAlphaF(0.72)
    return strong, faint
