"""The same as text, one file a command.

Here belong arguments, tables and exit codes. Not here: any decision, any Qt. A command is a module with `HELP`,
`add(parser)` and `run(args, doors)`; it is found by its name in this folder, and only the one that is called is
imported, because a shell waits for it.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from trayapp.model.refused import Refused

if TYPE_CHECKING:
    import argparse

    from trayapp.cli._doors import Doors

#: Columns of the help.
_WIDTH = 100

USAGE, DEFECT, INTERRUPTED = 64, 70, 130

_ABOUT = """Tells whether the AI providers your work hangs on are up, degraded or down for you.

Without a command it starts the light in the system tray.
"""


def run(argv: Sequence[str], doors: Doors) -> int:
    """Run the command that `argv` names; return its exit code (64: wrong usage or settings, 70: a defect of ours)."""
    _bear_any_text()
    try:
        return _run(list(argv), doors)
    except Refused as reason:
        sys.stderr.write(f"uptray: {reason}\n")
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe has had enough. Python would complain once more at exit.
        sys.stderr.close()
        return 0
    except Exception as error:
        return _defect(error)


def _bear_any_text() -> None:
    """Have a terminal that knows only some letters show a question mark for the others, instead of an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _run(argv: list[str], doors: Doors) -> int:
    if not argv:
        return doors.tray()
    if argv[0].startswith("-"):
        _whole_parser().parse_args(argv)
        return USAGE
    command = _command(argv[0])
    if command is None:
        from difflib import get_close_matches

        near = get_close_matches(argv[0], _names(), 1)
        hint = f", did you mean {near[0]}?" if near else ""
        sys.stderr.write(f"uptray: {argv[0][:40]!a} is no command{hint} See uptray --help\n")
        return USAGE
    parser = _parser(argv[0], command)
    own, rest = _parted(argv[1:]) if getattr(command, "PASSES_ON", False) else (argv[1:], [])
    args = parser.parse_args(own)
    args.passed_on = rest
    code: int = command.run(args, doors)
    return code


def _parted(argv: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return what stands before "--", and what stands after it for another program."""
    at = argv.index("--") if "--" in argv else len(argv)
    return argv[:at], argv[at + 1 :]


def _command(name: str) -> Any:
    """Return the module of this command, None when there is none."""
    if not name.isidentifier() or name.startswith("_"):
        return None
    try:
        return import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"{__name__}.{name}":
            raise
        return None


def _names() -> list[str]:
    from pkgutil import iter_modules

    return sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))


def _parser(name: str, command: Any) -> argparse.ArgumentParser:
    parser = _new_parser(f"uptray {name}", command.HELP)
    command.add(parser)
    return parser


def _whole_parser() -> argparse.ArgumentParser:
    """Return the parser behind `uptray --help` and `--version`."""
    from trayapp import __version__

    commands = {name: import_module(f"{__name__}.{name}").HELP.strip().splitlines()[0] for name in _names()}
    listed = "\n".join(f"  {name:<9} {line}" for name, line in commands.items())
    parser = _new_parser("uptray", f"{_ABOUT}\ncommands:\n{listed}\n\nMore about one: uptray status --help")
    parser.usage = "uptray [command] [options]"
    parser.add_argument("--version", action="version", version=f"uptray {__version__}")
    return parser


def _new_parser(name: str, about: str) -> argparse.ArgumentParser:
    import argparse

    class Parser(argparse.ArgumentParser):
        def error(self, message: str) -> Any:
            self.exit(USAGE, f"{self.prog}: {message}. See {self.prog} --help\n")

    class Formatter(argparse.RawDescriptionHelpFormatter):
        def __init__(self, prog: str) -> None:
            # With a width given, argparse does not load shutil to ask the terminal for each argument it is told.
            super().__init__(prog, width=_WIDTH)

    return Parser(prog=name, description=about.strip(), formatter_class=Formatter, allow_abbrev=False)


def _defect(error: Exception) -> int:
    import os
    import traceback

    if os.environ.get("UPTRAY_DEBUG") == "1":
        traceback.print_exc()
    where = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(where.filename)}:{where.lineno}"  # noqa: PTH119  # pathlib is slow to import
    sys.stderr.write(f"uptray: a defect of ours ({type(error).__name__} at {place}); UPTRAY_DEBUG=1 shows it whole\n")
    return DEFECT
