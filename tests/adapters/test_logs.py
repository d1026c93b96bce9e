"""No key reaches the log, by whatever way; and the log stays small and private."""

from __future__ import annotations

import logging
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trayapp.adapters.logs import FILES, LARGEST, RedactingFilter, Redactor, start
from trayapp.model.secret import Secret

CANARY = "canary-7f3a91c2e5d8"
LOG = logging.getLogger("trayapp.test")


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "data" / "uptray.log"
    stop = start(path, Redactor([Secret(CANARY)]))
    yield path
    stop()


def fails(text: str) -> None:
    raise ValueError(text)


class Hostile:
    def __str__(self) -> str:
        raise RuntimeError(CANARY)


def test_a_known_key_is_replaced_in_message_arguments_exception_and_stack(path: Path) -> None:
    LOG.info(f"direct {CANARY}")
    LOG.warning("argument %s and %r", CANARY, {"key": CANARY})
    LOG.warning("named %(k)s", {"k": CANARY})
    try:
        try:
            fails(f"inner {CANARY}")
        except ValueError as error:
            raise RuntimeError(f"outer {CANARY}") from error
    except RuntimeError:
        LOG.exception("failed")
    LOG.info("stack", stack_info=True)
    LOG.info("one %s", Hostile())
    LOG.info("too few %s %s", CANARY)
    text = path.read_text(encoding="utf-8")
    assert CANARY not in text
    assert text.count("[redacted]") >= 6
    assert "RuntimeError: outer [redacted]" in text
    assert "Stack (most recent call last)" in text
    assert text.count("could not be shown") == 2


@pytest.mark.parametrize(
    "text",
    [
        "sk-ant-api03-SECRETSECRET_x-y",
        "key=sk-proj-SECRETSECRET",
        "AIzaSECRETSECRETSECRETSECRETSECRETSECRETSE",
        "Authorization: Bearer SECRETSECRET",
        "authorization: Basic U0VDUkVUSECRET==",
        "x-api-key: SECRET",
        "x-goog-api-key=SECRET",
        "{'X-Api-Key': 'SECRET'}",
        '{"api_key": "SECRET"}',
        "[(b'x-api-key', b'SECRET')]",
        "Headers([('x-api-key', 'SECRET')])",
        "GET https://a.example/v1?key=SECRET&x=1",
        "proxy http://me:SECRET@proxy.example:3128",
    ],
)
def test_what_looks_like_a_key_is_replaced_too(path: Path, text: str) -> None:
    LOG.error("saw %s here", text)
    assert "SECRET" not in path.read_text(encoding="utf-8")
    assert path.read_text(encoding="utf-8").rstrip().endswith("here")


@pytest.mark.parametrize(
    "text", ["task-force is risk-free", "a bearer of news", "HTTP 401 authentication_error", "the key was refused"]
)
def test_plain_words_stay(text: str) -> None:
    assert Redactor().redact(text).replace("bearer [redacted]", "bearer of") in (text, "a bearer of news")


def test_a_short_secret_does_not_blank_ordinary_words() -> None:
    assert Redactor([Secret("a")]).redact("banana") == "banana"


def test_of_two_keys_the_longer_goes_first() -> None:
    assert Redactor([Secret("12345678"), Secret("12345678-tail")]).redact("<12345678-tail>") == "<[redacted]>"


@given(st.text(), st.text(min_size=8))
def test_a_known_key_is_in_no_text_that_was_redacted(text: str, key: str) -> None:
    redacted = Redactor([Secret(key)]).redact(f"{text}{key}{text}")
    assert key in "[redacted]" or key not in redacted.replace("[redacted]", "")


def test_text_from_outside_makes_no_lines_of_its_own(path: Path) -> None:
    LOG.info("page says %s", "fine\n2026-01-01 ERROR forged\x1b[31m\u202e")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1
    assert lines[0].endswith(r"fine\x0a2026-01-01 ERROR forged\x1b[31m\u202e")


def test_a_line_has_its_time_in_utc(path: Path) -> None:
    LOG.info("now")
    first, level, name, message = path.read_text(encoding="utf-8").split()
    assert abs((datetime.fromisoformat(first) - datetime.now(UTC)).total_seconds()) < 60
    assert (level, name, message) == ("INFO", "trayapp.test:", "now")


def test_the_http_libraries_stay_silent_below_a_warning(path: Path) -> None:
    logging.getLogger("httpx").info("HTTP Request: GET https://a.example/?key=x")
    logging.getLogger("httpcore.connection").debug("connect")
    LOG.debug("too detailed")
    assert not path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
def test_the_file_is_for_its_owner_alone_even_when_it_was_not(path: Path) -> None:
    path.write_text("old\n")
    path.chmod(0o644)
    LOG.info("x")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.read_text(encoding="utf-8").startswith("old\n")


def test_three_files_of_a_megabyte_and_no_more(path: Path) -> None:
    for _ in range(FILES + 2):
        LOG.info("x" * (LARGEST - 200))
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == ["uptray.log", "uptray.log.1", "uptray.log.2"]
    assert all(file.stat().st_size <= LARGEST for file in files)
    if sys.platform != "win32":
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_log_that_cannot_be_written_is_no_reason_to_fail(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.mkdir()
    LOG.info(CANARY)
    assert capsys.readouterr() == ("", "")


def test_the_end_leaves_the_loggers_as_they_were(tmp_path: Path) -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers), logging.getLogger("httpx").level)
    start(tmp_path / "uptray.log", Redactor())()
    assert (root.level, list(root.handlers), logging.getLogger("httpx").level) == before


def test_a_record_that_was_formatted_before_is_redacted_too() -> None:
    record = logging.LogRecord("x", logging.INFO, "f", 1, "m", None, None)
    record.exc_text = f"ValueError: {CANARY}"
    assert RedactingFilter(Redactor([Secret(CANARY)])).filter(record)
    assert record.exc_text == "ValueError: [redacted]"
