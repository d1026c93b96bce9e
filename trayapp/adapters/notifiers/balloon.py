"""Plain balloons through plyer: the last but one, for a desktop where nothing better can be loaded.

plyer cannot say whether a notice was shown, nor replace or take one away; hence no capability. Its faults, read in the
source of 2.1.0, are kept out here: notify-send takes a title with a leading "-" for an option; Windows' fields hold 63
and 255 UTF-16 units and overflow in a thread where nobody sees it; under Flatpak the text goes unquoted into a
command; on Windows the notifying thread sleeps and would hold up the program's end were it not a daemon's child.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

from trayapp.adapters.notifiers._deadline import DEADLINE_S, Stuck
from trayapp.adapters.notifiers._text import clean, cut_utf16
from trayapp.adapters.notifiers._thread import in_daemon_thread
from trayapp.model.effect import Notify
from trayapp.model.picture import Command
from trayapp.model.ports import Capability, Refused

PLATFORMS = ("linux", "win32", "darwin")
RANK = 60

#: NOTIFYICONDATAW: szInfoTitle has 64 units, szInfo 256, each with a closing zero.
#: https://learn.microsoft.com/windows/win32/api/shellapi/ns-shellapi-notifyicondataw
TITLE_UNITS = 63
BODY_UNITS = 255
#: plyer takes this folder for a Flatpak.
FLATPAK = Path("/app")


class Balloon:
    """A balloon that appears and goes by itself."""

    name = "plyer"

    def __init__(self, flatpak: Path = FLATPAK, better: str | None = None) -> None:
        """`better`: a module that, when it is there, reaches the same daemon and can tell a failure."""
        self._flatpak = flatpak
        self._better = better

    @property
    def capabilities(self) -> frozenset[Capability]:
        """None."""
        return frozenset()

    async def start(self) -> None:
        """Raises Refused where plyer is not to be used."""
        if self._better is not None and importlib.util.find_spec(self._better) is not None:
            raise Refused(f"would ask the same daemon as {self._better} does, and could not tell a failure")
        if self._flatpak.is_dir():
            raise Refused(f"not under Flatpak ({self._flatpak} is there)")
        if importlib.util.find_spec("plyer") is None:
            raise Refused("plyer is not installed")

    async def notify(self, notice: Notify) -> None:
        """Hand it to plyer. Raises Refused when plyer knows no way here, Stuck after two seconds."""
        await self.start()
        title, body = _fitting(notice.title, TITLE_UNITS), _fitting(notice.text(has_buttons=False), BODY_UNITS)
        try:
            await asyncio.wait_for(in_daemon_thread(lambda: _show(title, body)), DEADLINE_S)
        except TimeoutError:
            raise Stuck(f"plyer did not come back within {DEADLINE_S:g} s") from None
        except NotImplementedError:
            raise Refused("plyer knows no way to show a notice here") from None
        except Exception as error:  # each of plyer's platforms has its own
            raise Refused(f"plyer failed ({type(error).__name__})") from error

    async def withdraw(self, key: str) -> None:
        """A balloon cannot be taken away; it goes by itself."""

    async def close(self) -> None:
        """There is nothing to let go of."""


def make(opened: Callable[[str], None], asked: Callable[[Command], None]) -> Balloon:
    """Return the notifier; a balloon cannot be clicked."""
    return Balloon(better="dbus_fast" if sys.platform == "linux" else None)


def _show(title: str, body: str) -> None:
    importlib.import_module("plyer").notification.notify(title=title, message=body, app_name="Uptray", timeout=10)


def _fitting(text: str, units: int) -> str:
    """Return the text as every platform of plyer takes it: in its bounds, not empty, and no option of a command."""
    line = clean(text, units).lstrip("-\u2010\u2011\u2012\u2013\u2014 ")
    return cut_utf16(line, units) or "Uptray"
