"""The first start wins; what the second may say to it is one of two words."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from trayapp.desktop.instance import Instance, Word
from trayapp.model.refused import Refused


@pytest.fixture
def first(qtbot: QtBot, tmp_path: Path) -> Iterator[Instance]:
    instance = Instance(tmp_path)
    assert instance.claim()
    yield instance
    instance.release()


def test_the_second_start_knows_that_it_is_second(first: Instance, tmp_path: Path) -> None:
    assert not Instance(tmp_path).claim()


def test_who_comes_after_the_first_has_gone_is_first(first: Instance, tmp_path: Path) -> None:
    first.release()
    assert Instance(tmp_path).claim()


@pytest.mark.parametrize("word", Word)
def test_the_second_start_is_heard(first: Instance, tmp_path: Path, qtbot: QtBot, word: Word) -> None:
    heard: list[Word] = []
    first.listen(heard.append)
    assert Instance(tmp_path).tell(word)
    qtbot.waitUntil(lambda: heard == [word])


@pytest.mark.parametrize("said", [b"", b"delete", b"show now", b"SHOW", b"show" * 100, b"\xff\x00"])
def test_any_other_word_is_nothing(first: Instance, tmp_path: Path, qtbot: QtBot, said: bytes) -> None:
    heard: list[Word] = []
    first.listen(heard.append)
    socket = QLocalSocket()
    socket.connectToServer(first._address)
    assert socket.waitForConnected(1000)
    socket.write(said)
    socket.flush()
    socket.disconnectFromServer()
    assert Instance(tmp_path).tell(Word.SHOW)
    qtbot.waitUntil(lambda: heard == [Word.SHOW])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has pipes, not files")
def test_nobody_else_can_open_the_socket(first: Instance, tmp_path: Path) -> None:
    first.listen(lambda word: None)
    assert stat.S_IMODE((tmp_path / "uptray.socket").stat().st_mode) & 0o077 == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has pipes, not files")
def test_a_socket_left_by_a_killed_run_is_taken_over(first: Instance, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "uptray.socket").touch()
    heard: list[Word] = []
    first.listen(heard.append)
    assert Instance(tmp_path).tell(Word.SHOW)
    qtbot.waitUntil(lambda: heard == [Word.SHOW])


def test_a_first_that_does_not_listen_is_given_up(first: Instance, tmp_path: Path) -> None:
    assert not Instance(tmp_path).tell(Word.SHOW, patience_s=0.2)


def test_a_folder_that_is_not_there_is_refused(qtbot: QtBot, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="lock file could not be made"):
        Instance(tmp_path / "absent").claim()
