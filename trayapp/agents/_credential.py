"""How an agent that cannot ask a command comes by a key: from the user's variable, else in clear text, once agreed."""

from __future__ import annotations

from trayapp.agents._grammar import Uneditable
from trayapp.model.pointing import Here, Target

#: Sent where a server wants no key. Nothing is sent only by agents that then send what else they have.
NO_KEY = "none"


def variable(here: Here, target: Target) -> str | None:
    """Return the environment variable that holds the target's key here, None when none does."""
    return target.key_env if target.key_env and here.environ.get(target.key_env) else None


def clear(target: Target) -> str:
    """Return what to write as the key. Raises Uneditable when it is needed and nobody agreed to that."""
    if target.clear_key:
        return target.clear_key
    if target.helper:
        where = f"keep it in {target.key_env}, or agree" if target.key_env else "agree"
        raise Uneditable(f"this agent cannot ask for the key of {target.name}: {where} to clear text in its file")
    return NO_KEY


def refuse_unlike(target: Target, protocols: tuple[str, ...], name: str) -> None:
    """Raise Uneditable when the agent does not speak the target's wire protocol."""
    if target.route.protocol not in protocols:
        raise Uneditable(f"{name} does not speak the {target.route.protocol} protocol of {target.name}")


def needed_model(target: Target, role: str = "default") -> str:
    """Return the target's model for a role. Raises Uneditable when its provider file names none."""
    model = target.model(role)
    if model is None:
        raise Uneditable(f"no model of {target.name} is known: name one in its provider file")
    return model
