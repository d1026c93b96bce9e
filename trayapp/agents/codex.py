"""Codex, the command, the app and the IDE's extension, which share config.toml: a provider's table, and its choice.

A provider without a credential of its own is sent the user's ChatGPT token, as is one that `requires_openai_auth`;
so every table here has one, and never that word. Old conversations are bound to the provider's id, so the id stays the
same for ever, and the table may stay after a restore (`left_behind`). Only `wire_api = "responses"` is left.
https://developers.openai.com/codex/config-reference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trayapp.agents._credential import NO_KEY, refuse_unlike, variable
from trayapp.agents._edit import edited, naming, table
from trayapp.agents._grammar import ABSENT, Key, Put, Set, Uneditable, grammar
from trayapp.agents._places import folder
from trayapp.agents._toml import rendered
from trayapp.model.agent import FileEdit
from trayapp.model.pointing import File, Here, Hindrance, Pickup, Role, Session, Target, Texts, Use

NAME = "Codex"
COMMAND = "codex"
PROTOCOLS = ("responses",)
PICKUP = Pickup.RESTART
WATCH_ONLY = ""
VENDOR = "openai"

_TABLES = "model_providers"
#: The ways in which a provider's table gives a credential; they exclude each other.
_CREDENTIALS = ("auth", "env_key", "experimental_bearer_token")
#: What a session finds its key in.
_SESSION_KEY = "UPTRAY_SESSION_KEY"


def files(here: Here) -> tuple[File, ...]:
    """Return the user's config.toml, and the machine's, which it goes over."""
    own = File(folder(here, "CODEX_HOME", ".codex") / "config.toml", "toml")
    if here.system == "windows":
        return (own,)
    return own, File(type(here.home)("/etc/codex/config.toml"), "toml", Role.OVER)


def current(here: Here, texts: Texts) -> Use:
    """Return what the user's file says, and where it says nothing the machine's. Raises Uneditable."""
    said: dict[str, Any] = {}
    for file in reversed(files(here)):
        new = table(file, texts.get(file.path))
        tables = {**_table(said.get(_TABLES)), **_table(new.get(_TABLES))}
        said = {**said, **new, _TABLES: tables}
    model, chosen = said.get("model"), said.get("model_provider", VENDOR)
    provider = _table(_table(said[_TABLES]).get(chosen))
    url = provider.get("base_url") or (said.get("openai_base_url") if chosen == VENDOR else None)
    return Use(_text(url), _text(model), _credential(provider))


def edit(here: Here, texts: Texts, target: Target) -> tuple[FileEdit, ...]:
    """Return the edit of the user's config.toml."""
    own = files(here)[0]
    data = texts.get(own.path)
    with naming(own.path):
        refuse_unlike(target, PROTOCOLS, NAME)
        said = table(own, data)
        model = target.model() or _text(said.get("model"))
        if model is None:
            raise Uneditable(f"no model of {target.name} is known, and Codex has no tools without one")
    return (edited(own, data, [*_choice(target, model), *_provider(here, target, said)]),)


def hindrances(here: Here, texts: Texts, target: Target) -> tuple[Hindrance, ...]:
    """Return what of the user's file stands against it."""
    own = files(here)[0]
    said = table(own, texts.get(own.path))
    found = []
    if "profile" in said:
        found.append(Hindrance(f'profile = "{said["profile"]}" in {own.path} may choose another provider'))
    if not target.route.models:
        found.append(Hindrance(f"no models of {target.name} are known: the model stays as it is", stops=False))
    return (*found, Hindrance("conversations begun before show again after switching back", stops=False))


def session(here: Here, target: Target, key: str | None) -> Session | None:
    """Return it with `-c` for each value; the command is asked for the key, or a variable of the session holds it."""
    model = target.model()
    if target.route.protocol not in PROTOCOLS or model is None:
        return None
    provider, environ = _said(here, target), dict[str, str | None]()
    if key and not target.helper:
        provider = {name: value for name, value in provider.items() if name not in _CREDENTIALS}
        provider["env_key"], environ[_SESSION_KEY] = _SESSION_KEY, key
    said = [*((change.key, change.value) for change in _choice(target, model)), ((_TABLES, _id(target)), provider)]
    words = [word for path, value in said for word in ("-c", f"{'.'.join(map(str, path))}={rendered(value)}")]
    return Session(tuple(words), environ)


def left_behind(standing: Sequence[FileEdit], restored: Texts) -> Mapping[str, bytes]:
    """Return the restored files with the provider's table in them, without which its conversations cannot be resumed.

    A file that was absent is then there again, and the bytes are no longer the user's own: the caller's choice.
    """
    kept: dict[str, bytes] = {}
    for edit in standing:
        puts = [
            Put(named.key, named.after) for named in edit.values if _is_provider(named.key) and named.before is None
        ]
        if puts:
            with naming(edit.path):
                kept[str(edit.path)] = grammar(edit.grammar).splice(restored.get(edit.path) or b"", puts)
    return kept


def _is_provider(key: Key) -> bool:
    return len(key) == 2 and key[0] == _TABLES


def _id(target: Target) -> str:
    return f"uptray-{target.provider}"


def _choice(target: Target, model: str) -> tuple[Set, Set]:
    return Set(("model",), model), Set(("model_provider",), _id(target))


def _said(here: Here, target: Target) -> dict[str, Any]:
    """Return the provider's table."""
    said: dict[str, Any] = {"name": target.name, "base_url": target.route.base_url, "wire_api": "responses"}
    named = variable(here, target)
    if target.helper:
        said["auth"] = {"command": target.helper[0], "args": list(target.helper[1:])}
    elif named:
        said["env_key"] = named
    else:
        said["experimental_bearer_token"] = target.clear_key or NO_KEY
    return said


def _provider(here: Here, target: Target, own: Mapping[str, Any]) -> list[Set]:
    """Return the table as one, or, where it stands already, value by value."""
    path: Key = (_TABLES, _id(target))
    there = _table(_table(own.get(_TABLES)).get(_id(target)))
    said = _said(here, target)
    if not there:
        return [Set(path, said)]
    gone = [name for name in _CREDENTIALS if name in there and name not in said]
    return [Set((*path, name), value) for name, value in {**dict.fromkeys(gone, ABSENT), **said}.items()]


def _credential(provider: Mapping[str, Any]) -> str:
    if "auth" in provider:
        return "a command in config.toml"
    if "env_key" in provider:
        return f"{provider['env_key']} in the environment"
    if "experimental_bearer_token" in provider:
        return "experimental_bearer_token in config.toml"
    return "its own sign-in"


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
