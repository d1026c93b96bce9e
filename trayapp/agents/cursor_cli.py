"""Cursor CLI: it knows no other address and no key of one's own, so there is nothing to switch.

`~/.cursor/cli-config.json`, strict JSON; `CURSOR_CONFIG_DIR` or, on Linux, `XDG_CONFIG_HOME` move it
(https://cursor.com/docs/cli/reference/configuration).
"""

from __future__ import annotations

from trayapp.agents._edit import table
from trayapp.agents._grammar import Uneditable
from trayapp.agents._places import path
from trayapp.model.agent import FileEdit
from trayapp.model.pointing import File, Here, Hindrance, Pickup, Session, Target, Texts, Use

NAME = "Cursor CLI"
COMMAND = "cursor-agent"
PROTOCOLS: tuple[str, ...] = ()
PICKUP = Pickup.RESTART
WATCH_ONLY = "it can be given no other address and no key of your own"
VENDOR = "cursor"


def files(here: Here) -> tuple[File, ...]:
    """Return the user's configuration."""
    named, config = here.environ.get("CURSOR_CONFIG_DIR"), here.environ.get("XDG_CONFIG_HOME")
    if named:
        folder = path(here, named)
    elif config and here.system == "linux":
        folder = path(here, config) / "cursor"
    else:
        folder = here.home / ".cursor"
    return (File(folder / "cli-config.json", "json"),)


def current(here: Here, texts: Texts) -> Use:
    """Return the chosen model. Raises Uneditable."""
    (own,) = files(here)
    model = table(own, texts.get(own.path), ("model",)).get("modelId")
    return Use(model=model if isinstance(model, str) else None)


def edit(here: Here, texts: Texts, target: Target) -> tuple[FileEdit, ...]:
    """Refuse: there is nothing to change."""
    raise Uneditable(WATCH_ONLY)


def hindrances(here: Here, texts: Texts, target: Target) -> tuple[Hindrance, ...]:
    """Return that it cannot be switched."""
    return (Hindrance(WATCH_ONLY),)


def session(here: Here, target: Target, key: str | None) -> Session | None:
    """Return None: a session cannot go elsewhere either."""
    return None
