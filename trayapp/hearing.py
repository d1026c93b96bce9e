"""What the agents on this machine met, kept for the next look at their provider; a failure has that look taken now."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection

from trayapp.model.ports import Clock, Witness
from trayapp.model.reading import PassiveReading, Symptom

#: How often the agents' records are looked at, in seconds.
_LISTEN_S = 5.0
#: A failure has a look follow at most so often: an agent tries ten times, and records each.
_WAKE_S = 15.0
#: So much is kept for a look that does not come, as while the machine is offline.
_MOST = 50


class Hearing:
    """Listens to a witness on behalf of the watched providers."""

    def __init__(self, clock: Clock, providers: Collection[str], wake: Callable[[str], None]) -> None:
        """`wake` is called with the id of a provider that an agent has just failed at."""
        self._clock = clock
        self._wake = wake
        self._heard: dict[str, tuple[PassiveReading, ...]] = {name: () for name in providers}
        self._woken: dict[str, float] = {}

    async def listen(self, witness: Witness) -> None:
        """Listen until cancelled."""
        while True:
            for reading in await witness.poll():
                self._hear(reading)
            await self._clock.wait(asyncio.Event(), _LISTEN_S)

    def take(self, provider: str) -> tuple[PassiveReading, ...]:
        """Return what was heard about the provider since the last call."""
        heard, self._heard[provider] = self._heard.get(provider, ()), ()
        return heard

    def _hear(self, reading: PassiveReading) -> None:
        name, now = reading.provider, self._clock.monotonic()
        if name not in self._heard:
            return
        self._heard[name] = (*self._heard[name], reading)[-_MOST:]
        last = self._woken.get(name)
        if reading.symptom is not Symptom.OK and (last is None or now - last >= _WAKE_S):
            self._woken[name] = now
            self._wake(name)
