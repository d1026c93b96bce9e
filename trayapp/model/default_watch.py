"""Whom we watch when nobody says. It stands alone, for those in a hurry."""

from __future__ import annotations

#: Watched when the user names nobody and nothing is found in use on this machine.
DEFAULT_WATCH = ("anthropic", "openai", "google")
