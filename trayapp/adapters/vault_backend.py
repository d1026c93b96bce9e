"""Which keyring may hold a key: only the system's own. One that stores in clear text, or nowhere, is refused.

`keyring` chooses by itself, and takes a plain file when `keyrings.alt` is merely installed and no Secret Service
answers; so the backend is chosen here, from a list, and made anew when none was found, since one may come up later.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from trayapp.model.refused import Refused

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

#: Backend -> how people call it, in the order of preference on each system.
_LINUX = {
    "keyring.backends.SecretService.Keyring": "the Secret Service keyring",
    "keyring.backends.libsecret.Keyring": "the Secret Service keyring",
}
_KNOWN = {
    "linux": _LINUX,
    "darwin": {"keyring.backends.macOS.Keyring": "the macOS Keychain"},
    "win32": {"keyring.backends.Windows.WinVaultKeyring": "the Windows Credential Manager"},
}


def chosen(platform: str = sys.platform) -> tuple[KeyringBackend, str]:
    """Return the system's keyring and its name. Raises Refused: none is there, or the user's own choice is not safe."""
    _refuse_a_choice(os.environ.get("PYTHON_KEYRING_BACKEND", ""))
    reasons = []
    for path, name in _KNOWN.get(platform, _LINUX).items():
        try:
            backend = _made(path)
        except Exception as error:
            reasons.append(type(error).__name__)
            continue
        if platform == "win32":
            # The default, "enterprise", may roam to other machines of the user's domain.
            backend.persist = "local machine"  # type: ignore[attr-defined]  # a property of that backend alone
        return backend, name
    raise Refused("no keyring service answers on this machine")


def _refuse_a_choice(path: str) -> None:
    """Refuse what the environment chose when it is not one of ours: it may be a plain file, or nothing at all."""
    allowed = {name for names in _KNOWN.values() for name in names}
    if path and path not in allowed:
        raise Refused(
            f"the keyring {path[:60]!a} is refused: it is not the system's own and may keep keys in clear text"
        )


def _made(path: str) -> KeyringBackend:
    """Make the backend; `priority` raises when it cannot work here."""
    from importlib import import_module

    module, _, name = path.rpartition(".")
    kind = getattr(import_module(module), name)
    if kind.priority <= 0:
        raise RuntimeError("not available")
    made: KeyringBackend = kind()
    return made


def is_locked(backend: KeyringBackend) -> bool:
    """True when a read would make the system ask the user to unlock: then a background read stays away.

    Only the Secret Service can be asked; the others prompt by their own rules.
    """
    if not type(backend).__module__.endswith("SecretService"):
        return False
    import secretstorage

    with secretstorage.dbus_init() as connection:
        return bool(secretstorage.Collection(connection).is_locked())
