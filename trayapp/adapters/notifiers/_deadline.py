"""How long a notifier may take, and the word for one that takes longer."""

from __future__ import annotations

from trayapp.model.ports import Refused

#: Seconds within which a notice is shown or refused.
DEADLINE_S = 2.0


class Stuck(Refused):
    """What shows notices here is there and does not answer.

    The platform's other notifiers would ask the same one, and wait: Qt blocks its thread for 25 s on a hung D-Bus
    daemon, notify-send for 75 s.
    """
