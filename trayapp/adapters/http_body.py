"""A body as it arrives, decoded and never larger than allowed, however small it was sent.

The standard library's decoder is given a limit at each step. httpx's own decodes each piece that arrived at once, and
64 KB of gzip can hold 64 MB.
"""

from __future__ import annotations

import zlib

from trayapp.model.request import Failure

#: Bytes, before and after decoding.
LARGEST = 2 * 1024 * 1024

_TOO_LARGE = (Failure.TOO_LARGE, f"the answer is larger than {LARGEST // 1024**2} MB")


class Body:
    """Takes the pieces of one body, up to where there is a `trouble`, and gives the whole."""

    def __init__(self, encoding: str = "", length: str = "") -> None:
        """`encoding` and `length` are the answer's Content-Encoding and Content-Length, empty when absent."""
        #: Why the body cannot be had, and one line about it; None while all is well.
        self.trouble: tuple[Failure, str] | None = None
        words = [word for word in encoding.lower().replace(" ", "").split(",") if word not in ("", "identity")]
        self._decoder = zlib.decompressobj(zlib.MAX_WBITS | 16) if words else None
        self._pieces: list[bytes] = []
        self._size = 0
        self._arrived = 0
        if words not in ([], ["gzip"], ["x-gzip"]):
            self.trouble = _unreadable("it is encoded in a way that was not asked for")
        elif length.isdecimal() and int(length[:20]) > LARGEST:
            self.trouble = _TOO_LARGE

    def add(self, piece: bytes) -> None:
        """Take the next piece; after a trouble it is dropped."""
        self._arrived += len(piece)
        if self._arrived > LARGEST:
            self.trouble = self.trouble or _TOO_LARGE
        if self.trouble is not None:
            return
        try:
            decoded = self._decode(piece)
        except zlib.error:
            self.trouble = _unreadable("its gzip data is broken")
            return
        self._size += len(decoded)
        if self._size > LARGEST:
            self.trouble = _TOO_LARGE
            self._pieces.clear()
        else:
            self._pieces.append(decoded)

    def end(self) -> None:
        """Say that there are no more pieces: what is encoded must have come to its end."""
        if self._decoder is not None and self._arrived and not self._decoder.eof:
            self.trouble = self.trouble or _unreadable("its gzip data ends too early")

    def whole(self) -> bytes:
        """Return what was decoded up to now."""
        return b"".join(self._pieces)

    def _decode(self, piece: bytes) -> bytes:
        """Decode a piece, to one byte more than allowed at most. What follows the end of the gzip data is left out."""
        if self._decoder is None:
            return piece
        return b"" if self._decoder.eof else self._decoder.decompress(piece, LARGEST + 1 - self._size)


def _unreadable(reason: str) -> tuple[Failure, str]:
    return Failure.CUT, f"the answer cannot be read: {reason}"
