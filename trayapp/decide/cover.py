"""Which parts of a settings file are secrets, whatever its form: JSON, TOML, YAML, dotenv, or broken.

Two witnesses: the name that a value stands under, and the look of the value itself. Where in doubt it is covered: a
covered model name is a nuisance, a shown key is a leak.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

#: A name and the sign after it. In quotes a name may hold anything; what follows is looked at by itself, so that a
#: value which is a table is searched for names too.
_NAMED = re.compile(
    r"""(?P<name>"(?:\\.|[^"\\\n]){1,200}"|'[^'\n]{1,200}'|[\w.$-]{1,200})[ \t]*(?P<mark>[:=])(?![:=])[ \t]*"""
)
#: The words that a name is made of: ANTHROPIC_API_KEY, apiKey, X-Api-Key, APIKey.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
#: Words that promise a secret, also in the plural and at the end of a longer word: "apikey", "authtoken".
_HOLDS = ("key", "token", "secret", "password", "passwd", "passphrase", "authorization", "bearer", "credential", "auth")
_HOLDS_WHOLE = frozenset({"pwd", "cookie", "header"})
#: English words that only end like one.
_INNOCENT = frozenset({"monkey", "hotkey", "turnkey", "donkey"})
#: A name that ends in one of these tells where a key is, or how long it lives, and is none.
_TELLS_OF = frozenset({"helper", "env", "name", "command", "args", "url", "file", "path", "ms", "seconds", "type"})
_VARIABLE = re.compile(r"""["']?[A-Z][A-Z0-9_]*["']?""")
#: References that an agent resolves itself, the word Uptray writes where no key is needed, and what is no text.
_NOTHING = re.compile(r"\$\w+|\$\{\w+\}|\{(?:env|file):[^{}\s]*\}|none|null|~|true|false|[\d._]{1,15}|", re.IGNORECASE)
_QUOTED = re.compile(r'"""(.*?)(?:"""|\Z)|\'\'\'(.*?)(?:\'\'\'|\Z)|"((?:\\.|[^"\\])*)"|\'([^\']*)\'', re.DOTALL)
#: To the end of the line or a comment; what closes a table around it is left.
_BARE = re.compile(r"""[^\n]*?(?=["'\s,}\])]*(?:[ \t]\#[^\n]*)?(?:\n|\Z))""")
_BLOCK = re.compile(r"(?:[|>][-+0-9]*)?[ \t]*(?:#[^\n]*)?(?:\r?\n|\Z)")
_BRACKETS = {"[": "]", "{": "}"}
_TABLE_NAME = re.compile(
    r"(?m)^[ \t]*\[+(?P<name>[^\[\]\n]+)\]+[ \t]*(?:#[^\n]*)?\r?\n(?P<body>(?:(?![ \t]*\[)[^\n]*\n?)*)"
)

#: What is a secret wherever it stands: keys by the vendors' prefixes, tokens of three parts, sign-ins within addresses,
#: and what follows an option or a parameter of such a name.
_LOOKS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![A-Za-z0-9])((?:sk|pk|rk|xai|pplx|nvapi|csk|key)-[A-Za-z0-9_-]{5,})",
        r"(?<![A-Za-z0-9])((?:gsk|hf|r8|fw|ghp|gho|ghu|ghs|github_pat|tgp_v1|xox[abp])[_-][A-Za-z0-9_-]{8,})",
        r"(?<![A-Za-z0-9])(A(?:Iza|KIA|SIA)[A-Za-z0-9_-]{12,})",
        r"(?<![A-Za-z0-9])(eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){1,2})",
        r"(?i)\b(?:bearer|basic)[ ]+([A-Za-z0-9._~+/=-]{4,})",
        r"://([^/\s\"'@]+)@",
        r"(?i)[?&][\w.-]*(?:key|token|secret|password|sig|signature)=([^&#\s\"']+)",
        r"(?i)--?[\w-]*(?:key|token|secret|password)[\"']?(?:\s*[,=]\s*|\s+)[\"']?([^\s\"',\]}]+)",
    )
)


def secrets(text: str) -> Iterator[Span]:
    """Yield where secrets stand, from and to; they may overlap and go over several lines."""
    end = 0
    for found in _NAMED.finditer(text):
        # What is covered already is not looked into: brackets within brackets would be gone through again and again.
        if found.start() >= end:
            for span in _named(text, found):
                yield span
                end = max(end, span[1])
    for table in _TABLE_NAME.finditer(text):
        if _holds(table["name"]) and _words(table["name"])[-1:] != ["auth"]:
            for line in _NAMED.finditer(text, table.start("body"), table.end("body")):
                yield from _value(text, line, is_table=True)
    for look in _LOOKS:
        yield from (found.span(1) for found in look.finditer(text))


def _named(text: str, found: re.Match[str]) -> Iterator[Span]:
    words = _words(found["name"])
    if not _holds(found["name"]):
        return
    # "env_key" and its like name a variable; should a key stand there by mistake, it does not look like one.
    if words[0] == "env" and _VARIABLE.match(text, found.end()):
        return
    # How to get in, told by names of its own: { command = …, args = … }.
    yield from _value(text, found, is_table=words[-1] != "auth")


def _words(name: str) -> list[str]:
    """Return the words of a name's last part, in small letters and in the singular."""
    last = re.split(r"[.\"'\s]+", name.strip("\"' \t"))[-1]
    return [word.lower().removesuffix("s") if len(word) > 3 else word.lower() for word in _WORD.findall(last)]


def _holds(name: str) -> bool:
    words = _words(name)
    promising = [w for w in words if w in _HOLDS_WHOLE or (w.endswith(_HOLDS) and w not in _INNOCENT)]
    return bool(promising) and words[-1] not in _TELLS_OF


def _value(text: str, found: re.Match[str], *, is_table: bool) -> Iterator[Span]:
    at = found.end()
    if block := _BLOCK.match(text, at):
        after = re.compile(r"\s*").match(text, at)
        next_at = after.end() if after else at
        if found["mark"] == ":" and text[next_at : next_at + 1] in ("'", '"', "[", "{"):
            at = next_at
        else:
            yield from _indented(text, found.start(), block.end()) if is_table else ()
            return
    if text[at : at + 1] in _BRACKETS:
        yield from [_bracket(text, at)] if is_table else ()
        return
    quoted = _QUOTED.match(text, at)
    if quoted and quoted.lastindex:
        start, end = quoted.span(quoted.lastindex)
    else:
        bare = _BARE.match(text, at)
        start, end = bare.span() if bare else (at, at)
    if not _NOTHING.fullmatch(text, start, end):
        yield start, end


def _indented(text: str, name_at: int, at: int) -> Iterator[Span]:
    """Yield the lines that stand further in than the line of the name, or as a list below it."""
    head = text.rfind("\n", 0, name_at) + 1
    depth = len(text[head:name_at]) - len(text[head:name_at].lstrip(" \t"))
    for line in text[at:].splitlines(keepends=True):
        bare = line.lstrip(" \t")
        if bare.strip() and len(line) - len(bare) <= depth and not bare.startswith("- "):
            return
        if bare.strip():
            yield at + len(line) - len(bare), at + len(line.rstrip())
        at += len(line)


def _bracket(text: str, at: int) -> Span:
    """Return what stands between a bracket and its partner, to the end where it has none."""
    open_ones, place = [_BRACKETS[text[at]]], at + 1
    while place < len(text):
        quoted = _QUOTED.match(text, place)
        if quoted and quoted.end() > place:
            place = quoted.end()
            continue
        sign = text[place]
        if sign in _BRACKETS:
            open_ones.append(_BRACKETS[sign])
        elif sign == open_ones[-1]:
            open_ones.pop()
            if not open_ones:
                break
        place += 1
    return at + 1, place
