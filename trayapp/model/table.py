"""A table of a file as it is read: hands out its values checked, and remembers what nobody asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeVar

from trayapp.model.forms import Form, Unfit, got, nearest
from trayapp.model.forms import table as a_table
from trayapp.model.refused import Refused
from trayapp.model.source import Key, Origins, Source, dotted, place

T = TypeVar("T")
D = TypeVar("D")

#: Warnings beyond this many help nobody.
MOST_WARNINGS = 20

_MISSING: Final = object()


class Table:
    """Every getter raises Refused, "file, line N: key: … was expected, got …", for a value of another form."""

    def __init__(self, values: Mapping[str, Any], origins: Origins, key: Key = ()) -> None:
        self._values = values
        self._origins = origins
        self._key = key
        #: Asked for, in the order of asking: what is not here at the end is not a known key.
        self._known: dict[str, None] = {}
        self._inner: list[Table] = []

    @classmethod
    def of(cls, source: Source) -> Table:
        """Return the whole document. Raises Refused when it is not TOML."""
        return cls(source.read(), {(): (source, ())})

    def has(self, name: str) -> bool:
        """True when the key is there."""
        return name in self._values

    @property
    def names(self) -> tuple[str, ...]:
        """Every key that is there."""
        return tuple(self._values)

    def need(self, name: str, form: Form[T]) -> T:
        """Return a value that must be there."""
        value = self._take(name)
        return self._read((name,), value, form)

    def get(self, name: str, form: Form[T], default: D) -> T | D:
        """Return a value, or `default` when the key is not there."""
        value = self._take(name)
        return default if value is _MISSING else self._read((name,), value, form)

    def each(self, name: str, form: Form[T], least: int = 0, most: int = 100) -> tuple[T, ...]:
        """Return the values of a list, () when the key is not there."""
        value = self._take(name)
        if value is _MISSING:
            return ()
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise self._refusal(
                (name,),
                f"a list of {least} to {most} values" if least != most else f"a list of {most} values",
                _got_list(value),
            )
        return tuple(self._read((name, index), item, form) for index, item in enumerate(value))

    def mapping(self, name: str, names: Form[str], form: Form[T], most: int = 50) -> dict[str, T]:
        """Return a table whose keys are free, {} when it is not there."""
        values = self.get(name, a_table, {})
        if len(values) > most:
            raise self._refusal((name,), f"at most {most} keys", f"{len(values)}")
        return {
            self._read((name, key), key, names): self._read((name, key), value, form) for key, value in values.items()
        }

    def table(self, name: str) -> Table:
        """Return an inner table, an empty one when it is not there."""
        inner = Table(self.get(name, a_table, {}), self._origins, (*self._key, name))
        self._inner.append(inner)
        return inner

    def tables(self, name: str, most: int = 200) -> tuple[Table, ...]:
        """Return the tables of a list of tables, () when it is not there."""
        values = self.each(name, a_table, most=most)
        inner = tuple(Table(value, self._origins, (*self._key, name, index)) for index, value in enumerate(values))
        self._inner.extend(inner)
        return inner

    def refusal(self, name: str, expected: str) -> Refused:
        """Return, to be raised, the refusal of a value that does not go with the others."""
        return self._refusal((name,), expected, got(self._values.get(name, _MISSING), hide=True))

    def warnings(self) -> tuple[str, ...]:
        """Return a line for each key, here and in the inner tables, that nobody asked for."""
        strangers = list(self._strangers())
        lines = [f"{place(self._origins, key)} is not a known key{near}" for key, near in strangers[:MOST_WARNINGS]]
        more = len(strangers) - len(lines)
        return (*lines, *([f"… and {more} more unknown keys"] if more else []))

    def _strangers(self) -> Iterator[tuple[Key, str]]:
        for name in self._values:
            if name not in self._known:
                near = nearest(name, self._known)
                yield (*self._key, name), f"; did you mean {dotted((near,))}?" if near else ""
        for inner in self._inner:
            yield from inner._strangers()

    def _take(self, name: str) -> Any:
        self._known[name] = None
        return self._values.get(name, _MISSING)

    def _read(self, name: Key, value: Any, form: Form[T]) -> T:
        # What is not there is of no form.
        try:
            return form(value)
        except Unfit as unfit:
            raise self._refusal(name, str(unfit), got(value, hide=unfit.hide)) from None

    def _refusal(self, name: Key, expected: str, found: str) -> Refused:
        return Refused(f"{place(self._origins, (*self._key, *name))}: {expected} was expected, got {found}")


def _got_list(value: Any) -> str:
    return f"{len(value)} values" if isinstance(value, list) else got(value)
