"""Which providers are in use on this machine, as far as can be told without opening any file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

#: Provider, the variable its key is commonly kept in, and the folder its own coding agent keeps in the home. A test
#: holds the variables against the provider files: reading those at every start would cost more than it tells.
SIGNS = (
    ("anthropic", "ANTHROPIC_API_KEY", ".claude"),
    ("openai", "OPENAI_API_KEY", ".codex"),
    ("google", "GEMINI_API_KEY", ".gemini"),
)


def detected(environ: Mapping[str, str], home: Path) -> tuple[str, ...]:
    """Return the ids of the providers whose key is in the environment or whose agent has been run here."""
    return tuple(id for id, variable, folder in SIGNS if environ.get(variable) or (home / folder).is_dir())
