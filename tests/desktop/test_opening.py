"""Only plain https addresses reach the browser; a child of the frozen app finds the system's libraries."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from trayapp.desktop.opening import open_file, open_url


class Browser(QObject):
    """Takes what Qt would hand to the desktop."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.library_path: list[str | None] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toString())
        self.library_path.append(os.environ.get("LD_LIBRARY_PATH"))


@pytest.fixture
def browser(qtbot: QtBot) -> Iterator[Browser]:
    browser = Browser()
    method: Any = "open"  # the stub asks for bytes, the binding takes nothing but str
    for scheme in ("https", "http", "file", "javascript", "smb"):
        QDesktopServices.setUrlHandler(scheme, browser, method)
    yield browser
    for scheme in ("https", "http", "file", "javascript", "smb"):
        QDesktopServices.unsetUrlHandler(scheme)


def test_a_page_is_opened(browser: Browser) -> None:
    open_url("https://status.example.com/incidents/1?a=b#c")
    assert browser.opened == ["https://status.example.com/incidents/1?a=b#c"]


@pytest.mark.parametrize(
    "url",
    [
        "http://status.example.com",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "smb://host/share",
        "https://user:secret@status.example.com",
        "https://",
        "https:status.example.com",
        "",
        "https://status.example.com/ with spaces",
        "https://status.example.com/" + "x" * 2000,
    ],
)
def test_anything_else_is_refused(browser: Browser, url: str, caplog: pytest.LogCaptureFixture) -> None:
    open_url(url)
    assert browser.opened == []
    assert "not a plain https address" in caplog.text


def test_a_file_is_opened_by_its_full_path(browser: Browser, tmp_path: Path) -> None:
    open_file(tmp_path / "a b#c.toml")
    assert browser.opened == [QUrl.fromLocalFile(str(tmp_path / "a b#c.toml")).toString()]


@pytest.mark.parametrize("users", ["/users/lib", None])
def test_a_frozen_app_gives_its_child_the_users_library_path(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, users: str | None
) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", "/opt/uptray", raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/uptray")
    if users:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", users)
    open_url("https://status.example.com")
    assert browser.library_path == [users]
    assert os.environ["LD_LIBRARY_PATH"] == "/opt/uptray"
