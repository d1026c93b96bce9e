"""Words, times and links of a page, made harmless."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trayapp.feeds._models import models_in
from trayapp.feeds._text import clean, hosts, instant, link, moment, plain
from trayapp.model.provider import Feed

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Elevated errors", "Elevated errors"),
        ("  a\nb\r\n\tc\x00d\u2028e ", "a b c d e"),
        ("evil\u202egnp.exe\u2066\u2069", "evilgnp.exe"),
        ("zero\u200b\u200d\ufeff width", "zero width"),
        ("half \ud800 pair", "half pair"),
        ("**Summary** of __init__ * 2 ** 3", "Summary of __init__ * 2 ** 3"),
        ("<p>One<br>two</p><script>alert(1)</script>", "One two alert(1)"),
        ("latency < 5 s &amp; p99 > 3 s", "latency < 5 s & p99 > 3 s"),
        ("&#x202e;&lt;b&gt;", "<b>"),
        ("<![CDATA[ x", "<![CDATA[ x"),
        ("<!DOCTYPE x", "<!DOCTYPE x"),
        ("状态 正常 ✅", "状态 正常 ✅"),
        ("", ""),
    ],
)
def test_text_becomes_one_plain_line(text: str, cleaned: str) -> None:
    assert clean(text, 80) == cleaned


def test_long_text_is_cut_with_an_ellipsis() -> None:
    assert clean("x" * 81, 80) == "x" * 79 + "…"
    assert clean("x" * 80, 80) == "x" * 80
    assert clean("ab cd", 4) == "ab…"


@settings(deadline=None)
@given(st.text(alphabet=st.characters() | st.sampled_from("<>&;!/[]*-\u202e\u200b\x00\ud800")))
def test_any_text_becomes_one_line_that_can_be_stored(text: str) -> None:
    line = clean(text, 40)
    line.encode("utf-8")
    assert len(line) <= 40
    assert line == plain(line, 40) == " ".join(line.split())
    assert not set(line) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\x1b")


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2026-11-23T10:00:00.123Z", "2026-11-23T10:00:00.123+00:00"),
        ("2026-11-23T10:00:00+02:00", "2026-11-23T08:00:00+00:00"),
        (" 2026-11-23T10:00:00 ", "2026-11-23T10:00:00+00:00"),
        ("2026-11-23", "2026-11-23T00:00:00+00:00"),
        ("1970-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59-23:59", None),
        ("0001-01-01T00:00:00+23:59", None),
        ("soon", None),
        ("", None),
        (None, None),
        (1763892000, None),
        (["2026-11-23"], None),
    ],
)
def test_a_time_is_aware_utc_or_nothing(value: object, read: str | None) -> None:
    assert moment(value) == (datetime.fromisoformat(read) if read else None)


def test_what_has_not_happened_yet_is_left_out_where_only_the_past_makes_sense() -> None:
    tomorrow = (NOW + timedelta(days=1)).isoformat()
    assert moment(tomorrow, NOW) is None
    assert moment(tomorrow, NOW + timedelta(days=1)) == NOW + timedelta(days=1)


@settings(deadline=None)
@given(st.text() | st.none() | st.integers() | st.datetimes().map(str))
def test_any_time_is_read_or_nothing(value: object) -> None:
    read = moment(value)
    assert read is None or (read.tzinfo is UTC and 2000 <= read.year <= 2100)


@pytest.mark.parametrize(
    ("value", "per_second", "read"),
    [
        (1795428000, 1, "2026-11-23T10:00:00+00:00"),
        (1795428000.5, 1, "2026-11-23T10:00:00.5+00:00"),
        ("1795428000", 1, "2026-11-23T10:00:00+00:00"),
        (1795428000123, 1000, "2026-11-23T10:00:00.123+00:00"),
        ("1795428000123", 1000, "2026-11-23T10:00:00.123+00:00"),
        (1795428000123, 1, None),
        (0, 1, None),
        (-1, 1, None),
        (True, 1, None),
        (10**400, 1, None),
        (float("nan"), 1, None),
        (float("inf"), 1, None),
        ("9" * 5000, 1, None),
        ("١٧٩٥٤٢٨٠٠٠", 1, None),
        ("2026-11-23T10:00:00Z", 1, None),
        ("", 1, None),
        (None, 1, None),
        ([1795428000], 1, None),
    ],
)
def test_a_counted_time_is_aware_utc_or_nothing(value: object, per_second: int, read: str | None) -> None:
    assert instant(value, per_second) == (datetime.fromisoformat(read) if read else None)


def test_a_counted_time_too_is_left_out_after_the_latest() -> None:
    assert instant(NOW.timestamp(), 1, NOW) == NOW
    assert instant(NOW.timestamp() + 1, 1, NOW) is None


@settings(deadline=None)
@given(st.text() | st.none() | st.integers() | st.floats() | st.booleans(), st.sampled_from([1, 1000]))
def test_any_counted_time_is_read_or_nothing(value: object, per_second: int) -> None:
    read = instant(value, per_second)
    assert read is None or (read.tzinfo is UTC and 2000 <= read.year <= 2100)


FEED = Feed("statuspage", "https://status.acme.test", ("https://twin.test",), page="https://Acme.test/status?a=1")


@pytest.mark.parametrize(
    "url",
    [
        "https://status.acme.test/incidents/1",
        "https://STATUS.acme.test:443/i?q=1#f",
        "https://twin.test/",
        "https://acme.test/x",
        "https://stspg.io/abc",
    ],
)
def test_a_link_to_the_pages_own_hosts_is_kept(url: str) -> None:
    assert link(url, hosts(FEED)) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://status.acme.test/",
        "https://status.acme.test.evil.test/",
        "https://status.acme.test:8443/",
        "https://status.acme.test@evil.test/",
        "https://evil.test\\@status.acme.test/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "//status.acme.test/",
        "/incidents/1",
        "https://status.acme.test/a b",
        "https://status.acme.test/\u202e",
        "https://status.acme.test/" + "x" * 500,
        "",
        None,
        7,
    ],
)
def test_any_other_link_is_left_out(url: object) -> None:
    assert link(url, hosts(FEED)) is None


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("Elevated errors for Claude Opus 5 and Haiku 4.5", ("opus", "haiku")),
        ("claude-3-5-sonnet latency; Mythos 5.1, Fable 5.1", ("sonnet", "fable", "mythos")),
        ("Sonnets and an opusculum", ()),
        ("Errors from GPT-5.6 and GPT-5.6 Instant", ("gpt-5.6",)),
        ("GPT-4o mini, gpt-4.1 and o3-mini are slow, o1-pro is not", ("gpt-4o", "gpt-4.1", "o3", "o1")),
        ("gpt-5-codex and codex-mini", ("gpt-5", "codex")),
        ("gpt-5.1-codex", ("gpt-5.1", "codex")),
        ("GPT-OSS, gpt-image-1, DALL·E, Whisper", ("gpt-oss", "gpt-image", "dall-e", "whisper")),
        ("Gemini 3.1 Pro, 2.5 Flash and Flash Lite", ("pro", "flash", "flash-lite")),
        ("gemini-2.5-flash-lite", ("flash-lite",)),
        ("Codex is down for Claude Pro and ChatGPT Pro", ()),
        ("Errors on all models, most of all Opus 5", ()),
        ("Elevated errors for multiple Claude models including Opus", ()),
        ("Opus 5 is slow. Other models are not affected.", ("opus",)),
        ("Auth0 and info3 and foo.o3", ()),
        ("", ()),
    ],
)
def test_only_what_can_be_nothing_but_a_model_is_named(text: str, families: tuple[str, ...]) -> None:
    assert models_in(text) == families
