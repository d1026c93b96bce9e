"""Where an agent can be pointed, and what of it is on this machine: the nouns of `agents/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath

from trayapp.model.provider import Route

#: The files of an agent as they are on disk, by the path the agent names them with. None: absent.
Texts = Mapping[PurePath, bytes | None]


@dataclass(frozen=True, slots=True)
class Here:
    """This machine, as far as an agent looks at it. `cwd`: where the user would start it, None when nobody can tell."""

    home: PurePath
    #: "linux", "darwin" or "windows".
    system: str
    environ: Mapping[str, str] = field(default_factory=dict)
    cwd: PurePath | None = None


class Role(StrEnum):
    """What a file is to us."""

    #: The user's own settings: read, and changed by a switch.
    OWN = "own"
    #: Read only: a project's, a machine's, a company's; may override the user's.
    OVER = "over"


@dataclass(frozen=True, slots=True)
class File:
    """A settings file that an agent may read. `grammar` is a word of `agents/_grammar.Grammar`."""

    path: PurePath
    grammar: str
    role: Role = Role.OWN


@dataclass(frozen=True, slots=True)
class Use:
    """What an agent uses now, as its files and its environment say. `base_url` None: its vendor's own."""

    base_url: str | None = None
    model: str | None = None
    #: Where the credential comes from, in words and never the credential: "ANTHROPIC_API_KEY in settings.json".
    credential: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where to point an agent: a provider's route, and how the agent comes by the key."""

    provider: str
    name: str
    route: Route
    #: Command and arguments that print the key on standard output; None when the target needs no key.
    helper: tuple[str, ...] | None = None
    #: The environment variable that the user keeps this provider's key in.
    key_env: str | None = None
    #: The key itself, only for agents that take it in no other way and only after the user agreed.
    clear_key: str | None = field(default=None, repr=False)

    def model(self, role: str = "default") -> str | None:
        """Return the route's model for a role ("opus", "small" …), else its default, else any."""
        models = self.route.models
        return models.get(role) or models.get("default") or next(iter(models.values()), None)


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Something that keeps a switch from taking effect, or limits it. `stops`: it would have no effect at all."""

    reason: str
    stops: bool = True


class Pickup(StrEnum):
    """When a running agent sees the change."""

    LIVE = "live"
    NEW_SESSION = "new session"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class Session:
    """How to start an agent on a target for one session, touching no file: arguments before the user's, and variables.

    A value None in `environ` removes the variable.
    """

    arguments: tuple[str, ...] = ()
    environ: Mapping[str, str | None] = field(default_factory=dict, repr=False)
