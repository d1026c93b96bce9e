"""Notices on Windows and macOS: the system's own notification center, through desktop-notifier.

Written against the source of desktop-notifier 6.2; not yet run on either system. Three of its ways matter here: a
failure is logged and swallowed (only `on_dispatched` tells success), outside of a macOS app bundle a dummy drops every
notice (only its empty capabilities tell), and `has_authorisation` fails on macOS, where `request_authorisation` works.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from trayapp.adapters.notifiers._asking import unheard
from trayapp.adapters.notifiers._deadline import DEADLINE_S, Stuck
from trayapp.adapters.notifiers._text import BODY_LENGTH, LABEL_LENGTH, TITLE_LENGTH, clean
from trayapp.adapters.notifiers._thread import in_daemon_thread
from trayapp.model.effect import Notify
from trayapp.model.picture import Command
from trayapp.model.ports import Capability, Refused

PLATFORMS = ("win32", "darwin")
RANK = 10

#: Windows shows it above every toast; it must be the process's AppUserModelID and that of the Start menu's shortcut.
#: https://learn.microsoft.com/windows/win32/shell/appids
APP_USER_MODEL_ID = "Uptray"


class Toast:
    """The notification center. On Windows a notice's key is the toast's tag, on macOS the request's identifier."""

    name = "desktop-notifier"

    def __init__(
        self,
        opened: Callable[[str], None],
        load: Callable[[], Any] | None = None,
        asked: Callable[[Command], None] = unheard,
    ) -> None:
        """`opened` gets the https address of a notice that was clicked, `asked` what a button asks for.

        `load` returns desktop-notifier.
        """
        self._opened = opened
        self._asked = asked
        self._load = load or (lambda: importlib.import_module("desktop_notifier"))
        self._library: Any = None
        self._center: Any = None
        self._asking: asyncio.Task[bool] | None = None
        self._works = False

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Both systems can do everything; nothing before `start`."""
        return frozenset(Capability) if self._works else frozenset()

    async def start(self) -> None:
        """Find the center and ask for permission. Raises Refused: none here, or not allowed; Stuck."""
        async with _guarded():
            await self._meet()

    async def notify(self, notice: Notify) -> None:
        """Show it, in the place of the one with the same key. Raises Refused; Stuck."""
        shown: list[bool] = []
        async with _guarded():
            await self._meet()
            await self._center.send_notification(self._toast(notice, lambda: shown.append(True)))
        if not shown:
            raise Refused("the notification center did not take the notice; its reason is in the log")

    async def withdraw(self, key: str) -> None:
        """Take the notice out of the center. Raises Refused; Stuck."""
        if self._works:
            async with _guarded():
                await self._center.clear(_identifier(key))

    async def close(self) -> None:
        """Let go of the center; what is shown stays."""
        if self._asking is not None:
            self._asking.cancel()
        self._center = self._asking = None
        self._works = False

    def _toast(self, notice: Notify, dispatched: Callable[[], object]) -> Any:
        label, link = notice.action or ("", "")
        call = self._on_loop(partial(self._opened, link)) if link.startswith("https://") else None
        wanted = [(each, self._on_loop(partial(self._asked, command))) for each, command in notice.commands]
        wanted += [(label, call)] if call else []
        buttons = [
            self._library.Button(title=clean(each, LABEL_LENGTH) or "Open", on_pressed=do) for each, do in wanted
        ]
        return self._library.Notification(
            title=clean(notice.title, TITLE_LENGTH),
            message=clean(notice.text(has_buttons=True), BODY_LENGTH),
            urgency=self._library.Urgency(notice.urgency.value),
            buttons=tuple(buttons),
            on_clicked=call,
            on_dispatched=dispatched,
            identifier=_identifier(notice.key),
        )

    @staticmethod
    def _on_loop(deed: Callable[[], None]) -> Callable[[], object]:
        # Windows calls from a thread of its own.
        loop = asyncio.get_running_loop()
        return lambda: loop.call_soon_threadsafe(deed)

    async def _meet(self) -> None:
        if self._library is None:
            try:
                self._library = await in_daemon_thread(self._load)
            except ImportError as error:
                raise Refused(f"desktop-notifier cannot be loaded ({error})") from error
        if self._center is None:
            self._center = self._library.DesktopNotifier(app_name=APP_USER_MODEL_ID, app_icon=None)
        if not await self._center.get_capabilities():
            raise Refused("there is no notification center for this process (on macOS it takes an app bundle)")
        if self._asking is None or (self._asking.done() and not _granted(self._asking)):
            self._asking = asyncio.ensure_future(self._center.request_authorisation())
        # The first time, macOS asks the user: the question goes on when the deadline has passed.
        self._works = await asyncio.shield(self._asking)
        if not self._works:
            raise Refused("notices of this app are switched off in the system's settings")


def make(opened: Callable[[str], None], asked: Callable[[Command], None]) -> Toast:
    """Return the notifier for the system's notification center."""
    return Toast(opened, asked=asked)


@asynccontextmanager
async def _guarded() -> AsyncIterator[None]:
    """Turn what goes wrong in the library and below it, which differs by system and version, into a refusal."""
    try:
        async with asyncio.timeout(DEADLINE_S):
            yield
    except Refused:
        raise
    except TimeoutError:
        raise Stuck(f"the notification center did not answer within {DEADLINE_S:g} s") from None
    except Exception as error:
        raise Refused(f"desktop-notifier failed ({clean(f'{type(error).__name__}: {error}', 100)})") from error


def _granted(asking: asyncio.Task[bool]) -> bool:
    return not asking.cancelled() and asking.exception() is None and asking.result()


def _identifier(key: str) -> str:
    """Return the key as Windows takes a tag: at most 64 characters."""
    return clean(key, 64)
