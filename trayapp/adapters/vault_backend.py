"""Which keyring may hold a key: only the system's own. One that stores in clear text, or nowhere, is refused.

`keyring` chooses by itself, and takes a plain file when `keyrings.alt` is merely installed and no Secret Service
answers; it also remembers its choice. So the backend is chosen here, from a list, anew for each call: a service that
comes up later is found.
"""

from __future__ import annotations

import configparser
import os
import sys
from enum import Enum
from typing import TYPE_CHECKING

from trayapp.model.refused import Refused

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

#: Backend -> how people call it, in the order of preference on each system. KWallet is reached as a Secret Service,
#: which it is too; its own backend needs a library that is not on PyPI in a form that can be shipped.
_LINUX = {
    "keyring.backends.SecretService.Keyring": "the Secret Service keyring",
    "keyring.backends.libsecret.Keyring": "the Secret Service keyring",
}
_KNOWN = {
    "linux": _LINUX,
    "darwin": {"keyring.backends.macOS.Keyring": "the macOS Keychain"},
    "win32": {"keyring.backends.Windows.WinVaultKeyring": "the Windows Credential Manager"},
}
_SECRET_SERVICE = tuple(path.rpartition(".")[0] for path in _LINUX)

#: The library's own "whichever works"; ours is the list.
_ANY = "keyring.backends.chainer.ChainerBackend"

#: Why a backend that the user chose for all programs is not used: the beginning of its name tells.
_WHY = {
    "keyrings.alt.": "it keeps keys in a file, mostly in clear text",
    "keyring.backends.null.": "it keeps nothing",
    "keyring.backends.fail.": "it keeps nothing",
}


class State(Enum):
    """What a read would meet."""

    OPEN = "open"
    #: A read would make the system ask the user to unlock.
    LOCKED = "locked"
    #: There is no collection yet: nothing is stored, and a read would make the system ask to make one.
    EMPTY = "empty"


def chosen(platform: str = sys.platform) -> tuple[KeyringBackend, str]:
    """Return the system's keyring and its name. Raises Refused: none is there, or the user's own choice is not safe."""
    known = _KNOWN.get(platform, _LINUX)
    wish = _wish()
    if wish not in ("", _ANY, *known):
        why = next((why for start, why in _WHY.items() if wish.startswith(start)), "it is not the system's own")
        raise Refused(f"the keyring {wish[:60]!a} is refused: {why}")
    for path, name in known.items():
        if wish not in ("", _ANY, path):
            continue
        try:
            backend = _made(path)
        except Exception:
            # Each backend has its own ways to say that it does not work here.
            continue
        if platform == "win32":
            # The default, "enterprise", may roam to other machines of the user's domain.
            backend.persist = "local machine"  # type: ignore[attr-defined]  # a property of that backend alone
        return backend, name
    raise Refused("no keyring service answers on this machine")


def _wish() -> str:
    """Return the backend that the user chose for all programs that use the library, "" when there is none.

    Read without the library, which would also import code from a folder that the file may name.
    """
    from keyring.util import platform_

    config = configparser.RawConfigParser()
    try:
        config.read(platform_.config_root() / "keyringrc.cfg", encoding="utf-8")
        written = config.get("backend", "default-keyring", fallback="")
    except (OSError, ValueError, configparser.Error):
        written = ""
    return (os.environ.get("PYTHON_KEYRING_BACKEND") or written).strip()


def _made(path: str) -> KeyringBackend:
    """Make the backend; `priority` raises when it cannot work here."""
    from importlib import import_module

    module, _, name = path.rpartition(".")
    kind = getattr(import_module(module), name)
    if kind.priority <= 0:
        raise RuntimeError("not available")
    made: KeyringBackend = kind()
    return made


def state(backend: KeyringBackend) -> State:
    """Return what a read would meet. Only the Secret Service can be asked; the others prompt by their own rules."""
    if type(backend).__module__ not in _SECRET_SERVICE:
        return State.OPEN
    import secretstorage
    from secretstorage.exceptions import ItemNotFoundException

    with secretstorage.dbus_init() as connection:
        try:
            return State.LOCKED if secretstorage.Collection(connection).is_locked() else State.OPEN
        except ItemNotFoundException:
            return State.EMPTY
