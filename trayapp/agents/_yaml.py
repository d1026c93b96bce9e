"""YAML files, changed value by value: scalars where they stand, entries of block mappings and sequences as lines.

A scalar is replaced wherever it stands, in the quotes it had. An entry is added after the last of its mapping or
sequence, and leaves without a trace. Refused is what the edit would touch of anchors, aliases and merges, texts in
block form, and adding to or taking from what is written in braces. A tag anywhere refuses the file.
"""

from __future__ import annotations

import json
import re
from typing import Any

from trayapp.agents._grammar import ABSENT, Key, Put, Set, Splicer, Uneditable, shown
from trayapp.agents._lines import line_end, line_start, newline, with_line, without
from trayapp.agents._yaml_tree import Node, plain_value, tree

_SAFE = re.compile(r"[A-Za-z_./][A-Za-z0-9_./:@+-]*(?<!:)")
#: What YAML 1.1 and 1.2 each take for something else than a text.
_WORDS = re.compile(r"(?i:y|n|yes|no|on|off|true|false|null|nan|inf|\.nan|\.inf)")
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def _values(text: str) -> Any:
    root = tree(text)
    return {} if _is_empty(root) or root is None else root.value


def _is_empty(root: Node | None) -> bool:
    return root is None or (root.start == root.end and not root.kind)


def _span(text: str, key: Key) -> tuple[int, int] | None:
    if not key:
        return 0, len(text)
    path, rest = _walk(text, key)
    return None if rest or not path else (path[-1].start, path[-1].end)


def _walk(text: str, key: Key) -> tuple[list[Node], Key]:
    """Return the values on the path that are there, the document first, and the rest of the path."""
    root = tree(text)
    if root is None or _is_empty(root):
        return [], key
    path = [root]
    for depth, part in enumerate(key):
        node = path[-1]
        _refuse_shared(node, key[:depth])
        at = _index(node, part, key[:depth])
        if at is None:
            return path, key[depth:]
        path.append(node.inner[at])
    return path, ()


def _refuse_shared(node: Node, key: Key) -> None:
    if node.is_anchored or node.kind == "*":
        raise Uneditable(f"{shown(key)} is an anchor or an alias", node.line)


def _index(node: Node, part: str | int, key: Key) -> int | None:
    if isinstance(part, int):
        return part if part < len(node.inner) else None
    names = [name.value for name in node.names]
    if len(set(map(repr, names))) < len(names):
        raise Uneditable(f"a name appears twice in {shown(key)}", node.line)
    if "<<" in names:
        raise Uneditable(f"{shown(key)} is merged from elsewhere", node.line)
    return names.index(part) if part in names else None


def _change(text: str, change: Set | Put) -> str:
    if not change.key:
        raise Uneditable("the whole document cannot be removed")
    path, rest = _walk(text, change.key)
    wanted = change.value if isinstance(change, Set) else change.source
    if wanted is ABSENT or (wanted is None and isinstance(change, Put)):
        return text if rest else _removed(text, path, change.key)
    if rest:
        return _added(text, path, change, rest)
    node = path[-1]
    _refuse_shared(node, change.key)
    if node.kind in ("|", ">", "map", "seq") or (isinstance(change, Set) and _is_block(wanted)):
        raise Uneditable(f"{shown(change.key)} is a block", node.line)
    source = _scalar(wanted, node.kind) if isinstance(change, Set) else str(wanted)
    gap = " " if node.start == node.end else ""
    cut = 1 if not source and text[node.start - 1] == " " else 0
    return text[: node.start - cut] + gap + source + text[node.end :]


def _added(text: str, path: list[Node], change: Set | Put, rest: Key) -> str:
    value = change.value if isinstance(change, Set) else None
    for part in reversed(rest[1:]):
        value = {part: value} if isinstance(part, str) else [value]
    if isinstance(change, Put) and len(rest) > 1:
        raise Uneditable(f"{shown(change.key[:-1])} is not there to hold it")
    source = change.source if isinstance(change, Put) else None
    lines = _entry(rest[0], value, _step(text)) if source is None else [_label(rest[0], bool(source)) + source]
    if not path:
        return with_line(text, len(text), newline(text).join(lines))
    node = path[-1]
    if node.kind not in ("map", "seq"):
        raise Uneditable(f"{shown(change.key[: -len(rest)])} is in braces", node.line)
    indent = " " * node.column
    return with_line(text, line_end(text, node.end), newline(text).join(indent + line for line in lines))


def _removed(text: str, path: list[Node], key: Key) -> str:
    parent, node = path[-2], path[-1]
    _refuse_shared(node, key)
    at = parent.inner.index(node)
    first = parent.names[at].start if parent.names else text.rfind("-", 0, node.start)
    start = line_start(text, first)
    if parent.kind not in ("map", "seq") or text[start:first].strip() or "#" in text[start:first]:
        raise Uneditable(f"{shown(key)} shares its line", node.line)
    if len(parent.inner) > 1 or len(path) == 2:
        return without(text, start, line_end(text, node.end))
    empty = "{}" if parent.names else "[]"
    before = text[: line_start(text, parent.start)].rstrip()
    if not before.endswith(":") or len(path) < 3:
        raise Uneditable(f"{shown(key)} is the only one in its place", node.line)
    return f"{before} {empty}{text[node.end :]}"


def _step(text: str) -> str:
    found = re.search(r"^[^\s#-][^\n]*:[ \t]*\r?\n( +)[^\s#-]", text, re.MULTILINE)
    return found[1] if found else "  "


def _is_block(value: Any) -> bool:
    return isinstance(value, (dict, list)) and bool(value)


def _label(part: str | int, has_value: bool) -> str:
    label = f"{_scalar(part)}:" if isinstance(part, str) else "-"
    return f"{label} " if has_value else label


def _entry(part: str | int, value: Any, step: str) -> list[str]:
    """Return the lines of an entry of a mapping or a sequence."""
    if not _is_block(value):
        return [_label(part, True) + _scalar(value)]
    items = value.items() if isinstance(value, dict) else enumerate(value)
    lines = [line for name, inside in items for line in _entry(name, inside, step)]
    if isinstance(part, str):
        return [_label(part, False), *(step + line for line in lines)]
    return ["- " + lines[0], *("  " + line for line in lines[1:])]


def _scalar(value: Any, quote: str = "") -> str:
    if isinstance(value, str):
        return _text(value, quote)
    if isinstance(value, float):
        raise Uneditable("a number with a fraction, which YAML's readers do not agree on")
    if value is None or isinstance(value, (bool, int, dict, list)):
        return json.dumps(value)
    raise Uneditable("a value that YAML cannot hold")


def _text(value: str, quote: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise Uneditable("a text that cannot be written as UTF-8")
    if not quote and _SAFE.fullmatch(value) and not _WORDS.fullmatch(value) and plain_value(value) == value:
        return value
    if quote == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    quoted = json.dumps(value, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", quoted)


YAML = Splicer(_values, _span, _change, tree.cache_clear)
read, source, splice = YAML.read, YAML.source, YAML.splice
