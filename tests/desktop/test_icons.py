"""Each level has a shape of its own, at the smallest size, in one colour, on any bar."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from trayapp.desktop.icons import SIZES, app_icon, icon, image, write_pngs
from trayapp.model.level import Level

SMALLEST = 16
#: Of 256 pixels at 16: a tenth.
DIFFERENT = 25


def one_bit(name: str) -> frozenset[tuple[int, int]]:
    """What is left of the shape on a display with black and white only."""
    drawn = image(name, SMALLEST, mono=True)
    places = itertools.product(range(SMALLEST), repeat=2)
    return frozenset((x, y) for x, y in places if drawn.pixelColor(x, y).alpha() >= 128)


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.2 contrast ratio, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    lights = sorted(_light(colour) for colour in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _light(colour: QColor) -> float:
    def part(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * part(colour.redF()) + 0.7152 * part(colour.greenF()) + 0.0722 * part(colour.blueF())


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(Level, 2)))
def test_two_levels_differ_in_shape_alone(qtbot: QtBot, one: Level, other: Level) -> None:
    assert len(one_bit(one) ^ one_bit(other)) >= DIFFERENT


@pytest.mark.parametrize("level", Level)
def test_a_shape_is_neither_a_speck_nor_a_block(qtbot: QtBot, level: Level) -> None:
    assert 50 <= len(one_bit(level)) <= 200


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("bar", ["white", "#f0f0f0", "#2d2d2d", "black"])
def test_a_level_is_seen_on_any_bar(qtbot: QtBot, level: Level, bar: str) -> None:
    drawn = QImage(SMALLEST, SMALLEST, QImage.Format.Format_RGB32)
    drawn.fill(QColor(bar))
    painter = QPainter(drawn)
    painter.drawImage(0, 0, image(level, SMALLEST))
    painter.end()
    places = itertools.product(range(SMALLEST), repeat=2)
    seen = [place for place in places if contrast(drawn.pixelColor(*place), QColor(bar)) >= 2.5]
    assert len(seen) >= 40


def test_an_icon_has_a_picture_for_every_bar_height(qtbot: QtBot) -> None:
    assert [size.width() for size in icon(Level.DOWN).availableSizes()] == list(SIZES)


def test_an_icon_is_drawn_once(qtbot: QtBot) -> None:
    assert icon(Level.DOWN) is icon(Level.DOWN)
    assert icon(Level.DOWN).cacheKey() != icon(Level.UNKNOWN).cacheKey()


def test_only_the_shape_alone_is_a_mask(qtbot: QtBot) -> None:
    assert icon(Level.OPERATIONAL, mono=True).isMask()
    assert not icon(Level.OPERATIONAL).isMask()
    colours = {image("operational", 64, mono=True).pixelColor(x, 32).name() for x in range(64)}
    assert colours == {"#000000"}


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("mono", [False, True])
def test_a_pause_shows_and_leaves_the_level_readable(qtbot: QtBot, level: Level, mono: bool) -> None:
    plain, paused = (image(level, 64, mono=mono, paused=paused) for paused in (False, True))
    assert plain != paused
    assert plain.copy(0, 0, 64, 30) == paused.copy(0, 0, 64, 30)


def test_the_app_has_an_icon_for_its_window(qtbot: QtBot) -> None:
    assert not app_icon().pixmap(256, 256).isNull()


def test_every_level_is_written_as_png(qtbot: QtBot, tmp_path: Path) -> None:
    written = write_pngs(tmp_path / "new", sizes=(16, 64))
    assert {file.name for file in written} == {f"{n}-{s}.png" for n in [*Level, "app"] for s in (16, 64)}
    assert QImage(str(tmp_path / "new" / "down-64.png")) == image("down", 64).convertToFormat(
        QImage(str(tmp_path / "new" / "down-64.png")).format()
    )


def test_a_folder_that_cannot_be_written_is_an_error(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "down-16.png").mkdir()
    with pytest.raises(OSError, match=r"down-16\.png"):
        write_pngs(tmp_path, ["down"], [16])


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("mono", [False, True])
def test_the_mark_of_a_switch_shows_and_leaves_the_level_readable(qtbot: QtBot, level: Level, mono: bool) -> None:
    plain, marked, paused = (
        image(level, 64, mono=mono, fallback=fallback, paused=paused)
        for fallback, paused in ((False, False), (True, False), (False, True))
    )
    assert plain.copy(0, 32, 32, 32) != marked.copy(0, 32, 32, 32)
    assert plain.copy(0, 0, 64, 30) == marked.copy(0, 0, 64, 30)
    assert marked != paused


@pytest.mark.parametrize("level", Level)
def test_the_mark_of_a_switch_is_seen_at_the_smallest_size_in_one_colour(qtbot: QtBot, level: Level) -> None:
    marked = image(level, SMALLEST, mono=True, fallback=True)
    arrow = [(x, y) for x in range(7) for y in range(9, 16) if marked.pixelColor(x, y).alpha() >= 128]
    assert 12 <= len(arrow) <= 34
    # What is around it is empty, so that it does not melt into the shape.
    assert all(marked.pixelColor(7, y).alpha() < 128 for y in (9, 10, 14, 15))
