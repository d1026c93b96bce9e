"""Gemini CLI: how it signs in and its model in settings.json, address and key in a `.env`; it speaks Gemini only.

Of all `.env` files only the first found is read, and the shell's variables go over it. The machine's settings go over
the project's, those over the user's, and variables over all. It asks no command for a key. `GEMINI_CLI_HOME` stands
for the whole home. https://github.com/google-gemini/gemini-cli/blob/main/docs/reference/configuration.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trayapp.agents._credential import clear, refuse_unlike
from trayapp.agents._edit import edited, naming, table, values
from trayapp.agents._grammar import Set, Uneditable
from trayapp.agents._places import by_system, env_files, folder, path
from trayapp.model.agent import FileEdit
from trayapp.model.pointing import File, Here, Hindrance, Pickup, Role, Session, Target, Texts, Use

NAME = "Gemini CLI"
COMMAND = "gemini"
PROTOCOLS = ("gemini",)
PICKUP = Pickup.RESTART
WATCH_ONLY = ""
VENDOR = "google"

OFFICIAL = "https://generativelanguage.googleapis.com"
_URL, _KEY, _MODEL = "GOOGLE_GEMINI_BASE_URL", "GEMINI_API_KEY", "GEMINI_MODEL"
_BY_KEY = "gemini-api-key"
_SIGN_INS = {"oauth-personal": "its Google sign-in", "vertex-ai": "Vertex AI's sign-in"}


def files(here: Here) -> tuple[File, ...]:
    """Return the user's settings.json and two `.env`, then the project's and the machine's, which go over them."""
    home = folder(here, "GEMINI_CLI_HOME")
    own = (home / ".gemini" / ".env", home / ".env")
    settings = home / ".gemini" / "settings.json"
    machine = here.environ.get("GEMINI_CLI_SYSTEM_SETTINGS_PATH")
    over = [] if here.cwd is None else [here.cwd / ".gemini" / "settings.json"]
    over.append(path(here, machine) if machine else _machine(here) / "settings.json")
    return (
        File(settings, "jsonc"),
        *(File(at, "dotenv") for at in own),
        *(File(at, "jsonc", Role.OVER) for at in dict.fromkeys(over) if at != settings),
        *(File(at, "dotenv", Role.OVER) for at in env_files(here, home, ".gemini") if at not in own),
    )


def current(here: Here, texts: Texts) -> Use:
    """Return what wins over all files and the environment. Raises Uneditable."""
    merged = _settings(here, texts)
    env_file = _read_env(here, texts)
    env = {} if env_file is None else values(env_file, texts[env_file.path])
    env = {**env, **{name: value for name, value in here.environ.items() if value}}
    kind = env.get("GEMINI_DEFAULT_AUTH_TYPE") if merged[0] is None else merged[0]
    where = "the environment" if here.environ.get(_KEY) or env_file is None else str(env_file.path)
    credential = _SIGN_INS.get(str(kind)) or (f"{_KEY} in {where}" if env.get(_KEY) else "its own sign-in")
    return Use(env.get(_URL) or None, env.get(_MODEL) or merged[1], credential)


def edit(here: Here, texts: Texts, target: Target) -> tuple[FileEdit, ...]:
    """Return the edits of settings.json and of the home's `.env` that is read."""
    settings, first, second = files(here)[:3]
    env_file = second if texts.get(first.path) is None and texts.get(second.path) is not None else first
    with naming(env_file.path):
        refuse_unlike(target, PROTOCOLS, NAME)
        said = values(env_file, texts.get(env_file.path))
        wanted = _wanted(here, target, said)
    model = target.model()
    if model and _MODEL in said:
        wanted[_MODEL] = model
    variables = [Set((name,), value) for name, value in wanted.items()]
    choice = [Set(("security", "auth", "selectedType"), _BY_KEY)]
    if model:
        choice.append(Set(("model", "name"), model))
    return (
        edited(settings, texts.get(settings.path), choice),
        edited(env_file, texts.get(env_file.path), variables),
    )


def hindrances(here: Here, texts: Texts, target: Target) -> tuple[Hindrance, ...]:
    """Return the variables and files that go over what a switch writes."""
    own = [file.path for file in files(here) if file.role is Role.OWN]
    wanted = {_URL: target.route.base_url, _MODEL: target.model()}
    found = [
        Hindrance(f"{name} is set in the environment, which goes over the files", stops=name == _URL)
        for name, value in wanted.items()
        if value and here.environ.get(name) not in (None, "", value)
    ]
    env_file = _read_env(here, texts)
    if env_file is not None and env_file.path not in own:
        found.append(Hindrance(f"{env_file.path} is read instead of {own[1]}", stops=False))
    for file in (file for file in files(here) if file.role is Role.OVER and file.grammar == "jsonc"):
        kind, model = _choice(table(file, texts.get(file.path)))
        is_project = here.cwd is not None and file.path.is_relative_to(here.cwd)
        if kind not in (None, _BY_KEY):
            found.append(Hindrance(f"{file.path} chooses how to sign in ({kind})", stops=not is_project))
        if model is not None and target.model() not in (None, model):
            found.append(Hindrance(f"{file.path} chooses the model {model}", stops=False))
    return tuple(found)


def session(here: Here, target: Target, key: str | None) -> Session | None:
    """Return it with variables, which go over every file; but a sign-in chosen in settings.json stays chosen."""
    if target.route.protocol not in PROTOCOLS or (target.helper and not key):
        return None
    environ: dict[str, str | None] = {
        _URL: None if _is_official(target) else target.route.base_url,
        _KEY: key or clear(target),
        "GEMINI_DEFAULT_AUTH_TYPE": _BY_KEY,
    }
    model = target.model()
    return Session((), environ | ({_MODEL: model} if model else {}))


def _wanted(here: Here, target: Target, said: Mapping[str, Any]) -> dict[str, str]:
    """Return what the `.env` must say. Raises Uneditable where the key would be another's, or is not at hand."""
    wanted = {_URL: "" if _is_official(target) else target.route.base_url}
    if not wanted[_URL] and _URL not in said:
        wanted = {}
    if here.environ.get(_KEY):
        if target.key_env != _KEY:
            raise Uneditable(f"{_KEY} is set in the environment and would be sent to {target.name}: unset it there")
        return wanted
    return wanted | {_KEY: clear(target)}


def _is_official(target: Target) -> bool:
    return target.route.base_url.rstrip("/") == OFFICIAL


def _settings(here: Here, texts: Texts) -> tuple[str | None, str | None]:
    """Return how to sign in, and the model, by what wins."""
    own, *over = (file for file in files(here) if file.grammar == "jsonc")
    said = [_choice(table(file, texts.get(file.path))) for file in (*reversed(over), own)]
    kind = next((one[0] for one in said if one[0] is not None), None)
    return kind, next((one[1] for one in said if one[1] is not None), None)


def _choice(said: Mapping[str, Any]) -> tuple[str | None, str | None]:
    return _at(said, "security", "auth", "selectedType"), _at(said, "model", "name")


def _at(value: Any, *names: str) -> str | None:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None


def _read_env(here: Here, texts: Texts) -> File | None:
    """Return the `.env` that is read, None when there is none."""
    known = {file.path: file for file in files(here)}
    order = env_files(here, folder(here, "GEMINI_CLI_HOME"), ".gemini")
    return next((known[at] for at in order if texts.get(at) is not None), None)


def _machine(here: Here) -> Any:
    return by_system(
        here,
        linux="/etc/gemini-cli",
        darwin="/Library/Application Support/GeminiCli",
        windows="C:/ProgramData/gemini-cli",
    )
