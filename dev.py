#!/usr/bin/env python3
"""Everything a developer types, on a machine with nothing but Python: it sets up what is missing and then does it.

    python3 dev.py demo     the outage of 28 April 2026, replayed against a stand-in on this machine
    python3 dev.py run      the real app; arguments go to the `uptray` command
    python3 dev.py test     the tests; arguments go to pytest
    python3 dev.py check    lint, format, types, locks, then the tests with the coverage floors
    python3 dev.py bench X  a benchmark of tests/benchmarks/; without X their names
    python3 dev.py lock     renew the locked dependencies (needs uv)

Set-up is done once and again whenever a lock, pyproject.toml or the Python changes. On Debian and Ubuntu missing
shared libraries are installed as root or through sudo; otherwise the one command to run is printed, exit code 69.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCKS = ROOT / "installers" / "locks"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
UNAVAILABLE = 69

#: Shared library -> Debian package. Qt's wheels leave these to the system; the second group is for a real X11 window.
LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
#: Program -> Debian package: the desktop that the tests bring up for themselves.
DESKTOP = {
    "Xvfb": "xvfb",
    "dbus-daemon": "dbus-daemon",
    "dunst": "dunst",
    "gnome-keyring-daemon": "gnome-keyring",
    "gdbus": "libglib2.0-bin",
    "trayer": "trayer",
    "weston": "weston",
}
FONT = (Path("/usr/share/fonts/truetype/dejavu"), "fonts-dejavu-core")
PURE = ("model", "feeds", "judge", "decide")


def main(arguments: Sequence[str]) -> int:
    """Do what the first argument names; return its exit code."""
    commands = {"demo": demo, "run": run, "test": test, "check": check, "bench": bench, "lock": lock}
    if not arguments or arguments[0] not in commands:
        print(__doc__.strip() if __doc__ else "")
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 64
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        return unavailable(f"Python 3.11, 3.12 or 3.13 is needed, this is {sys.version.split()[0]}")
    return commands[arguments[0]](list(arguments[1:]))


def demo(arguments: list[str]) -> int:
    """Replay the outage of 28 April 2026."""
    return set_up({}) or call("-m", "trayapp", "demo", *arguments)


def run(arguments: list[str]) -> int:
    """Start the app, or the command that the arguments name."""
    return set_up({}) or call("-m", "trayapp", *arguments)


def test(arguments: list[str]) -> int:
    """Run the tests."""
    return set_up(DESKTOP) or call("-m", "pytest", *arguments)


def check(arguments: list[str]) -> int:
    """Hold the project to its own floors; stop at the first that gives way."""
    floors = [f"--cov=trayapp.{room}" for room in PURE]
    rooms = ["tests/model", "tests/feeds", "tests/judge", "tests/decide", "tests/test_architecture.py"]
    return (
        set_up(DESKTOP)
        or call("-m", "ruff", "check", ".")
        or call("-m", "ruff", "format", "--check", ".")
        or call("-m", "mypy")
        or locks_are_clean()
        or call("-m", "pytest", "-q", *rooms, *floors, "--cov-branch", "--cov-fail-under=100", *arguments)
    )


def bench(arguments: list[str]) -> int:
    """Run one benchmark, or name them."""
    folder = ROOT / "tests" / "benchmarks"
    names = sorted(file.stem for file in folder.glob("[!_]*.py"))
    if not arguments or arguments[0] not in names:
        print("benchmarks: " + ", ".join(names))
        return 0 if not arguments else 64
    return set_up(DESKTOP) or call("-m", f"tests.benchmarks.{arguments[0]}", *arguments[1:])


def lock(arguments: list[str]) -> int:
    """Renew the locks for every supported Python and system at once, with hashes and without any host."""
    uv = shutil.which("uv")
    if uv is None:
        return unavailable("uv is needed to renew the locks: pip install uv")
    common = [uv, "pip", "compile", "-q", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header"]
    for name, groups in (("run", []), ("dev", ["--group", "dev"])):
        target = LOCKS / f"{name}.txt"
        done = subprocess.run(
            [*common, *arguments, "pyproject.toml", *groups, "-o", str(target)], cwd=ROOT, check=False
        )
        if done.returncode:
            return done.returncode
    return locks_are_clean()


def locks_are_clean() -> int:
    """Refuse a lock that names a host, or lacks what pyproject.toml asks for."""
    wanted = set(re.findall(r'^\s*"([A-Za-z0-9-]+)', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.M))
    for file in sorted(LOCKS.glob("*.txt")):
        text = file.read_text(encoding="utf-8")
        if re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host", text):
            print(f"{file.name}: names a host")
            return 1
        missing = {name.lower() for name in wanted} - set(re.findall(r"^([a-z0-9.-]+)==", text, re.M))
        if file.stem == "dev" and missing - {"tests", "trayapp", "dev", "resources"}:
            print(f"{file.name}: does not hold {', '.join(sorted(missing))}")
            return 1
    return 0


def call(*arguments: str) -> int:
    """Run the environment's Python in the project; Ctrl-C is the child's affair."""
    with contextlib.suppress(KeyboardInterrupt):
        return subprocess.run([str(PYTHON), *arguments], cwd=ROOT, check=False).returncode
    return 130


def set_up(programs: dict[str, str]) -> int:
    """Make what is missing: system packages, the environment, the locked packages, the project's own commands."""
    started = time.monotonic()
    if sys.platform == "linux" and (failed := system_packages(programs)):
        return failed
    with alone():
        if not is_current():
            print("setting up the environment in .venv; this is done once", flush=True)
            failed = environment()
            if failed:
                return failed
            print(f"ready after {time.monotonic() - started:.0f} s", flush=True)
    return 0


def system_packages(programs: dict[str, str]) -> int:
    """Install the Debian packages that are missing, or say in one line how to."""
    packages = [package for name, package in LIBRARIES.items() if not can_load(name)]
    packages += [package for name, package in programs.items() if shutil.which(name) is None]
    if programs and not FONT[0].exists():
        packages.append(FONT[1])
    if importlib.util.find_spec("ensurepip") is None and not is_current():
        packages.append("python3-venv")
    if not packages:
        return 0
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if shutil.which("apt-get") is None:
        return unavailable("packages are missing; on Debian they are called: " + " ".join(packages))
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if root and (shutil.which("sudo") is None or subprocess.run([*root, "true"], capture_output=True).returncode):
        return unavailable("packages are missing; run: sudo " + " ".join(install))
    print("installing " + " ".join(packages), flush=True)
    quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
    subprocess.run([*root, "apt-get", "update", "-qq"], check=False, **quiet)  # type: ignore[call-overload]  # two shapes
    if subprocess.run([*root, *install, "-qq"], check=False, **quiet).returncode:  # type: ignore[call-overload]  # same
        return unavailable("packages could not be installed; run: sudo " + " ".join(install))
    return 0


def can_load(library: str) -> bool:
    """True when the system has this shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def stamp() -> str:
    """Return what the environment depends on, as one word."""
    parts = [(LOCKS / "dev.txt").read_bytes(), (ROOT / "pyproject.toml").read_bytes()]
    return hashlib.sha256(b"".join([*parts, sys.version.encode(), str(ROOT).encode()])).hexdigest()


def is_current() -> bool:
    """True when the environment was finished with just this lock, project and Python."""
    mark = VENV / "stamp"
    return PYTHON.exists() and mark.exists() and mark.read_text(encoding="ascii") == stamp()


def environment() -> int:
    """Make the environment anew. The stamp comes last, so that a run cut short leaves none."""
    uv = shutil.which("uv")
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    own = ["--no-deps", "--no-build-isolation", "-e", "."]
    if uv:
        steps = [
            [uv, "venv", "-q", "--clear", "--python", sys.executable, str(VENV)],
            [uv, "pip", "install", "-q", "--python", str(PYTHON), "--require-hashes", "-r", str(LOCKS / "dev.txt")],
            [uv, "pip", "install", "-q", "--python", str(PYTHON), *own],
        ]
    else:
        steps = [
            [sys.executable, "-m", "venv", "--clear", str(VENV)],
            [*pip, "--require-hashes", "-r", str(LOCKS / "dev.txt")],
            [*pip, *own],
        ]
    for step in steps:
        if subprocess.run(step, cwd=ROOT, check=False).returncode:
            return unavailable("the environment could not be made; the failed step was: " + " ".join(step))
    (VENV / "stamp").write_text(stamp(), encoding="ascii")
    return 0


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let one call at a time set up this checkout; the others wait for it."""
    if os.name == "nt":
        yield
        return
    import fcntl

    with (ROOT / ".git" if (ROOT / ".git").is_dir() else ROOT).joinpath(".dev-lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def unavailable(reason: str) -> int:
    """Say in one line what is missing."""
    print(reason, file=sys.stderr)
    return UNAVAILABLE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
