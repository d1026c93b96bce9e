"""Where things live: below UPTRAY_HOME, or in the platform's own folders."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from trayapp.adapters.paths import Paths, paths, private_folder, resources
from trayapp.model.ports import Refused


def test_uptray_home_moves_everything(tmp_path: Path) -> None:
    found = paths({"UPTRAY_HOME": str(tmp_path), "XDG_RUNTIME_DIR": "/run/user/1"})
    assert found == Paths(tmp_path / "config.toml", tmp_path / "data", tmp_path / "data" / "run")
    assert found.providers == tmp_path / "providers"
    assert found.journal == tmp_path / "data" / "journal.sqlite3"
    assert found.log == tmp_path / "data" / "uptray.log"


def test_a_relative_home_is_made_absolute_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert paths({"UPTRAY_HOME": "here"}).config == tmp_path / "here" / "config.toml"


@pytest.mark.skipif(sys.platform != "linux", reason="XDG folders are Linux's")
def test_on_linux_the_xdg_folders_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "d"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "r"))
    monkeypatch.setenv("UPTRAY_HOME", "")
    config, data = tmp_path / "c" / "uptray", tmp_path / "d" / "uptray"
    assert paths() == Paths(config / "config.toml", data, tmp_path / "r" / "uptray")


@pytest.mark.parametrize("environ", [{}, {"XDG_RUNTIME_DIR": "not/absolute"}])
def test_without_a_runtime_folder_of_the_system_the_data_folder_serves(environ: dict[str, str]) -> None:
    found = paths(environ)
    assert found.runtime == found.data / "run"


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
def test_a_private_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = private_folder(tmp_path / "a" / "b")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert private_folder(folder) == folder


def test_a_folder_that_cannot_be_made_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a file")
    with pytest.raises(Refused, match="the folder could not be made: "):
        private_folder(tmp_path / "a" / "b")
    with pytest.raises(Refused, match="the folder could not be made: "):
        private_folder(tmp_path / "a")


@pytest.mark.parametrize("place", ["pkg/resources", "resources", "frozen/trayapp/resources", "frozen/resources"])
def test_resources_are_found_installed_in_a_checkout_and_frozen(tmp_path: Path, place: str) -> None:
    (tmp_path / place / "providers").mkdir(parents=True)
    (tmp_path / "pkg").mkdir(exist_ok=True)
    assert resources(tmp_path / "pkg", str(tmp_path / "frozen")) == tmp_path / place


def test_resources_of_this_checkout_are_found() -> None:
    assert (resources() / "config.toml").is_file()


def test_lost_resources_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="install it again"):
        resources(tmp_path / "pkg")
