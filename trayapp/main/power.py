"""Whether this machine saves power, for the desktop's host: asked of one adapter, which remembers for a while."""

from __future__ import annotations

from trayapp.adapters.host import PollingHost

_host = PollingHost()


def is_saving() -> bool:
    """True on battery, as far as the system tells."""
    return _host.is_saving
