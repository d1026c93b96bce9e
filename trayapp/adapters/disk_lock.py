"""One Uptray at a time changes agents' files: the system's lock, waited for up to a deadline."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from trayapp.adapters.journal_lock import Held, Lock
from trayapp.model.refused import Refused

#: Seconds between two tries; a switch takes some tens of milliseconds.
_PAUSE_S = 0.01


@contextlib.contextmanager
def alone(path: Path, deadline_s: float) -> Iterator[None]:
    """Hold the lock. Raises Refused when somebody else has it for longer than the deadline."""
    lock = Lock(path)
    end = time.monotonic() + deadline_s
    while True:
        try:
            lock.take()
            break
        except Held:
            if time.monotonic() > end:
                raise Refused("another Uptray is changing an agent's files; try again when it is done") from None
            time.sleep(_PAUSE_S)
    try:
        yield
    finally:
        lock.release()
