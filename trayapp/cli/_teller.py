"""The demo's story in the terminal: a line for all that happens and is said, and the table at the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import IO

#: Who speaks, and in which colour where there are colours.
_VOICES = {"truth": "magenta", "status page": "yellow", "Uptray": "bold cyan"}


class Teller:
    """Writes to `out` as the story goes; plain text where `out` is no terminal. Slow to make: it loads a library."""

    def __init__(self, title: str, out: IO[str]) -> None:
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        self._text, self._table = Text, Table
        self._console = Console(file=out, highlight=False, soft_wrap=True)
        self._console.print(Text(title, style="bold"))
        self._console.print(Text("All times are UTC and the stand-in's; nothing of yours is touched.", style="dim"))
        self._console.print()

    def line(self, at: datetime, who: str, what: str) -> None:
        """Write one line of the story; the text is shown as it is, never as markup."""
        clock = self._text(f"{at:%H:%M:%S}  ", style="dim")
        voice = self._text(f"{who:<12}", style=_VOICES.get(who, ""))
        self._console.print(clock + voice + self._text(what))

    def table(self, heading: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Write the closing table."""
        table = self._table(box=None, pad_edge=False, header_style="bold")
        for name in heading:
            table.add_column(name, no_wrap=True)
        for row in rows:
            table.add_row(*(self._text(cell) for cell in row))
        self._console.print()
        self._console.print(table)

    def note(self, what: str) -> None:
        """Write a line that belongs to no moment."""
        self._console.print(self._text(what))
