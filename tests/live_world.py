"""The stand-in world in a thread of its own, so that a test can turn it while a real program watches it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Collection, Coroutine
from datetime import UTC, datetime
from typing import Any

from trayapp.adapters.clock import SystemClock
from trayapp.model.secret import Secret
from trayapp.simulator.scenario import calm
from trayapp.simulator.world import World

KEY = Secret("sk-canary-of-the-tests")


class LiveWorld:
    """A context manager; everything is well until a test says otherwise."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.world = World(calm(datetime.now(UTC)), SystemClock(), KEY)

    def __enter__(self) -> LiveWorld:
        self._thread.start()
        self._run(self.world.start())
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self.world.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def do(self, change: Callable[[World], Any]) -> None:
        """Turn the world, on its own thread; a coroutine that comes back is awaited there."""

        async def turn() -> None:
            came = change(self.world)
            if asyncio.iscoroutine(came):
                await came

        self._run(turn())

    def config(self, watch: Collection[str], *, hasty: bool = True) -> str:
        """Return a config.toml that points Uptray here; `hasty`: re-checks within a fraction of a second."""
        text = self.world.overrides(watch)
        quick = "[monitor]\nrecheck_after_s = [0.1, 0.1, 0.1]\nprobe_interval_s = 5\nfeed_interval_s = 5"
        return text.replace("[monitor]", quick, 1) if hasty else text

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(20)
