"""What goes into Qt's own message is cut as Windows counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trayapp.desktop.message import cut


@pytest.mark.parametrize(
    ("text", "units", "shown"),
    [("short", 63, "short"), ("x" * 63, 63, "x" * 63), ("x" * 64, 63, "x" * 62 + "…"), ("😀😀😀", 4, "😀…")],
)
def test_text_is_cut_at_its_limit(text: str, units: int, shown: str) -> None:
    assert cut(text, units) == shown


@given(st.text(max_size=400), st.integers(1, 255))
def test_text_never_exceeds_its_limit(text: str, units: int) -> None:
    assert len(cut(text, units).encode("utf-16-le")) // 2 <= units
