"""Status-page platforms, one file each, found by the name that a vendor gives."""

from __future__ import annotations

from typing import Any, Protocol

from trayapp.simulator.board import Board
from trayapp.simulator.vendors import Vendor


class Platform(Protocol):
    """A module of this folder."""

    def answer(self, vendor: Vendor, board: Board, path: str) -> Any | None:
        """Return the document at `path`, None where the platform has none."""
