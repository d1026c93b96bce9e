"""The refusal: the one error that is the user's own file or machine. It stands alone, for those in a hurry."""

from __future__ import annotations


class Refused(Exception):
    """The user's file or machine does not allow it: the message is the reason in one line; nothing was touched."""
