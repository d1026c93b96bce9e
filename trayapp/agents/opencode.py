"""OpenCode: a provider of ours in its merged configuration, and the models chosen from it.

Its files are merged, later over earlier: the user's config.json, opencode.json and opencode.jsonc, the one that
OPENCODE_CONFIG names, the project's, OPENCODE_CONFIG_CONTENT, the machine's. It asks no command for a key, but takes
`{env:NAME}`. Its login keys in auth.json are left alone. https://opencode.ai/docs/config and
https://opencode.ai/docs/providers; the packages that speak each protocol: https://ai-sdk.dev/providers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from trayapp.agents._credential import clear, needed_model, refuse_unlike, variable
from trayapp.agents._edit import edited, naming, table
from trayapp.agents._grammar import Set, Uneditable, grammar
from trayapp.agents._places import by_system, folder, path, upwards
from trayapp.model.agent import FileEdit
from trayapp.model.pointing import File, Here, Hindrance, Pickup, Role, Session, Target, Texts, Use

NAME = "OpenCode"
COMMAND = "opencode"
PROTOCOLS = ("chat", "anthropic", "responses")
PICKUP = Pickup.RESTART
WATCH_ONLY = ""
VENDOR = None

_PACKAGES = {"chat": "@ai-sdk/openai-compatible", "anthropic": "@ai-sdk/anthropic", "responses": "@ai-sdk/openai"}
_CONTENT = "OPENCODE_CONFIG_CONTENT"
_NAMES = ("opencode.json", "opencode.jsonc")


def files(here: Here) -> tuple[File, ...]:
    """Return the user's files, what wins last, then the project's from the outermost folder in, then the machine's."""
    xdg = folder(here, "XDG_CONFIG_HOME", ".config") / "opencode"
    own = [xdg / name for name in ("config.json", *_NAMES)]
    named = here.environ.get("OPENCODE_CONFIG")
    own += [path(here, named)] if named else []
    over = [at / name for at in reversed(upwards(here)) for name in _NAMES]
    over += [at / ".opencode" / name for at in reversed(upwards(here)) for name in _NAMES]
    machine = by_system(
        here, linux="/etc/opencode", darwin="/Library/Application Support/opencode", windows="C:/ProgramData/opencode"
    )
    over += [machine / name for name in _NAMES]
    owned = tuple(dict.fromkeys(own))
    return (
        *(File(at, "jsonc") for at in owned),
        *(File(at, "jsonc", Role.OVER) for at in dict.fromkeys(over) if at not in owned),
    )


def current(here: Here, texts: Texts) -> Use:
    """Return the chosen model and its provider, over all files and the environment. Raises Uneditable."""
    said: dict[str, Any] = {}
    known = files(here)
    machine = known[-2:]
    for file in known[:-2]:
        said = _merged(said, table(file, texts.get(file.path)))
    said = _merged(said, _content(here))
    for file in machine:
        said = _merged(said, table(file, texts.get(file.path)))
    chosen = said.get("model")
    if not isinstance(chosen, str):
        return Use(credential="its own sign-in")
    id_, _, model = chosen.partition("/")
    options = _table(_table(_table(said.get("provider")).get(id_)).get("options"))
    url = options.get("baseURL")
    return Use(url if isinstance(url, str) else None, model or None, _credential(options.get("apiKey"), id_))


def edit(here: Here, texts: Texts, target: Target) -> tuple[FileEdit, ...]:
    """Return the edit of the user's file that wins: OPENCODE_CONFIG's, else opencode.jsonc if it is there."""
    file = _own(here, texts)
    with naming(file.path):
        refuse_unlike(target, PROTOCOLS, NAME)
        named = variable(here, target)
        said = _said(target, f"{{env:{named}}}" if named else _literal(clear(target)))
    changes = [Set(("provider", _id(target)), said["provider"][_id(target)])]
    changes += [Set((name,), said[name]) for name in ("model", "small_model")]
    return (edited(file, texts.get(file.path), changes),)


def hindrances(here: Here, texts: Texts, target: Target) -> tuple[Hindrance, ...]:
    """Return what goes over the user's file: the project's, the environment's and the machine's choice of a model."""
    known = files(here)
    found = []
    for file in known:
        said = table(file, texts.get(file.path))
        is_machine = file in known[-2:]
        if file.role is Role.OVER and "model" in said:
            found.append(Hindrance(f"{file.path} chooses the model {said['model']}", stops=is_machine))
        allowed, refused = said.get("enabled_providers"), said.get("disabled_providers")
        if isinstance(allowed, list) and _id(target) not in allowed:
            found.append(Hindrance(f"enabled_providers in {file.path} does not name {_id(target)}"))
        if isinstance(refused, list) and _id(target) in refused:
            found.append(Hindrance(f"disabled_providers in {file.path} names {_id(target)}"))
        pinned = [name for name, agent in _table(said.get("agent")).items() if _table(agent).get("model")]
        if pinned:
            found.append(Hindrance(f"{', '.join(pinned)} in {file.path} keep models of their own", stops=False))
    if "model" in _content(here):
        found.append(Hindrance(f"{_CONTENT} in the environment chooses the model"))
    return tuple(found)


def session(here: Here, target: Target, key: str | None) -> Session | None:
    """Return it with its configuration in a variable, which goes over every file but the machine's."""
    if target.route.protocol not in PROTOCOLS or target.model() is None or (target.helper and not key):
        return None
    said = _said(target, _literal(key or clear(target)))
    return Session((), {_CONTENT: json.dumps(_merged(dict(_content(here)), said))})


def _own(here: Here, texts: Texts) -> File:
    """Return the user's file that is written: what wins of those there, else opencode.json."""
    own = [file for file in files(here) if file.role is Role.OWN]
    if here.environ.get("OPENCODE_CONFIG"):
        return own[-1]
    there = [file for file in own[1:] if texts.get(file.path) is not None]
    return there[-1] if there else own[1]


def _id(target: Target) -> str:
    return f"uptray-{target.provider}"


def _said(target: Target, key: str) -> dict[str, Any]:
    """Return the provider and the models chosen from it."""
    model, small = needed_model(target), needed_model(target, "small")
    options: dict[str, Any] = {"baseURL": _url(target), "apiKey": key}
    if target.route.protocol == "anthropic" and target.route.auth == "bearer":
        # The package sends `apiKey` as x-api-key alone.
        options["headers"] = {"Authorization": f"Bearer {key}"}
    provider = {
        "npm": _PACKAGES[target.route.protocol],
        "name": target.name,
        "options": options,
        "models": {name: dict[str, Any]() for name in (model, small)},
    }
    return {
        "provider": {_id(target): provider},
        "model": f"{_id(target)}/{model}",
        "small_model": f"{_id(target)}/{small}",
    }


def _url(target: Target) -> str:
    """Return the base URL for the package; the one for Anthropic's protocol has the version in it."""
    url = target.route.base_url.rstrip("/")
    return f"{url}/v1" if target.route.protocol == "anthropic" and not url.endswith("/v1") else target.route.base_url


def _literal(key: str) -> str:
    if "{env:" in key or "{file:" in key:
        raise Uneditable("a key that OpenCode would take for a reference")
    return key


def _content(here: Here) -> Mapping[str, Any]:
    """Return what the variable says; nothing where it is not an object, which OpenCode refuses to start with."""
    try:
        return _table(grammar("jsonc").read(here.environ.get(_CONTENT, "").encode()))
    except Uneditable:
        return {}


def _merged(low: Mapping[str, Any], high: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(low)
    for name, value in high.items():
        old = merged.get(name)
        merged[name] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _credential(key: Any, provider: str) -> str:
    if not isinstance(key, str) or not key:
        return f"its own sign-in for {provider}"
    if key.startswith("{env:"):
        return f"{key[5:].removesuffix('}')} in the environment"
    return "a file that its configuration names" if key.startswith("{file:") else "apiKey in its configuration"


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
