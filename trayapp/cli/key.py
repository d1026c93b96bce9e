"""`uptray key`: a provider's key into the OS keyring, out of it, and tried once."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from trayapp.cli.status import known
from trayapp.model.refused import Refused
from trayapp.model.secret import Secret

if TYPE_CHECKING:
    import argparse

    from trayapp.cli._doors import Doors

HELP = """Keep a provider's API key in the keyring of your system.

The key is read from standard input, or asked for without showing it; never give it as an argument, where the shell's
history and other programs would see it. It is bound to the provider's host and sent nowhere else. A key is optional:
without one the status page and the API's front door are watched.

examples: uptray key set anthropic
          uptray key set anthropic < key.txt
          uptray key test anthropic
"""

_LONGEST = 4096


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = {
        "set": "store a key",
        "test": "make one free request with it",
        "print": "print it, and nothing else",
        "delete": "remove it",
    }
    parser.add_argument("action", choices=actions, help="; ".join(f"{name}: {what}" for name, what in actions.items()))
    parser.add_argument("id", help="the provider, for example anthropic")
    parser.add_argument("surplus", nargs="*", help=_hidden())


def _hidden() -> str:
    import argparse

    return argparse.SUPPRESS


def run(args: argparse.Namespace, doors: Doors) -> int:
    """Do what was asked with the key."""
    if args.surplus:
        raise Refused(
            "a key is never given as an argument: it now stands in your shell's history; remove it there, "
            f"and run: uptray key set {args.id}"
        )
    [name] = known([args.id], doors)
    action = {"set": _set, "test": _test, "print": _print, "delete": _delete}[args.action]
    return action(name, doors)


def _set(name: str, doors: Doors) -> int:
    where = doors.put_key(name, _read(name))
    sys.stdout.write(f"The key for {name} is {where}.\n")
    return 0


def _read(name: str) -> Secret:
    """Return the key from standard input, or from a person who types it unseen. Raises Refused."""
    if sys.stdin.isatty():
        import getpass

        text = getpass.getpass(f"Key for {name} (not shown): ")
    else:
        text = sys.stdin.read(_LONGEST + 1)
    text = text.strip()
    if not text:
        raise Refused("no key was given")
    if len(text) > _LONGEST or not text.isprintable() or not text.isascii() or " " in text:
        raise Refused("that is no key: one line of letters, digits and signs was expected")
    return Secret(text)


def _test(name: str, doors: Doors) -> int:
    accepted, line = doors.test_key(name)
    sys.stdout.write(line + "\n")
    return 0 if accepted else 1


def _print(name: str, doors: Doors) -> int:
    secret = doors.get_key(name)
    if secret is None:
        raise Refused(f"there is no key for {name}")
    sys.stdout.write(secret.reveal() + "\n")
    return 0


def _delete(name: str, doors: Doors) -> int:
    had = doors.delete_key(name)
    sys.stdout.write(f"The key for {name} is removed.\n" if had else f"There was no key for {name} in the keyring.\n")
    return 0
