"""Changes are told once for a burst of them, and a sleep is noticed by the clock alone."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from trayapp.desktop.network import QtHost


def test_a_burst_of_changes_is_told_once(qtbot: QtBot) -> None:
    host, told = QtHost(lambda: False), list[int]()
    host._calm.setInterval(20)
    host.on_change(lambda: told.append(1))
    for _ in range(5):
        host._changed()
    qtbot.waitUntil(lambda: told == [1])
    assert not host._calm.isActive()


def test_a_metered_line_saves_and_is_a_change(qtbot: QtBot) -> None:
    host = QtHost(lambda: False)
    assert [host.is_saving] == [False]
    host._metered(True)
    assert host._calm.isActive()
    assert [host.is_saving] == [True]


def test_a_battery_saves(qtbot: QtBot) -> None:
    assert QtHost(lambda: True).is_saving


def test_waking_is_a_change_and_falling_asleep_is_none(qtbot: QtBot) -> None:
    host = QtHost(lambda: False)
    host._sleeps(True)
    assert not host._calm.isActive()
    host._sleeps(False)
    assert host._calm.isActive()


def test_a_look_that_comes_much_too_late_is_a_wake(qtbot: QtBot) -> None:
    host = QtHost(lambda: False)
    host._look()
    assert not host._calm.isActive()
    host._looked_at -= 3600
    host._look()
    assert host._calm.isActive()


def test_it_listens_without_a_system_bus_and_stops(qtbot: QtBot) -> None:
    host, told = QtHost(lambda: False), list[int]()
    host.on_change(lambda: told.append(1))
    host.listen()
    host._changed()
    host.stop()
    assert not host._calm.isActive() and not host._clock.isActive()
    assert told == []
