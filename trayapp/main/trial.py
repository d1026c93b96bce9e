"""The door of `uptray provider check`: a provider file is validated, then what it declares is tried, each thing once.

The looks are those of the observer, one by one: at each address of the page, and each ping by itself. What they mean
together is for the judge to say, as in the app.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trayapp.adapters.keys import EnvironmentThenVault
from trayapp.adapters.store import read_file
from trayapp.adapters.vault import KeyringVault
from trayapp.decide import document
from trayapp.decide.wording import summary
from trayapp.feeds import platforms
from trayapp.judge.judge import Judge
from trayapp.judge.ping import cost_usd
from trayapp.model.catalogue import provider as read
from trayapp.model.forms import one_of
from trayapp.model.ports import Keys, Refused
from trayapp.model.provider import Probe, ProbeKind, Provider
from trayapp.model.reading import Observation, PageReading, ProbeReading, Reading, Symptom
from trayapp.model.secret import Credential
from trayapp.model.settings import MonitorSettings
from trayapp.model.source import Source
from trayapp.model.table import Table
from trayapp.observer import Observer

if TYPE_CHECKING:
    from trayapp.main.house import House

#: As declared: the answer came, soon or late.
_ANSWERED = (Symptom.OK, Symptom.SLOW)


@dataclass(frozen=True, slots=True)
class _Tried:
    """A ping that the file declares, and what came of it, or why it was not made."""

    probe: Probe
    reading: ProbeReading | None = None
    reason: str = ""

    @property
    def ok(self) -> bool:
        return self.reading is None or self.reading.symptom in _ANSWERED


def check(house: House, file: Path, *, offline: bool, paid: bool, warn: Callable[[str], None]) -> Mapping[str, Any]:
    """Return what was found; `warn` is told what a paid ping may cost before it is made. Raises Refused."""
    provider, warnings = _valid(file)
    head = {
        "schema": 1,
        "file": str(file),
        "id": provider.id,
        "name": provider.name,
        "warnings": list(warnings),
        "offline": offline,
    }
    if offline:
        return {**head, "fine": True}
    return {**head, **asyncio.run(_tried(house, provider, paid=paid, warn=warn))}


def _valid(file: Path) -> tuple[Provider, Sequence[str]]:
    """Return the provider and a line for each unknown key. Raises Refused: file, line, key, and what was expected."""
    if file.suffix != ".toml":
        raise Refused(f"{file.name}: a file whose name ends in .toml was expected")
    text = read_file(file, file.name)
    if text is None:
        raise Refused(f"{file}: there is no such file")
    table = Table.of(Source(file.name, text))
    provider = read(file.stem, table)
    warnings = table.warnings()
    if provider.feed is not None:
        table.table("feed").need("platform", one_of(platforms()))
    return provider, warnings


async def _tried(house: House, provider: Provider, *, paid: bool, warn: Callable[[str], None]) -> Mapping[str, Any]:
    from trayapp.main.terminal import ports, unrecorded

    async with ports(unrecorded(house), KeyringVault(person=True)) as doors:
        now = doors.clock.now()
        judge = Judge((provider,), MonitorSettings(), {}, now)
        keys = _Cautious(doors.keys, house)
        observer = Observer(MonitorSettings(), doors.clock, doors.fetcher, keys, doors.journal)
        held = judge.held(provider.id)
        feed = provider.feed
        pages = [await observer.page_at(held, feed, base) for base in feed.bases] if feed else []
        pings = [await _ping(observer, provider, probe, keys, paid=paid, warn=warn) for probe in provider.probes]
        good = next((reading for reading in pages if reading.page is not None), None)
        readings: list[Reading] = [*([good or pages[0]] if pages else [])]
        readings += [each.reading for each in pings if each.reading]
        later = doors.clock.now()
        judge.take(Observation(provider.id, now, tuple(readings)), later)
        verdict = judge.held(provider.id).verdict
        made = document.document(verdict, provider, summary(verdict, provider, later))
    page = _page(made["feed"], pages)
    return {
        "fine": all(each.ok for each in pings) and (page is None or page["fine"]),
        "feed": page,
        "feed_reason": None if page else provider.note or "the file names no status page",
        "probes": [_row(each) for each in pings],
    }


async def _ping(
    observer: Observer, provider: Provider, probe: Probe, keys: _Cautious, *, paid: bool, warn: Callable[[str], None]
) -> _Tried:
    """Make a ping, on a connection of its own; of a paid one's models the first that is served."""
    if probe.kind is ProbeKind.PAID and not paid:
        return _Tried(probe, reason="it costs money; --paid makes it")
    if probe.kind is ProbeKind.KEYLESS:
        return _Tried(probe, await observer.ping(provider, probe, fresh=True))
    if await keys.credential(provider) is None:
        return _Tried(probe, reason=keys.reason or f"there is no key for {provider.id}")
    if probe.kind is ProbeKind.PAID:
        warn(f"The paid ping costs at most {cost_usd(probe):.6f} USD for each model that is tried.")
    reading = None
    for model in probe.models or (None,):
        reading = await observer.ping(provider, probe, model=model, fresh=True)
        if reading is None or reading.symptom is not Symptom.REQUEST_INVALID:
            break
    return _Tried(probe, reading)


def _page(feed: Mapping[str, Any] | None, pages: Sequence[PageReading]) -> dict[str, Any] | None:
    if feed is None:
        return None
    addresses = [{"url": each.url, "error": each.error} for each in pages]
    is_read = any(each.page is not None for each in pages)
    return {
        "platform": feed["platform"],
        "addresses": addresses,
        "read": is_read,
        "level": feed["level"],
        "error": feed["error"],
        "components": feed["components"],
        "lost": feed["lost"],
        "incidents": [each for each in feed["incidents"] if each["resolved_at"] is None],
        "maintenances": feed["maintenances"],
        "changed_at": feed["changed_at"],
        "note": feed["note"],
        "fine": is_read and not feed["lost"] and all(each.error is None for each in pages),
    }


def _row(tried: _Tried) -> dict[str, Any]:
    probe, reading = tried.probe, tried.reading
    return {
        "kind": probe.kind.value,
        "method": probe.method,
        "path": probe.path,
        "model": reading.model if reading else None,
        "outcome": reading.symptom.value if reading else Symptom.SKIPPED.value,
        "http_status": reading.http_status if reading else None,
        "latency_ms": round(reading.seconds * 1000) if reading else None,
        "detail": reading.detail if reading else tried.reason,
        "ok": tried.ok,
    }


class _Cautious:
    """Keys for a file that may come from anywhere: it must not have the key of a provider that ships sent elsewhere."""

    def __init__(self, keys: Keys, house: House) -> None:
        self._keys = keys
        self._house = house
        #: Why there is no credential, empty when there simply is none.
        self.reason = ""

    async def credential(self, provider: Provider) -> Credential | None:
        """Return the credential, None when there is none or it belongs to another."""
        self.reason = self._foreign(provider)
        if self.reason:
            return None
        found = await self._keys.credential(provider)
        if found is None and isinstance(self._keys, EnvironmentThenVault):
            self.reason = self._keys.complaint(provider) or ""
        return found

    def _foreign(self, provider: Provider) -> str:
        api = provider.api
        if api is None or not api.key_env or not os.environ.get(api.key_env):
            return ""
        for other in self._house.store.shipped():
            theirs = other.api
            if theirs and theirs.key_env == api.key_env and not set(api.hosts) <= set(theirs.hosts):
                return f"{api.key_env} is the key of {other.name}, which has other hosts"
        return ""
