"""How long a pause is, and how it is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from trayapp.desktop.pausing import Choice, chosen, seconds, title

NOW = datetime(2026, 4, 28, 17, 34).astimezone()
FOR_EVER = datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize("choice", Choice)
def test_a_pause_is_known_again_by_its_end(choice: Choice) -> None:
    length = seconds(choice, NOW)
    assert chosen(FOR_EVER if length is None else NOW + timedelta(seconds=length, milliseconds=3)) is choice


def test_no_pause_is_no_choice() -> None:
    assert chosen(None) is None


def test_tomorrow_begins_at_eight() -> None:
    length = seconds(Choice.TOMORROW, NOW)
    assert length is not None
    assert f"{NOW + timedelta(seconds=length):%d %H:%M}" == "29 08:00"


@pytest.mark.parametrize(
    ("until", "text"),
    [
        (None, "Pause notifications"),
        (FOR_EVER, "Notifications paused"),
        (NOW + timedelta(hours=1), "Notifications paused until 18:34"),
        (NOW + timedelta(hours=14, minutes=26), "Notifications paused until tomorrow, 08:00"),
    ],
)
def test_the_menu_says_until_when(until: datetime | None, text: str) -> None:
    assert title(until, NOW) == text
