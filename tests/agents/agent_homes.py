"""Homes written down in a test: what an agent's files hold, by their place, and what it then makes of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePath, PurePosixPath
from typing import Any

from trayapp.agents import Agent, agents
from trayapp.model.pointing import Here, Target, Texts, Use
from trayapp.model.provider import Route

HOME = PurePosixPath("/home/me")
HELPER = ("/opt/uptray/uptray", "key", "print", "deepseek")


def here(cwd: str | None = None, system: str = "linux", **environ: str) -> Here:
    return Here(HOME, system, environ, None if cwd is None else PurePosixPath(cwd))


def target(protocol: str, **given: Any) -> Target:
    models = {"default": "deepseek-v4-pro", "small": "deepseek-flash", "opus": "deepseek-v4-pro"}
    route = Route(
        protocol,
        given.pop("base_url", "https://api.deepseek.com"),
        given.pop("auth", "bearer"),
        given.pop("models", models),
    )
    given.setdefault("helper", HELPER)
    return Target("deepseek", "DeepSeek", route, **given)


def texts(place: Here, agent: Agent, held: Mapping[str, Any]) -> Texts:
    """Return an agent's files; `held` by path below the home, or from the root. What is no text is written as JSON."""
    files: dict[PurePath, bytes | None] = {file.path: None for file in agent.files(place)}
    for at, said in held.items():
        path = HOME / at
        assert path in files, f"{path} is not read"
        files[path] = (said if isinstance(said, str) else json.dumps(said)).encode()
    return files


def use(id_: str, place: Here, held: Mapping[str, Any]) -> Use:
    agent = agents()[id_]
    return agent.current(place, texts(place, agent, held))


def reasons(id_: str, place: Here, held: Mapping[str, Any], to: Target) -> dict[str, bool]:
    """Return what hinders, and whether it stops the switch."""
    agent = agents()[id_]
    return {one.reason: one.stops for one in agent.hindrances(place, texts(place, agent, held), to)}


def stopping(id_: str, place: Here, held: Mapping[str, Any], to: Target) -> list[str]:
    return [reason for reason, stops in reasons(id_, place, held, to).items() if stops]
