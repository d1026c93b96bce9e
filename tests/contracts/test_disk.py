"""What every Disk keeps, the one of this machine and the fake alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fakes import FakeDisk
from trayapp.adapters.disk import FileDisk
from trayapp.model.agent import FileEdit, Switch
from trayapp.model.ports import Disk, Refused

AT = datetime(2026, 4, 28, 17, 34, tzinfo=UTC)


class DiskContract:
    @pytest.fixture
    def disk(self, tmp_path: Path) -> Disk:
        """A disk on which `there` holds b"mine" and `absent` is not there."""
        raise NotImplementedError

    @pytest.fixture
    def there(self, tmp_path: Path) -> Path:
        return tmp_path / "there"

    @pytest.fixture
    def absent(self, tmp_path: Path) -> Path:
        return tmp_path / "absent"

    @pytest.fixture
    def switch(self, there: Path, absent: Path) -> Switch:
        return Switch(
            "agent", "p", AT, (FileEdit(there, b"mine", b"ours", b"mine"), FileEdit(absent, None, b"b", None))
        )

    @pytest.fixture
    def way_back(self, there: Path, absent: Path) -> Switch:
        return Switch("agent", "", AT, (FileEdit(there, b"ours", b"mine", b"mine"), FileEdit(absent, b"b", None, None)))

    def test_at_first_nothing_stands_and_nothing_is_left_undone(self, disk: Disk) -> None:
        assert not disk.standing()
        assert not disk.recover()

    def test_a_committed_switch_is_in_the_files_and_stands(self, disk: Disk, switch: Switch) -> None:
        disk.commit(switch)
        assert [disk.read(edit.path) for edit in switch.edits] == [b"ours", b"b"]
        assert disk.standing() == (switch,)
        assert disk.recover() == ()

    def test_the_way_back_ends_it_and_absent_is_absent_again(
        self, disk: Disk, switch: Switch, way_back: Switch
    ) -> None:
        disk.commit(switch)
        disk.restored(way_back)
        assert [disk.read(edit.path) for edit in switch.edits] == [b"mine", None]
        assert disk.standing() == ()

    def test_a_later_switch_takes_the_place_of_the_earlier(self, disk: Disk, switch: Switch) -> None:
        disk.commit(switch)
        later = replace(
            switch, provider="q", edits=tuple(replace(e, before=e.after, after=b"later") for e in switch.edits)
        )
        disk.commit(later)
        assert disk.standing() == (later,)

    def test_agents_stand_beside_each_other_by_name(
        self, disk: Disk, switch: Switch, there: Path, absent: Path
    ) -> None:
        disk.commit(replace(switch, agent="b", edits=switch.edits[:1]))
        disk.commit(replace(switch, agent="a", edits=switch.edits[1:]))
        assert [stands.agent for stands in disk.standing()] == ["a", "b"]

    def test_a_file_that_is_not_as_planned_refuses_the_whole(self, disk: Disk, switch: Switch) -> None:
        stale = replace(switch.edits[0], before=b"other", original=b"other")
        with pytest.raises(Refused, match="there"):
            disk.commit(replace(switch, edits=(switch.edits[1], stale)))
        assert [disk.read(edit.path) for edit in switch.edits] == [b"mine", None]
        assert disk.standing() == ()

    def test_a_plan_that_loses_sight_of_an_original_is_refused(self, disk: Disk, switch: Switch) -> None:
        disk.commit(switch)
        now = replace(switch.edits[0], before=b"ours", after=b"later")
        for edits in ((now,), (replace(now, original=b"ours"), replace(switch.edits[1], before=b"b"))):
            with pytest.raises(Refused, match="meanwhile"):
                disk.commit(replace(switch, edits=edits))
        assert disk.standing() == (switch,)

    def test_what_does_not_stand_cannot_be_restored(self, disk: Disk, way_back: Switch) -> None:
        with pytest.raises(Refused, match="not switched"):
            disk.restored(way_back)

    def test_a_way_back_that_leaves_a_file_ends_it_all_the_same(self, disk: Disk, switch: Switch) -> None:
        disk.commit(switch)
        disk.restored(replace(switch, edits=tuple(replace(edit, before=edit.after) for edit in switch.edits)))
        assert [disk.read(edit.path) for edit in switch.edits] == [b"ours", b"b"]
        assert disk.standing() == ()


class TestFileDisk(DiskContract):
    @pytest.fixture
    def disk(self, tmp_path: Path) -> Disk:
        (tmp_path / "there").write_bytes(b"mine")
        return FileDisk(tmp_path / "data", tmp_path)


class TestFakeDisk(DiskContract):
    @pytest.fixture
    def disk(self, tmp_path: Path) -> Disk:
        return FakeDisk({tmp_path / "there": b"mine"})
