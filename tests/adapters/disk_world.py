"""An agent's files for the tests of the disk: one behind a symbolic link, one that is absent, one to be removed, one ours.

Run as a program it is the crash proof, on one thread and so free to fork: `disk_world.py FOLDER SCENE`. Each trial kills a
child before or after the n-th call that touches the disk, looks at the files, lets another child recover, and looks again.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from trayapp.adapters.disk import FileDisk
from trayapp.adapters.disk_sys import Sys
from trayapp.model.agent import FileEdit, Named, Switch

AT = datetime(2026, 4, 28, 17, 34, tzinfo=UTC)
KEY = "sk-never-shown"


class World:
    """A home of its own. `states` are the only contents its files may ever have, all of one state."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.data = folder / "data"
        agent = self.home / ".agent"
        self.paths = agent / "settings.json", agent / "fresh" / "new.toml", agent / "old.env", agent / "plain.yaml"
        original = b'{"a": 1}\r\n', None, b"OLD=1\n", b"x: 1 # mine"
        switched = b'{"a": "%s"}\r\n' % KEY.encode(), b"b = 1\n", None, b"x: 2 # mine"
        again = b'{"a": 3}\r\n', b"b = 2\n", b"OLD=3\n", b"x: 3 # mine"
        self.states = {"original": original, "switched": switched, "again": again}

    def build(self) -> World:
        linked = self.home / "dotfiles" / "settings.json"
        linked.parent.mkdir(parents=True)
        self.paths[0].parent.mkdir()
        self.paths[0].symlink_to("../dotfiles/settings.json")
        for path, content in zip(self.paths, self.states["original"], strict=True):
            if content is not None:
                path.write_bytes(content)
        return self

    def disk(self, calls: Sys | None = None) -> FileDisk:
        return FileDisk(self.data, self.home, calls)

    def contents(self) -> tuple[bytes | None, ...]:
        return tuple(path.read_bytes() if path.exists() else None for path in self.paths)

    def state(self) -> str | None:
        return next((name for name, state in self.states.items() if state == self.contents()), None)

    def switch(self, old: str, new: str) -> Switch:
        rows = zip(self.paths, self.states[old], self.states[new], self.states["original"], strict=True)
        values = (Named(("env", 0), None, KEY),)
        return Switch("agent", new, AT, tuple(FileEdit(*row, values, "json") for row in rows))

    def go(self, old: str, new: str, calls: Sys | None = None) -> None:
        disk = self.disk(calls)
        (disk.restored if new == "original" else disk.commit)(self.switch(old, new))

    def strangers(self) -> list[str]:
        """Return what stands in the home and is none of the agent's."""
        known = {path.name for path in self.paths}
        return [path.name for path in self.home.rglob("*") if not path.is_dir() and path.name not in known]


class Killed(Sys):
    """Ends its process before or after the n-th call; counts them."""

    def __init__(self, at: int, after: bool = False) -> None:
        self.at, self.after, self.count = at, after, 0

    def __getattribute__(self, name: str) -> object:
        found = object.__getattribute__(self, name)
        return self._dying(found) if callable(found) and not name.startswith("_") else found

    def _dying(self, call: Callable[..., object]) -> Callable[..., object]:
        def made(*arguments: object) -> object:
            self.count += 1
            if self.count == self.at and not self.after:
                os.kill(os.getpid(), signal.SIGKILL)
            given = call(*arguments)
            if self.count == self.at:
                os.kill(os.getpid(), signal.SIGKILL)
            return given

        return made


def in_child(work: Callable[[], object]) -> bool:
    """Do it in another process; True when that was killed. Anything else but success is our fault."""
    child = os.fork()
    if not child:
        try:
            work()
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert status == 0, f"exit {os.waitstatus_to_exitcode(status)}"
    return False


def check_recovery(world: World, states: set[str]) -> None:
    """After a kill: each file old or new; after `recover`: all of one state, nothing left over, and a way back."""
    for path, content in zip(world.paths, world.contents(), strict=True):
        allowed = [world.states[state][world.paths.index(path)] for state in states]
        assert content in allowed, f"{path.name} is neither old nor new"
    in_child(lambda: world.disk().recover())
    settle(world, states)


def settle(world: World, states: set[str]) -> None:
    state = world.state()
    assert state in states, f"mixed: {world.contents()}"
    assert not world.strangers(), world.strangers()
    standing = world.disk().standing()
    assert [switch.provider for switch in standing] == ([] if state == "original" else [state])
    assert world.disk().recover() == ()
    if state != "original":
        world.go(state, "original")
    assert world.state() == "original" and not world.disk().standing() and not world.strangers()
    assert not world.paths[1].parent.exists()


def trial(folder: Path, old: str, new: str, at: int, after: bool, then: tuple[int, bool] | None = None) -> bool:
    """Kill `old` to `new` at the call, and if told so the recovery too. False when there is no such call."""
    shutil.rmtree(folder, ignore_errors=True)
    world = World(folder).build()
    for step in (["switched"] if "original" not in (old,) else []) + (["again"] if old == "again" else []):
        world.go(str(world.state()), step)
    if not in_child(lambda: world.go(old, new, Killed(at, after))):
        settle(world, {new})
        return False
    if then and not in_child(lambda: world.disk(Killed(*then)).recover()):
        settle(world, {old, new})
        return False
    check_recovery(world, {old, new})
    return True


STEPS = {"first": ("original", "switched"), "second": ("switched", "again"), "back": ("again", "original")}


def crash_everywhere(folder: Path, scene: str) -> int:
    made = 0
    for after in (False, True):
        at = 1
        while trial(folder, *STEPS[scene], at, after):
            at, made = at + 1, made + 1
    return made


def crash_recovery(folder: Path, scene: str) -> int:
    """For each call of the change at which recovery has something to do, kill the recovery at each of its calls."""
    made, at = 0, 1
    seen: set[tuple[object, ...]] = set()
    while trial(folder, *STEPS[scene], at, after=False):
        # What the trial looked like at the kill is gone; make it again and see whether it is a new one.
        shutil.rmtree(folder)
        world = World(folder).build()
        old, new = STEPS[scene]
        for step in {"original": [], "switched": ["switched"], "again": ["switched", "again"]}[old]:
            world.go(str(world.state()), step)
        in_child(lambda world=world, at=at: world.go(old, new, Killed(at)))  # type: ignore[misc]  # bound for the loop
        look = (world.contents(), len(world.strangers()), (world.data / "switches/agent.pending.json").exists())
        if look not in seen and look[-1]:
            seen.add(look)
            for after in (False, True):
                then = 1
                while trial(folder, old, new, at, False, (then, after)):
                    then, made = then + 1, made + 1
        at += 1
    return made


if __name__ == "__main__":
    doing = {"commit": crash_everywhere, "recover": crash_recovery}[sys.argv[2]]
    print(json.dumps(doing(Path(sys.argv[1]), sys.argv[3])))
