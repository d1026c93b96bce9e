"""A fetcher that holds a fast clock while a request is under way, so that the network is not seen to be slow."""

from __future__ import annotations

from trayapp.model.ports import Fetcher
from trayapp.model.request import Outcome, Request
from trayapp.simulator.clock import FastClock


class HeldFetcher:
    """A Fetcher around another one."""

    def __init__(self, fetcher: Fetcher, clock: FastClock) -> None:
        self._fetcher = fetcher
        self._clock = clock

    async def fetch(self, request: Request) -> Outcome:
        """Make the request while simulated time runs like real time."""
        self._clock.hold()
        try:
            return await self._fetcher.fetch(request)
        finally:
            self._clock.release()

    async def reset(self) -> None:
        """Forget every connection."""
        await self._fetcher.reset()

    async def close(self) -> None:
        """Let go of everything."""
        await self._fetcher.close()
