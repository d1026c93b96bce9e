"""The one error of this room: the fault is the page's."""

from __future__ import annotations


class BadFeed(ValueError):
    """The page cannot be read. The message is the reason in one short line, shown to users as `feed.error`."""
