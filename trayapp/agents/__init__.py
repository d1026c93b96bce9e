"""What a coding agent's file must say: from its bytes to other bytes, with only the named values changed.

Here belong one module for each agent, pure, found by listing this folder: the file `claude_code.py` is the agent
"claude-code". With a leading underscore stands what agents share: `_grammar` (changes, the refusal, the one way in),
`_json`, `_toml`, `_yaml`, `_dotenv`, and `_edit`, which makes of changes a file's edit and takes it back. Not here:
finding, reading or writing files (`adapters/`), and whether or when to switch (`decide/`).

Two rules stand above all. What cannot be edited without touching anything else is `Uneditable`, and stays as it is.
And an agent is pointed somewhere with everything it takes, address, credential and models, or not at all: an agent that
has another's address sends it the credential that it happens to have.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Protocol, cast, runtime_checkable

from trayapp.agents._edit import replanned, undone
from trayapp.agents._grammar import Uneditable
from trayapp.model.agent import FileEdit
from trayapp.model.pointing import File, Here, Hindrance, Pickup, Session, Target, Texts, Use

__all__ = ["Agent", "LeavesBehind", "SaysFarewell", "Uneditable", "agents", "replanned", "undone"]


class Agent(Protocol):
    """A module of this folder. Its functions are pure; those that read texts raise Uneditable, the file named."""

    #: For people.
    NAME: str
    #: The program that `uptray run` starts, found on PATH.
    COMMAND: str
    #: The wire protocols that it can be pointed to, best first.
    PROTOCOLS: tuple[str, ...]
    #: When a running one sees a change.
    PICKUP: Pickup
    #: Why it cannot be switched, in a sentence; empty when it can.
    WATCH_ONLY: str
    #: The provider that it uses when nothing says otherwise; None: none.
    VENDOR: str | None

    def files(self, here: Here) -> tuple[File, ...]:
        """Return every file that it would read for this, its own first."""

    def current(self, here: Here, texts: Texts) -> Use:
        """Return what it uses now: what wins over all its files and the environment."""

    def edit(self, here: Here, texts: Texts, target: Target) -> tuple[FileEdit, ...]:
        """Return what points it at the target: an edit for each file, also where a file already says so."""

    def hindrances(self, here: Here, texts: Texts, target: Target) -> tuple[Hindrance, ...]:
        """Return what would keep a switch to the target from taking effect, or limit it."""

    def session(self, here: Here, target: Target, key: str | None) -> Session | None:
        """Return how to start it on the target for one session, None when that is not possible."""


@runtime_checkable
class SaysFarewell(Protocol):
    """An agent whose running sessions do not see a value go: before the exact bytes come back, others are written."""

    def farewell(self, here: Here, texts: Texts, standing: Sequence[FileEdit]) -> tuple[FileEdit, ...] | None:
        """Return the first step of restoring, None when it is not needed. The second is `undone`, with these edits."""


@runtime_checkable
class LeavesBehind(Protocol):
    """An agent that needs a part of a switch also afterwards: its old conversations name it."""

    def left_behind(self, standing: Sequence[FileEdit], restored: Texts) -> Mapping[str, bytes]:
        """Return the restored files, by path, that keep that part; the caller may choose the exact bytes instead."""


@cache
def agents() -> Mapping[str, Agent]:
    """Return the agents of this folder by id, which is the file's name with "-" for "_"."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__) if not info.name.startswith("_"))
    found = {name.replace("_", "-"): cast(Agent, import_module(f"{__name__}.{name}")) for name in names}
    return MappingProxyType(found)
