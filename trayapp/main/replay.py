"""The door of `uptray replay`: a file of incidents through the real line on virtual time, told as the demo tells."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path

from trayapp.cli._teller import Teller
from trayapp.main.play import Played, asked_model, play
from trayapp.model.ports import Refused
from trayapp.simulator import recorded
from trayapp.simulator.evidence import Evidence
from trayapp.simulator.report import HEADING, Row, blame, closings, table, timeline
from trayapp.simulator.scenario import Scenario, load
from trayapp.simulator.score import unfounded
from trayapp.simulator.story import document

_LARGEST = 5 * 1024 * 1024
#: A replayed year takes a minute or two.
_LONGEST = timedelta(days=400)


def replay(file: Path, evidence: str, *, as_json: bool) -> int:
    """Replay the file and write what came of it; return the exit code. Raises Refused."""
    chosen = Evidence(evidence)
    worlds, left_out = _worlds(file)
    played = [play(world, chosen) for world in worlds]
    for defect in dict.fromkeys(defect for each in played for defect in each.defects):
        sys.stderr.write(f"uptray: a defect of ours during the replay: {defect}\n")
    if as_json:
        told = ((each.scenario, each.changes(), each.told()) for each in played)
        json.dump({**document(chosen, partial(asked_model, chosen), told), "left_out": left_out}, sys.stdout, indent=1)
        sys.stdout.write("\n")
    else:
        for each in played:
            _tell(each)
        for reason in left_out:
            sys.stdout.write(f"left out: {reason}\n")
    return 0


def _worlds(file: Path) -> tuple[list[Scenario], list[str]]:
    """Return the scenarios of a file, and why others are none."""
    text = _text(file)
    if file.suffix.lower() != ".json":
        world = load(text, file.name)
        if world.end - world.start > _LONGEST:
            raise Refused(f"{file.name}: start, end: at most {_LONGEST.days} days were expected")
        return [world], []
    records = recorded.read(text, file.name)
    left_out = [f"{record.provider}: {record.title}: {record.reason}" for record in records if record.scenario is None]
    return [record.scenario for record in records if record.scenario is not None], left_out


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            content = opened.read(_LARGEST + 1)
    except OSError as error:
        raise Refused(f"{file.name}: the file could not be read: {error.strerror}") from None
    if len(content) > _LARGEST:
        raise Refused(f"{file.name}: a file of at most {_LARGEST // 1024 // 1024} MB was expected")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{file.name}: UTF-8 text was expected") from None


def _tell(played: Played) -> None:
    teller = Teller(played.scenario.title, sys.stdout)
    changes = played.changes()
    notices = (Row(at, "", "notice", f"{title}. {body}") for at, title, body in played.told())
    for row in sorted((*timeline(played.scenario, changes), *notices), key=lambda row: row.at):
        teller.line(row.at, row.who, row.what)
    for closing in closings(played.scenario, changes):
        teller.table(HEADING, table(closing))
        named = "; ".join(f"{cause} at {when}" for cause, when in blame(closing))
        teller.note(f"Whose fault Uptray said it was: {named}" if named else "Uptray said nothing.")
    alarms = unfounded(played.scenario, changes)
    teller.note(f"{len(alarms)} alarms without cause, {len(played.toasts)} notices.")
