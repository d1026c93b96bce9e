"""The script beside the kept bytes puts everything back with nothing but a shell."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from dataclasses import replace
from pathlib import Path, PureWindowsPath

import pytest

from tests.adapters.disk_world import AT, World
from trayapp.adapters.disk import FileDisk
from trayapp.adapters.disk_script import Line, scripts
from trayapp.model.agent import FileEdit, Switch

SHELLS = [shell for shell in ("dash", "bash", "busybox", "zsh") if shutil.which(shell)]
NAMES = ["a b", "it's", 'say "x"', "two\nlines\n", "-rf", "$HOME`id`\\", "é\u202e", "*?[a]", "tab\there"]

pytestmark = pytest.mark.skipif(not SHELLS, reason="no POSIX shell is here")


def run(store: Path, shell: str = "dash") -> tuple[int, str]:
    command = [shell, *(["sh"] if shell == "busybox" else []), str(store / "restore.sh")]
    shell_alone = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}
    done = subprocess.run(command, env=shell_alone, cwd="/", capture_output=True, timeout=20)
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout.decode(errors="replace")


@pytest.mark.parametrize("shell", SHELLS)
def test_everything_is_put_back_byte_for_byte(tmp_path: Path, shell: str) -> None:
    world = World(tmp_path).build("again")
    world.paths[3].chmod(0o640)
    code, told = run(world.store, shell)
    assert code == 0 and told.count("put back") == 3 and told.count("removed") == 1
    assert world.state() == "original" and not world.strangers()
    assert not world.paths[1].parent.exists() and world.paths[0].is_symlink()
    assert stat.S_IMODE(world.paths[3].stat().st_mode) == 0o640
    code, told = run(world.store, shell)
    assert code == 0 and told.count("is as it was") == 4


def test_a_removed_file_comes_back_with_its_mode(tmp_path: Path) -> None:
    world = World(tmp_path).build()
    world.paths[2].chmod(0o640)
    world.go("original", "switched")
    assert run(world.store)[0] == 0
    assert world.state() == "original" and stat.S_IMODE(world.paths[2].stat().st_mode) == 0o640


def test_what_was_edited_since_is_left_and_said(tmp_path: Path) -> None:
    world = World(tmp_path).build("switched")
    world.paths[3].write_bytes(b"edited")
    world.paths[2].write_bytes(b"NEW=1\n")
    code, told = run(world.store)
    assert code == 1 and told.count("was changed since; left alone") == 2
    assert world.contents() == (*world.states["original"][:2], b"NEW=1\n", b"edited")


def test_it_works_from_a_store_that_was_moved(tmp_path: Path) -> None:
    world = World(tmp_path).build("switched")
    moved = world.store.rename(tmp_path / "a copy of it")
    assert run(moved)[0] == 0 and world.state() == "original"


def test_kept_bytes_that_are_gone_change_nothing(tmp_path: Path) -> None:
    world = World(tmp_path).build("switched")
    shutil.rmtree(world.store / "bytes")
    code, told = run(world.store)
    assert code == 1 and "the kept bytes are missing" in told and world.paths[3].read_bytes() == b"x: 2 # mine"


def test_after_a_restore_it_has_nothing_to_do(tmp_path: Path) -> None:
    world = World(tmp_path).build("switched")
    world.go("switched", "original")
    assert run(world.store) == (0, "")


@pytest.mark.parametrize("name", [*NAMES, os.fsdecode(b"not \xff text")])
def test_any_name_is_borne(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    files = folder / name, folder / f"{name}2"
    files[0].write_bytes(b"\x00mine\xff")
    disk = FileDisk(tmp_path / f"data{name}", tmp_path)
    edits = FileEdit(files[0], b"\x00mine\xff", b"ours", b"\x00mine\xff"), FileEdit(files[1], None, b"new", None)
    disk.commit(Switch("agent", "p", AT, edits))
    assert disk.standing()[0].edits == edits
    assert run(tmp_path / f"data{name}" / "switches")[0] == 0
    assert files[0].read_bytes() == b"\x00mine\xff" and [path.name for path in folder.iterdir()] == [name]


def test_of_two_agents_with_one_file_the_later_is_undone_first(tmp_path: Path) -> None:
    world = World(tmp_path).build("switched")
    other = replace(world.switch("switched", "again", "other"), at=AT.replace(hour=20))
    world.disk().commit(replace(other, edits=tuple(replace(edit, original=edit.before) for edit in other.edits)))
    assert run(world.store)[0] == 0
    assert world.state() == "original"


def test_the_script_for_windows_quotes_names_and_begins_with_a_mark() -> None:
    line = Line(PureWindowsPath(r"C:\it's $me\é.json"), ("ab", ""), "cd", 0o600, ())  # type: ignore[arg-type]  # a path of the other system
    made = scripts([line], "win32")
    assert set(made) == {"restore.ps1", "restore.cmd"}
    text = made["restore.ps1"].decode()
    assert text.startswith("\ufeff") and "\n" not in text.replace("\r\n", "")
    assert r"Put 'C:\it''s $me\é.json' 'cd' @('ab', '')" in text
