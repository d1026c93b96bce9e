"""What pointing an agent elsewhere means for its files: each file's bytes before, after, and as the user had them.

The bytes may hold keys in clear text (some agents know no other way), so no `repr` here shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath


@dataclass(frozen=True, slots=True, repr=False)
class Named:
    """A value that is ours: where it stands, and its exact source text before and after. None: absent."""

    #: Names and positions from the top of the document: ("env", "ANTHROPIC_BASE_URL").
    key: tuple[str | int, ...]
    before: str | None
    after: str | None

    def __repr__(self) -> str:
        return f"Named({self.key!r}, …)"


@dataclass(frozen=True, slots=True, repr=False)
class FileEdit:
    """One file of an agent: what is there, what shall be there, and what was there before Uptray. None: absent."""

    #: As the agent names it; may be a symbolic link.
    path: PurePath
    #: What the plan was made from: compared with the file right before it is replaced.
    before: bytes | None
    after: bytes | None
    #: As the user had it before Uptray's first touch; `before` when no switch of this agent stands.
    original: bytes | None
    values: tuple[Named, ...] = ()
    #: The grammar that made the edit, for undoing single values: "json", "toml", ...
    grammar: str = ""
    #: Permissions of a file that does not exist yet; one that exists keeps its own.
    mode: int = 0o600

    def __repr__(self) -> str:
        sizes = (None if content is None else len(content) for content in (self.before, self.after, self.original))
        return "FileEdit({!r}, bytes {} -> {}, original {})".format(str(self.path), *sizes)


@dataclass(frozen=True, slots=True)
class Switch:
    """Every file that has to change together for `agent` to use `provider`, as planned at `at`."""

    agent: str
    provider: str
    at: datetime
    edits: tuple[FileEdit, ...]
    note: str = ""
