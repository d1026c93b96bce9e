"""The crash proof, a program on one thread and so free to fork: `disk_crash.py FOLDER commit|recover SCENE`.

Each trial kills a child before or after the n-th call that touches the disk, looks at the files, lets another child
recover, and looks again. It prints the number of trials; a failed one is a traceback.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from tests.adapters.disk_world import World
from trayapp.adapters.disk_sys import Sys

SCENES = {"first": ("original", "switched"), "second": ("switched", "again"), "back": ("again", "original")}


class Killed(Sys):
    """Ends its process before or after the n-th call."""

    def __init__(self, at: int, after: bool = False) -> None:
        self._at, self._after, self._count = at, after, 0

    def __getattribute__(self, name: str) -> object:
        found = object.__getattribute__(self, name)
        return self._dying(found) if callable(found) and not name.startswith("_") else found

    def _dying(self, call: Callable[..., object]) -> Callable[..., object]:
        def made(*arguments: object) -> object:
            self._count += 1
            if self._count == self._at and not self._after:
                os.kill(os.getpid(), signal.SIGKILL)
            given = call(*arguments)
            if self._count == self._at:
                os.kill(os.getpid(), signal.SIGKILL)
            return given

        return made


def is_killed(work: Callable[[], object]) -> bool:
    """Do it in another process; True when that was killed. Any other end but success is a failure."""
    child = os.fork()
    if not child:
        try:
            work()
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or status == 0, f"the child ended with {status}"
    return os.WIFSIGNALED(status)


def check(world: World, old: str, new: str) -> None:
    """After a kill: each file old or new; after `recover`: all of one state, and nothing left over."""
    for content, *allowed in zip(world.contents(), world.states[old], world.states[new], strict=True):
        assert content in allowed, f"neither old nor new: {world.contents()}"
    assert not is_killed(lambda: world.disk().recover())
    check_settled(world, old, new)


def check_settled(world: World, *states: str) -> None:
    """All files are of one of the states, the record says which, and the way back gives the exact original bytes."""
    state = world.state()
    assert state in states, f"mixed: {world.contents()}"
    assert not world.strangers(), world.strangers()
    assert [switch.provider for switch in world.disk().standing()] == ([] if state == "original" else [state])
    assert world.disk().recover() == ()
    if state != "original":
        world.go(state, "original")
    assert world.state() == "original" and not world.disk().standing() and not world.strangers()
    assert not world.paths[1].parent.exists()


def killed_at(folder: Path, scene: str, at: int, after: bool) -> World | None:
    """Return a new world whose change was killed at the call, None when it has no such call."""
    old, new = SCENES[scene]
    shutil.rmtree(folder, ignore_errors=True)
    world = World(folder).build(old)
    if is_killed(lambda: world.go(old, new, Killed(at, after))):
        return world
    check_settled(world, new)
    return None


def crash_change(folder: Path, scene: str) -> int:
    made = 0
    for after in (False, True):
        for at in itertools.count(1):
            world = killed_at(folder, scene, at, after)
            if world is None:
                break
            check(world, *SCENES[scene])
            made += 1
    return made


def crash_recovery(folder: Path, scene: str) -> int:
    """Kill the change once for each different look it leaves, and the recovery from it at each call."""
    made, seen = 0, set[tuple[object, ...]]()
    for at in itertools.count(1):
        world = killed_at(folder, scene, at, after=False)
        if world is None:
            return made
        look = (world.contents(), len(world.strangers()), len(list(world.store.glob("*.json"))))
        if look not in seen:
            seen.add(look)
            made += sum(crash_recovery_of(folder, scene, at, after) for after in (False, True))
    raise AssertionError


def crash_recovery_of(folder: Path, scene: str, at: int, after: bool) -> int:
    for then in itertools.count(1):
        world = killed_at(folder, scene, at, after=False)
        assert world is not None
        if not is_killed(lambda world=world, then=then: world.disk(Killed(then, after)).recover()):  # type: ignore[misc]  # bound to this turn of the loop
            check_settled(world, *SCENES[scene])
            return then - 1
        check(world, *SCENES[scene])
    raise AssertionError


if __name__ == "__main__":
    crash = {"commit": crash_change, "recover": crash_recovery}[sys.argv[2]]
    print(crash(Path(sys.argv[1]), sys.argv[3]))
