"""The Screen: hands each Picture to icon, menu and window, and passes on what the user asks for."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from trayapp.desktop.menu import TrayMenu
from trayapp.desktop.tray import Tray
from trayapp.desktop.trayhost import why_no_tray
from trayapp.model.picture import Command, Picture

if TYPE_CHECKING:
    from trayapp.desktop.planwindow import PlanWindow
    from trayapp.desktop.window import Window


class QtScreen:
    """Implements `model.ports.Screen`. The window is made when it is first wanted: most sessions never see it."""

    def __init__(self, first: Picture) -> None:
        self._calls: list[Callable[[Command], None]] = []
        self._picture = first
        self._window: Window | None = None
        self._plan: PlanWindow | None = None
        self._menu = TrayMenu(self._pass_on, self.open_window)
        self._menu.show(first)
        self.tray = Tray(first, self._menu.menu, self.open_window, self._tray_presence)

    def show(self, picture: Picture) -> None:
        """Show it; returns at once."""
        self._picture = picture
        self.tray.show(picture)
        self._menu.show(picture)
        if self._window is not None:
            self._window.show_picture(picture)
        if picture.plan is not None or self._plan is not None:
            self._made_plan().show_plan(picture.plan)

    def on_command(self, call: Callable[[Command], None]) -> None:
        """Have `call` called for each thing the user asks for."""
        self._calls.append(call)

    def open_window(self, provider: str | None = None) -> None:
        """Show the window before all others, with the details of this provider."""
        self._made_window().open(provider)

    def close(self) -> None:
        """Take everything off the screen."""
        self.tray.hide()
        if self._window is not None:
            self._window.hide()
        if self._plan is not None:
            self._plan.hide()

    def _made_plan(self) -> PlanWindow:
        if self._plan is None:
            from trayapp.desktop.planwindow import PlanWindow

            self._plan = PlanWindow(self._pass_on)
        return self._plan

    def _made_window(self) -> Window:
        if self._window is None:
            from trayapp.desktop.window import Window

            self._window = Window(self._pass_on)
            self._window.show_picture(self._picture)
            self._explain()
        return self._window

    def _tray_presence(self, is_present: bool) -> None:
        if not is_present:
            # What cannot be seen anywhere is not there: the window stands in for the icon.
            self.open_window()
        self._explain()

    def _explain(self) -> None:
        if self._window is not None:
            self._window.explain(why_no_tray(os.environ) if self.tray.is_present is False else "")

    def _pass_on(self, command: Command) -> None:
        for call in self._calls:
            call(command)
