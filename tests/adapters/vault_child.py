"""A program that does with the vault what it is told, since a test's own process must not wait for a hung keyring.

Its one argument is JSON: `person`, `deadline_s`, and `calls`, each a list of a method's name and its arguments, made one
after the other, or all at once with `together`. It prints what each gave.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from trayapp.adapters.vault import KeyringVault
from trayapp.model.ports import Refused
from trayapp.model.secret import Secret


async def made(vault: KeyringVault, name: str, *arguments: str) -> Any:
    if name == "put":
        provider, key, host = arguments
        arguments = (provider, Secret(key), host)  # type: ignore[assignment]  # put takes a Secret
    try:
        given = getattr(vault, name)(*arguments)
        given = await given if asyncio.iscoroutine(given) else given
    except Refused as reason:
        return f"refused: {reason}"
    return given.reveal() if isinstance(given, Secret) else given


async def do(told: dict[str, Any]) -> list[Any]:
    vault = KeyringVault(person=told["person"], deadline_s=told["deadline_s"])
    if told["together"]:
        return await asyncio.gather(*(made(vault, *call) for call in told["calls"]))
    return [await made(vault, *call) for call in told["calls"]]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(do(json.loads(sys.argv[1])))), flush=True)
