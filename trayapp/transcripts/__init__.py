"""What does this line of an agent's record say? From bytes to a time, a status, a code and a model, and nothing else.

Here belongs one module for each coding agent, with a `TRAIL`: where its records are and how a line is read, as pure
functions. Such a file is found by being here; nothing else changes. `_record.py` is what agents share. Not here: the
opening of files (`adapters/`), and what follows from a record (`judge/`).

One rule stands above all: of a line nothing is kept but words that fit a pattern of machine words. What a user asked
and what a model answered is passed over unread.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from trayapp.model.trail import Trail


@cache
def trails() -> tuple[Trail, ...]:
    """Return the trail of every agent, in the order of their files' names."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__) if not info.name.startswith("_"))
    return tuple(import_module(f"{__name__}.{name}").TRAIL for name in names)
