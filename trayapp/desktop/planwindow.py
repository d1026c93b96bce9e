"""A switch before it is made: what would change in which file, with the secrets masked, and the two buttons."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QFontDatabase, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from trayapp.desktop.icons import app_icon
from trayapp.desktop.plain import PlainLabel
from trayapp.model.picture import Command, DropPlan, Plan, SwitchAgent

#: Device-independent pixels.
_SIZE = (680, 420)


class PlanWindow(QWidget):
    """Shows one plan. `ask` gets the switch when the user wants it, else that they do not."""

    def __init__(self, ask: Callable[[Command], None]) -> None:
        super().__init__()
        self._ask = ask
        self._plan: Plan | None = None
        self.setWindowIcon(app_icon())
        self.resize(*_SIZE)
        self._title = PlainLabel()
        self._remarks = PlainLabel()
        self._diff = QPlainTextEdit(readOnly=True)
        self._diff.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._diff.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._diff.setAccessibleName(_("What would change"))
        self._buttons = QDialogButtonBox()
        self._switch = self._buttons.addButton(_("Switch"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._cancel = self._buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self._switch.clicked.connect(self._accept)
        self._cancel.clicked.connect(self.close)
        box = QVBoxLayout(self)
        for widget in (self._title, self._diff, self._remarks, self._buttons):
            box.addWidget(widget)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)

    def show_plan(self, plan: Plan | None) -> None:
        """Show this plan before all other windows; None: there is nothing to decide any more."""
        if plan == self._plan:
            return
        self._plan = plan
        if plan is None:
            self.hide()
            return
        self.setWindowTitle(plan.title)
        self._title.say(plan.title)
        remarks = [*([plan.refusal] if plan.refusal else []), *plan.remarks]
        self._remarks.say("\n".join(remarks))
        self._diff.setPlainText("\n".join(plan.diff))
        self._diff.setVisible(bool(plan.diff))
        self._switch.setVisible(not plan.refusal)
        self._cancel.setText(_("Close") if plan.refusal else _("Cancel"))
        (self._cancel if plan.refusal else self._switch).setFocus()
        self.show()
        self.raise_()
        self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window is a no."""
        super().closeEvent(event)
        self._decide(DropPlan())

    def _accept(self) -> None:
        if self._plan is not None:
            self._decide(SwitchAgent(self._plan.agent, self._plan.provider))

    def _decide(self, command: Command) -> None:
        if self._plan is not None:
            self._plan = None
            self.hide()
            self._ask(command)
