"""The log of what we did: a small rotating file without any key in it."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from trayapp.adapters.paths import private_folder
from trayapp.model.secret import Secret

#: The log and two older ones, a megabyte each.
LARGEST = 1_000_000
FILES = 3

#: Loggers that put whole addresses on their lines (httpx, INFO) or every event of a connection (httpcore, DEBUG).
_CHATTY = ("httpx", "httpcore")

#: A known key that is shorter is not replaced by its value: it could be any word.
_SHORTEST = 8

_REDACTED = "[redacted]"
_PATTERNS = (
    # Keys by the vendors' own prefixes: OpenAI, Anthropic, OpenRouter …; Google.
    (re.compile(r"\bsk-[A-Za-z0-9_-]{8,}"), _REDACTED),
    (re.compile(r"\bAIza[A-Za-z0-9_-]{10,}"), _REDACTED),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{4,}"), rf"\1 {_REDACTED}"),
    # "x-api-key: v", {"x-api-key": "v"}, (b'x-api-key', b'v'), ?key=v
    (
        re.compile(
            r"""(?i)((?:api-key|api_key|authorization|[?&]key)["']?\s*[:=,]\s*(?:b?["'])?)(?!\[redacted\])[^\s"',&)}]+"""
        ),
        rf"\1{_REDACTED}",
    ),
    # The password of a proxy.
    (re.compile(r"(://[^/\s:@]*:)[^/\s@]+@"), rf"\1{_REDACTED}@"),
)

#: Text from outside must not make lines of its own in the log, nor speak to the terminal that shows it.
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if code != 9} | {
    code: f"\\u{code:04x}" for code in (0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


class Redactor:
    """Takes keys out of any text: those it was told, and whatever looks like one."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        #: The longer first: one key may begin with another. Replaced as a whole, since any thread may log meanwhile.
        self._known: tuple[str, ...] = ()
        for secret in secrets:
            self.learn(secret)

    def learn(self, secret: Secret) -> None:
        """Have this key replaced wherever it turns up."""
        value = secret.reveal()
        if len(value) >= _SHORTEST:
            self._known = tuple(sorted({value, *self._known}, key=len, reverse=True))

    def redact(self, text: str) -> str:
        """Return the text without keys."""
        for value in self._known:
            text = text.replace(value, _REDACTED)
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return text


class RedactingFilter(logging.Filter):
    """Turns a record's message, arguments, exception and stack into text without keys, before anything shows them."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor
        self._plain = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, redacted."""
        record.msg = self._redactor.redact(_message(record)).translate(_CONTROLS)
        record.args = None
        if record.exc_info:
            record.exc_text = self._plain.formatException(record.exc_info)
            record.exc_info = None
        if record.exc_text:
            record.exc_text = self._redactor.redact(record.exc_text)
        if record.stack_info:
            record.stack_info = self._redactor.redact(record.stack_info)
        return True


def start(path: Path, redactor: Redactor, level: int = logging.INFO) -> Callable[[], None]:
    """Log everything from `level` up to the file at `path` (0600, its folder 0700). Returns what ends it.

    Raises Refused when the folder cannot be made.
    """
    private_folder(path.parent)
    handler = _PrivateFile(path, maxBytes=LARGEST, backupCount=FILES - 1, encoding="utf-8", delay=True)
    handler.addFilter(RedactingFilter(redactor))
    handler.setFormatter(_Lines("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    before = {name: logging.getLogger(name).level for name in ("", *_CHATTY)}
    root.addHandler(handler)
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)

    def stop() -> None:
        root.removeHandler(handler)
        handler.close()
        for name, old in before.items():
            logging.getLogger(name).setLevel(old)

    return stop


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (
        Exception
    ):  # Arguments may do anything when they are shown; logging would print them to stderr, keys and all.
        return f"{record.msg} (its arguments could not be shown)"


class _PrivateFile(RotatingFileHandler):
    """Opens its files for their owner alone. A full disk costs a line of the log, nothing else."""

    def _open(self) -> TextIOWrapper[Any]:
        os.close(os.open(self.baseFilename, os.O_CREAT | os.O_WRONLY, 0o600))
        # Also when an older version, or somebody else, made it with wider permissions.
        Path(self.baseFilename).chmod(0o600)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing: there is nowhere left to say it."""


class _Lines(logging.Formatter):
    """Times are UTC, as everywhere in Uptray."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """Return the record's time in ISO 8601 with milliseconds."""
        return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{record.msecs:03.0f}Z"
