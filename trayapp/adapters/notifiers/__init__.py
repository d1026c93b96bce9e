"""How a notice reaches the user: one way a file, found by listing this folder, and the best that works is used.

What belongs here: a module with `PLATFORMS` (values of sys.platform; empty: everywhere), `RANK` (the lower, the
earlier it is tried) and `make(opened, asked)`, which returns a `model.ports.Notifier` and loads no library yet. What
does not: what is told, and when (`decide/`), and Qt's own message, which is handed in by `desktop/`. A file whose name
starts with an underscore is shared by the others.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence

from trayapp.adapters.notifiers._asking import unheard
from trayapp.adapters.notifiers._first import FirstThatWorks
from trayapp.model.picture import Command
from trayapp.model.ports import Notifier

#: The rank of what is handed in. On Linux before plyer, which reaches no more there; elsewhere after it.
EXTRA_RANK = {"linux": 50}
_EXTRA_RANK_ELSEWHERE = 70


def chain(
    extra: Sequence[Notifier],
    opened: Callable[[str], None],
    platform: str,
    asked: Callable[[Command], None] = unheard,
) -> FirstThatWorks:
    """Return the notifier for `platform` (a value of sys.platform), made of the files here and of `extra`.

    `opened` gets the https address of a notice whose button was pressed, or that was clicked, `asked` what another
    button asks for, both on the loop. Nothing is loaded or connected before the first use.
    """
    ranked = [(EXTRA_RANK.get(platform, _EXTRA_RANK_ELSEWHERE), notifier) for notifier in extra]
    for module in map(importlib.import_module, names()):
        if not module.PLATFORMS or platform in module.PLATFORMS:
            ranked.append((module.RANK, module.make(opened, asked)))
    return FirstThatWorks([notifier for _, notifier in sorted(ranked, key=lambda pair: pair[0])])


def names() -> tuple[str, ...]:
    """Return the full module names of the notifiers here, for `chain` and for the frozen app's self-test."""
    found = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(f"{__name__}.{name}" for name in sorted(found) if not name.startswith("_"))
