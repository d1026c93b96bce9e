"""The house keeps its own rules. Change a table here only together with the picture in `trayapp/__init__.py`."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "trayapp"
FILES = sorted(ROOT.rglob("*.py"))
LONGEST = 300

#: Who may know whom inside trayapp: a room, or a file at its top. main knows everyone.
KNOWS = {
    "model": {"model"},
    "feeds": {"model", "feeds"},
    "judge": {"model", "judge"},
    "decide": {"model", "decide"},
    "agents": {"model", "agents"},
    "adapters": {"model", "adapters"},
    "desktop": {"model", "desktop"},
    "simulator": {"model", "simulator"},
    "cli": {"model", "cli"},
    "observer": {"model", "feeds", "judge"},
    "herald": {"model", "decide"},
    "plan": set[str](),
    "hearing": {"model"},
    "transcripts": {"model", "transcripts"},
    "memoir": {"model", "judge", "decide"},
    "steward": {"model", "decide", "herald"},
    "switcher": {"model", "agents", "decide"},
    "monitor": {"model", "feeds", "judge", "decide", "observer", "herald", "plan", "hearing", "memoir", "steward"},
    "__init__": set[str](),
    "__main__": {"cli", "main"},
}
PURE = {"model", "feeds", "judge", "decide", "agents", "transcripts", "plan"}
#: The outside world, and the only places that may touch it.
WORLD = {
    "httpx": ("adapters/http",),
    "sqlite3": ("adapters/journal",),
    "keyring": ("adapters/vault",),
    "dbus_fast": ("adapters/notifiers/",),
    "desktop_notifier": ("adapters/notifiers/",),
    "plyer": ("adapters/notifiers/",),
    "PySide6": ("desktop/",),
    "qasync": ("desktop/",),
    "h11": ("simulator/",),
    "rich": ("cli/",),
    "platformdirs": ("adapters/paths",),
    "yaml": ("agents/_yaml",),
    "defusedxml": ("feeds/_syndication",),
}
#: What a pure room may import besides ours: the parts of the standard library that touch nothing.
CALM = {
    "__future__", "bisect", "collections", "contextlib", "dataclasses", "datetime", "difflib", "email", "enum", "functools",
    "gettext", "html", "importlib", "ipaddress", "itertools", "json", "math", "pkgutil", "re", "statistics", "string",
    "tomllib", "types", "typing", "unicodedata", "urllib", "xml",
}  # fmt: skip
#: A port's signature may speak of an event of the loop, and an agent's file has a path; the imports are for types alone.
TYPES_ONLY = {
    "model/ports.py": {"asyncio", "pathlib"},
    "model/agent.py": {"pathlib"},
    "model/pointing.py": {"pathlib"},
    "agents/__init__.py": {"pathlib"},
    "agents/_edit.py": {"pathlib"},
    "agents/_places.py": {"pathlib"},
}
#: A parser from outside that touches nothing either.
PARSERS = {"agents/_yaml_tree.py": {"yaml"}, "feeds/_syndication.py": {"defusedxml"}}
BANNED = {"open", "print", "input", "now", "today", "utcnow", "read_text", "write_text", "read_bytes", "write_bytes"}


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ([f"trayapp.{a.name}" for a in node.names] if node.module == "trayapp" else [node.module])


def calls(tree: ast.AST) -> set[str]:
    made = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {f.attr if isinstance(f, ast.Attribute) else getattr(f, "id", "") for f in made}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_file_keeps_the_rules(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    tree = ast.parse(source)
    where = file.relative_to(ROOT).as_posix()
    room = where.split("/")[0].removesuffix(".py")
    assert ast.get_docstring(tree), f"{where} does not say what it is for"
    assert len(source.splitlines()) <= LONGEST, f"{where} is more than one idea"
    for name in imports(tree):
        top, *rest = name.split(".")
        if top == "trayapp" and room in KNOWS:
            assert rest[:1] == ["__version__"] or rest[0] in KNOWS[room], f"{where} may not know {name}"
        if top in WORLD:
            assert where.startswith(WORLD[top]), f"{where} may not touch {name}"
        if room in PURE:
            assert top in CALM | {"trayapp"} | TYPES_ONLY.get(where, set()) | PARSERS.get(where, set()), (
                f"{where} is pure and may not import {name}"
            )
    if room in PURE:
        assert not calls(tree) & BANNED, f"{where} is pure and may not call {calls(tree) & BANNED}"


def test_every_room_is_in_the_table() -> None:
    rooms = {file.relative_to(ROOT).parts[0].removesuffix(".py") for file in FILES}
    assert rooms - {"main"} == set(KNOWS)


def test_the_calm_modules_are_the_standard_librarys() -> None:
    assert set(sys.stdlib_module_names) >= CALM


def test_defects_are_caught_in_few_places() -> None:
    caught = [
        file.relative_to(ROOT).as_posix()
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and isinstance(node.type, ast.Name) and node.type.id == "Exception"
    ]
    allowed = ("monitor.py", "cli/__init__.py", "desktop/loop.py", "adapters/")
    assert all(where.startswith(allowed) for where in caught), caught
