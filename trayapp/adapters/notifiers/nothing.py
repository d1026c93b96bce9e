"""The last resort: shows nothing and never fails, so that whoever tells of an outage need not care.

The tray, its menu and its window tell the same; a log line says that a notice was not shown.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from trayapp.model.effect import Notify
from trayapp.model.picture import Command
from trayapp.model.ports import Capability

#: Everywhere.
PLATFORMS = ()
RANK = 100


class Nothing:
    """Documented never to fail: no method raises, and nothing is shown. Able to do nothing, and says so."""

    name = "nothing"

    @property
    def capabilities(self) -> frozenset[Capability]:
        """None."""
        return frozenset()

    async def start(self) -> None:
        """Works everywhere."""

    async def notify(self, notice: Notify) -> None:
        """Write to the log that it was not shown."""
        logging.getLogger(__name__).info("no notifier works here; not shown: %r", notice.title)

    async def withdraw(self, key: str) -> None:
        """There is nothing to take away."""

    async def close(self) -> None:
        """There is nothing to let go of."""


def make(opened: Callable[[str], None], asked: Callable[[Command], None]) -> Nothing:
    """Return it; nothing of it can be clicked."""
    return Nothing()
