"""The keyring asked by a short-lived process of its own: for the app, which runs for weeks.

Loading `keyring` and the Secret Service's cryptography takes 13 MB that would never be given back, and a call that
hangs could not be ended. The process reads every provider's key at once, hands them over a pipe, and is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from trayapp.adapters.vault_thread import KeyringThread
from trayapp.model.refused import Refused
from trayapp.model.secret import Secret

#: What was found is asked for again after so many seconds, what was refused (locked, absent) sooner.
_FOUND_S, _REFUSED_S = 900.0, 300.0
_DEADLINE_S = 8.0
_WINDOWLESS = getattr(subprocess, "CREATE_NO_WINDOW", 0)

_COMMAND = (sys.executable, "-m", "trayapp.adapters.vault_apart")


class VaultApart:
    """Reads like `model.ports.Vault`; storing and removing are the terminal's, which has a keyring of its own.

    `changed` is a file that is touched when a key was stored or removed: then the keyring is asked anew.
    """

    def __init__(
        self,
        providers: Sequence[str],
        changed: Path,
        command: Sequence[str] = _COMMAND,
        monotonic: Callable[[], float] = time.monotonic,
        deadline_s: float = _DEADLINE_S,
    ) -> None:
        self._providers = tuple(providers)
        self._changed = changed
        self._command = tuple(command)
        self._monotonic = monotonic
        self._deadline_s = deadline_s
        self._until = -1.0
        self._stamp = 0
        self._found: Mapping[str, tuple[Secret, str | None]] = {}
        self._refusal: str | None = None
        self._name = "not looked for yet"
        self._turn = asyncio.Lock()
        self._thread = KeyringThread()

    async def get(self, provider: str) -> Secret | None:
        """Return the key, None when there is none. Raises Refused."""
        found = (await self._known()).get(provider)
        return found[0] if found else None

    async def host(self, provider: str) -> str | None:
        """Return the host the key was entered for, None when there is no key. Raises Refused."""
        found = (await self._known()).get(provider)
        return found[1] if found else None

    async def put(self, provider: str, secret: Secret, host: str) -> None:
        """Refuse: keys are stored in the terminal."""
        raise Refused(f"keys are stored in a terminal: uptray key set {provider}")

    async def delete(self, provider: str) -> bool:
        """Refuse: keys are removed in the terminal."""
        raise Refused(f"keys are removed in a terminal: uptray key delete {provider}")

    def describe(self) -> str:
        """Return in one line where keys are kept."""
        return self._name

    async def _known(self) -> Mapping[str, tuple[Secret, str | None]]:
        async with self._turn:
            stamp = _stamp(self._changed)
            if self._monotonic() >= self._until or stamp != self._stamp:
                self._stamp = stamp
                self._take(await self._answer())
        if self._refusal is not None:
            raise Refused(self._refusal)
        return self._found

    async def _answer(self) -> Mapping[str, Any]:
        # A process that cannot even be killed, on a disk that does not answer, is waited for no longer.
        with contextlib.suppress(TimeoutError):
            return await self._thread.call(self._ask, self._deadline_s + 1)
        return self._silence()

    def _silence(self) -> Mapping[str, Any]:
        return {"refused": f"the keyring gave no answer within {self._deadline_s:.0f} s"}

    def _take(self, answer: Mapping[str, Any]) -> None:
        refusal = answer.get("refused")
        self._refusal = str(refusal)[:200] if refusal else None
        self._name = str(answer.get("name", self._name))[:80]
        self._found = {name: (Secret(key), host) for name, (key, host) in answer.get("keys", {}).items()}
        self._until = self._monotonic() + (_REFUSED_S if refusal else _FOUND_S)

    def _ask(self) -> Mapping[str, Any]:
        """Run the process; it is killed at the deadline, and the thread that waits for it keeps nobody from ending."""
        try:
            done = subprocess.run(
                [*self._command, *self._providers],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self._deadline_s,
                check=False,
                creationflags=_WINDOWLESS,
            )
            answer = json.loads(done.stdout)
        except subprocess.TimeoutExpired:
            return self._silence()
        except (OSError, ValueError):
            return {"refused": "the keyring could not be asked"}
        return answer if isinstance(answer, dict) else {"refused": "the keyring could not be asked"}


def _stamp(file: Path) -> int:
    with contextlib.suppress(OSError):
        return file.stat().st_mtime_ns
    return 0


async def _read(providers: Sequence[str]) -> dict[str, Any]:
    """Return what the parent is told: the keys with their hosts, or the reason why there are none."""
    from trayapp.adapters.vault import KeyringVault

    vault = KeyringVault()
    keys = {}
    try:
        for provider in providers:
            secret = await vault.get(provider)
            if secret is not None:
                keys[provider] = (secret.reveal(), await vault.host(provider))
    except Refused as reason:
        return {"refused": str(reason)}
    return {"keys": keys, "name": vault.describe()}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(_read(sys.argv[1:]))))
