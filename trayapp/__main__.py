"""Where it starts: `uptray` in a terminal, `uptray-tray` from a menu or at login."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name, without one the tray app; return the exit code."""
    from trayapp.cli import run
    from trayapp.main import House

    return run(list(sys.argv[1:] if argv is None else argv), House())


def tray() -> int:
    """Start the tray app; return its exit code."""
    return main([])


if __name__ == "__main__":
    sys.exit(main())
