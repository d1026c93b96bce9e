"""The disk among others: an agent that writes meanwhile, a second Uptray, a full disk, an edit between crash and start."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.adapters.disk_world import World
from tests.until import until
from trayapp.adapters.disk_lock import alone
from trayapp.adapters.disk_sys import Sys
from trayapp.model.refused import Refused

ROOT = Path(__file__).parents[2]
#: An agent as the best known one writes: in place or by a rename, again and again, with its own count in the file.
WRITER = """
import os, sys
path, n = sys.argv[1], 0
print("writing", flush=True)
while True:
    n += 1
    with open(path + ".agent", "wb") as file:
        file.write(b'{"count": %d}' % n)
    os.replace(path + ".agent", path)
"""


class Meanwhile(Sys):
    """Lets something happen right before the n-th call of that name."""

    def __init__(self, name: str, at: int, happening: Callable[[], object]) -> None:
        self._name, self._left, self._happening = name, at, happening

    def __getattribute__(self, name: str) -> object:
        if not name.startswith("_") and name == self._name:
            self._left -= 1
            if self._left == 0:
                self._happening()
        return object.__getattribute__(self, name)


def no_space() -> None:
    raise OSError(28, "No space left on device")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path).build()


def test_a_second_writer_before_the_last_replace_undoes_the_others(world: World) -> None:
    theirs = b"x: 4 # theirs"
    plain = world.paths[3]
    # The store reads nothing through this call: the reads are those of the plan (4), then one before each replace.
    calls = Meanwhile("open_to_read", 8, lambda: plain.write_bytes(theirs))
    with pytest.raises(Refused, match=r"plain\.yaml: something else changed it meanwhile$"):
        world.go("original", "switched", calls)
    assert world.contents() == (*world.states["original"][:3], theirs)
    assert not world.strangers() and not world.disk().standing() and world.disk().recover() == ()


def test_a_writer_after_the_replace_is_left_alone_and_the_others_undone(world: World) -> None:
    theirs = b'{"a": "stale"}'
    calls = Meanwhile("sync_folder", 4, lambda: (world.home / "dotfiles/settings.json").write_bytes(theirs))
    with pytest.raises(Refused, match=r"settings\.json: something else changed it"):
        world.go("original", "switched", calls)
    assert world.contents() == (theirs, *world.states["original"][1:])
    assert not world.strangers() and not world.disk().standing()


@pytest.mark.parametrize("call", ["write", "create", "fsync", "replace", "sync_folder", "mkdir", "permit", "dress"])
def test_a_disk_that_is_full_at_any_call_changes_nothing(tmp_path: Path, call: str) -> None:
    for number in range(1, 40):
        world = World(tmp_path / str(number)).build()
        try:
            world.go("original", "switched", Meanwhile(call, number, no_space))
        except Refused as reason:
            assert "No space left" in str(reason)
            assert world.state() == "original" and not world.strangers() and not world.disk().standing()
            world.go("original", "switched")
        else:
            assert world.state() == "switched"
            if not _is_reached(tmp_path / f"{number}+", call, number):
                assert number > 1
                return
    raise AssertionError("never ended")


def _is_reached(folder: Path, call: str, number: int) -> bool:
    reached: list[bool] = []
    World(folder).build().go("original", "switched", Meanwhile(call, number, lambda: reached.append(True)))
    return bool(reached)


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    folder.mkdir()
    if not shutil.which("mount") or os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a tmpfs")
@pytest.mark.parametrize("place", ["home", "data"])
def test_a_disk_that_is_really_full_changes_nothing(tmp_path: Path, place: str) -> None:
    with small_disk(tmp_path / place):
        world = World(tmp_path).build()
        filler = tmp_path / place / "filler"
        with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
            while True:
                file.write(b"x" * 4096)
        with pytest.raises(Refused, match="No space left"):
            world.go("original", "switched")
        assert world.state() == "original" and set(world.strangers()) <= {"filler"} and not world.disk().standing()
        filler.unlink()
        world.go("original", "switched")


def test_an_agent_that_writes_in_a_loop_never_sees_a_torn_file_nor_loses_to_a_stale_plan(tmp_path: Path) -> None:
    world = World(tmp_path).build()
    target = world.home / "dotfiles/settings.json"
    with subprocess.Popen([sys.executable, "-c", WRITER, str(target)], stdout=subprocess.PIPE) as agent:
        assert agent.stdout is not None
        agent.stdout.readline()
        refused = 0
        for _ in range(20):
            before = world.disk().read(world.paths[0])
            switch = world.switch("original", "switched")
            first = replace(switch.edits[0], before=before, original=before)
            try:
                world.disk().commit(replace(switch, edits=(first, *switch.edits[1:])))
            except Refused as reason:
                assert "meanwhile" in str(reason)
                refused += 1
            assert not world.disk().standing() or refused < 20
            if world.disk().standing():
                break
            assert world.contents()[1:] == world.states["original"][1:]
        agent.kill()
    content = target.read_bytes()
    assert refused and (content.startswith(b'{"count": ') or content == world.states["switched"][0])
    assert [name for name in world.strangers() if not name.endswith(".agent")] == []


def test_two_uptrays_at_once_take_turns_and_the_later_plan_is_refused(world: World) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(world.go, "original", name) for name in ("switched", "again") * 2]
        failures = [task.exception() for task in done]
    assert [type(failure) for failure in failures].count(Refused) == 3, failures
    [stands] = world.disk().standing()
    assert world.state() == stands.provider
    assert not world.strangers()


def test_who_waits_too_long_for_the_other_is_refused(world: World) -> None:
    world.go("original", "switched")
    with alone(world.store / "lock", 1), pytest.raises(Refused, match="another Uptray"):
        world.disk(deadline_s=0.05).restored(world.switch("switched", "original"))
    assert world.state() == "switched"


def test_who_waits_long_enough_has_their_turn(world: World) -> None:
    world.go("original", "switched")
    with alone(world.store / "lock", 1):
        waiting = threading.Thread(target=world.go, args=("switched", "again"))
        waiting.start()
    waiting.join(10)
    until(lambda: world.state() == "again")


# ---- between a crash and the next start


class Crash(BaseException):
    """Not an error: what a kill looks like from the inside."""


class Crashing(Sys):
    """Crashes right after the fresh file has come, the second of four."""

    def replace(self, source: Path, target: Path) -> None:
        super().replace(source, target)
        if target.name == "new.toml":
            raise Crash


def _crash(world: World, old: str, new: str) -> None:
    with pytest.raises(Crash):
        world.go(old, new, Crashing())
    assert world.state() is None


def test_what_was_edited_since_the_crash_is_left_and_named_and_the_others_undone(world: World) -> None:
    _crash(world, "original", "switched")
    world.paths[3].write_bytes(b"x: 5 # edited")
    [told] = world.disk().recover()
    assert told.startswith("agent: the switch to switched was cut short and has been undone.")
    assert str(world.paths[3]) in told
    assert world.contents() == (*world.states["original"][:3], b"x: 5 # edited")
    assert world.disk().recover() == () and not world.strangers() and not world.disk().standing()


def test_a_folder_that_went_since_the_crash_does_not_stand_in_the_way(world: World) -> None:
    _crash(world, "original", "switched")
    shutil.rmtree(world.home)
    [told] = world.disk().recover()
    assert "left as it is" in told
    assert world.disk().recover() == ()


def test_a_switch_after_a_crash_says_first_what_became_of_the_other(world: World) -> None:
    _crash(world, "original", "switched")
    with pytest.raises(Refused, match=r"has been undone\. Try again\."):
        world.go("original", "again")
    world.go("original", "again")
    assert world.state() == "again"


def test_at_a_start_without_a_crash_nothing_is_written(tmp_path: Path) -> None:
    world = World(tmp_path)
    assert not world.disk().recover()
    assert not world.disk().standing()
    assert not world.data.exists()
