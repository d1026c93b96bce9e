"""What the line asks of the outside world. Each port has a real adapter, a fake, and one contract for both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Protocol

from trayapp.model.agent import Switch
from trayapp.model.effect import Notify
from trayapp.model.picture import Command, Picture
from trayapp.model.provider import Provider
from trayapp.model.reading import PassiveReading, ProbeReading
from trayapp.model.refused import Refused as Refused
from trayapp.model.request import Outcome, Request
from trayapp.model.secret import Credential, Secret
from trayapp.model.settings import Settings
from trayapp.model.verdict import NetworkTransition, Transition

if TYPE_CHECKING:
    import asyncio


class Clock(Protocol):
    """The time. `now` may jump (sleep, NTP, the user); `monotonic` (seconds) never does."""

    def now(self) -> datetime:
        """Return the wall clock as aware UTC."""

    def monotonic(self) -> float:
        """Return seconds since some moment; never goes back."""

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        """Return True as soon as `event` is set, False when `seconds` have passed without it."""


class Fetcher(Protocol):
    """The network."""

    async def fetch(self, request: Request) -> Outcome:
        """Make the request within its deadlines. Never raises for the network's or the server's faults."""

    async def reset(self) -> None:
        """Forget every connection: the machine woke, or the network or proxy changed."""

    async def close(self) -> None:
        """Let go of everything."""


class Host(Protocol):
    """This machine: its power and network, as far as the system tells."""

    def on_change(self, call: Callable[[], None]) -> None:
        """Have `call` called on the loop after a wake or a change of network."""

    @property
    def is_saving(self) -> bool:
        """True on battery or on a metered line."""


class Vault(Protocol):
    """The OS keyring. Every call ends within its deadline, off the loop."""

    async def get(self, provider: str) -> Secret | None:
        """Return the key, None when there is none. Raises Refused: locked, absent, hung, or in clear text."""

    async def put(self, provider: str, secret: Secret, host: str) -> None:
        """Store the key, bound to `host`, and read it back. Raises Refused."""

    async def delete(self, provider: str) -> bool:
        """Remove the key; False when there was none. Raises Refused."""

    async def host(self, provider: str) -> str | None:
        """Return the host the key was entered for, None when there is no key. Raises Refused."""

    def describe(self) -> str:
        """Return in one line where keys are kept, or why they cannot be."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A provider's last verdict as the interface's JSON object, with its level and when it goes stale."""

    provider: str
    document: Mapping[str, Any]
    at: datetime
    stale_after_s: float


class Journal(Protocol):
    """What happened, kept on disk. One writer; calls return at once and are carried out in order."""

    def transition(self, transition: Transition, summary: str) -> None:
        """Keep a change of verdict."""

    def network(self, transition: NetworkTransition) -> None:
        """Keep a change of the network."""

    def incidents(self, provider: str, document: Sequence[Mapping[str, Any]], now: datetime) -> None:
        """Keep the incidents a page tells of: each is inserted or brought up to date by its id."""

    def ping(self, reading: ProbeReading) -> None:
        """Add a ping to its minute, hour and day."""

    def snapshot(self, snapshot: Snapshot, network: str) -> None:
        """Keep the latest verdict, for `uptray status --recorded`."""

    def spend(self, provider: str, usd: float, at: datetime) -> None:
        """Add the cost of a paid ping."""

    async def spent(self, provider: str, since: datetime) -> float:
        """Return the US dollars spent on pings since then."""

    def remember(self, name: str, text: Callable[[], str]) -> None:
        """Keep a text under a name, in place of the one before: what is to be taken up again after a restart.

        `text` is asked for it when it is written, perhaps in another thread, perhaps never.
        """

    async def recalled(self, name: str) -> str | None:
        """Return the text kept under the name, None when there is none."""

    async def key_worked_at(self, provider: str) -> datetime | None:
        """Return when a keyed ping last succeeded, None when none ever did."""

    async def close(self) -> None:
        """Write all that is pending and close."""


class Capability(StrEnum):
    """What a notifier can honestly do."""

    ACTIONS = "actions"
    REPLACE = "replace"
    WITHDRAW = "withdraw"
    CLICK = "click"


class Notifier(Protocol):
    """Native notifications."""

    name: str

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What it can do here."""

    async def start(self) -> None:
        """Find out whether it works here. Raises Refused with the reason."""

    async def notify(self, notice: Notify) -> None:
        """Show it within two seconds. Raises Refused when it was not shown."""

    async def withdraw(self, key: str) -> None:
        """Take it away if it is still shown. Raises Refused."""

    async def close(self) -> None:
        """Let go of everything."""


class Store(Protocol):
    """The user's settings on disk."""

    def load(self) -> Settings:
        """Return the settings. Raises Refused: one line with file, line, key and what was expected."""

    def changed(self) -> bool:
        """True when the files differ from those last loaded."""


class Screen(Protocol):
    """What the user sees."""

    def show(self, picture: Picture) -> None:
        """Show it; returns at once."""

    def on_command(self, call: Callable[[Command], None]) -> None:
        """Have `call` called on the loop for each thing the user asks for."""


class Keys(Protocol):
    """Where the monitor gets a provider's credential: environment first, then the vault."""

    async def credential(self, provider: Provider) -> Credential | None:
        """Return the credential for `provider.api`, None when there is none or it cannot be had now."""


class Witness(Protocol):
    """Who was there: the coding agents on this machine, by the records they keep of what the provider answered."""

    async def poll(self) -> tuple[PassiveReading, ...]:
        """Return what was recorded since the last call, oldest first; the first call only begins. Never raises.

        () too when it cannot be told within its deadline: what was missed then is told later or not at all.
        """

    def describe(self) -> str:
        """Return in one line whose records are watched for, and whose not, with the reason."""

    def close(self) -> None:
        """Let go of everything, without waiting."""


class Disk(Protocol):
    """The agents' files. Every call blocks for some milliseconds, at worst for its deadline: call off the UI's thread.

    A switch is carried out whole or not at all, also when this process is killed meanwhile: `recover` then ends in one
    of the two. What was there is kept, as exact bytes in a private folder, before anything is touched.
    """

    def read(self, path: PurePath) -> bytes | None:
        """Return what is there, behind any symbolic links; None when absent. Raises Refused with file and reason."""

    def commit(self, switch: Switch) -> None:
        """Carry it out. It then stands, in the place of the agent's standing switch if there was one.

        It names every file of that one, with the same `original`. Raises Refused, with nothing changed: a file is not
        as the plan found it, cannot be replaced safely, or another Uptray is at it.
        """

    def restored(self, switch: Switch) -> None:
        """Carry it out like `commit`, and with it end the agent's standing switch. Raises Refused, nothing changed."""

    def standing(self) -> tuple[Switch, ...]:
        """Return the switches in force, one an agent, by agent. Raises Refused when the record cannot be read."""

    def recover(self) -> tuple[str, ...]:
        """Finish or undo what a killed process left, and return a sentence for each agent it was done for.

        A file that something else changed meanwhile is left as it is, and named. Writes nothing when nothing was left.
        Raises Refused when another Uptray is at it.
        """
