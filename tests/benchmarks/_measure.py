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
    """Return each command's median time in ms; they are run in turns, so that a busy machine is busy for all."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            began = time.perf_counter()
            subprocess.run(command, env=dict(environ), stdout=subprocess.DEVNULL, check=False)
            times[name].append((time.perf_counter() - began) * 1000)
    return {name: statistics.median(seen) for name, seen in times.items()}


def run_for_ms(command: Sequence[str], environ: Mapping[str, str], ms: float) -> None:
    """Let a program run for a while, and end it politely."""
    process = subprocess.Popen(command, env=dict(environ), stdout=subprocess.DEVNULL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(ms / 1000)
    end(process)


def end(process: subprocess.Popen[bytes]) -> None:
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
    """Return the CPU seconds of all threads so far."""
    nanoseconds = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        nanoseconds += int((task / "schedstat").read_text(encoding="ascii").split()[0])
    return nanoseconds / 1e9


def wake_ups(pid: int) -> int:
    """Return how often its threads have given up the processor of themselves so far: each time they woke before."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        for line in (task / "status").read_text(encoding="ascii").splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                total += int(line.split()[1])
    return total


def quiet(environ: Mapping[str, str], **more: str) -> dict[str, str]:
    """Return an environment without the developer's own keys and keyring."""
    kept = {name: value for name, value in environ.items() if not name.endswith("_API_KEY")}
    return {**kept, "PATH": os.environ.get("PATH", ""), **more}
