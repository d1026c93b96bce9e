"""Text for places that are not our widgets: panels and menus, which give a meaning to some characters."""

from __future__ import annotations


def inert(text: str) -> str:
    """Return text for the tray's tooltip, where some desktops render markup and some do not."""
    return text.replace("<", "‹").replace(">", "›")


def mnemonic_free(text: str) -> str:
    """Return text for a menu line, where a single "&" would vanish and underline the next letter."""
    return text.replace("&", "&&")
