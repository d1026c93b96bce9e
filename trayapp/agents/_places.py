"""Where an agent looks, and what its shell takes: paths of the machine's flavour, folders above, quoted commands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from trayapp.model.pointing import Here

_PLAIN = re.compile(r"[A-Za-z0-9_@%+=:,./-]+")
_PLAIN_WINDOWS = re.compile(r"[A-Za-z0-9_@+=:,./\\-]+")


def path(here: Here, text: str) -> PurePath:
    """Return a path as a person wrote it: `~` is the home, and what is relative starts at `cwd`, else at home."""
    if text == "~" or text.startswith(("~/", "~\\")):
        return here.home / text[2:]
    return (here.cwd or here.home) / text


def folder(here: Here, variable: str, *default: str) -> PurePath:
    """Return the folder that an environment variable names, else the default below home. Empty counts as unset."""
    named = here.environ.get(variable)
    return path(here, named) if named else here.home.joinpath(*default)


def upwards(here: Here) -> tuple[PurePath, ...]:
    """Return `cwd` and the folders above it, innermost first; nothing when nobody can tell where it would start."""
    return (here.cwd, *here.cwd.parents) if here.cwd else ()


def by_system(here: Here, *, linux: str, darwin: str, windows: str) -> PurePath:
    """Return the machine-wide path of this system."""
    return type(here.home)({"linux": linux, "darwin": darwin}.get(here.system, windows))


def command_line(here: Here, words: Sequence[str]) -> str:
    """Return a command as one line for the shell that an agent hands it to: sh, or cmd on Windows."""
    if here.system == "windows":
        return " ".join(word if _PLAIN_WINDOWS.fullmatch(word) else f'"{word}"' for word in words)
    return " ".join(word if _PLAIN.fullmatch(word) else _in_quotes(word) for word in words)


def _in_quotes(word: str) -> str:
    inner = word.replace("'", "'\"'\"'")
    return f"'{inner}'"


def env_files(here: Here, home: PurePath, name: str) -> tuple[PurePath, ...]:
    """Return where Gemini CLI, and Qwen Code after it, look for a `.env`: the first there is, is read, and no other.

    From `cwd` upwards, in each folder the one in the agent's own folder first; then the home's two. Source:
    https://github.com/google-gemini/gemini-cli/blob/main/docs/reference/configuration.md.
    """
    places = [at for folder in (*upwards(here), home) for at in (folder / name / ".env", folder / ".env")]
    return tuple(dict.fromkeys(places))
