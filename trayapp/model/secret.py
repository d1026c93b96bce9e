"""A key that cannot be printed by accident, and that knows the hosts it may travel to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn


class Secret:
    """A string that shows itself only to `reveal`."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value. Call it only where the value leaves for its own host or its own prompt."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(("Secret", self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled")


@dataclass(frozen=True, slots=True)
class Credential:
    """A key, how it is presented, and the only hosts (`name` or `name:port`) it may ever be sent to."""

    secret: Secret
    #: A word of `catalogue.AUTHS`.
    auth: str
    hosts: tuple[str, ...]
