"""Nouns as JSON and back, so that what is held outlives the program. The types of the fields are the format."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")

#: What is written as it is.
_BARE = (str, int, float, bool, NoneType)


class Unreadable(ValueError):
    """The document is not one of these nouns: of another version, or damaged."""


def plain(value: Any) -> Any:
    """Return a noun as JSON has it. A mapping becomes a list of pairs, for its keys may be more than texts."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, _BARE):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return [[plain(key), plain(each)] for key, each in value.items()]
    if isinstance(value, tuple | frozenset):
        return [plain(each) for each in value]
    return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}


def revived(kind: type[T], document: Any) -> T:
    """Return the noun of this kind that `plain` made the document of. Raises Unreadable.

    A field that the document lacks has its default: it was added since. One that is unknown is left out.
    """
    try:
        return cast(T, _revived(kind, document))
    except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(f"not a {kind.__name__}: {type(error).__name__}") from error


def _revived(kind: Any, value: Any) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return None if value is None else _revived(next(each for each in arguments if each is not NoneType), value)
    if origin is tuple:
        return _tuple(arguments, value)
    if origin is frozenset:
        return frozenset(_revived(arguments[0], each) for each in value)
    if origin is not None and issubclass(origin, Mapping):
        return {_revived(arguments[0], key): _revived(arguments[1], each) for key, each in value}
    if hasattr(kind, "__dataclass_fields__"):
        hints = _hints(kind)
        return kind(**{name: _revived(hints[name], each) for name, each in value.items() if name in hints})
    return _scalar(kind, value)


def _tuple(arguments: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise TypeError("a list was expected")
    if arguments[-1] is Ellipsis:
        return tuple(_revived(arguments[0], each) for each in value)
    return tuple(_revived(each, one) for each, one in zip(arguments, value, strict=True))


def _scalar(kind: Any, value: Any) -> Any:
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("a time without a zone")
        return moment
    if issubclass(kind, StrEnum):
        return kind(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError(f"{kind.__name__} was expected")
    return value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
