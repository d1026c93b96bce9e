"""What a panel does with a tray item, for tests: read its icon and tooltip over D-Bus, open its menu, and click.

Speaks StatusNotifierItem (https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/) and the dbusmenu
protocol, as Qt serves them. Everything blocks with a deadline; wrap what changes in `until`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dbus_fast import Variant

from tests.session_bus import CallFailed, SessionBus
from tests.until import until

_WATCHER = "org.kde.StatusNotifierWatcher"
_ITEM = "org.kde.StatusNotifierItem"
_MENU = "com.canonical.dbusmenu"


@dataclass(frozen=True, slots=True)
class Pixels:
    """An icon as the item sends it: ARGB, 32 bits each, alpha first."""

    width: int
    height: int
    data: bytes

    def at(self, x: int, y: int) -> tuple[int, int, int, int]:
        """Return red, green, blue and alpha of one pixel."""
        start = (y * self.width + x) * 4
        alpha, red, green, blue = self.data[start : start + 4]
        return red, green, blue, alpha

    @property
    def centre(self) -> tuple[int, int, int, int]:
        """Red, green, blue and alpha in the middle."""
        return self.at(self.width // 2, self.height // 2)

    @property
    def shape(self) -> frozenset[tuple[int, int]]:
        """Where it is more opaque than not: what is left of the icon without its colours."""
        places = ((x, y) for y in range(self.height) for x in range(self.width))
        return frozenset((x, y) for x, y in places if self.at(x, y)[3] >= 128)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu; `label` without the mark of the mnemonic. The root has no label."""

    id: int
    label: str
    enabled: bool
    visible: bool
    is_separator: bool
    #: None when it cannot be checked.
    checked: bool | None
    children: tuple[Entry, ...]

    def child(self, label: str) -> Entry:
        """Return the child with this label. Raises LookupError, which names those there are."""
        for entry in self.children:
            if entry.label == label and entry.visible:
                return entry
        raise LookupError(f"no {label!r} among {[entry.label for entry in self.children]}")

    def walk(self) -> Iterator[Entry]:
        """Yield all lines below, from top to bottom."""
        for entry in self.children:
            yield entry
            yield from entry.walk()


class TrayItem:
    """One item in the tray."""

    def __init__(self, bus: SessionBus, registered: str) -> None:
        """`registered` is as the watcher lists it, e.g. ":1.3/StatusNotifierItem"."""
        self._bus = bus
        self.service, slash, path = registered.partition("/")
        self._path = slash + path if slash else "/StatusNotifierItem"

    def properties(self) -> dict[str, Any]:
        """Return all properties. Raises CallFailed when the item is gone."""
        answer = self._call(self._path, "org.freedesktop.DBus.Properties", "GetAll", "s", _ITEM)
        return dict(answer[0])

    def icon(self, size: int | None = None) -> Pixels:
        """Return the icon of this width, or the largest. Raises LookupError when there is none."""
        icons = [Pixels(width, height, bytes(data)) for width, height, data in self.properties()["IconPixmap"]]
        fitting = [icon for icon in icons if size in (None, icon.width)]
        if not fitting:
            raise LookupError(f"no icon of {size} among {[icon.width for icon in icons]}")
        return max(fitting, key=lambda icon: icon.width)

    def tooltip(self) -> str:
        """Return the tooltip: its title, and below it its text if there is any."""
        _name, _pixels, title, text = self.properties()["ToolTip"]
        return f"{title}\n{text}" if text else str(title)

    def activate(self) -> None:
        """Left click."""
        self._call(self._path, _ITEM, "Activate", "ii", 0, 0)

    def menu(self) -> Entry:
        """Return the whole menu."""
        _revision, root = self._menu("GetLayout", "iias", 0, -1, [])
        return _entry(root)

    def labels(self) -> list[str]:
        """Return the labels of the visible lines of the menu's first level, without separators."""
        return [entry.label for entry in self.menu().children if entry.visible and not entry.is_separator]

    def find(self, *labels: str) -> Entry:
        """Return the line under this path of labels. Raises LookupError."""
        entry = self.menu()
        for label in labels:
            entry = entry.child(label)
        return entry

    def about_to_show(self, entry: int = 0) -> bool:
        """Say that the menu, or a submenu by its id, is about to be opened; return whether its layout changed."""
        return bool(self._menu("AboutToShow", "i", entry)[0])

    def click(self, *labels: str) -> None:
        """Click the line under this path of labels. Raises LookupError; ValueError when it is disabled."""
        entry = self.find(*labels)
        if not entry.enabled:
            raise ValueError(f"{labels[-1]!r} is disabled")
        self._menu("Event", "isvu", entry.id, "clicked", Variant("s", ""), 0)

    def _menu(self, member: str, signature: str, *body: Any) -> list[Any]:
        return self._call(str(self.properties()["Menu"]), _MENU, member, signature, *body)

    def _call(self, path: str, interface: str, member: str, signature: str, *body: Any) -> list[Any]:
        return self._bus.call(self.service, path, interface, member, signature, *body)


def items(bus: SessionBus) -> list[TrayItem]:
    """Return the items that are registered now. Raises CallFailed when there is no watcher."""
    listed = bus.get(_WATCHER, "/StatusNotifierWatcher", _WATCHER, "RegisteredStatusNotifierItems")
    return [TrayItem(bus, item) for item in listed]


def wait_item(bus: SessionBus, timeout: float = 15) -> TrayItem:
    """Return the newest item as soon as there is one and it answers."""
    found = until(lambda: items(bus), timeout)[-1]
    until(found.properties, timeout)
    return found


def _entry(node: tuple[int, Mapping[str, Any], list[Any]]) -> Entry:
    number, said, children = node
    checkable = said.get("toggle-type", "") != ""
    return Entry(
        number,
        _without_mnemonic(said.get("label", "")),
        bool(said.get("enabled", True)),
        bool(said.get("visible", True)),
        said.get("type") == "separator",
        said.get("toggle-state") == 1 if checkable else None,
        tuple(_entry(child) for child in children),
    )


def _without_mnemonic(label: str) -> str:
    """Drop the underscores that mark a mnemonic, as panels do; a doubled one stands for itself.

    Qt turns "&" into "_" and doubles none of the text's own, so a label loses its underscores in the panel.
    """
    return "_".join(part.replace("_", "") for part in label.split("__"))


__all__ = ["CallFailed", "Entry", "Pixels", "TrayItem", "items", "until", "wait_item"]
