"""Text for notices: whatever a status page says arrives as one harmless line, and as the same line after escaping."""

from __future__ import annotations

import html
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trayapp.adapters.notifiers._text import clean, cut_utf16, escaped

ANYTHING = st.text(st.characters())


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("plain", "plain"),
        ("  two\n\tlines \r\n", "two lines"),
        ("<b>&\"'", "<b>&\"'"),
        ("pay\u202egnp.exe", "paygnp.exe"),
        ("a\0b\x1b[31mc", "ab[31mc"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("no\ufffecharacter\ufdd0", "nocharacter"),
        ("a family 👩\u200d👧 stays one", "a family 👩\u200d👧 stays one"),
        ("nächster – ünïcödé 日本語", "nächster – ünïcödé 日本語"),
    ],
)
def test_what_is_said_is_cleaned(said: str, shown: str) -> None:
    assert clean(said, 80) == shown


def test_a_long_text_is_cut_with_an_ellipsis() -> None:
    assert clean("word " * 100, 20) == "word word word word…"
    assert clean("x" * 20, 20) == "x" * 20


@given(ANYTHING, st.integers(1, 60))
def test_cleaned_text_is_bounded_and_harmless(text: str, length: int) -> None:
    line = clean(text, length)
    assert len(line) <= length
    assert not [character for character in line if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")]
    assert clean(line, length) == line


@given(ANYTHING)
def test_escaped_text_reads_the_same(text: str) -> None:
    line = clean(text, 300)
    assert not set("<>") & set(escaped(line))
    assert html.unescape(escaped(line)) == line


@given(ANYTHING, st.integers(0, 40))
def test_windows_counts_its_units(text: str, units: int) -> None:
    line = cut_utf16(clean(text, 80), units)
    assert len(line.encode("utf-16-le")) <= units * 2
    assert clean(text, 80).startswith(line)
