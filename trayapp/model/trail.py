"""Where a coding agent keeps its own records, and how one of their lines is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from trayapp.model.reading import PassiveReading


@dataclass(frozen=True, slots=True)
class Foreign:
    """A line that shows its whole file to be about another provider than the agent's own."""


@dataclass(frozen=True, slots=True)
class Trail:
    """One agent's records: files of one JSON object a line, to which it appends."""

    agent: str
    provider: str
    #: The agent's folder below the user's home, and the variable that names another folder in its place.
    folder: str
    variable: str
    #: The folder of the records below that one, and how their names begin and end.
    below: str
    begins: str
    ends: str
    #: A line without any of these is passed over before anything in it is read.
    marks: tuple[bytes, ...]
    #: The agent's settings below its folder, which tell where it is pointed.
    settings: tuple[str, ...]
    #: Given those settings' texts by name and the environment: True when the agent talks to its own provider. What
    #: cannot be told is False.
    at_home: Callable[[Mapping[str, str], Mapping[str, str]], bool]
    #: Returns what a line with a mark says; None: nothing that counts. Never raises.
    read: Callable[[bytes], PassiveReading | Foreign | None]
    #: The first line of a file tells whose it is.
    headed: bool = False
    #: The variable names another home, below which `folder` is.
    moves_home: bool = False
