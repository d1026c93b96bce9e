"""Points coding agents elsewhere and back: which are here, what they use, what a switch would change, and doing it.

It decides nothing and waits for nothing: what it asks of the disk blocks for some milliseconds, so it is called off the
loop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePath

from trayapp.agents import Agent, SaysFarewell, Uneditable, agents, replanned, undone
from trayapp.decide.diff import diff
from trayapp.model.address import host_of
from trayapp.model.agent import FileEdit, Switch
from trayapp.model.pointing import Here, Hindrance, Role, Target, Texts, Use
from trayapp.model.ports import Disk, Refused
from trayapp.model.provider import Provider, Route

#: A standing switch whose own values were written over with "nothing": the exact bytes follow when no session is left.
FAREWELL = "farewell"


@dataclass(frozen=True, slots=True)
class Aim:
    """A provider that an agent can be pointed at. `same_upstream`: another name for what it uses by itself."""

    provider: str
    name: str
    protocol: str
    same_upstream: bool


@dataclass(frozen=True, slots=True)
class AgentHere:
    """An agent on this machine: what it uses, where a switch of ours points it, and where it can be pointed."""

    id: str
    agent: Agent
    files: tuple[PurePath, ...] = ()
    use: Use = field(default_factory=Use)
    provider: str | None = None
    #: Why its files cannot be read.
    error: str | None = None
    standing: Switch | None = None
    is_changed: bool = False
    overrides: tuple[str, ...] = ()
    aims: tuple[Aim, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """A switch that was not made yet."""

    agent: str
    provider: str
    route: Route
    edits: tuple[FileEdit, ...]
    hindrances: tuple[Hindrance, ...]
    secrets: tuple[str, ...] = ()

    def diffs(self) -> tuple[tuple[str, str], ...]:
        """Return each file that changes with its diff, secrets covered."""
        told = ((str(edit.path), diff(str(edit.path), edit.before, edit.after, self.secrets)) for edit in self.edits)
        return tuple((path, text) for path, text in told if text)


class Switcher:
    """Everything comes in from outside: the machine, the disk, the providers, and the command that prints a key."""

    def __init__(
        self,
        here: Here,
        disk: Disk,
        providers: Mapping[str, Provider],
        helper: tuple[str, ...],
        on_path: Callable[[str], bool],
        running: Callable[[str], bool],
        now: Callable[[], datetime],
    ) -> None:
        """`helper` prints a key when a provider's id is added; `on_path` and `running` tell of a program by name."""
        self._here = here
        self._disk = disk
        self._providers = providers
        self._helper = helper
        self._on_path = on_path
        self._running = running
        self._now = now

    def found(self) -> tuple[AgentHere, ...]:
        """Return the agents that are here: a settings file of theirs is, or their program is on PATH."""
        standing = {switch.agent: switch for switch in self._disk.standing()}
        looked = (self._look(id, agent, standing.get(id)) for id, agent in agents().items())
        return tuple(each for each in looked if each is not None)

    def plan(self, name: str, provider: str, clear_key: str | None = None) -> Planned:
        """Return what a switch would change. Raises Refused: an unknown name, no common protocol, or an unsafe file."""
        agent = self._agent(name)
        if agent.WATCH_ONLY:
            raise Refused(f"{agent.NAME} cannot be switched: {agent.WATCH_ONLY}")
        target = self._target(agent, provider, clear_key)
        standing = self._standing(name)
        with _refusing():
            texts = self._texts(agent, standing.edits if standing else ())

            def fresh(bare: Texts) -> tuple[FileEdit, ...]:
                return agent.edit(self._here, bare, target)

            edits = replanned(standing.edits, texts, fresh) if standing else fresh(texts)
            hindrances = agent.hindrances(self._here, texts, target)
        secrets = (clear_key,) if clear_key else ()
        return Planned(name, provider, target.route, edits, hindrances, secrets)

    def commit(self, planned: Planned) -> None:
        """Make the switch. Raises Refused, with nothing changed."""
        self._disk.commit(Switch(planned.agent, planned.provider, self._now(), planned.edits))

    def restore(self, name: str, *, dry_run: bool = False) -> tuple[tuple[FileEdit, ...], tuple[str, ...]]:
        """Put the agent's own settings back; return the edits, and what was left as it is. Raises Refused.

        An agent whose running sessions would not notice is told goodbye first; `settle` then ends it.
        """
        standing = self._standing(name)
        if standing is None:
            raise Refused(f"no switch of {self._agent(name).NAME} stands: there is nothing to put back")
        agent = self._agent(name)
        with _refusing():
            if isinstance(agent, SaysFarewell) and standing.note != FAREWELL and self._running(agent.COMMAND):
                texts = self._texts(agent, standing.edits)
                goodbye = agent.farewell(self._here, texts, standing.edits)
                if goodbye is not None:
                    if not dry_run:
                        self._disk.commit(Switch(name, standing.provider, self._now(), goodbye, FAREWELL))
                    return goodbye, (f"the exact file comes back when no {agent.NAME} session is left",)
            edits, kept = self._back(standing)
        if not dry_run:
            self._disk.restored(Switch(name, standing.provider, self._now(), edits))
        return edits, kept

    def restorable(self) -> tuple[str, ...]:
        """Return the agents for which a switch stands."""
        return tuple(switch.agent for switch in self._disk.standing())

    def settle(self) -> tuple[str, ...]:
        """Finish what a crash left and what waited for sessions to end; return a sentence for each."""
        told = list(self._disk.recover())
        for switch in self._disk.standing():
            agent = agents().get(switch.agent)
            if switch.note == FAREWELL and agent is not None and not self._running(agent.COMMAND):
                with _refusing():
                    edits, kept = self._back(switch)
                self._disk.restored(Switch(switch.agent, switch.provider, self._now(), edits))
                told += [f"{agent.NAME} has its own settings back", *kept]
        return tuple(told)

    def target(self, name: str, provider: str) -> tuple[Agent, Target]:
        """Return the agent and where a session of it would be pointed. Raises Refused."""
        agent = self._agent(name)
        if agent.PROTOCOLS:
            return agent, self._target(agent, provider, None)
        # One that no file can point elsewhere may still be started elsewhere.
        for route in self._provider(provider).routes:
            target = self._at(self._provider(provider), route, None)
            if agent.session(self._here, target, None) is not None:
                return agent, target
        raise Refused(f"{agent.NAME} cannot be started elsewhere: {agent.WATCH_ONLY}")

    def target_agent(self, name: str) -> Agent:
        """Return the agent. Raises Refused."""
        return self._agent(name)

    def here(self) -> Here:
        """Return this machine."""
        return self._here

    # ---- one agent

    def _agent(self, name: str) -> Agent:
        agent = agents().get(name)
        if agent is None:
            raise Refused(f"{name[:40]!a} is no agent that Uptray knows; known are {', '.join(agents())}")
        return agent

    def _standing(self, name: str) -> Switch | None:
        return next((switch for switch in self._disk.standing() if switch.agent == name), None)

    def _texts(self, agent: Agent, standing: Sequence[FileEdit]) -> dict[PurePath, bytes | None]:
        paths = dict.fromkeys([*(file.path for file in agent.files(self._here)), *(edit.path for edit in standing)])
        return {path: self._disk.read(path) for path in paths}

    def _look(self, id: str, agent: Agent, standing: Switch | None) -> AgentHere | None:
        own = [file.path for file in agent.files(self._here) if file.role is Role.OWN]
        try:
            texts = self._texts(agent, standing.edits if standing else ())
            files = tuple(path for path in own if texts.get(path) is not None)
            if not files and standing is None and not self._on_path(agent.COMMAND):
                return None
            with _refusing():
                use = agent.current(self._here, texts)
        except Refused as reason:
            return AgentHere(id, agent, tuple(own), error=str(reason), standing=standing)
        provider = self._named(agent, use, standing)
        changed = standing is not None and any(texts.get(edit.path) != edit.after for edit in standing.edits)
        aims = () if agent.WATCH_ONLY else self._aims(agent)
        return AgentHere(id, agent, files, use, provider, None, standing, changed, (), aims)

    def _named(self, agent: Agent, use: Use, standing: Switch | None) -> str | None:
        """Return the provider that answers at the address: by exact host, so that a relay is nobody's."""
        if use.base_url is None:
            return agent.VENDOR
        try:
            host = host_of(use.base_url)
        except ValueError:
            return None
        fits = [id for id, provider in self._providers.items() if host in _hosts(provider)]
        if standing is not None and standing.provider in fits:
            return standing.provider
        return agent.VENDOR if agent.VENDOR in fits else next(iter(fits), None)

    def _aims(self, agent: Agent) -> tuple[Aim, ...]:
        vendor = self._providers.get(agent.VENDOR or "")
        home = _hosts(vendor) if vendor else frozenset[str]()
        return tuple(
            Aim(id, provider.name, route.protocol, bool(home & {host_of(route.base_url)}))
            for id, provider in self._providers.items()
            if (route := _route(agent, provider)) is not None
        )

    def _target(self, agent: Agent, provider: str, clear_key: str | None) -> Target:
        known = self._provider(provider)
        route = _route(agent, known)
        if route is None:
            spoken = " or ".join(agent.PROTOCOLS) or "no protocol of others"
            raise Refused(f"{known.name} does not speak what {agent.NAME} can be pointed to ({spoken})")
        return self._at(known, route, clear_key)

    def _provider(self, name: str) -> Provider:
        known = self._providers.get(name)
        if known is None:
            raise Refused(f"{name[:40]!a} is no provider that Uptray knows; see uptray providers")
        return known

    def _at(self, known: Provider, route: Route, clear_key: str | None) -> Target:
        variable = known.api.key_env if known.api else None
        helper = (*self._helper, known.id) if variable is not None else None
        return Target(known.id, known.name, route, helper, variable, clear_key)

    def _back(self, standing: Switch) -> tuple[tuple[FileEdit, ...], tuple[str, ...]]:
        edits, kept = [], list[str]()
        for edit in standing.edits:
            now = self._disk.read(edit.path)
            back, left = undone(edit, now)
            edits.append(replace(edit, before=now, after=back, values=()))
            kept += left
        return tuple(edits), tuple(kept)


def _route(agent: Agent, provider: Provider) -> Route | None:
    routes = {route.protocol: route for route in provider.routes}
    return next((routes[protocol] for protocol in agent.PROTOCOLS if protocol in routes), None)


def _hosts(provider: Provider) -> frozenset[str]:
    own = provider.api.hosts if provider.api else ()
    return frozenset((*own, *(host_of(route.base_url) for route in provider.routes)))


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn what an agent's file cannot bear into a refusal that names the file, the line and the reason."""
    try:
        yield
    except Uneditable as reason:
        said = str(reason)
        raise Refused(said if not reason.file or reason.file in said else f"{reason.file}: {said}") from None
