"""What works on this machine: the checks of `uptray doctor`, each on the real part, each with a deadline."""

from __future__ import annotations

import asyncio
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import getproxies

import trayapp
from trayapp.adapters.clock import SystemClock
from trayapp.adapters.http import HttpFetcher
from trayapp.adapters.keys import EnvironmentThenVault
from trayapp.adapters.notifiers import chain
from trayapp.adapters.transcripts import Transcripts
from trayapp.adapters.vault import KeyringVault
from trayapp.cli._doors import Check
from trayapp.main.terminal import unrecorded
from trayapp.model.ports import Refused
from trayapp.model.reading import NetworkState
from trayapp.model.settings import MonitorSettings, Settings
from trayapp.observer import Observer
from trayapp.transcripts import trails

if TYPE_CHECKING:
    from trayapp.main.house import House

_KEYRING_S = 6.0


def examine(house: House) -> Sequence[Check]:
    """Return a check for each part, in the order in which a person would look."""
    settings, checks = _settings(house)
    return [_program(), *checks, *asyncio.run(_living(house, settings)), _agents(settings), _journal(house), _tray()]


def _program() -> Check:
    found = (
        f"uptray {trayapp.__version__}, Python {platform.python_version()}, {platform.system()} {platform.release()}"
    )
    return Check("program", "ok", found)


def _settings(house: House) -> tuple[MonitorSettings, list[Check]]:
    try:
        settings = house.settings()
    except Refused as reason:
        return MonitorSettings(), [
            Check("settings", "broken", str(reason), "correct the line; until then defaults apply")
        ]
    where = str(house.places.config) if house.places.config.exists() else f"none at {house.places.config}: defaults"
    checks = [Check("settings", "ok", where), _watched(settings)]
    return settings.monitor, checks + [Check("settings", "warning", text) for text in settings.warnings]


def _watched(settings: Settings) -> Check:
    names = ", ".join(provider.name for provider in settings.watch)
    if not names:
        return Check("providers", "warning", "none is watched", "name some under [monitor] watch")
    return Check("providers", "ok", names)


async def _living(house: House, settings: MonitorSettings) -> list[Check]:
    keyring, network, notices = await asyncio.gather(_keyring(house), _network(house, settings), _notices())
    return [*network, keyring, notices]


async def _network(house: House, settings: MonitorSettings) -> list[Check]:
    fetcher = HttpFetcher()
    try:
        keys = EnvironmentThenVault(KeyringVault(), os.environ)
        journal = unrecorded(house)
        reading = await Observer(settings, SystemClock(), fetcher, keys, journal).gate()
    finally:
        await fetcher.close()
    good = reading.state in (NetworkState.ONLINE, NetworkState.UNKNOWN)
    advice = "" if good else "providers stay unknown until this works"
    checks = [Check("network", "ok" if good else "broken", f"{reading.state.value}: {reading.detail}", advice)]
    proxies = ", ".join(sorted(name for name in getproxies() if name != "no"))
    return [*checks, Check("proxy", "ok", f"set for {proxies}" if proxies else "none is set")]


async def _keyring(house: House) -> Check:
    vault = KeyringVault()
    try:
        async with asyncio.timeout(_KEYRING_S):
            await vault.get("uptray-doctor")
    except Refused as reason:
        advice = "keys can be given in the environment instead, for example ANTHROPIC_API_KEY"
        return Check("keyring", "warning", str(reason), advice)
    except TimeoutError:
        return Check("keyring", "broken", f"no answer within {_KEYRING_S:.0f} s", "unlock or restart the keyring")
    return Check("keyring", "ok", vault.describe())


async def _notices() -> Check:
    notifier = chain((), lambda url: None, sys.platform)
    try:
        await notifier.start()
        found = "; ".join(f"{name}: {said}" for name, said in notifier.report())
        lasting = notifier.name != "nothing"
    finally:
        await notifier.close()
    advice = "" if lasting else "the light and its window still tell everything"
    return Check("notifications", "ok" if lasting else "warning", f"{notifier.name} ({found})", advice)


def _agents(settings: MonitorSettings) -> Check:
    """Tell whose records are read, and say so as well when none are."""
    if not settings.passive:
        return Check("agents' records", "ok", "not read; [monitor] passive = true has their errors watched for")
    return Check("agents' records", "ok", Transcripts(trails(), Path.home(), os.environ).describe())


def _journal(house: House) -> Check:
    path = house.places.journal
    if not path.exists():
        return Check("journal", "ok", f"none yet at {path}")
    try:
        house.history([], 1)
    except Refused as reason:
        return Check("journal", "broken", str(reason))
    return Check("journal", "ok", f"{path} ({path.stat().st_size // 1024} KB)")


def _tray() -> Check:
    """Look for a screen and a tray host as far as that goes without Qt."""
    if sys.platform != "linux":
        return Check("tray", "ok", "every session of this system has one")
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return Check("tray", "warning", "no screen here", "the commands work without one")
    desktop = os.environ.get("XDG_CURRENT_DESKTOP", "")
    if "GNOME" in desktop and "ubuntu" not in desktop.lower():
        advice = "install the extension AppIndicator and KStatusNotifierItem Support"
        return Check("tray", "warning", "GNOME has no tray of its own; a window shows the same", advice)
    return Check("tray", "ok", f"a screen is there ({desktop or 'desktop not named'})")
