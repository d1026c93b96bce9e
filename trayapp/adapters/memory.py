"""Gives memory back to the system that was needed only for starting."""

from __future__ import annotations

import ctypes
import gc
import sys


def give_back() -> None:
    """Collect what nobody holds any more, and have the C library return its free pages; takes some milliseconds.

    Only glibc keeps them so stubbornly: https://man7.org/linux/man-pages/man3/malloc_trim.3.html
    """
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
