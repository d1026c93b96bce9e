"""What a notice's button asks for, where nobody listens: the program that shows it switches nothing."""

from __future__ import annotations

import logging

from trayapp.model.picture import Command


def unheard(command: Command) -> None:
    """Write to the log that it was not done."""
    logging.getLogger(__name__).warning("nobody here can do this: %r", command)
