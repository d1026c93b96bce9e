"""From single pings to something that may be said aloud: suspicion, confirmation, recovery (rules R4, R6, R8, R10).

A first failure only begins a suspicion; re-checks follow within seconds. Down takes three failures in a row: with one
ping in a hundred lost by chance, three among four would be met 1.6 times a year, three in a row once in two years.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from trayapp.judge.kin import KIN, Kin
from trayapp.model.reading import ProbeReading, Symptom


@dataclass(frozen=True, slots=True)
class Habit:
    """How one way of seeing a provider is confirmed."""

    #: Failures that confirm each kin; a refusal that names the account is no matter of chance.
    enough: dict[Kin, int]
    #: Good ones in a row that end the trouble, and the time they are spread over.
    good: int = 3
    good_span: timedelta = timedelta(seconds=60)
    #: A suspicion and a trouble are dropped without a word when nothing was seen for so long.
    forgotten_after: timedelta = timedelta.max
    #: Only failures that lie this close together make one.
    within: timedelta = timedelta.max
    #: So many in a row are no longer a part.
    whole: int = 3


#: Our unbilled pings (R4, R10).
UNBILLED = Habit({Kin.HARD: 3, Kin.SOFT: 3, Kin.ACCOUNT: 2, Kin.MINE: 2})
#: Paid pings alone meet overload, of which two in five are enough (R8).
PAID = Habit({Kin.HARD: 3, Kin.SOFT: 2, Kin.ACCOUNT: 2, Kin.MINE: 2})
#: What the user's own agents met. Their records are mostly of failures, so that these stand alone: only many at once
#: tell more than chance. Who is failed stops working, so no news is not good news for long.
REAL = Habit(
    {Kin.HARD: 3, Kin.SOFT: 3, Kin.ACCOUNT: 2, Kin.MINE: 3},
    good=2,
    good_span=timedelta(0),
    forgotten_after=timedelta(minutes=15),
    within=timedelta(minutes=2),
    whole=6,
)

#: A suspicion is looked at after so many pings; two failures among them ask for as many again, and a third …
_WINDOW, _LONG_WINDOW = 5, 10
#: … is an error rate. With one ping in a hundred lost by chance two of five are met every other day, three of ten
#: once in three weeks; and where three requests in ten fail it takes 4.5 minutes in the median (simulated).
_RATE = 3
#: A key that worked is given the benefit of the doubt: three refusals (R6).
_ENOUGH_FOR_A_KEY_THAT_WORKED = 3
#: So many isolated failures within this time are an error rate too.
_GLITCHES, _GLITCH_SPAN = 5, timedelta(minutes=30)
#: Overload is partial by nature; so many in a row over this time is an outage all the same (R8).
_OVERLOADS, _OVERLOAD_SPAN = 5, timedelta(minutes=3)
#: A key that worked so lately is expected to work (R6).
KEY_MEMORY = timedelta(hours=24)
_RECENT = 10


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the pings have confirmed: its kin, the telling symptom, and when it began."""

    kin: Kin
    symptom: Symptom
    since: datetime
    #: Fails in part: an error rate, overload, slowness.
    partly: bool = False


@dataclass(frozen=True, slots=True)
class Pings:
    """What is held of one provider seen in one way. A value: `taken` returns the next."""

    recent: tuple[ProbeReading, ...] = ()
    newest: tuple[ProbeReading, ...] = ()
    window: tuple[ProbeReading, ...] = ()
    glitches: tuple[datetime, ...] = ()
    trouble: Trouble | None = None
    good: tuple[datetime, ...] = ()
    key_worked_at: datetime | None = None
    #: When the last trouble ended.
    recovered_at: datetime | None = None

    @property
    def is_suspect(self) -> bool:
        """True while a failure is being checked again."""
        return bool(self.window) and self.trouble is None

    @property
    def counted(self) -> tuple[int, int]:
        """How many of the last pings failed, and of how many: since the trouble began, else the window's."""
        begun = self.trouble.since if self.trouble else None
        last = [r for r in self.recent if begun is None or r.at >= begun] if begun else list(self.window)
        return sum(KIN[r.symptom] is not Kin.FINE for r in last), len(last)


NO_PINGS = Pings()


def taken(pings: Pings, reading: ProbeReading, *, forgiving: bool = False, habit: Habit = UNBILLED) -> Pings:
    """Return what is held after one more ping.

    `forgiving`: just after wake or a change of network a failure to get through is re-tested, never counted (R2).
    """
    kin, newest = KIN[reading.symptom], _newest(pings.newest, reading)
    if reading.beside or kin is Kin.NOTHING or (forgiving and kin in (Kin.HARD, Kin.MINE)):
        return replace(pings, newest=newest)
    worked = reading.symptom is Symptom.OK and reading.kind != "keyless"
    pings = replace(
        pings,
        newest=newest,
        recent=(*pings.recent, reading)[-_RECENT:],
        key_worked_at=reading.at if worked else pings.key_worked_at,
    )
    if pings.trouble is not None:
        return _in_trouble(pings, pings.trouble, reading, habit)
    if kin is Kin.FINE and not pings.window:
        return pings
    close = pings.window
    if habit.within < timedelta.max:
        close = tuple(each for each in close if reading.at - each.at <= habit.within)
    return _in_suspicion(replace(pings, window=(*close, reading)), habit)


def forgotten(pings: Pings, now: datetime, habit: Habit) -> Pings:
    """Return what is held when nothing more was seen for long; nothing changes for what is seen regularly."""
    if (pings.trouble is None and not pings.window) or now - pings.recent[-1].at <= habit.forgotten_after:
        return pings
    return replace(pings, trouble=None, window=(), good=(), glitches=())


def _newest(newest: tuple[ProbeReading, ...], reading: ProbeReading) -> tuple[ProbeReading, ...]:
    if len(newest) == 1 and newest[0].kind == reading.kind:
        return (reading,)
    others = [each for each in newest if each.kind != reading.kind]
    return tuple(sorted((*others, reading), key=lambda each: each.kind))


def _in_suspicion(pings: Pings, habit: Habit) -> Pings:
    bad = [r for r in pings.window if KIN[r.symptom] is not Kin.FINE]
    if not bad:
        # What began the suspicion is too long ago to count, and this one is well.
        return replace(pings, window=())
    kin, count = Counter(KIN[r.symptom] for r in bad).most_common(1)[0]
    if count >= _enough(kin, pings, bad[-1], habit):
        partly = kin is Kin.HARD and len(_row(pings.window)) < habit.whole
        return replace(pings, window=(), trouble=_trouble(kin, bad, partly=partly), good=())
    if len(pings.window) < (_WINDOW if len(bad) < 2 else _LONG_WINDOW):
        return pings
    if len(bad) >= _RATE:
        return replace(pings, window=(), trouble=_trouble(kin, bad, partly=True), good=())
    return _glitch(pings, bad)


def _enough(kin: Kin, pings: Pings, last: ProbeReading, habit: Habit) -> int:
    if last.symptom is Symptom.AUTH_SUSPECT and has_worked(pings, last.at):
        return _ENOUGH_FOR_A_KEY_THAT_WORKED
    # One's own slowness is judged over more pings than overload, which the provider itself admits (R9).
    return 3 if last.symptom is Symptom.SLOW else habit.enough[kin]


def has_worked(pings: Pings, now: datetime) -> bool:
    """True when the key was accepted within the last day."""
    return pings.key_worked_at is not None and now - pings.key_worked_at <= KEY_MEMORY


def _trouble(kin: Kin, bad: list[ProbeReading], *, partly: bool = False) -> Trouble:
    symptom = Counter(r.symptom for r in reversed(bad) if KIN[r.symptom] is kin).most_common(1)[0][0]
    return Trouble(kin, symptom, bad[0].at, partly=partly or kin is Kin.SOFT)


def _glitch(pings: Pings, bad: list[ProbeReading]) -> Pings:
    kept = [at for at in (*pings.glitches, *(r.at for r in bad)) if bad[-1].at - at <= _GLITCH_SPAN]
    if len(kept) < _GLITCHES:
        return replace(pings, window=(), glitches=tuple(kept))
    trouble = Trouble(KIN[bad[-1].symptom], bad[-1].symptom, kept[0], partly=True)
    return replace(pings, window=(), glitches=(), trouble=trouble, good=())


def _in_trouble(pings: Pings, trouble: Trouble, reading: ProbeReading, habit: Habit) -> Pings:
    if KIN[reading.symptom] is Kin.FINE:
        good = (*pings.good, reading.at)[-_RECENT:]
        if len(good) >= habit.good and good[-1] - good[0] >= habit.good_span:
            return replace(pings, trouble=None, good=(), glitches=(), recovered_at=reading.at)
        return replace(pings, good=good)
    return replace(pings, good=(), trouble=_regraded(pings, trouble, reading, habit))


def _regraded(pings: Pings, trouble: Trouble, reading: ProbeReading, habit: Habit) -> Trouble:
    """Return the trouble as the last pings show it: it may change its kin, and grow from part to whole and back."""
    last = [r for r in pings.recent[-6:] if r.at >= trouble.since]
    bad = [r for r in last if KIN[r.symptom] is not Kin.FINE]
    kin = KIN[reading.symptom]
    in_a_row = _row([r for r in pings.recent if r.at >= trouble.since])
    if kin is not trouble.kin and sum(KIN[r.symptom] is kin for r in in_a_row[-3:]) < min(3, habit.enough[kin]):
        return trouble
    if kin is Kin.SOFT:
        return Trouble(kin, reading.symptom, trouble.since, partly=not _is_outage(in_a_row))
    partly = len(last) - len(bad) >= 3 or (trouble.partly and len(in_a_row) < habit.whole)
    return Trouble(kin, reading.symptom, trouble.since, partly=partly)


def _row(readings: list[ProbeReading] | tuple[ProbeReading, ...]) -> list[ProbeReading]:
    """Return the failures at the end of `readings`, without a good one between them."""
    row: list[ProbeReading] = []
    for reading in reversed(readings):
        if KIN[reading.symptom] is Kin.FINE:
            break
        row.insert(0, reading)
    return row


def _is_outage(row: list[ProbeReading]) -> bool:
    overloads = [r for r in row if r.symptom is Symptom.OVERLOADED]
    return len(overloads) >= _OVERLOADS and overloads[-1].at - overloads[0].at >= _OVERLOAD_SPAN
