"""One notifier made of many: the best that works now, asked anew for every notice."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Sequence

from trayapp.adapters.notifiers._deadline import Stuck
from trayapp.model.effect import Notify
from trayapp.model.ports import Capability, Notifier, Refused


class FirstThatWorks:
    """Tries `candidates` from best to worst and falls to the next when one refuses; the last one should never fail.

    A better one that refused is asked again at the next notice, since a daemon may have come back. When one is
    stuck, all but the last are passed over for this notice. `name` and `capabilities` are those of the one in use.
    """

    def __init__(self, candidates: Sequence[Notifier]) -> None:
        """`candidates`: at least one."""
        self._candidates = tuple(candidates)
        self._said: dict[int, str] = {}
        self._showing: dict[str, Notifier] = {}
        self._current = self._candidates[0]
        self.name = self._current.name

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What the one in use can do."""
        return self._current.capabilities

    async def start(self) -> None:
        """Find the best that works. Raises Refused when even the last does not."""
        await self._first(lambda candidate: candidate.start())

    async def notify(self, notice: Notify) -> None:
        """Show it with the best that works now. Raises Refused when even the last does not."""
        shown_by = await self._first(lambda candidate: candidate.notify(notice))
        before = self._showing.get(notice.key)
        self._showing[notice.key] = shown_by
        if before is not None and before is not shown_by:
            with contextlib.suppress(Refused):
                await before.withdraw(notice.key)

    async def withdraw(self, key: str) -> None:
        """Take it away where it was shown. Raises Refused."""
        showing = self._showing.pop(key, None)
        if showing is not None:
            await showing.withdraw(key)

    async def close(self) -> None:
        """Close all of them."""
        for candidate in self._candidates:
            with contextlib.suppress(Refused):
                await candidate.close()

    def report(self) -> tuple[tuple[str, str], ...]:
        """Return name and what it said for every candidate, best first: that it works, why not, or "not needed"."""
        return tuple(
            (candidate.name, self._said.get(place, "not needed")) for place, candidate in enumerate(self._candidates)
        )

    async def _first(self, ask: Callable[[Notifier], Awaitable[None]]) -> Notifier:
        *better, last = enumerate(self._candidates)
        for place, candidate in better:
            try:
                await ask(candidate)
            except Refused as refusal:
                self._said[place] = str(refusal)
                if isinstance(refusal, Stuck):
                    break
            else:
                return self._use(place, candidate)
        await ask(last[1])
        return self._use(*last)

    def _use(self, place: int, candidate: Notifier) -> Notifier:
        able = ", ".join(sorted(candidate.capabilities))
        self._said[place] = f"works ({able})" if able else "works"
        self._current = candidate
        self.name = candidate.name
        return candidate
