"""Ids for what has none in the facts: always the same for the same thing, so that two runs are alike."""

from __future__ import annotations

import hashlib

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def made_id(length: int, *parts: object) -> str:
    """Return an id of at most 32 small letters and digits, made from the parts."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    return "".join(_ALPHABET[byte % 32] for byte in digest[:length])
