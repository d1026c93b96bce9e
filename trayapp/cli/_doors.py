"""What the commands ask of the rest of the house; `main.py` opens these doors, each only when it is walked through."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from trayapp.model.history import History
from trayapp.model.secret import Secret
from trayapp.model.settings import Settings

#: A document of the interface: `uptray status --json`, or one event of `uptray watch --json`.
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `uptray doctor`: what was looked at, "ok", "warning" or "broken", and what was found."""

    name: str
    state: str
    found: str
    #: What to do about it, empty when nothing.
    advice: str = ""


class Doors(Protocol):
    """Each call may raise Refused: the reason in one line, for exit code 64."""

    def settings(self) -> Settings:
        """Return the user's settings."""

    def names(self) -> Mapping[str, str]:
        """Return id and name of every known provider."""

    def providers(self) -> Sequence[Document]:
        """Return an object for each known provider; one whose file is wrong has an `error`."""

    def check_provider(self, file: Path, *, offline: bool, paid: bool, warn: Callable[[str], None]) -> Document:
        """Validate a provider file and try what it declares; `warn` is told before money is spent."""

    def watched(self) -> Sequence[str]:
        """Return the ids that are watched, cheaply."""

    def recorded(self, ids: Sequence[str]) -> Document:
        """Return the status document of what was recorded, aged to now; what was not is unknown and stale."""

    def live(self, ids: Sequence[str]) -> Document:
        """Look at once, and return the status document."""

    def agents(self) -> Sequence[Document]:
        """Return an object for each coding agent that is here."""

    def switch_agent(self, agent: str, provider: str, *, dry_run: bool, force: bool, clear_key: bool) -> Document:
        """Point an agent at a provider; nothing is changed when it is refused."""

    def restore_agent(self, agent: str | None, *, dry_run: bool) -> Sequence[Document]:
        """Put back an agent's own settings, or those of all for None."""

    def run_agent(self, agent: str | None, via: str | None, arguments: Sequence[str]) -> int:
        """Start an agent for one session in the place of this program."""

    def default_agent(self) -> str | None:
        """Return the agent that is started when none is named."""

    def set_default_agent(self, agent: str) -> None:
        """Choose it."""

    def watch(self, ids: Sequence[str], emit: Callable[[Document], bool]) -> None:
        """Monitor until `emit` returns True for an event, or SIGTERM or Ctrl-C."""

    def history(self, ids: Sequence[str], days: float) -> History:
        """Return what was recorded."""

    def put_key(self, provider: str, secret: Secret) -> str:
        """Store a key; return in one line where it went and for which host."""

    def get_key(self, provider: str) -> Secret | None:
        """Return the key, from the environment or the keyring."""

    def delete_key(self, provider: str) -> bool:
        """Remove the key from the keyring; False when there was none."""

    def test_key(self, provider: str) -> tuple[bool, str]:
        """Make one free request with the key; return whether it was accepted, and one line about it."""

    def doctor(self) -> Sequence[Check]:
        """Look at what works here."""

    def demo(self, speed: float, headless: bool, icons: Path) -> int:
        """Replay the outage; return the exit code. `icons`: folder for the icons as PNG when headless."""

    def replay(self, file: Path, evidence: str, *, as_json: bool) -> int:
        """Replay the incidents of a file with this evidence; return the exit code."""

    def tray(self) -> int:
        """Start the tray app; return its exit code."""
