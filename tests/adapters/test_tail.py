"""A file that another program writes, cuts, replaces and removes while it is read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from trayapp.adapters.tail import LONGEST, Tail, first_line
from trayapp.adapters.trail_files import listed

MARKS = (b"!",)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "s.jsonl"


def test_only_new_lines_with_a_mark_are_returned_and_each_once(file: Path) -> None:
    file.write_bytes(b"old !\n")
    tail = Tail(file.stat().st_size)
    assert tail.lines(str(file), MARKS) == []
    with file.open("ab") as more:
        more.write(b"one !\ntwo\nthree !\n\n")
    assert tail.lines(str(file), MARKS) == [b"one !", b"three !"]
    assert tail.lines(str(file), MARKS) == []


def test_a_line_is_read_when_it_is_finished(file: Path) -> None:
    tail = Tail(0)
    for written, read in ((b"on", []), (b"e !", []), (b"\ntw", [b"one !"]), (b"o !\n", [b"two !"])):
        with file.open("ab") as more:
            more.write(written)
        assert tail.lines(str(file), MARKS) == read


def test_a_line_that_is_too_long_is_passed_over_however_it_is_written(file: Path) -> None:
    tail = Tail(0)
    piece = b"!" * (LONGEST // 2 + 1)
    file.write_bytes(b"one !\n" + piece)
    assert tail.lines(str(file), MARKS) == [b"one !"]
    for _ in range(4):
        with file.open("ab") as more:
            more.write(piece)
        assert tail.lines(str(file), MARKS) == []
    with file.open("ab") as more:
        more.write(piece + b"\ntwo !\n" + piece * 2 + b"\n" + b"!" * LONGEST + b"\n")
    assert tail.lines(str(file), MARKS) == [b"two !", b"!" * LONGEST]


def test_a_line_longer_than_what_is_read_at_once_hides_nothing_behind_it(file: Path) -> None:
    file.write_bytes(b"one !\n" + b"!" * 700_000 + b"\ntwo !\n")
    assert Tail(0).lines(str(file), MARKS) == [b"one !", b"two !"]


def test_much_is_read_in_several_goes_and_too_much_is_left_behind(file: Path) -> None:
    line = b"x" * 999 + b"\n"
    file.write_bytes(line * 2000 + b"end !\n")
    tail = Tail(0)
    assert tail.lines(str(file), MARKS) == []
    assert tail.lines(str(file), MARKS) == [b"end !"]
    with file.open("ab") as more:
        more.write(b"lost !\n" + line * 6000)
    assert tail.lines(str(file), MARKS) == []
    with file.open("ab") as more:
        more.write(b"cut !\nnew !\n")
    assert tail.lines(str(file), MARKS) == [b"new !"]


def test_a_file_that_was_cut_is_read_from_its_beginning(file: Path) -> None:
    file.write_bytes(b"one !\ntwo !\n")
    tail = Tail(0)
    tail.lines(str(file), MARKS)
    file.write_bytes(b"new !\n")
    assert tail.lines(str(file), MARKS) == [b"new !"]
    file.write_bytes(b"written anew !\nand longer\n")
    assert tail.lines(str(file), MARKS) == [b"written anew !"]


def test_another_file_in_its_place_is_read_from_its_beginning(file: Path, tmp_path: Path) -> None:
    file.write_bytes(b"one !\n")
    tail = Tail(0)
    tail.lines(str(file), MARKS)
    other = tmp_path / "other"
    other.write_bytes(b"another, longer !\n")
    other.replace(file)
    assert tail.lines(str(file), MARKS) == [b"another, longer !"]


def test_a_file_that_is_gone_is_an_error_and_one_that_comes_back_is_read(file: Path) -> None:
    file.write_bytes(b"one !\n")
    tail = Tail(0)
    tail.lines(str(file), MARKS)
    file.unlink()
    with pytest.raises(FileNotFoundError):
        tail.lines(str(file), MARKS)
    file.write_bytes(b"back !\n")
    # A system may give the new file the old one's number: then what it holds is told by its size alone.
    assert tail.lines(str(file), MARKS) in ([b"back !"], [])


def test_the_first_line_is_read_when_it_is_finished_and_not_too_long(file: Path) -> None:
    for written, read in ((b"", b""), (b"one", b""), (b"one\ntwo\n", b"one"), (b"!" * (LONGEST + 1) + b"\n", b"")):
        file.write_bytes(written)
        assert first_line(str(file)) == read


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders here")
def test_what_is_no_file_is_neither_read_nor_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "s.jsonl"
    os.mkfifo(pipe)
    assert Tail(0).lines(str(pipe), MARKS) == []
    assert first_line(str(pipe)) == b""
    assert listed(tmp_path, "", ".jsonl") == ([], True)


@pytest.mark.skipif(os.name == "nt", reason="links need a right of their own here")
def test_links_are_not_followed(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    for folder in (outside, inside):
        folder.mkdir()
    (outside / "s.jsonl").write_bytes(b"secret !\n")
    (inside / "folder").symlink_to(outside)
    (inside / "link.jsonl").symlink_to(outside / "s.jsonl")
    assert listed(inside, "", ".jsonl") == ([], True)
    with pytest.raises(OSError):
        Tail(0).lines(str(inside / "link.jsonl"), MARKS)


def test_files_are_found_by_name_below_the_folder_and_not_too_deep(tmp_path: Path) -> None:
    deep = tmp_path
    for depth in range(8):
        deep.mkdir(exist_ok=True)
        (deep / f"rollout-{depth}.jsonl").write_bytes(b"12345")
        (deep / f"other-{depth}.jsonl").touch()
        (deep / f"rollout-{depth}.json").touch()
        deep /= "d"
    found, is_whole = listed(tmp_path, "rollout-", ".jsonl")
    assert sorted(Path(path).name for path, _, _ in found) == [f"rollout-{n}.jsonl" for n in range(6)]
    assert is_whole
    assert {size for _, size, _ in found} == {5}
    assert listed(tmp_path / "nowhere", "", "") == ([], True)
