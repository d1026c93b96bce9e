"""The agents in the icon's menu: the offer at its top, and a submenu for each agent that was found here.

Made once and then only changed where a text differs, like the rest of the menu; what is no longer needed is hidden,
for panels forget the place of what is taken out.
"""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from trayapp.desktop.icons import icon
from trayapp.desktop.line import line, say
from trayapp.model.picture import AgentRow, Command, Offer, Picture, PlanSwitch, RestoreAgent, TargetRow

#: Submenus; more agents than these nobody has on one machine.
_MOST = 20
#: Lines of one submenu.
_MOST_TARGETS = 25


class AgentMenu:
    """`ask` gets what the user wants. `top` and `below`: the lines before which offer and submenus stand."""

    def __init__(self, menu: QMenu, top: QAction, below: QAction, ask: Callable[[Command], None]) -> None:
        self._menu = menu
        self._below = below
        self._ask = ask
        self._offered: Offer | None = None
        self._offer = line(menu, "", self._accept)
        menu.removeAction(self._offer)
        menu.insertAction(top, self._offer)
        self._offer.setVisible(False)
        self._boxes: list[_AgentBox] = []

    def show(self, picture: Picture) -> None:
        """Show the picture's agents and its offer."""
        self._offered = picture.offer
        if picture.offer is not None:
            say(self._offer, f"{picture.offer.text}…")
        self._offer.setVisible(picture.offer is not None)
        agents = picture.agents[:_MOST]
        while len(self._boxes) < len(agents):
            self._boxes.append(_AgentBox(self._menu, self._below, self._ask))
        for index, box in enumerate(self._boxes):
            box.show(agents[index] if index < len(agents) else None)

    def _accept(self) -> None:
        if self._offered is None:
            return
        if self._offered.is_back:
            self._ask(RestoreAgent(self._offered.agent))
        else:
            self._ask(PlanSwitch(self._offered.agent, self._offered.provider))


class _AgentBox:
    """One agent's submenu."""

    def __init__(self, menu: QMenu, below: QAction, ask: Callable[[Command], None]) -> None:
        self._ask = ask
        self._row: AgentRow | None = None
        # A parent, or the submenu would end with this function.
        self._menu = QMenu(menu)
        menu.insertMenu(below, self._menu)
        self._menu.menuAction().setMenuRole(QAction.MenuRole.NoRole)
        self._remark = line(self._menu, "", lambda: None)
        self._remark.setEnabled(False)
        self._after_remark = self._menu.addSeparator()
        self._targets: list[QAction] = []
        self._below_targets = self._menu.addSeparator()
        self._back = line(self._menu, "", self._put_back)

    def show(self, row: AgentRow | None) -> None:
        """Show this agent, or nothing."""
        self._row = row
        self._menu.menuAction().setVisible(row is not None)
        if row is None:
            return
        say(self._menu.menuAction(), f"{row.name} — {_uses(row)}", icon(row.uses_level))
        remark = row.watch_only or row.note or row.pickup
        say(self._remark, remark)
        self._remark.setVisible(bool(remark))
        self._after_remark.setVisible(bool(remark))
        self._show_targets(row)
        is_switched = row.switched_to is not None
        say(self._back, _("Put back"))
        self._back.setVisible(is_switched)
        self._below_targets.setVisible(is_switched)

    def _show_targets(self, row: AgentRow) -> None:
        targets = () if row.watch_only else row.targets[:_MOST_TARGETS]
        while len(self._targets) < len(targets):
            self._targets.append(self._new_target(len(self._targets)))
        for index, action in enumerate(self._targets):
            action.setVisible(index < len(targets))
            if index < len(targets):
                target = targets[index]
                is_used = target.provider == row.provider
                say(action, _label(target, is_used=is_used), icon(target.level))
                # A click has turned the mark over by itself: what is true is set in any case.
                action.setChecked(is_used)

    def _new_target(self, index: int) -> QAction:
        action = line(self._menu, "", lambda: self._choose(index))
        action.setCheckable(True)
        self._menu.removeAction(action)
        self._menu.insertAction(self._below_targets, action)
        return action

    def _choose(self, index: int) -> None:
        row = self._row
        if row is None or index >= len(row.targets):
            return
        # Whatever is chosen, the mark stays with what is true until the picture says otherwise.
        self._show_targets(row)
        chosen = row.targets[index].provider
        if chosen != row.provider:
            self._ask(PlanSwitch(row.id, chosen))

    def _put_back(self) -> None:
        if self._row is not None:
            self._ask(RestoreAgent(self._row.id))


def _uses(row: AgentRow) -> str:
    return _("{provider} (on fallback)").format(provider=row.uses) if row.switched_to is not None else row.uses


def _label(target: TargetRow, *, is_used: bool) -> str:
    text = f"{target.name} — {target.word}"
    if is_used:
        # Where a line has a picture some panels leave out the mark.
        return _("{text} (in use)").format(text=text)
    return _("{text} (another name for the same)").format(text=text) if target.same_upstream else text
