"""The agents' files on this machine: a switch is carried out whole or not at all, whatever happens meanwhile.

In this order: the bytes and a record of the intent are kept (`disk_shelf`), the new files are made beside their
targets, each target is compared with the plan and replaced (`disk_change`), and one rename makes the record the
standing one. What a process killed before that rename did is undone by the next `recover`, or finished if every file
was replaced.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path, PurePath

from trayapp.adapters import disk_change, disk_target
from trayapp.adapters.disk_lock import alone
from trayapp.adapters.disk_record import Place, Record
from trayapp.adapters.disk_shelf import Shelf
from trayapp.adapters.disk_sys import Sys
from trayapp.adapters.disk_target import Wear, behind, missing_folders, reason
from trayapp.model.agent import FileEdit, Switch
from trayapp.model.refused import Refused

#: Seconds to wait for another Uptray; a switch of several files of 5 MB takes less than one.
_DEADLINE_S = 5.0


class FileDisk:
    """The disk of one user: the agents' files, and the store in `data`/switches. No folder is made outside `home`."""

    def __init__(
        self, data: Path, home: Path | None = None, calls: Sys | None = None, deadline_s: float = _DEADLINE_S
    ) -> None:
        self._home = home or Path.home()
        self._calls = calls or Sys()
        self._shelf = Shelf(data / "switches", self._calls)
        self._deadline_s = deadline_s

    def read(self, path: PurePath) -> bytes | None:
        """Return what is there, behind any symbolic links; None when absent. Raises Refused with file and reason."""
        return disk_target.read(self._calls, behind(path))

    def commit(self, switch: Switch) -> None:
        """Carry it out; it then stands in the place of the agent's earlier one. Raises Refused, nothing changed."""
        with self._alone():
            self._carry_out(switch, ends=False)

    def restored(self, switch: Switch) -> None:
        """Carry it out and end the agent's standing switch. Raises Refused, with nothing changed."""
        with self._alone():
            self._carry_out(switch, ends=True)

    def standing(self) -> tuple[Switch, ...]:
        """Return the switches in force, by agent. Raises Refused when a record cannot be read."""
        return tuple(record.switch for agent in self._shelf.agents() if (record := self._shelf.standing(agent)))

    def recover(self) -> tuple[str, ...]:
        """Finish or undo what a killed process left; a sentence each. Writes nothing when nothing was left."""
        if not self._shelf.pending():
            return ()
        with self._alone():
            return tuple(self._recovered(agent) for agent in self._shelf.pending())

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            with alone(self._shelf.ready(), self._deadline_s):
                try:
                    yield
                finally:
                    self._shelf.tidy()
        except OSError as error:
            raise Refused(f"the agents' files cannot be changed: {_told(error)}") from None

    def _carry_out(self, switch: Switch, *, ends: bool) -> None:
        agent = switch.agent
        if agent in self._shelf.pending():
            raise Refused(f"{self._recovered(agent)} Try again.")
        standing = self._shelf.standing(agent)
        _check_succession(switch, standing, ends)
        record = self._planned(switch, standing, ends)
        try:
            self._shelf.begin(record)
            disk_change.apply(self._calls, record)
            self._shelf.finish(record)
        except (OSError, Refused) as error:
            raise Refused(_told(error) + self._undone(agent)) from None

    def _undone(self, agent: str) -> str:
        """Undo what was begun; return what to add to the reason, which is nothing when all is as it was."""
        try:
            record = self._shelf.begun(agent)
            if record is None or (record.ends and self._shelf.standing(agent) is None):
                return ""
            disk_change.undo(self._calls, record)
            self._shelf.drop(record)
        except (OSError, Refused) as error:
            return f"; what was done could not be undone yet ({_told(error)}); Uptray tries again when it next starts"
        return ""

    def _recovered(self, agent: str) -> str:
        """Finish what was begun if every file is there, else undo it; say which."""
        try:
            record = self._shelf.begun(agent)
            if record is None:
                return f"{agent}: nothing was left undone."
            what = "the way back" if record.ends else f"the switch to {record.switch.provider}"
            if self._is_complete(record):
                disk_change.clear(self._calls, record)
                self._shelf.finish(record)
                return f"{agent}: {what}, which was cut short, was complete and is now recorded."
            others = disk_change.undo(self._calls, record)
            self._shelf.drop(record)
        except (OSError, Refused) as error:
            return f"{agent}: a switch that was cut short could not be undone: {_told(error)}."
        left = f" Changed by something else and left as it is: {', '.join(map(str, others))}." if others else ""
        return f"{agent}: {what} was cut short and has been undone.{left}"

    def _is_complete(self, record: Record) -> bool:
        """True when all files are replaced, or (a way back) the standing record has been ended already."""
        if record.ends and self._shelf.standing(record.switch.agent) is None:
            return True
        return disk_change.is_done(self._calls, record)

    def _planned(self, switch: Switch, standing: Record | None, ends: bool) -> Record:
        """Return the record, with nothing written yet. Raises Refused for what can be seen to be impossible."""
        number = self._shelf.next_number(switch.agent)
        earlier = {place.target: place for place in standing.places} if standing else {}
        places = tuple(self._place(edit, earlier) for edit in switch.edits)
        if len({place.target for place in places}) < len(places):
            raise Refused(f"{switch.agent}: two of its paths are one file")
        return Record(switch, places, ends, number)

    def _place(self, edit: FileEdit, earlier: dict[Path, Place]) -> Place:
        target = behind(edit.path)
        if disk_target.read(self._calls, target) != edit.before:
            raise Refused(f"{target}: something else changed it meanwhile")
        was = earlier.get(target)
        worn, missing = (was.wear, was.folders) if was else (Wear(edit.mode), ())
        if edit.before != edit.after:
            found = missing_folders(target, self._home)
            missing = tuple(dict.fromkeys((*missing, *found)))
            worn = disk_target.wear(target) or worn
        # By chance: a name that an earlier record left behind, its store removed since, must not stand in the way.
        return Place(target, target.with_name(f".{target.name[:50]}.uptray-{os.urandom(4).hex()}"), worn, missing)


def _told(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{os.fsdecode(error.filename)}: {reason(error)}"
    return str(error) if isinstance(error, Refused) else reason(error)


def _check_succession(switch: Switch, standing: Record | None, ends: bool) -> None:
    """Refuse a plan that was made before another switch stood, or that would lose sight of an original."""
    if standing is None:
        if ends:
            raise Refused(f"{switch.agent}: it is not switched, so there is nothing to restore")
        if any(edit.original != edit.before for edit in switch.edits):
            raise Refused(f"{switch.agent}: it was restored meanwhile")
        return
    planned = {edit.path: edit.original for edit in switch.edits}
    lost = [e for e in standing.switch.edits if e.path not in planned or planned[e.path] != e.original]
    known = {edit.path for edit in standing.switch.edits}
    fresh = [edit for edit in switch.edits if edit.path not in known and edit.original != edit.before]
    if lost or fresh:
        raise Refused(f"{switch.agent}: it was switched by another Uptray meanwhile")
