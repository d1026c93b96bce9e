"""The doors of the coding agents: found, switched, put back, and started for one session."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from trayapp.adapters.disk import FileDisk
from trayapp.model.pointing import Here, Target
from trayapp.model.ports import Refused
from trayapp.model.provider import Provider
from trayapp.model.reading import Symptom
from trayapp.switcher import AgentHere, Planned, Switcher

if TYPE_CHECKING:
    from trayapp.main.house import House

_SYSTEMS = {"win32": "windows", "darwin": "darwin"}
#: Levels at which a provider is good enough to start an agent on.
_WORKS = ("operational", "maintenance", "degraded")
#: What a trial must end in: the request was heard and understood.
_HEARD = (Symptom.OK, Symptom.SLOW)


def switcher(house: House, providers: Mapping[str, Provider] | None = None) -> Switcher:
    """Return the switcher of this machine and user; without `providers` with all that are known. Raises Refused."""
    system = _SYSTEMS.get(sys.platform, "linux")
    home = Path.home()
    cwd = Path.cwd() if _has_folder() else None
    here = Here(home, system, dict(os.environ), cwd)
    disk = FileDisk(house.places.data, home)
    known = house.store.catalogue() if providers is None else providers
    return Switcher(here, disk, known, _helper(), _on_path, _running, lambda: datetime.now(UTC))


def agents(house: House) -> Sequence[Mapping[str, Any]]:
    """Return an object for each agent that is here."""
    catalogue = house.store.catalogue()
    known = switcher(house, catalogue)
    known.settle()
    levels = _levels(house, list(catalogue))
    return [_document(each, levels) for each in known.found()]


def switch(
    house: House, agent: str, provider: str, *, dry_run: bool, force: bool, clear_key: bool
) -> Mapping[str, Any]:
    """Point the agent at the provider, after one real request there. Raises Refused, with nothing changed."""
    known = switcher(house)
    if not dry_run:
        known.settle()
    before = next((each for each in known.found() if each.id == agent), None)
    key = _clear_key(house, provider) if clear_key else None
    planned = known.plan(agent, provider, key)
    stops = [hindrance.reason for hindrance in planned.hindrances if hindrance.stops]
    if stops and not force and not dry_run:
        raise Refused(f"it would have no effect: {'; '.join(stops)} (--force does it all the same)")
    tried = None if dry_run or force else _tried(house, known, planned)
    if not dry_run:
        known.commit(planned)
    return {
        "schema": 1,
        "agent": agent,
        "from": before.provider if before else None,
        "to": provider,
        "dry_run": dry_run,
        "files": [{"path": path, "diff": text} for path, text in planned.diffs()],
        "hindrances": [{"reason": each.reason, "stops": each.stops} for each in planned.hindrances],
        "pickup": known.target(agent, provider)[0].PICKUP.value,
        "tried": tried,
        "done": not dry_run,
    }


def restore(house: House, agent: str | None, *, dry_run: bool) -> Sequence[Mapping[str, Any]]:
    """Put back one agent's settings, or those of all for None. Needs neither settings nor network. Raises Refused."""
    # What is put back stands in the store: settings that cannot be read are no reason to keep it there.
    known = switcher(house, {})
    if not dry_run:
        known.settle()
    done = []
    for name in known.restorable() if agent is None else (agent,):
        edits, kept = known.restore(name, dry_run=dry_run)
        files = [{"path": str(edit.path), "changed": edit.before != edit.after} for edit in edits]
        done.append({"agent": name, "files": files, "kept": list(kept), "done": not dry_run})
    return done


def run(house: House, agent: str | None, via: str | None, arguments: Sequence[str]) -> int:
    """Start the agent in place of this program, on the first provider of its list that works. Raises Refused."""
    known = switcher(house)
    name = agent or default(house) or "claude-code"
    found, target = _session_target(house, known, name, via)
    program = shutil.which(found.COMMAND)
    if program is None:
        raise Refused(f"{found.NAME} is not installed here: there is no program {found.COMMAND!r} on PATH")
    environ, before = dict(os.environ), list[str]()
    if target is not None:
        secret = house.get_key(target.provider) if target.helper else None
        session = found.session(known.here(), target, secret.reveal() if secret else None)
        if session is None:
            raise Refused(f"{found.NAME} cannot be started elsewhere for one session; uptray switch {name} can do it")
        before = list(session.arguments)
        for variable, value in session.environ.items():
            environ.pop(variable, None)
            if value is not None:
                environ[variable] = value
        sys.stderr.write(f"uptray: {found.NAME} on {target.name}, for this session\n")
    return _become(program, [found.COMMAND, *before, *arguments], environ)


def default(house: House) -> str | None:
    """Return the agent that plain `uptray run` starts, None when none was chosen."""
    try:
        return _default_file(house).read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def set_default(house: House, agent: str) -> None:
    """Choose the agent that plain `uptray run` starts. Raises Refused."""
    from trayapp.adapters.paths import private_folder
    from trayapp.agents import agents as every

    if agent not in every():
        raise Refused(f"{agent[:40]!a} is no agent that Uptray knows; known are {', '.join(every())}")
    private_folder(house.places.data)
    _default_file(house).write_text(f"{agent}\n", encoding="utf-8")


# ---- what lies behind


def _default_file(house: House) -> Path:
    return house.places.data / "default-agent"


def _has_folder() -> bool:
    try:
        return bool(Path.cwd())
    except OSError:
        return False


def _helper() -> tuple[str, ...]:
    """Return the command that prints a key: an installed path, which is there also when this program is not running."""
    own = shutil.which("uptray")
    return (own, "key", "print") if own else (sys.executable, "-m", "trayapp", "key", "print")


def _on_path(program: str) -> bool:
    return bool(program) and shutil.which(program) is not None


def _running(program: str) -> bool:
    """True when a process of this name runs; where that cannot be told it is taken to."""
    if sys.platform == "win32":
        return True
    try:
        found = subprocess.run(["pgrep", "-x", program], capture_output=True, timeout=2, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return True
    return found.returncode == 0


def _levels(house: House, ids: Sequence[str]) -> dict[str, str]:
    recorded = house.recorded(ids)
    return {row["id"]: row["level"] for row in recorded["providers"] if not row["stale"]}


def _clear_key(house: House, provider: str) -> str:
    secret = house.get_key(provider)
    if secret is None:
        raise Refused(f"there is no key for {provider}: uptray key set {provider}")
    return secret.reveal()


def _tried(house: House, known: Switcher, planned: Planned) -> Mapping[str, Any]:
    """Make one real request in the agent's protocol. Raises Refused when it is not answered."""
    from trayapp.adapters.http import HttpFetcher
    from trayapp.adapters.keys import EnvironmentThenVault
    from trayapp.adapters.vault import KeyringVault
    from trayapp.judge.classify import classify
    from trayapp.judge.trial import trial

    provider = house.store.catalogue()[planned.provider]
    target = known.target(planned.agent, planned.provider)[1]

    async def ask() -> tuple[Symptom, str, float]:
        fetcher = HttpFetcher()
        try:
            credential = await EnvironmentThenVault(KeyringVault(person=True), os.environ).credential(provider)
            if credential is None and target.helper is not None:
                raise Refused(f"there is no key for {target.name}: uptray key set {target.provider}")
            probe, request = trial(provider, planned.route, credential, target.model("haiku") or "")
            outcome = await fetcher.fetch(request)
            return (*classify(provider, probe, outcome), outcome.seconds)
        finally:
            await fetcher.close()

    symptom, detail, seconds = asyncio.run(ask())
    if symptom not in _HEARD:
        raise Refused(
            f"{target.name} did not answer as {planned.route.protocol} should ({detail}); nothing was changed. "
            "--force switches all the same"
        )
    return {"outcome": symptom.value, "detail": detail, "latency_ms": round(seconds * 1000)}


def _session_target(house: House, known: Switcher, name: str, via: str | None) -> tuple[Any, Target | None]:
    """Return the agent and where its session goes; None: where it goes by itself."""
    if via is not None:
        return known.target(name, via)
    found = known.target_agent(name)
    here = next((each for each in known.found() if each.id == name), None)
    own = here.provider if here else found.VENDOR
    wanted = [*([own] if own else []), *_fallbacks(house, name)]
    levels = {row["id"]: row["level"] for row in house.live_or_recorded(wanted)["providers"]} if wanted else {}
    healthy = next((each for each in wanted if levels.get(each) in _WORKS), None)
    if healthy is None or healthy == own:
        return found, None
    return known.target(name, healthy)


def _fallbacks(house: House, name: str) -> Sequence[str]:
    fallback = getattr(house.settings(), "fallback", None)
    listed: Mapping[str, Sequence[str]] = fallback.agents if fallback else {}
    return list(listed.get(name, ()))


def _document(here: AgentHere, levels: Mapping[str, str]) -> Mapping[str, Any]:
    standing = here.standing
    return {
        "id": here.id,
        "name": here.agent.NAME,
        "command": here.agent.COMMAND,
        "found": True,
        "files": [str(path) for path in here.files],
        "provider": here.provider,
        "base_url": here.use.base_url,
        "model": here.use.model,
        "credential": here.use.credential,
        "error": here.error,
        "pickup": here.agent.PICKUP.value,
        "watch_only": here.agent.WATCH_ONLY or None,
        "overrides": list(here.overrides),
        "switched": {"to": standing.provider, "at": standing.at.isoformat()} if standing else None,
        "changed_since": here.is_changed,
        "targets": [
            {
                "provider": aim.provider,
                "protocol": aim.protocol,
                "level": levels.get(aim.provider, "unknown"),
                "same_upstream": aim.same_upstream,
            }
            for aim in here.aims
        ],
    }


def _become(program: str, argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Start the program in our place, so that signals and its exit code pass through."""
    if os.name == "posix":
        _exec(program, argv, environ)
    # Windows has no exec: the child gets Ctrl-C itself, and we only wait.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return subprocess.run([program, *argv[1:]], env=dict(environ), check=False).returncode


def _exec(program: str, argv: Sequence[str], environ: Mapping[str, str]) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(program, list(argv), dict(environ))  # no shell is wanted
