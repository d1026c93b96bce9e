"""Who is who? The only room that knows everyone: it introduces ports to adapters, and opens doors for commands.

Here belongs assembly, each thing imported only when its door is walked through. Not here: any decision, any parsing.
"""

from trayapp.main.house import House

__all__ = ["House"]
