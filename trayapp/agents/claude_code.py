"""Claude Code: the `env` of its settings.json, and `apiKeyHelper`, which asks a command for the key.

Settings are strict JSON, and one that does not parse is skipped as a whole. Managed settings go over those of the
local, the project's and the user's file; a variable in any `env` goes over the shell's, and "" in it counts as unset.
What the helper prints is sent as X-Api-Key and as a bearer token, so it serves every vendor; but it comes after
ANTHROPIC_AUTH_TOKEN and ANTHROPIC_API_KEY, so both are set to "", lest the user's own go to the new address.
https://code.claude.com/docs/en/settings and https://code.claude.com/docs/en/iam.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trayapp.agents._credential import NO_KEY, refuse_unlike
from trayapp.agents._edit import edited, naming, table
from trayapp.agents._grammar import ABSENT, Put, Set, Uneditable, grammar
from trayapp.agents._places import by_system, command_line, folder
from trayapp.model.agent import FileEdit, Named
from trayapp.model.pointing import File, Here, Hindrance, Pickup, Role, Session, Target, Texts, Use

NAME = "Claude Code"
COMMAND = "claude"
PROTOCOLS = ("anthropic",)
PICKUP = Pickup.LIVE
WATCH_ONLY = ""
VENDOR = "anthropic"

OFFICIAL = "https://api.anthropic.com"
_URL, _TOKEN, _KEY, _MODEL = "ANTHROPIC_BASE_URL", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_API_KEY", "ANTHROPIC_MODEL"
_HELPER = "apiKeyHelper"
#: Each of them, when set, goes over every address and key.
CLOUDS = tuple(f"CLAUDE_CODE_USE_{name}" for name in ("BEDROCK", "VERTEX", "FOUNDRY", "MANTLE", "ANTHROPIC_AWS"))
#: The models that it asks for by role.
_ROLES = {f"ANTHROPIC_DEFAULT_{role.upper()}_MODEL": role for role in ("opus", "sonnet", "haiku")}
#: Other names of models, which have to be the new vendor's where they are set.
_ALSO = {
    "ANTHROPIC_DEFAULT_FABLE_MODEL": "opus",
    "ANTHROPIC_SMALL_FAST_MODEL": "haiku",
    "CLAUDE_CODE_SUBAGENT_MODEL": "sonnet",
    _MODEL: "sonnet",
}
_ALIASES = ("default", "best", "opusplan", "opus", "sonnet", "haiku", "fable")


@dataclass(frozen=True, slots=True)
class _Layer:
    """What one file says; where it says nothing that can be read, the agent skips it."""

    file: File
    said: Mapping[str, Any]

    @property
    def env(self) -> Mapping[str, Any]:
        env = self.said.get("env")
        return env if isinstance(env, dict) else {}


def files(here: Here) -> tuple[File, ...]:
    """Return the user's settings.json, then what goes over it: the project's two, and the machine's."""
    own = folder(here, "CLAUDE_CONFIG_DIR", ".claude") / "settings.json"
    found = (
        [] if here.cwd is None else [here.cwd / ".claude" / name for name in ("settings.json", "settings.local.json")]
    )
    found.append(
        by_system(
            here,
            linux="/etc/claude-code",
            darwin="/Library/Application Support/ClaudeCode",
            windows="C:/Program Files/ClaudeCode",
        )
        / "managed-settings.json"
    )
    return (File(own, "json"), *(File(path, "json", Role.OVER) for path in dict.fromkeys(found) if path != own))


def current(here: Here, texts: Texts) -> Use:
    """Return what wins. Raises Uneditable when the user's own file does not parse."""
    layers = _layers(here, texts)
    model = _variable(here, layers, _MODEL)[0] or next(
        (one.said["model"] for one in layers if "model" in one.said), None
    )
    role = str(model or "sonnet").split("[")[0]
    model = _variable(here, layers, f"ANTHROPIC_DEFAULT_{role.upper()}_MODEL")[0] or (str(model) if model else None)
    cloud = next((name for name in CLOUDS if _is_on(_variable(here, layers, name)[0])), None)
    if cloud:
        return Use(None, model, f"the cloud's own sign-in ({cloud})")
    return Use(_variable(here, layers, _URL)[0], model, _credential(here, layers))


def edit(here: Here, texts: Texts, target: Target) -> tuple[FileEdit, ...]:
    """Return the edit of the user's settings.json."""
    own = files(here)[0]
    with naming(own.path):
        refuse_unlike(target, PROTOCOLS, NAME)
    data = texts.get(own.path)
    layer = _Layer(own, table(own, data))
    wanted = _wanted(here, target) | _replaced(here, layer, target)
    changes = [Set(("env", name), value) for name, value in wanted.items()]
    if target.helper:
        changes.append(Set((_HELPER,), command_line(here, target.helper)))
    return (edited(own, data, changes),)


def hindrances(here: Here, texts: Texts, target: Target) -> tuple[Hindrance, ...]:
    """Return what managed and project settings say against it, and what a running conversation may meet."""
    found: list[Hindrance] = []
    for file in files(here)[1:]:
        said = _readable(file, texts)
        is_managed = here.cwd is None or file.path.parent != here.cwd / ".claude"
        if is_managed and said.said.get("forceLoginOrgUUID"):
            found.append(Hindrance(f"{file.path} demands a sign-in to one organization (forceLoginOrgUUID)"))
        elif is_managed and said.said.get("forceLoginMethod"):
            found.append(Hindrance(f"{file.path} demands a way to sign in (forceLoginMethod)", stops=False))
        names = [name for name in (_URL, _TOKEN, _KEY, *CLOUDS) if said.env.get(name)]
        names += [_HELPER] if said.said.get(_HELPER) else []
        if names:
            where = "" if is_managed else f" in {here.cwd}"
            found.append(Hindrance(f"{', '.join(names)} in {file.path} go over it{where}", stops=is_managed))
    if not target.route.models:
        found.append(Hindrance(f"no models of {target.name} are known: it is asked for Anthropic's names", stops=False))
    return (
        *found,
        Hindrance("a conversation under way may be refused by the other vendor; a new one is not", stops=False),
    )


def session(here: Here, target: Target, key: str | None) -> Session | None:
    """Return it with `--settings`, which goes over the user's and the project's files; the key is asked for there.

    None where only the key itself is at hand: an argument is for all to see, and a variable loses to the files.
    """
    if target.route.protocol not in PROTOCOLS or (key and not target.helper):
        return None
    said: dict[str, Any] = {"env": _wanted(here, target) | dict.fromkeys(CLOUDS, "")}
    if target.helper:
        said[_HELPER] = command_line(here, target.helper)
    names = (_URL, _TOKEN, _KEY, _MODEL, *CLOUDS)
    return Session(("--settings", json.dumps(said)), dict.fromkeys(names))


def farewell(here: Here, texts: Texts, standing: Sequence[FileEdit]) -> tuple[FileEdit, ...] | None:
    """Return the first step back, for sessions that run: they keep a variable that is gone, and see one that changes.

    A variable that will be gone gets the official address, or ""; what stood there before comes back; the helper goes.
    The second step, once no session of that time is left or at any later time, is `undone` with these edits.
    """
    own = files(here)[0]
    edit = next((one for one in standing if one.path == own.path), None)
    now = texts.get(own.path)
    if edit is None or now is None:
        return None
    with naming(own.path):
        splicer = grammar(own.grammar)
        keys = [named.key for named in edit.values]
        ours = [
            named
            for named, source in zip(edit.values, splicer.sources(now, keys), strict=True)
            if source == named.after
        ]
        if not any(named.before is None and named.key[0] == "env" for named in ours):
            return None
        after = splicer.splice(now, [_taken_back(named) for named in ours])
        sources = splicer.sources(after, [named.key for named in ours])
    values = tuple(Named(named.key, named.before, source) for named, source in zip(ours, sources, strict=True))
    return (FileEdit(own.path, now, after, edit.original, values, edit.grammar, edit.mode),)


def _taken_back(named: Named) -> Set | Put:
    if named.before is not None:
        return Put(named.key, named.before)
    if named.key[0] != "env":
        return Set(named.key, ABSENT)
    return Set(named.key, OFFICIAL if named.key[-1] == _URL else "")


def _wanted(here: Here, target: Target) -> dict[str, str]:
    """Return the variables of a target."""
    given = target.clear_key if target.clear_key and not target.helper else "" if target.helper else NO_KEY
    by_key = target.route.auth == "x-api-key"
    wanted = {
        _URL: target.route.base_url.rstrip("/").removesuffix("/v1"),
        _TOKEN: "" if by_key else given,
        _KEY: given if by_key else "",
    }
    models = {name: target.model(role) for name, role in _ROLES.items()}
    return wanted | {name: model for name, model in models.items() if model}


def _replaced(here: Here, own: _Layer, target: Target) -> dict[str, str]:
    """Return the variables that are set here and would go over the target's, or go to it, with what they have to be."""
    is_set = {name for name in (*own.env, *here.environ) if _is_on(_text(own.env.get(name, here.environ.get(name))))}
    replaced = {name: "" for name in (*CLOUDS, "ANTHROPIC_CUSTOM_HEADERS") if name in is_set}
    named = own.said.get("model")
    if isinstance(named, str) and named.split("[")[0] not in _ALIASES:
        is_set.add(_MODEL)
    models = {name: target.model(role) for name, role in _ALSO.items() if name in is_set}
    return replaced | {name: model for name, model in models.items() if model}


def _layers(here: Here, texts: Texts) -> list[_Layer]:
    """Return what the files say, what wins first."""
    own, *over = files(here)
    return [*reversed([_readable(file, texts) for file in over]), _Layer(own, table(own, texts.get(own.path)))]


def _readable(file: File, texts: Texts) -> _Layer:
    try:
        return _Layer(file, table(file, texts.get(file.path)))
    except Uneditable:
        return _Layer(file, {})


def _variable(here: Here, layers: Sequence[_Layer], name: str) -> tuple[str | None, str]:
    """Return a variable's value, None when unset or empty, and in words where it stands."""
    for layer in layers:
        if name in layer.env:
            return _text(layer.env[name]), str(layer.file.path)
    return here.environ.get(name) or None, "the environment"


def _credential(here: Here, layers: Sequence[_Layer]) -> str:
    for name in (_TOKEN, _KEY):
        value, where = _variable(here, layers, name)
        if value:
            return f"{name} in {where}"
    helper = next((one.file.path for one in layers if one.said.get(_HELPER)), None)
    if helper:
        return f"{_HELPER} in {helper}"
    value, where = _variable(here, layers, "CLAUDE_CODE_OAUTH_TOKEN")
    return f"CLAUDE_CODE_OAUTH_TOKEN in {where}" if value else "its own sign-in"


def _text(value: Any) -> str | None:
    return str(value) if value not in (None, "") else None


def _is_on(value: str | None) -> bool:
    return bool(value) and str(value).lower() not in ("0", "false", "no", "off")
