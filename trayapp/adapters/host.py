"""This machine's power, as far as it can be asked cheaply. The real adapter of the port `Host`, for the terminal.

Nothing here hears of a wake or of another network: under the tray the desktop does, and calls `changed`. Whether the
line is metered is the desktop's to know, too.
"""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Callable
from pathlib import Path

#: Seconds for which one answer holds; the power cord is not pulled more often.
_HOLDS_S = 60.0
_SUPPLIES = Path("/sys/class/power_supply")


class PollingHost:
    """Asks the system at most once a minute, and when told that something changed."""

    def __init__(
        self, on_battery: Callable[[], bool] | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`on_battery` asks the system; `clock` gives seconds that never go back."""
        self._on_battery = on_battery or is_on_battery
        self._clock = clock
        self._calls: list[Callable[[], None]] = []
        self._known: tuple[float, bool] | None = None

    def on_change(self, call: Callable[[], None]) -> None:
        """Have `call` called whenever somebody says `changed`."""
        self._calls.append(call)

    def changed(self) -> None:
        """Tell everyone that the machine woke, or its network or power changed. Call it on the loop."""
        self._known = None
        for call in list(self._calls):
            call()

    @property
    def is_saving(self) -> bool:
        """True on battery."""
        now = self._clock()
        if self._known is None or now - self._known[0] >= _HOLDS_S:
            self._known = (now, self._on_battery())
        return self._known[1]


def is_on_battery() -> bool:
    """True when this machine runs on its battery; False when it does not, or cannot tell.

    On macOS it is always False: what tells there without a framework, `pmset -g batt`, is a process of its own, which
    is too much for a question that is asked each minute.
    """
    return discharges(_SUPPLIES) if sys.platform == "linux" else _windows()


def discharges(supplies: Path) -> bool:
    """True when the batteries below `supplies` feed the machine (Linux: Documentation/ABI/testing/sysfs-class-power).

    Batteries of mice and headsets, which say that their scope is a device, do not count.
    """
    try:
        found = sorted(supplies.iterdir())[:32]
    except OSError:
        return False
    own = [supply for supply in found if _word(supply / "scope") != "Device"]
    if any(_word(supply / "online") == "1" for supply in own if _word(supply / "type") in ("Mains", "USB", "Wireless")):
        return False
    return any(_word(supply / "status") == "Discharging" for supply in own if _word(supply / "type") == "Battery")


def _word(file: Path) -> str:
    try:
        with file.open(encoding="ascii", errors="replace") as opened:
            return opened.read(64).strip()
    except OSError:
        return ""


class _SystemPowerStatus(ctypes.Structure):
    """SYSTEM_POWER_STATUS (https://learn.microsoft.com/windows/win32/api/winbase/ns-winbase-system_power_status)."""

    _fields_ = (
        ("ACLineStatus", ctypes.c_ubyte),
        ("BatteryFlag", ctypes.c_ubyte),
        ("BatteryLifePercent", ctypes.c_ubyte),
        ("SystemStatusFlag", ctypes.c_ubyte),
        ("BatteryLifeTime", ctypes.c_uint32),
        ("BatteryFullLifeTime", ctypes.c_uint32),
    )


def _windows() -> bool:
    """True on battery, or when Windows itself saves energy; False on another system."""
    if sys.platform == "win32":
        status = _SystemPowerStatus()
        known = ctypes.windll.kernel32.GetSystemPowerStatus(ctypes.byref(status))
        return bool(known) and (status.ACLineStatus == 0 or status.SystemStatusFlag == 1)
    return False
