"""What a switch would change in a file, for eyes: a unified diff with the secrets covered."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate

from trayapp.decide.cover import secrets as secrets_in

COVERED = "••••"
#: Lines around a change.
_AROUND = 2
#: A known secret that is shorter than this is no secret, and would be found everywhere.
_SHORTEST = 4


def diff(path: str, before: bytes | None, after: bytes | None, secrets: Collection[str] = ()) -> str:
    """Return the change as a unified diff, "" when there is none. `secrets` are covered wherever they stand.

    What is compared is the text itself, so that a key which is replaced by another is seen to change.
    """
    if before == after:
        return ""
    old, new = _text(before), _text(after)
    shown = _shown(old, secrets), _shown(new, secrets)
    names = ("/dev/null" if before is None else path, "/dev/null" if after is None else path)
    changes = SequenceMatcher(None, _lines(old), _lines(new), autojunk=False).get_grouped_opcodes(_AROUND)
    lines = [line for group in changes for line in _hunk(group, *shown)]
    if not lines:
        # The line ends alone, or an empty file that comes or goes.
        return "\n".join((f"--- {names[0]}", f"+++ {names[1]}"))
    return "\n".join((f"--- {names[0]}", f"+++ {names[1]}", *lines))


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "replace").replace("\r\n", "\n")


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


def _hunk(group: Sequence[tuple[str, int, int, int, int]], old: list[str], new: list[str]) -> Iterator[str]:
    first, last = group[0], group[-1]
    yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@"
    for tag, old_from, old_to, new_from, new_to in group:
        if tag == "equal":
            yield from (f" {line}" for line in old[old_from:old_to])
        else:
            yield from (f"-{line}" for line in old[old_from:old_to])
            yield from (f"+{line}" for line in new[new_from:new_to])


def _range(start: int, end: int) -> str:
    """Return a place as `diff -u` writes it: lines are counted from one, an empty range names the line before."""
    length = end - start
    return f"{start + 1}" if length == 1 else f"{start + 1 if length else start},{length}"


def _shown(text: str, known: Collection[str]) -> list[str]:
    """Return the lines with their secrets covered."""
    spans = sorted({*secrets_in(text), *_known(text, known)})
    lines = _lines(text)
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    return [_covered(line, start, spans) for line, start in zip(lines, starts, strict=False)]


def _known(text: str, known: Collection[str]) -> Iterator[tuple[int, int]]:
    for secret in known:
        at = text.find(secret) if len(secret) >= _SHORTEST else -1
        while at >= 0:
            yield at, at + len(secret)
            at = text.find(secret, at + 1)


def _covered(line: str, start: int, spans: Sequence[tuple[int, int]]) -> str:
    """Return the line of a text, which begins at `start` there, with what the spans say covered."""
    pieces, at = list[str](), 0
    for span_from, span_to in spans:
        left, right = max(span_from - start, 0), min(span_to - start, len(line))
        if left >= right or right <= at:
            continue
        if left > at or not pieces:
            pieces += (line[at:left], COVERED)
        at = right
    return "".join((*pieces, line[at:]))
