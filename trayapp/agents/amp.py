"""Amp: it goes to its own service, which chooses the models; `amp.url` names another instance of that service only.

`~/.config/amp/settings.json` or `settings.jsonc`, on Windows below the user's folder too
(https://ampcode.com/manual#configuration).
"""

from __future__ import annotations

from trayapp.agents._edit import table
from trayapp.agents._grammar import Uneditable
from trayapp.model.agent import FileEdit
from trayapp.model.pointing import File, Here, Hindrance, Pickup, Session, Target, Texts, Use

NAME = "Amp"
COMMAND = "amp"
PROTOCOLS: tuple[str, ...] = ()
PICKUP = Pickup.RESTART
WATCH_ONLY = "its own service chooses the models, and it can be pointed at no other provider"
VENDOR = None


def files(here: Here) -> tuple[File, ...]:
    """Return the user's settings, in either form."""
    folder = here.home / ".config" / "amp"
    return File(folder / "settings.json", "jsonc"), File(folder / "settings.jsonc", "jsonc")


def current(here: Here, texts: Texts) -> Use:
    """Return the instance that is named. Raises Uneditable."""
    named = [table(file, texts.get(file.path)).get("amp.url") for file in files(here)]
    return Use(next((url for url in named if isinstance(url, str)), None))


def edit(here: Here, texts: Texts, target: Target) -> tuple[FileEdit, ...]:
    """Refuse: there is nothing to change."""
    raise Uneditable(WATCH_ONLY)


def hindrances(here: Here, texts: Texts, target: Target) -> tuple[Hindrance, ...]:
    """Return that it cannot be switched."""
    return (Hindrance(WATCH_ONLY),)


def session(here: Here, target: Target, key: str | None) -> Session | None:
    """Return None: a session cannot go elsewhere either."""
    return None
