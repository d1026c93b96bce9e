"""How long notifications may be paused, in words and in seconds. Pure; times are local and aware."""

from __future__ import annotations

from datetime import MAXYEAR, datetime, timedelta
from enum import Enum
from gettext import gettext as _

#: "Tomorrow" begins at this hour of the user's day.
_MORNING = 8


class Choice(Enum):
    """What the menu offers."""

    HOUR = "hour"
    TOMORROW = "tomorrow"
    OPEN = "open"


LABELS = {
    Choice.HOUR: _("For 1 hour"),
    Choice.TOMORROW: _("Until tomorrow, {hour}:00").format(hour=_MORNING),
    Choice.OPEN: _("Until I say otherwise"),
}


def seconds(choice: Choice, now: datetime) -> float | None:
    """Return the length of the pause, None when it is open."""
    if choice is Choice.OPEN:
        return None
    if choice is Choice.HOUR:
        return 3600.0
    # By the clock on the wall: a day on which the clocks change has 23 or 25 hours.
    wall = (now + timedelta(days=1)).replace(hour=_MORNING, minute=0, second=0, microsecond=0, tzinfo=None)
    return (wall.astimezone() - now).total_seconds()


def chosen(until: datetime | None) -> Choice | None:
    """Return which choice a pause comes from, None when there is none."""
    if until is None:
        return None
    if _is_open(until):
        return Choice.OPEN
    local = until.astimezone()
    # The pause is counted from a moment after the click.
    late = local - local.replace(hour=_MORNING, minute=0, second=0, microsecond=0)
    return Choice.TOMORROW if timedelta() <= late < timedelta(seconds=5) else Choice.HOUR


def title(until: datetime | None, now: datetime) -> str:
    """Return the menu's line for pausing: what it does, or until when it was done."""
    if until is None:
        return _("Pause notifications")
    if _is_open(until):
        return _("Notifications paused")
    local = until.astimezone()
    if local.date() == now.date():
        return _("Notifications paused until {time}").format(time=f"{local:%H:%M}")
    return _("Notifications paused until tomorrow, {time}").format(time=f"{local:%H:%M}")


def _is_open(until: datetime) -> bool:
    # `datetime.max` stands for "no end", and cannot be shifted to another time zone.
    return until.year == MAXYEAR
