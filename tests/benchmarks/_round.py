"""Thirty providers looked at through the whole line: the part of `round` that is measured. Writes ms of CPU and KB."""

from __future__ import annotations

import asyncio
import json
import random
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from trayapp.adapters.clock import SystemClock
from trayapp.adapters.http import HttpFetcher
from trayapp.adapters.journal import SqliteJournal
from trayapp.model.ports import Host
from trayapp.model.provider import Api, Feed, Probe, ProbeKind, Provider
from trayapp.model.secret import Credential, Secret
from trayapp.model.settings import MonitorSettings, Settings
from trayapp.monitor import Monitor, Ports

_PROBES = (
    Probe(ProbeKind.KEYLESS, "GET", "/v1/models", (401,)),
    Probe(ProbeKind.FREE, "GET", "/v1/models", (200,)),
)


class _Keys:
    async def credential(self, provider: Provider) -> Credential | None:
        return Credential(Secret("sk-canary"), "bearer", provider.api.hosts) if provider.api else None


class _Still:
    """A host that never wakes."""

    is_saving = False

    def on_change(self, call: object) -> None:
        """Nothing changes here."""


def _provider(number: int, port: str) -> Provider:
    base = f"http://127.0.0.1:{port}/{number}"
    feed = Feed("statuspage", base)
    api = Api(base, (f"127.0.0.1:{port}",))
    return Provider(f"p{number}", f"Provider {number}", feed, api, _PROBES, allow_private=True)


async def _main(port: str, rounds: int) -> None:
    watch = tuple(_provider(number, port) for number in range(30))
    host: Host = _Still()
    with tempfile.TemporaryDirectory() as folder:
        journal = SqliteJournal.open(Path(folder) / "journal.sqlite3", datetime.now(UTC))
        fetcher = HttpFetcher()
        settings = Settings(monitor=MonitorSettings(connectivity_targets=()), watch=watch)
        monitor = Monitor(settings, Ports(SystemClock(), fetcher, _Keys(), journal, host), random.random)
        seen = []
        for _ in range(rounds):
            began = time.process_time()
            await asyncio.gather(*(monitor.step(each.id, page=True, unbilled=True, paid=False) for each in watch))
            seen.append((time.process_time() - began) * 1000)
        levels = {verdict.level.value for verdict in monitor.verdicts}
        await fetcher.close()
        await journal.close()
    kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(json.dumps({"ms": seen, "kb": kb, "levels": sorted(levels)}))


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], int(sys.argv[2])))
