"""A YAML document as a tree of its values and where each stands, built from PyYAML's events.

Of the parsers for Python, PyYAML has exact marks, no dependency, and libyaml inside, ten times as fast as one in
Python; Aider and llm read their files with it. Its events are taken and not the nodes it composes: composing is
calls within calls in C, and 100,000 open brackets end the process there. Here depth is counted, and size with every
alias at its full length, since a few lines of aliases can stand for billions of values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import yaml

from trayapp.agents._grammar import Uneditable

_DEEPEST = 100
#: Values in a document, aliases written out.
_MOST = 2_000_000
_MERGE = "<<"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Node:
    """A value, text[start:end]; of a block the end is where its last scalar ends."""

    start: int
    end: int
    value: Any
    #: "{", "[", "map", "seq"; a scalar's quote or block sign, "" if plain; "*" for an alias.
    kind: str
    line: int
    column: int
    names: list[Node] = field(default_factory=list)
    inner: list[Node] = field(default_factory=list)
    size: int = 1
    is_anchored: bool = False


@lru_cache(maxsize=8)
def tree(text: str) -> Node | None:
    """Return the document, None when there is none; remembered until `cache_clear`. Raises Uneditable."""
    try:
        events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
        next(events)
        start = next(events)
        if isinstance(start, yaml.StreamEndEvent):
            return None
        root = _Builder(text, events).node(next(events), 0)
        next(events)
        more = next(events)
    except yaml.MarkedYAMLError as error:
        mark: Any = error.problem_mark or error.context_mark
        raise Uneditable("not YAML", None if mark is None else mark.line + 1) from None
    except yaml.YAMLError:
        raise Uneditable("not YAML") from None
    if not isinstance(more, yaml.StreamEndEvent):
        raise Uneditable("more than one document", more.start_mark.line + 1)
    return root


class _Builder:
    """Reads events one by one; knows the anchors so far."""

    def __init__(self, text: str, events: Iterator[Any]) -> None:
        self._text = text
        self._events = events
        self._anchors: dict[str, Node | None] = {}

    def node(self, event: Any, depth: int) -> Node:
        """Return the value that starts with an event."""
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        mark = event.start_mark
        if event.tag is not None or depth > _DEEPEST:
            raise Uneditable("a tag" if event.tag is not None else "nested too deep", mark.line + 1)
        node = Node(mark.index, event.end_mark.index, None, "", mark.line + 1, mark.column)
        if not event.anchor:
            self._fill(node, event, depth)
            return node
        node.is_anchored = True
        self._anchors[event.anchor] = None
        self._fill(node, event, depth)
        self._anchors[event.anchor] = node
        return node

    def _fill(self, node: Node, event: Any, depth: int) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(node, event)
        elif isinstance(event, yaml.MappingStartEvent):
            self._mapping(node, event, depth)
        else:
            self._sequence(node, event, depth)
        if node.size > _MOST:
            raise Uneditable("too many values", node.line)

    def _alias(self, event: Any) -> Node:
        mark, target = event.start_mark, self._anchors.get(event.anchor)
        if target is None:
            raise Uneditable("an alias of nothing that is complete", mark.line + 1)
        return Node(mark.index, event.end_mark.index, target.value, "*", mark.line + 1, mark.column, size=target.size)

    def _scalar(self, node: Node, event: Any) -> None:
        node.kind = event.style or ""
        node.value = plain_value(event.value) if event.implicit[0] and not event.style else event.value
        if node.kind in ("|", ">"):
            node.end = node.start + len(self._text[node.start : node.end].rstrip())

    def _mapping(self, node: Node, event: Any, depth: int) -> None:
        node.kind = "{" if event.flow_style else "map"
        node.value, merged = {}, dict[Any, Any]()
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            name = self.node(event, depth + 1)
            inside = self.node(next(self._events), depth + 1)
            if isinstance(name.value, (dict, list)):
                raise Uneditable("a name that is a list or a table", name.line)
            node.names.append(name)
            node.inner.append(inside)
            node.size += name.size + inside.size
            if name.value == _MERGE and not name.kind:
                merged = {**_merged(inside), **merged}
            else:
                node.value[name.value] = inside.value
        node.value = {**merged, **node.value} if merged else node.value
        self._close(node, event)

    def _sequence(self, node: Node, event: Any, depth: int) -> None:
        node.kind = "[" if event.flow_style else "seq"
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            node.inner.append(self.node(event, depth + 1))
            node.size += node.inner[-1].size
        node.value = [inside.value for inside in node.inner]
        self._close(node, event)

    def _close(self, node: Node, event: Any) -> None:
        node.end = event.end_mark.index if node.kind in ("{", "[") else node.inner[-1].end


def _merged(node: Node) -> dict[Any, Any]:
    parts = node.value if isinstance(node.value, list) else [node.value]
    if not all(isinstance(part, dict) for part in parts):
        raise Uneditable("a merge of what is no table", node.line)
    return {name: value for part in reversed(parts) for name, value in part.items()}


@lru_cache(maxsize=4096)
def plain_value(text: str) -> Any:
    """Return what a scalar without quotes stands for, by the rules of YAML 1.1."""
    loader: Any = yaml.SafeLoader("")
    tag = loader.resolve(yaml.ScalarNode, text, (True, False))
    if tag in ("tag:yaml.org,2002:str", "tag:yaml.org,2002:merge"):
        return text
    return loader.construct_object(yaml.ScalarNode(tag, text))
