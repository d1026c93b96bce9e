"""The disk on real files: links, permissions, owners, attributes, sizes, and what it keeps of them."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import struct
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.adapters.disk_world import AT, KEY, World
from trayapp.adapters.disk import FileDisk
from trayapp.model.agent import FileEdit, Switch
from trayapp.model.refused import Refused

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions and links")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "agent" / "settings.json"
    path.parent.mkdir()
    path.write_bytes(b"mine")
    return path


@pytest.fixture
def disk(tmp_path: Path) -> FileDisk:
    return FileDisk(tmp_path / "data", tmp_path)


def edit(path: Path, before: bytes | None = b"mine", after: bytes | None = b"ours") -> Switch:
    return Switch("agent", "p", AT, (FileEdit(path, before, after, before),))


def back(switch: Switch) -> Switch:
    return replace(switch, edits=tuple(replace(e, before=e.after, after=e.original) for e in switch.edits))


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


# ---- links


@posix
def test_a_chain_of_links_stays_and_the_file_at_its_end_changes(disk: FileDisk, file: Path, tmp_path: Path) -> None:
    (tmp_path / "two").symlink_to(file)
    (tmp_path / "agent" / "one").symlink_to("../two")
    disk.commit(edit(tmp_path / "agent" / "one"))
    assert file.read_bytes() == b"ours"
    assert str((tmp_path / "agent" / "one").readlink()) == "../two"
    assert (tmp_path / "two").is_symlink()


@posix
def test_a_dangling_link_is_absent_where_it_leads(disk: FileDisk, file: Path, tmp_path: Path) -> None:
    link, end = tmp_path / "link", tmp_path / "agent" / "not-yet"
    link.symlink_to("agent/not-yet")
    assert disk.read(link) is None
    switch = edit(link, None)
    disk.commit(switch)
    assert end.read_bytes() == b"ours" and link.is_symlink()
    disk.restored(back(switch))
    assert not end.exists() and link.is_symlink()


@posix
def test_links_that_lead_nowhere_or_in_a_circle_are_refused(disk: FileDisk, tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    (tmp_path / "far").symlink_to("no/such/folder/file")
    for name, reason in (("a", "circle"), ("far", "no such folder")):
        with pytest.raises(Refused, match=reason):
            disk.read(tmp_path / name)
        with pytest.raises(Refused, match=reason):
            disk.commit(edit(tmp_path / name, None))


@posix
def test_two_paths_of_one_file_are_refused(disk: FileDisk, file: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(file)
    both = edit(file).edits + edit(tmp_path / "link").edits
    with pytest.raises(Refused, match="one file"):
        disk.commit(Switch("agent", "p", AT, both))


def test_a_hard_link_is_left_alone(disk: FileDisk, file: Path, tmp_path: Path) -> None:
    (tmp_path / "other").hardlink_to(file)
    with pytest.raises(Refused, match="hard link"):
        disk.commit(edit(file))
    assert file.read_bytes() == b"mine" and file.stat().st_nlink == 2


# ---- what is refused before anything is touched


@posix
def test_read_only_files_and_folders_are_left_alone(disk: FileDisk, file: Path) -> None:
    for path, mode, put_back in ((file, 0o444, 0o644), (file.parent, 0o555, 0o755)):
        path.chmod(mode)
        with pytest.raises(Refused, match="read-only"):
            disk.commit(edit(file))
        assert _names(file.parent) == ["settings.json"] and file.read_bytes() == b"mine"
        path.chmod(put_back)
    disk.commit(edit(file))


@posix
def test_what_is_no_file_is_refused(disk: FileDisk, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        os.chdir(tmp_path)
        listening.bind("socket")
        for name in ("pipe", "folder", "socket"):
            with pytest.raises(Refused, match=f"{name}: a file was expected"):
                disk.read(tmp_path / name)


def test_a_file_of_5_mb_is_switched_and_one_byte_more_is_refused(disk: FileDisk, file: Path) -> None:
    large = os.urandom(1 << 20) * 5
    file.write_bytes(large)
    switch = edit(file, large, large[::-1])
    disk.commit(switch)
    disk.restored(back(switch))
    assert file.read_bytes() == large
    file.write_bytes(large + b"!")
    with pytest.raises(Refused, match="larger than 5 MB"):
        disk.read(file)


def test_without_a_home_no_folder_is_made(tmp_path: Path) -> None:
    home = tmp_path / "nobody"
    disk = FileDisk(tmp_path / "data", home)
    assert disk.read(home / ".agent" / "settings.json") is None
    with pytest.raises(Refused, match="is not there"):
        disk.commit(edit(home / ".agent" / "settings.json", None))
    assert not home.exists()


def test_folders_are_made_below_home_alone_and_not_deep(disk: FileDisk, tmp_path: Path) -> None:
    for path in (tmp_path.parent / "elsewhere" / "f", tmp_path / "1" / "2" / "3" / "4" / "f"):
        with pytest.raises(Refused, match="is not there"):
            disk.commit(edit(path, None))
        assert not path.parent.exists()


# ---- what is kept


def test_an_empty_file_is_not_an_absent_one(disk: FileDisk, file: Path) -> None:
    file.write_bytes(b"")
    switch = edit(file, b"")
    disk.commit(switch)
    disk.restored(back(switch))
    assert file.read_bytes() == b""


@posix
def test_folders_are_ours_alone_and_go_when_they_are_empty(disk: FileDisk, tmp_path: Path) -> None:
    switch = edit(tmp_path / ".config" / "agent" / "f", None)
    disk.commit(switch)
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in (".config", ".config/agent", ".config/agent/f")]
    assert modes == [0o700, 0o700, 0o600]
    (tmp_path / ".config" / "theirs").touch()
    disk.restored(back(switch))
    assert _names(tmp_path / ".config") == ["theirs"]


@posix
def test_a_file_keeps_its_mode_there_and_back_even_when_it_was_removed(disk: FileDisk, file: Path) -> None:
    file.chmod(0o640)
    for after in (b"ours", None):
        switch = edit(file, after=after)
        disk.commit(switch)
        assert not file.exists() or stat.S_IMODE(file.stat().st_mode) == 0o640
        disk.restored(back(switch))
        assert stat.S_IMODE(file.stat().st_mode) == 0o640 and file.read_bytes() == b"mine"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_a_file_keeps_its_owner_and_group(disk: FileDisk, file: Path) -> None:
    os.chown(file, 12345, 54321)
    disk.commit(edit(file))
    assert (file.stat().st_uid, file.stat().st_gid) == (12345, 54321)


@pytest.mark.skipif(sys.platform != "linux", reason="Python reaches extended attributes on Linux alone")
def test_a_file_keeps_its_attributes_even_when_it_was_removed(disk: FileDisk, file: Path) -> None:
    try:
        os.setxattr(file, "user.note", b"\x00kept")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    for after in (b"ours", None):
        switch = edit(file, after=after)
        disk.commit(switch)
        disk.restored(back(switch))
        assert os.getxattr(file, "user.note") == b"\x00kept"


def access_list(*entries: tuple[int, int, int]) -> bytes:
    """Return an access list as Linux keeps it in an attribute: version 2, then tag, permissions, id (-1: none)."""
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)


@pytest.mark.skipif(sys.platform != "linux", reason="Python reaches access lists on Linux alone")
def test_a_file_keeps_its_access_list_and_is_given_none_by_its_folder(disk: FileDisk, file: Path) -> None:
    bare, named = file.with_name("bare"), access_list((1, 6, -1), (2, 4, 12345), (4, 4, -1), (16, 4, -1), (32, 0, -1))
    bare.write_bytes(b"mine")
    bare.chmod(0o640)
    given = access_list((1, 6, -1), (2, 6, 54321), (4, 4, -1), (16, 6, -1), (32, 0, -1))
    try:
        os.setxattr(file, "system.posix_acl_access", named)
        os.setxattr(file.parent, "system.posix_acl_default", given)
    except OSError:
        pytest.skip("this file system has no access lists")
    disk.commit(Switch("agent", "p", AT, edit(file).edits + edit(bare).edits))
    assert os.getxattr(file, "system.posix_acl_access") == named
    assert "system.posix_acl_access" not in os.listxattr(bare)
    assert stat.S_IMODE(bare.stat().st_mode) == 0o640


NOT_OURS = """
import sys; from pathlib import Path; from tests.adapters.test_disk_files import FileDisk, Refused, edit
try: FileDisk(Path(sys.argv[1], "data"), Path(sys.argv[1])).commit(edit(Path(sys.argv[1], "agent/settings.json")))
except Refused as reason: print(reason)
"""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user")
def test_a_file_of_another_user_is_left_alone(file: Path, tmp_path: Path) -> None:
    outside = Path(tempfile.mkdtemp(dir="/var/tmp"))
    try:
        shutil.copytree(tmp_path / "agent", outside / "agent")
        for path in (outside, outside / "agent", outside / "agent" / "settings.json"):
            path.chmod(0o777)
        command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable, "-c", NOT_OURS]
        root = str(Path(__file__).parents[2])
        environment = {**os.environ, "PYTHONPATH": root}
        done = subprocess.run([*command, str(outside)], cwd=root, capture_output=True, env=environment)
        if done.returncode:
            pytest.skip("another user cannot run Python from here")
        assert b"belongs to another user" in done.stdout
        assert (outside / "agent" / "settings.json").read_bytes() == b"mine"
    finally:
        shutil.rmtree(outside)


@posix
def test_the_store_is_private_and_nothing_of_it_is_shown(tmp_path: Path) -> None:
    world = World(tmp_path).build("switched")
    assert stat.S_IMODE(world.store.stat().st_mode) == 0o700
    files = [path for path in world.store.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files if path.name != "restore.sh"} == {0o600}
    assert KEY not in repr(world.disk().standing()) and "Named(('env', 0), …)" in repr(
        world.switch("original", "again").edits[0].values
    )
    assert KEY.encode() not in (world.store / "restore.sh").read_bytes()


def test_the_last_twenty_ended_records_are_kept_and_their_bytes(disk: FileDisk, file: Path, tmp_path: Path) -> None:
    for number in range(12):
        switch = edit(file, after=b"ours %d" % number)
        disk.commit(switch)
        disk.restored(back(switch))
    store = tmp_path / "data" / "switches"
    assert len(list(store.glob("agent.*.json"))) == 20
    kept = {path.read_bytes() for path in (store / "bytes").iterdir()}
    assert kept == {b"mine", *(b"ours %d" % number for number in range(2, 12))}


def test_a_damaged_record_is_told_and_left_alone(disk: FileDisk, file: Path, tmp_path: Path) -> None:
    disk.commit(edit(file))
    for path in (tmp_path / "data" / "switches" / "bytes").iterdir():
        path.write_bytes(b"torn")
    with pytest.raises(Refused, match="damaged"):
        disk.standing()
    with pytest.raises(Refused, match="damaged"):
        disk.restored(back(edit(file)))
    assert file.read_bytes() == b"ours"
