"""When this machine counts as saving, and who is told of a change."""

from __future__ import annotations

from pathlib import Path

import pytest

from trayapp.adapters.host import PollingHost, discharges, is_on_battery

BATTERY = {"type": "Battery", "status": "Discharging"}
CORD = {"type": "Mains", "online": "1"}
NO_CORD = {"type": "Mains", "online": "0"}
MOUSE = {"type": "Battery", "status": "Discharging", "scope": "Device"}


@pytest.mark.parametrize(
    ("supplies", "is_saving"),
    [
        ({}, False),
        ({"BAT0": BATTERY}, True),
        ({"BAT0": BATTERY, "AC": NO_CORD}, True),
        ({"BAT0": BATTERY, "AC": CORD}, False),
        ({"BAT0": {**BATTERY, "status": "Charging"}, "AC": CORD}, False),
        ({"BAT0": {**BATTERY, "status": "Full"}}, False),
        ({"hid-mouse": MOUSE}, False),
        ({"hid-mouse": MOUSE, "AC": CORD}, False),
        ({"BAT0": BATTERY, "USBC0": {"type": "USB", "online": "1"}}, False),
        ({"BAT0": {"status": "Discharging"}}, False),
        ({"BAT0": {"type": "\udcff", "status": "x" * 10000}}, False),
    ],
)
def test_a_laptop_saves_while_its_own_battery_feeds_it(
    supplies: dict[str, dict[str, str]], is_saving: bool, tmp_path: Path
) -> None:
    for name, words in supplies.items():
        (tmp_path / name).mkdir()
        for word, value in words.items():
            (tmp_path / name / word).write_bytes(f"{value}\n".encode("utf-8", "surrogateescape"))
    assert discharges(tmp_path) is is_saving


def test_a_machine_that_cannot_tell_does_not_save(tmp_path: Path) -> None:
    assert not discharges(tmp_path / "nowhere")


def test_this_machine_can_be_asked() -> None:
    assert is_on_battery() in (True, False)


def test_the_system_is_asked_once_a_minute_or_after_a_change() -> None:
    now, asked = [0.0], []

    def on_battery() -> bool:
        asked.append(now[0])
        return len(asked) % 2 == 1

    host = PollingHost(on_battery, lambda: now[0])
    seen = []
    for now[0] in (0.0, 30.0, 59.0, 60.0, 61.0):
        seen.append(host.is_saving)
    assert seen == [True, True, True, False, False]
    host.changed()
    assert host.is_saving
    assert asked == [0.0, 60.0, 61.0]


def test_everyone_who_asked_is_told_of_a_change() -> None:
    told: list[str] = []
    host = PollingHost()
    host.on_change(lambda: told.append("monitor"))
    host.on_change(lambda: told.append("window"))
    host.changed()
    host.changed()
    assert told == ["monitor", "window"] * 2
