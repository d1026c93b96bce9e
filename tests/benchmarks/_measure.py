"""How the benchmarks measure: processes timed in turns, memory as PSS, CPU and wake-ups out of /proc."""

from __future__ import annotations

import contextlib
import os
import signal
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside its floor, and the ratio that is aimed at."""

    name: str
    ours: float
    floor: float
    goal: float


def show(title: str, rows: Sequence[Row]) -> None:
    """Print a table of ratios."""
    print(title)
    print(f"  {'':<24}{'ours':>10}{'floor':>10}{'ratio':>8}{'goal':>8}")
    for row in rows:
        ratio = row.ours / row.floor
        mark = "" if ratio <= row.goal else "  missed"
        print(f"  {row.name:<24}{row.ours:>10.1f}{row.floor:>10.1f}{ratio:>8.2f}{row.goal:>8.2f}{mark}")


def spread(rounds: int, commands: Mapping[str, Sequence[str]], environ: Mapping[str, str]) -> dict[str, float]:
    """Return each command's median time in ms; they are run in turns, so that a busy machine is busy for all.

    The first round is for the bytecode and the disk's cache, and does not count.
    """
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            began = time.perf_counter()
            subprocess.run(command, env=dict(environ), stdout=subprocess.DEVNULL, check=False)
            times[name] += [(time.perf_counter() - began) * 1000] if turn else []
    return {name: statistics.median(seen) for name, seen in times.items()}


def run_for_ms(command: Sequence[str], environ: Mapping[str, str], ms: float) -> None:
    """Let a program run for a while, and end it politely."""
    process = subprocess.Popen(command, env=dict(environ), stdout=subprocess.DEVNULL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(ms / 1000)
    end(process)


def end(process: subprocess.Popen[Any]) -> None:
    """End a program, by force after five seconds."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def pss_mb(pid: int) -> float:
    """Return the process's proportional memory in MB: shared pages count by their share."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise ValueError(f"no Pss of {pid}")


def cpu_s(pid: int) -> float:
    """Return the CPU seconds so far of all its threads, ended ones too, and of the children that it has waited for."""
    # The number of another process's CPU clock: clock_getcpuclockid in Linux' C library.
    own = time.clock_gettime(((~pid) << 3) | 2)
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return own + (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def wake_ups(pid: int) -> int:
    """Return how often its threads have given up the processor of themselves so far: each time they woke before."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        for line in (task / "status").read_text(encoding="ascii").splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                total += int(line.split()[1])
    return total


def quiet(environ: Mapping[str, str], bytecode: Path, **more: str) -> dict[str, str]:
    """Return an environment without the developer's own keys and keyring, and with bytecode kept in this folder.

    Else an environment that forbids bytecode, as some containers do, would have each start compile every module.
    """
    own = ("PYTHON", "UPTRAY_")
    kept = {name: value for name, value in environ.items() if not name.startswith(own)}
    kept = {name: value for name, value in kept.items() if not name.upper().endswith(("_API_KEY", "_PROXY"))}
    return {**kept, "PYTHONPYCACHEPREFIX": str(bytecode), **more}
