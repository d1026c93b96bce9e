"""Qwen Code: a model with its address and the name of its key's variable in settings.json, and the choice of it.

The machine's settings go over the project's, those over the user's. A key is read from the variable that `envKey`
names: the shell's, else a `.env`'s, else one from `env` in settings.json, where it stands in clear text. OPENAI_MODEL
goes over the chosen model. Of two models with one id, versions differ in which they take; so none is added beside one.
https://qwenlm.github.io/qwen-code-docs/en/users/configuration/model-providers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trayapp.agents._credential import clear, needed_model, refuse_unlike, variable
from trayapp.agents._edit import edited, naming, table, values
from trayapp.agents._grammar import Key, Set, Uneditable
from trayapp.agents._places import by_system, env_files, folder, path
from trayapp.model.agent import FileEdit
from trayapp.model.pointing import File, Here, Hindrance, Pickup, Role, Session, Target, Texts, Use

NAME = "Qwen Code"
COMMAND = "qwen"
PROTOCOLS = ("chat", "anthropic", "gemini")
PICKUP = Pickup.RESTART
WATCH_ONLY = ""
VENDOR = "qwen"

_KINDS = {"chat": "openai", "anthropic": "anthropic", "gemini": "gemini"}
_TYPE: Key = ("security", "auth", "selectedType")
_MODEL_VARIABLE = "OPENAI_MODEL"


def files(here: Here) -> tuple[File, ...]:
    """Return the user's settings.json, then the project's and the machine's, and each `.env` that may be read."""
    home = folder(here, "QWEN_HOME", ".qwen")
    own = home / "settings.json"
    named = here.environ.get("QWEN_CODE_SYSTEM_SETTINGS_PATH")
    over = [] if here.cwd is None else [here.cwd / ".qwen" / name for name in ("settings.json", "settings.local.json")]
    machine = by_system(
        here, linux="/etc/qwen-code", darwin="/Library/Application Support/QwenCode", windows="C:/ProgramData/qwen-code"
    )
    over.append(path(here, named) if named else machine / "settings.json")
    env = env_files(here, here.home, ".qwen")
    return (
        File(own, "jsonc"),
        *(File(at, "jsonc", Role.OVER) for at in dict.fromkeys(over) if at != own),
        *(File(at, "dotenv", Role.OVER) for at in env),
    )


def current(here: Here, texts: Texts) -> Use:
    """Return the chosen model, with the address that its entry has. Raises Uneditable."""
    own, *over = (file for file in files(here) if file.grammar == "jsonc")
    said: dict[str, Any] = {}
    for file in (own, *over):
        said = _merged(said, table(file, texts.get(file.path)))
    kind, named = _at(said, *_TYPE), _at(said, "model", "name")
    env = _variables(here, texts)
    model = (env.get(_MODEL_VARIABLE) if kind == "openai" else None) or named
    entry = next((one for one in _entries(said, kind) if one.get("id") == model), {})
    url = entry.get("baseUrl") or (env.get("OPENAI_BASE_URL") if kind == "openai" else None)
    return Use(url if isinstance(url, str) else None, model, _credential(entry, kind, said, here))


def edit(here: Here, texts: Texts, target: Target) -> tuple[FileEdit, ...]:
    """Return the edit of the user's settings.json."""
    own = files(here)[0]
    data = texts.get(own.path)
    with naming(own.path):
        refuse_unlike(target, PROTOCOLS, NAME)
        model, named = needed_model(target), variable(here, target)
        env = {} if named else {_key_name(target): clear(target)}
    kind = _KINDS[target.route.protocol]
    entry = {"id": model, "name": target.name, "baseUrl": target.route.base_url, "envKey": named or _key_name(target)}
    changes = [*_model(_placed(table(own, data), kind), ("modelProviders", kind), entry), Set(_TYPE, kind)]
    changes += [Set(("model", "name"), model), *(Set(("env", name), value) for name, value in env.items())]
    return (edited(own, data, changes),)


def hindrances(here: Here, texts: Texts, target: Target) -> tuple[Hindrance, ...]:
    """Return the settings and variables that choose another model, or another way to sign in."""
    found = []
    kind, model = _KINDS.get(target.route.protocol), target.model()
    for file in (file for file in files(here)[1:] if file.grammar == "jsonc"):
        said = table(file, texts.get(file.path))
        is_project = here.cwd is not None and file.path.is_relative_to(here.cwd)
        if _at(said, *_TYPE) not in (None, kind):
            found.append(Hindrance(f"{file.path} chooses how to sign in ({_at(said, *_TYPE)})", stops=not is_project))
        if _at(said, "model", "name") not in (None, model):
            found.append(Hindrance(f"{file.path} chooses the model {_at(said, 'model', 'name')}", stops=not is_project))
        if isinstance(said.get("modelProviders"), dict):
            found.append(Hindrance(f"{file.path} has model providers of its own", stops=False))
    chosen = _variables(here, texts).get(_MODEL_VARIABLE)
    if kind == "openai" and chosen and chosen != model:
        found.append(Hindrance(f"{_MODEL_VARIABLE} is set to {chosen}, which goes over the settings"))
    return tuple(found)


def session(here: Here, target: Target, key: str | None) -> Session | None:
    """Return it with arguments and, for the key, a variable; only for the protocol that has such arguments."""
    model = target.model()
    if target.route.protocol != "chat" or model is None or (target.helper and not key):
        return None
    words = ("--auth-type", "openai", "--openai-base-url", target.route.base_url, "--model", model)
    return Session(words, {"OPENAI_API_KEY": key or clear(target), _MODEL_VARIABLE: model})


def _key_name(target: Target) -> str:
    """Return the variable that is ours, so that no other value of the user's is taken for the key."""
    return f"UPTRAY_{target.provider.upper().replace('-', '_')}_KEY"


def _placed(own: Mapping[str, Any], kind: str) -> list[Any]:
    found = _at_any(own, "modelProviders", kind)
    if found is not None and not isinstance(found, list):
        raise Uneditable(f"modelProviders.{kind} is not a list")
    return found or []


def _model(there: list[Any], where: Key, entry: Mapping[str, str]) -> list[Set]:
    """Return what makes the entry the only one of its id: one more, or the values of the one that is there."""
    at = next((n for n, one in enumerate(there) if isinstance(one, dict) and one.get("id") == entry["id"]), len(there))
    if at == len(there):
        return [Set((*where, at), dict(entry))]
    return [Set((*where, at, name), entry[name]) for name in ("baseUrl", "envKey")]


def _entries(said: Mapping[str, Any], kind: str | None) -> list[Mapping[str, Any]]:
    found = _at_any(said, "modelProviders", kind) if kind else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _variables(here: Here, texts: Texts) -> Mapping[str, Any]:
    """Return the first `.env` there is, and over it the environment."""
    there = (file for file in files(here) if file.grammar == "dotenv" and texts.get(file.path) is not None)
    first = next(there, None)
    read = {} if first is None else values(first, texts[first.path])
    return {**read, **{name: value for name, value in here.environ.items() if value}}


def _credential(entry: Mapping[str, Any], kind: str | None, said: Mapping[str, Any], here: Here) -> str:
    named = entry.get("envKey") or ("OPENAI_API_KEY" if kind == "openai" else None)
    if kind == "qwen-oauth" or named is None:
        return "its own sign-in"
    is_written = not here.environ.get(str(named)) and _at(said, "env", str(named))
    return f"{named} in settings.json" if is_written else f"{named} in the environment"


def _merged(low: Mapping[str, Any], high: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(low)
    for name, value in high.items():
        old = merged.get(name)
        merged[name] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _at(value: Any, *names: str | int) -> str | None:
    found = _at_any(value, *names)
    return found if isinstance(found, str) else None


def _at_any(value: Any, *names: str | int | None) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
