"""What every host promises, on the tray's: changes are told to everyone who asked, and saving is a plain yes or no."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.fakes import FakeHost
from trayapp.desktop.network import QtHost
from trayapp.model.ports import Host


class HostContract:
    """Subclass it with a fixture `changing`: a host, and what makes it change."""

    def test_everyone_who_asked_is_told(self, changing: tuple[Host, Callable[[], None]], qtbot: QtBot) -> None:
        host, change = changing
        told: list[str] = []
        host.on_change(lambda: told.append("one"))
        host.on_change(lambda: told.append("two"))
        change()
        qtbot.waitUntil(lambda: told == ["one", "two"])

    def test_a_change_without_listeners_is_nothing(self, changing: tuple[Host, Callable[[], None]]) -> None:
        changing[1]()

    def test_saving_is_yes_or_no(self, changing: tuple[Host, Callable[[], None]]) -> None:
        assert changing[0].is_saving in (True, False)


class TestFakeHost(HostContract):
    @pytest.fixture
    def changing(self) -> tuple[Host, Callable[[], None]]:
        host = FakeHost()
        return host, host.change


class TestQtHost(HostContract):
    @pytest.fixture
    def changing(self, qtbot: QtBot) -> Iterator[tuple[Host, Callable[[], None]]]:
        host = QtHost(lambda: False)
        host._calm.setInterval(1)
        yield host, lambda: host._sleeps(False)
        host.stop()
