"""Starts the desktop: screen check, one instance, icon, then the asyncio loop inside Qt's, then whoever uses the desk.

What is slow to import (asyncio alone takes 50 ms) comes after the icon is up. PySide6 is imported before qasync, which
otherwise looks for another binding first.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from trayapp.desktop.bridge import QtScreen
from trayapp.desktop.display import is_without_theme, why_no_screen, without_gtk
from trayapp.desktop.instance import Instance, Word
from trayapp.model.level import Level
from trayapp.model.picture import Command, Picture, Quit

if TYPE_CHECKING:
    import asyncio

    from trayapp.model.ports import Host, Notifier, Screen

log = logging.getLogger(__name__)

#: EX_UNAVAILABLE and EX_TEMPFAIL of sysexits.h.
NO_SCREEN = 69
NO_ANSWER = 75
#: Seconds that `start` may take to close everything; the app ends within one second of being asked to.
_GOODBYE_S = 0.9

#: The neutral light until something is known.
_FIRST = Picture(Level.UNKNOWN, _("Looking for the first time"), _("Uptray is starting"))


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desktop offers to who runs on it."""

    screen: Screen
    host: Host
    #: Qt's own messages, for want of a better notifier.
    notifier: Notifier
    #: Set when the app shall end; whoever has to close something then has 0.9 s.
    stop: asyncio.Event
    #: Shows an https page in the browser; anything else is refused and logged.
    open_url: Callable[[str], None]
    #: Shows a file in the user's editor.
    open_file: Callable[[Path], None]


def run(start: Callable[[Desk], Awaitable[None]], *, instance_folder: Path, is_saving: Callable[[], bool]) -> int:
    """Show the icon and run `start` until the user quits; return the exit code.

    0 also when the app ran already and was shown; 69 without a screen; 75 when the app runs but does not answer.
    Raises Refused when `instance_folder` cannot hold the lock, and what `start` raises.
    """
    if (reason := why_no_screen(os.environ)) is not None:
        sys.stderr.write(f"uptray: {reason}\n")
        return NO_SCREEN
    instance = Instance(instance_folder)
    if not instance.claim():
        return _show_first(instance)
    try:
        app = _application()
        screen = QtScreen(_FIRST)
        return _Running(app, screen, instance, is_saving).run(start)
    finally:
        instance.release()


def _show_first(instance: Instance) -> int:
    if instance.tell(Word.SHOW):
        return 0
    sys.stderr.write("uptray: it runs already, but does not answer\n")
    return NO_ANSWER


class _Application(QApplication):
    """Takes Qt's wish to quit (the end of an X11 session, Cmd-Q) for a wish to stop.

    Were it obeyed at once, Qt's loop would end under the running task, and what qasync runs after that finds no running
    loop: the first wait for an event then raises RuntimeError (qasync 0.28).
    """

    def __init__(self) -> None:
        super().__init__([sys.argv[0]])
        self.on_quit: Callable[[], None] | None = None

    def event(self, event: QEvent) -> bool:
        """Handle what is sent to the app itself, which is little."""
        if event.type() == QEvent.Type.Quit and self.on_quit is not None:
            self.on_quit()
            return True
        return super().event(event)


def _application() -> _Application:
    with without_gtk(os.environ):
        app = _Application()
    # The name is also the id of the tray icon on D-Bus, by which panels remember where it belongs.
    app.setApplicationName("uptray")
    app.setApplicationDisplayName("Uptray")
    app.setDesktopFileName("io.github.uptray.Uptray")
    app.setQuitOnLastWindowClosed(False)
    return app


class _Running:
    """The app from the icon to its end."""

    def __init__(self, app: _Application, screen: QtScreen, instance: Instance, is_saving: Callable[[], bool]) -> None:
        self._app = app
        self._screen = screen
        self._instance = instance
        self._is_saving = is_saving

    def run(self, start: Callable[[Desk], Awaitable[None]]) -> int:
        """Run the loop until `stop` is set."""
        import qasync

        from trayapp.desktop.workers import Workers

        hook, sys.excepthook = sys.excepthook, _log_defect
        loop: asyncio.AbstractEventLoop = qasync.QEventLoop(self._app)
        try:
            with loop:  # type: ignore[attr-defined]  # qasync's loop is its own context manager
                loop.set_default_executor(Workers())
                loop.set_exception_handler(_log_context)
                self._run_in(loop, start)
        finally:
            sys.excepthook = hook
        return 0

    def _run_in(self, loop: asyncio.AbstractEventLoop, start: Callable[[Desk], Awaitable[None]]) -> None:
        import asyncio

        asyncio.set_event_loop(loop)
        stop = asyncio.Event()
        task = loop.create_task(self._main(start, stop))
        self._app.on_quit = stop.set
        try:
            loop.run_until_complete(task)
        finally:
            asyncio.set_event_loop(None)

    async def _main(self, start: Callable[[Desk], Awaitable[None]], stop: asyncio.Event) -> None:
        import asyncio

        from trayapp.desktop.message import QtMessageNotifier
        from trayapp.desktop.network import QtHost
        from trayapp.desktop.opening import open_file, open_url

        host = QtHost(self._is_saving)
        self._obey(stop)
        self._instance.listen(lambda word: self._screen.open_window() if word is Word.SHOW else stop.set())
        desk = Desk(self._screen, host, QtMessageNotifier(self._screen.tray), stop, open_url, open_file)
        work = asyncio.ensure_future(start(desk))
        asking = asyncio.ensure_future(stop.wait())
        try:
            host.listen()
            self._follow_theme()
            await asyncio.wait({work, asking}, return_when=asyncio.FIRST_COMPLETED)
            if work.done() and work.exception() is None:
                await asking
        finally:
            self._screen.close()
            host.stop()
            await _end(work, asking)
        if work.done() and not work.cancelled():
            work.result()

    def _follow_theme(self) -> None:
        if is_without_theme(os.environ):
            from trayapp.desktop.theme import PortalTheme

            self._theme = PortalTheme()

    def _obey(self, stop: asyncio.Event) -> None:
        """End at Quit, at signals, and with the session."""

        def quit_(command: Command) -> None:
            if isinstance(command, Quit):
                stop.set()

        self._screen.on_command(quit_)
        _obey_signals(stop)
        if sys.platform == "win32":
            # Windows may end the process as soon as it has answered to the end of the session. Elsewhere this also
            # comes when a session is merely saved, and the end comes as a wish to quit.
            self._app.commitDataRequest.connect(lambda _manager: stop.set())


def _obey_signals(stop: asyncio.Event) -> None:
    import asyncio
    import signal

    loop = asyncio.get_running_loop()
    if sys.platform == "win32":
        signal.signal(signal.SIGINT, lambda *_: loop.call_soon_threadsafe(stop.set))
        return
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(name, stop.set)


async def _end(work: asyncio.Future[None], asking: asyncio.Future[Any]) -> None:
    """Give `work` its time to close, then end it and all other tasks."""
    import asyncio

    await asyncio.wait({work}, timeout=_GOODBYE_S)
    if not work.done():
        log.warning("not everything could be closed within %s s", _GOODBYE_S)
    asking.cancel()
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    if rest:
        await asyncio.wait(rest, timeout=0.05)


def _log_context(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    log.error("%s", context.get("message", "a task failed"), exc_info=error if error is not None else False)


def _log_defect(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
    log.error("a call from Qt failed", exc_info=(kind, error, at))
