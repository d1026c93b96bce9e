"""A process killed at every call of a switch, of the way back, and of the recovery from either: all old or all new."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.adapters.disk_world import World

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows neither fork nor SIGKILL")

ROOT = Path(__file__).parents[2]
CRASH = Path(__file__).with_name("disk_crash.py")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
#: Calls that change a file or folder, or that make such a change last.
CHANGING = "openat,write,fsync,rename,unlink,mkdir,rmdir,fchmod,fchown,fsetxattr,flock,chmod"
CHANGE = (
    "import sys; from pathlib import Path; from tests.adapters.disk_world import World; print('ready', flush=True); "
)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """In memory where there is such a folder: some thousand fsyncs, and no power is cut here."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path / "world"
        return
    with TemporaryDirectory(dir=memory) as made:
        yield Path(made) / "world"


@pytest.mark.parametrize("what", ["commit", "recover"])
@pytest.mark.parametrize("scene", ["first", "second", "back"])
def test_killed_before_or_after_any_call_all_files_are_old_or_new(folder: Path, what: str, scene: str) -> None:
    done = subprocess.run(
        [sys.executable, CRASH, folder, what, scene], env=ENVIRONMENT, capture_output=True, text=True, timeout=280
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 80


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize(("old", "new"), [("original", "switched"), ("switched", "original")])
def test_killed_by_the_kernel_at_any_system_call_all_files_are_old_or_new(folder: Path, old: str, new: str) -> None:
    trace = folder.parent / "trace"
    world = World(folder).build(old)
    if _strace(world, old, new, "-o", trace).returncode:
        pytest.skip("strace may not trace here")
    made = _calls_after_start(trace.read_text())
    world.go(new, "original") if new != "original" else None
    for call, (start, end) in made.items():
        for number in range(start + 1, end + 1):
            shutil.rmtree(folder)
            world = World(folder).build(old)
            done = _strace(world, old, new, "-o", trace, "-e", f"inject={call}:signal=KILL:when={number}")
            assert done.returncode != 0, f"{call} {number} was not reached"
            _check(world, old, new)


def _strace(world: World, old: str, new: str, *options: str | Path) -> subprocess.CompletedProcess[bytes]:
    code = f"{CHANGE} World(Path(sys.argv[1])).go({old!r}, {new!r})"
    command = [
        "strace",
        "-f",
        "-qq",
        "-e",
        f"trace={CHANGING}",
        *options,
        sys.executable,
        "-c",
        code,
        world.home.parent,
    ]
    return subprocess.run(command, env={**ENVIRONMENT, "PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, timeout=60)


def _calls_after_start(trace: str) -> dict[str, tuple[int, int]]:
    """Return for each system call how often it was made before the change began, and altogether."""
    before, after = trace.split('"ready', 1)
    named = [re.findall(r"^\d+ +(\w+)\(", part, re.MULTILINE) for part in (before, before + after)]
    return {call: (named[0].count(call), named[1].count(call)) for call in set(named[1])}


def _check(world: World, old: str, new: str) -> None:
    for content, *allowed in zip(world.contents(), world.states[old], world.states[new], strict=True):
        assert content in allowed
    world.disk().recover()
    state = world.state()
    assert state in (old, new)
    assert not world.strangers()
    if state != "original":
        world.go(state, "original")
    assert world.state() == "original" and not world.strangers()
