"""The vendors' APIs, one file for each dialect, found by the name that a vendor gives."""

from __future__ import annotations

from typing import Protocol

from trayapp.simulator.apis._door import Door
from trayapp.simulator.exchange import Answer, Ask
from trayapp.simulator.vendors import Vendor


class Dialect(Protocol):
    """A module of this folder."""

    def answer(self, vendor: Vendor, ask: Ask, door: Door) -> Answer:
        """Answer the request. Raises Broken where it passes through what is broken."""

    def error(self, status: int, code: str | None, message: str, number: int) -> Answer:
        """Return an error in the vendor's form; without code and message it is the usual one for the status.

        `number` is the request's, from which its id is made.
        """
