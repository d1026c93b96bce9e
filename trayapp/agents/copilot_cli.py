"""GitHub Copilot CLI: another provider is taken from variables of the environment only, so no file can point it there.

`~/.copilot/settings.json` (JSON with comments; `COPILOT_HOME` moves it) holds the model. For one session the variables
`COPILOT_PROVIDER_*` and `COPILOT_MODEL` say all (its changelog to 1.0.78, August 2026).
"""

from __future__ import annotations

from trayapp.agents._edit import table
from trayapp.agents._grammar import Uneditable
from trayapp.agents._places import folder
from trayapp.model.agent import FileEdit
from trayapp.model.pointing import File, Here, Hindrance, Pickup, Session, Target, Texts, Use

NAME = "Copilot CLI"
COMMAND = "copilot"
PROTOCOLS: tuple[str, ...] = ()
PICKUP = Pickup.RESTART
WATCH_ONLY = "it takes another provider from variables of its environment alone; uptray run can set them for a session"
VENDOR = "github-copilot"

#: Wire protocol to COPILOT_PROVIDER_TYPE and COPILOT_PROVIDER_WIRE_API.
_TYPES = {"chat": ("openai", "completions"), "responses": ("openai", "responses"), "anthropic": ("anthropic", None)}


def files(here: Here) -> tuple[File, ...]:
    """Return the user's settings.json."""
    return (File(folder(here, "COPILOT_HOME", ".copilot") / "settings.json", "jsonc"),)


def current(here: Here, texts: Texts) -> Use:
    """Return what the environment says, else its own service with the chosen model. Raises Uneditable."""
    (own,) = files(here)
    chosen = table(own, texts.get(own.path)).get("model")
    url = here.environ.get("COPILOT_PROVIDER_BASE_URL") or None
    model = (here.environ.get("COPILOT_MODEL") if url else None) or (chosen if isinstance(chosen, str) else None)
    return Use(url, model, "COPILOT_PROVIDER_API_KEY in the environment" if url else None)


def edit(here: Here, texts: Texts, target: Target) -> tuple[FileEdit, ...]:
    """Refuse: no file points it elsewhere."""
    raise Uneditable(WATCH_ONLY)


def hindrances(here: Here, texts: Texts, target: Target) -> tuple[Hindrance, ...]:
    """Return that it cannot be switched."""
    return (Hindrance(WATCH_ONLY),)


def session(here: Here, target: Target, key: str | None) -> Session | None:
    """Return the variables of one session, None for a protocol that it does not speak."""
    kind = _TYPES.get(target.route.protocol)
    if kind is None:
        return None
    environ = {
        "COPILOT_PROVIDER_BASE_URL": target.route.base_url,
        "COPILOT_PROVIDER_TYPE": kind[0],
        "COPILOT_PROVIDER_WIRE_API": kind[1],
        "COPILOT_PROVIDER_API_KEY": key,
        "COPILOT_MODEL": target.model("sonnet"),
    }
    return Session(environ=environ)
