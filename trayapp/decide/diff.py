"""What a switch would change in a file, for eyes: a unified diff with the secrets covered."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from difflib import unified_diff

#: A name that holds a credential, and what is said in its place. Names of commands and variables hold none.
_HOLDS = re.compile(r"(?i)(?:key|token|secret|password|authorization|bearer)")
_HOLDS_NONE = re.compile(r"(?i)(?:helper|env|command|args|_name|\bkey_?env\b)")
#: A value after its name: in quotes, or to the end of the line.
_VALUE = re.compile(r"""(?P<name>[\w."'\s-]*?)(?P<mark>\s*[:=]\s*)(?P<value>"(?:\\.|[^"\\])*"|'[^']*'|[^\s#,}\]]+)""")
#: References that an agent resolves itself: `$NAME`, `${NAME}`, `{env:NAME}`, and the empty text.
_REFERENCE = re.compile(r"""["']?(?:\$\{?\w+\}?|\$\([^)]*\)|\{(?:env|file):[^}]*\}|none)?["']?""")
COVERED = "••••"
#: Lines around a change.
_AROUND = 2


def diff(path: str, before: bytes | None, after: bytes | None, secrets: Collection[str] = ()) -> str:
    """Return the change as a unified diff, "" when there is none. `secrets` are covered wherever they stand."""
    old, new = _lines(before), _lines(after)
    names = ("/dev/null" if before is None else path, "/dev/null" if after is None else path)
    lines = unified_diff(old, new, *names, n=_AROUND, lineterm="")
    return "\n".join(_covered(line, secrets) for line in lines)


def _lines(data: bytes | None) -> list[str]:
    return (data or b"").decode("utf-8", "replace").splitlines()


def _covered(line: str, secrets: Collection[str]) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) > 3:
            line = line.replace(secret, COVERED)
    return "".join(_pieces(line))


def _pieces(line: str) -> Iterator[str]:
    end = 0
    for found in _VALUE.finditer(line):
        yield line[end : found.start()]
        name, value = found["name"], found["value"]
        hides = _HOLDS.search(name) and not _HOLDS_NONE.search(name) and not _REFERENCE.fullmatch(value)
        yield f"{name}{found['mark']}{_veil(value)}" if hides else found[0]
        end = found.end()
    yield line[end:]


def _veil(value: str) -> str:
    quote = value[0] if value[:1] in "\"'" else ""
    return f"{quote}{COVERED}{quote}"
