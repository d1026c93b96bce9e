"""Watch AI providers, say what is wrong and whose fault it is, and point coding agents at one that works.

Read it in the order the data flows:

    model/       what are we talking about?         nouns and ports
    feeds/       what does this status page say?    pure, one file per platform
    transcripts/ what did an agent meet?            pure, one file per agent
    judge/       what is therefore true?            pure
    decide/      what to do about it, what to show? pure
    adapters/    the world: network, disk, keyring  I/O, no decisions
    desktop/     the tray and its window            the only place for Qt
    cli/         the same, as text                  one file per command
    simulator/   a stand-in world on loopback       for the demo and for tests

Everyone knows model/. Nobody knows a neighbour. monitor.py walks the line; main.py opens the doors.
To understand it all read model/, monitor.py and judge/fuse.py.
"""

__version__ = "0.1.0"
