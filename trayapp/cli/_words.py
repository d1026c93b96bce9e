"""How a terminal shows a level: its shape, its colour, its word; and texts from outside without their tricks."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

#: Level -> shape, shape where only ASCII can be shown, colour, word. Each level has a shape of its own.
LOOKS = {
    "operational": ("●", "o", "green", "works"),
    "maintenance": ("◆", "m", "blue", "maintenance"),
    "degraded": ("▲", "!", "yellow", "degraded"),
    "down": ("■", "X", "bold red", "down"),
    "unknown": ("○", "?", "bright_black", "unknown"),
    "offline": ("◌", "~", "magenta", "your network"),
    "blocked": ("◫", "#", "magenta", "refused for you"),
}

EXIT_CODES = {"operational": 0, "maintenance": 0, "degraded": 1, "down": 2, "unknown": 3, "offline": 3, "blocked": 4}


def plain(text: object) -> str:
    """Return the text without control and direction characters: a terminal obeys those."""
    return "".join(c for c in str(text) if unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs"))


def shape(level: str, out: IO[str] | None = None) -> str:
    """Return the level's shape, in ASCII where the output can show no other."""
    look = LOOKS.get(level, LOOKS["unknown"])
    try:
        look[0].encode(getattr(out or sys.stdout, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return look[1]
    return look[0]


def word(level: str) -> str:
    """Return the level in words."""
    return LOOKS.get(level, LOOKS["unknown"])[3]


def console() -> Console:
    """Return rich's console on standard output; plain where that is no terminal, or NO_COLOR is set."""
    from rich.console import Console

    return Console(highlight=False)


def marked(level: str) -> Text:
    """Return shape and word in the level's colour."""
    from rich.text import Text

    return Text(f"{shape(level)} {word(level)}", style=LOOKS.get(level, LOOKS["unknown"])[2])


def show_table(heading: Sequence[str], rows: Iterable[Sequence[object]], stretch: int | None = None) -> None:
    """Write a table; cells are texts, or rich's own. Column `stretch` takes the room that is left and wraps."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for index, name in enumerate(heading):
        table.add_column(name, no_wrap=index != stretch, overflow="fold" if index == stretch else "ellipsis")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(plain(cell)) for cell in row))
    console().print(table)


def write_json(document: Mapping[str, Any] | Sequence[Any], *, one_line: bool = False) -> None:
    """Write a document and flush it: who reads a pipe waits for each line. Indented for eyes, not for programs."""
    import json

    indent = None if one_line or not sys.stdout.isatty() else 2
    sys.stdout.write(json.dumps(document, indent=indent, ensure_ascii=True) + "\n")
    sys.stdout.flush()


def age(seconds: float) -> str:
    """Return an age in a few letters: "12 s", "3 min", "2 h", "5 d"."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{max(0, int(seconds))} s"
