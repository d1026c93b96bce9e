"""A program that writes into a journal until it is killed: what the app is to the test of `kill -9`."""

from __future__ import annotations

import asyncio
import itertools
import sys
from pathlib import Path

from tests.adapters.journal_rows import START, incident, ping, snapshot, turn
from trayapp.adapters.journal import SqliteJournal
from trayapp.model.level import Level


async def write(path: Path) -> None:
    journal = SqliteJournal.open(path, START)
    for number in itertools.count():
        level = (Level.DOWN, Level.OPERATIONAL)[number % 2]
        journal.ping(ping(number))
        journal.transition(turn(Level.UNKNOWN, level, number), "x" * 2000)
        journal.snapshot(snapshot(level, number), "online")
        journal.incidents("acme", [incident(str(each), name="y" * 200) for each in range(10)], START)
        # Waits for all that came before, so that the queue does not fill memory instead of the file.
        await journal.spent("acme", START)
        if number == 0:
            print("writing", flush=True)


if __name__ == "__main__":
    asyncio.run(write(Path(sys.argv[1])))
