"""When an agent is pointed elsewhere by itself, and back: seldom, never in haste, and never against the user."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds import T0
from trayapp.decide.switch import Policy, chosen, failed, step, was_refused
from trayapp.model.effect import Flip, Repoint, Restore
from trayapp.model.level import Cause, Level
from trayapp.model.settings import FallbackSettings
from trayapp.model.switching import Candidate, Found
from trayapp.model.verdict import Case, Verdict

WISH = FallbackSettings(enabled=True, agents={"claude-code": ("deepseek", "openrouter")})
CLAUDE = Found(
    "claude-code",
    "Claude Code",
    "Anthropic",
    "anthropic",
    "anthropic",
    targets=(
        Candidate("anthropic", "Anthropic"),
        Candidate("deepseek", "DeepSeek"),
        Candidate("openrouter", "OpenRouter"),
    ),
)
UP, DOWN = Level.OPERATIONAL, Level.DOWN
MINUTE = timedelta(minutes=1)


def verdict(provider: str, level: Level, *, stale: bool = False) -> Verdict:
    return Verdict(provider, level, Cause.NONE, Case.WELL, T0, T0, stale=stale)


class Story:
    """A machine whose files do what the policy says, minute by minute."""

    def __init__(self, wish: FallbackSettings = WISH, found: Found = CLAUDE) -> None:
        self.wish, self.found = wish, found
        self.policy, self.now = Policy(), T0
        self.levels = {"anthropic": UP, "deepseek": UP, "openrouter": UP}
        self.flips: list[tuple[int, Flip]] = []

    @property
    def minute(self) -> int:
        return round((self.now - T0) / MINUTE)

    def goes(self, minutes: int = 1, **levels: Level) -> Story:
        """Let minutes pass with the providers at these levels."""
        self.levels |= levels
        for _ in range(minutes):
            known = {id: verdict(id, level) for id, level in self.levels.items()}
            flips, self.policy = step(self.policy, [self.found], known, self.wish, self.now)
            for flip in flips:
                self.flips.append((self.minute, flip))
                self.points(flip.provider if isinstance(flip, Repoint) else None)
            self.now += MINUTE
        return self

    def points(self, provider: str | None) -> None:
        self.found = replace(self.found, provider=provider or "anthropic", switched_to=provider)

    def switches_by_hand(self, provider: str) -> Story:
        self.points(provider)
        self.policy = chosen(self.policy, "claude-code", self.now, put_back=False)
        return self

    def puts_back_by_hand(self) -> Story:
        self.points(None)
        self.policy = chosen(self.policy, "claude-code", self.now, put_back=True)
        return self


def test_after_five_minutes_of_an_outage_the_first_of_the_list_stands_in_and_goes_back_when_it_is_over() -> None:
    story = Story().goes(10).goes(80, anthropic=DOWN).goes(30, anthropic=UP)
    assert story.flips == [(15, Repoint("claude-code", "deepseek")), (105, Restore("claude-code"))]


def test_one_that_fails_is_passed_over() -> None:
    story = Story().goes(6, anthropic=DOWN, deepseek=DOWN)
    assert story.flips == [(5, Repoint("claude-code", "openrouter"))]


def test_it_never_goes_to_another_name_for_the_same() -> None:
    same = replace(CLAUDE, targets=(Candidate("deepseek", "DeepSeek", same_upstream=True),))
    assert Story(found=same).goes(60, anthropic=DOWN).flips == []


@pytest.mark.parametrize(
    "wish",
    [
        FallbackSettings(),
        replace(WISH, enabled=False),
        replace(WISH, agents={"codex": ("deepseek",)}),
        replace(WISH, agents={"claude-code": ()}),
    ],
)
def test_nothing_happens_by_itself_that_was_not_asked_for(wish: FallbackSettings) -> None:
    assert Story(wish).goes(60, anthropic=DOWN).flips == []


def test_what_can_only_be_watched_is_left_alone() -> None:
    assert Story(found=replace(CLAUDE, watch_only="because")).goes(60, anthropic=DOWN).flips == []


@pytest.mark.parametrize(("asked", "flips"), [(False, 0), (True, 1)])
def test_a_refusal_that_is_about_the_user_counts_only_when_asked(asked: bool, flips: int) -> None:
    assert len(Story(replace(WISH, blocked=asked)).goes(20, anthropic=Level.BLOCKED).flips) == flips


@pytest.mark.parametrize("level", [Level.DEGRADED, Level.UNKNOWN, Level.OFFLINE, Level.MAINTENANCE])
def test_nothing_less_than_down_counts(level: Level) -> None:
    assert Story().goes(60, anthropic=level).flips == []


def test_an_outage_with_a_breath_in_it_is_two_short_ones() -> None:
    story = Story().goes(4, anthropic=DOWN).goes(1, anthropic=UP).goes(4, anthropic=DOWN)
    assert story.flips == []


def test_what_happened_while_the_machine_slept_counts_for_nothing() -> None:
    story = Story().goes(4, anthropic=DOWN)
    story.now += timedelta(hours=8)
    assert story.goes(4).flips == []
    assert story.goes(2).flips == [(489, Repoint("claude-code", "deepseek"))]


def test_within_the_hour_it_stays_where_it_is() -> None:
    story = Story().goes(6, anthropic=DOWN).goes(40, anthropic=UP)
    assert len(story.flips) == 1
    assert story.goes(30).flips[1:] == [(65, Restore("claude-code"))]


def test_a_switch_by_hand_stays_until_it_is_undone() -> None:
    story = Story().switches_by_hand("openrouter").goes(300, anthropic=DOWN).goes(300, anthropic=UP, openrouter=DOWN)
    assert story.flips == []


def test_what_the_user_put_back_is_not_switched_again_in_the_same_outage() -> None:
    story = Story().goes(6, anthropic=DOWN).puts_back_by_hand().goes(600)
    assert len(story.flips) == 1
    assert len(story.goes(1, anthropic=UP).goes(10, anthropic=DOWN).flips) == 2


def test_what_another_program_put_back_is_not_switched_again_either() -> None:
    story = Story().goes(6, anthropic=DOWN)
    story.points(None)
    assert len(story.goes(600).flips) == 1


def test_a_file_that_something_else_changed_is_left_alone_until_the_user_chooses() -> None:
    story = Story().goes(6, anthropic=DOWN)
    story.found = replace(story.found, is_changed=True)
    story.goes(1)
    assert story.policy.charge("claude-code").stopped
    assert len(story.goes(300, anthropic=UP).flips) == 1
    story.found = replace(story.found, is_changed=False)
    assert len(story.puts_back_by_hand().goes(70).goes(10, anthropic=DOWN).flips) == 2


def test_a_provider_that_refused_is_not_tried_again_at_once() -> None:
    story = Story().goes(6, anthropic=DOWN)
    story.points(None)
    story.policy = failed(story.policy, story.flips[0][1], Policy().charge("claude-code"), story.now)
    assert story.goes(1).flips[1:] == [(6, Repoint("claude-code", "openrouter"))]


def test_a_switch_that_stands_from_before_and_is_not_known_to_be_ours_is_the_users() -> None:
    story = Story()
    story.points("deepseek")
    assert story.goes(200).flips == []


# ---- whatever happens


@dataclass(frozen=True)
class Turn:
    minutes: int
    level: Level
    other: Level
    deed: str


TURNS = st.lists(
    st.builds(
        Turn,
        st.integers(1, 90),
        st.sampled_from([UP, DOWN, DOWN, Level.DEGRADED, Level.UNKNOWN, Level.BLOCKED]),
        st.sampled_from([UP, UP, DOWN]),
        st.sampled_from(["", "", "", "switch", "back", "foreign", "sleep", "clock"]),
    ),
    max_size=12,
)


class Watcher(Story):
    """Checks each flip at the minute at which it is made."""

    def __init__(self) -> None:
        super().__init__()
        self.down_since: datetime | None = None
        self.by_hand = False
        self.made_at: list[datetime] = []

    def minute_of(self, turn: Turn) -> None:
        self.levels |= {"anthropic": turn.level, "deepseek": turn.other}
        used = self.found.provider or ""
        is_down = self.levels[used] is DOWN
        self.down_since = (self.down_since or self.now) if is_down else None
        before, at = len(self.flips), self.now
        self.goes(1)
        for _, flip in self.flips[before:]:
            assert not self.by_hand
            assert all(at - earlier >= timedelta(hours=1) for earlier in self.made_at)
            if isinstance(flip, Repoint):
                assert self.down_since is not None and at - self.down_since >= timedelta(seconds=WISH.after_s)
            self.made_at.append(at)
            self.down_since = None

    def does(self, deed: str) -> None:
        self.down_since = None if deed in ("switch", "back", "sleep", "clock") else self.down_since
        if deed == "switch":
            self.switches_by_hand("openrouter")
            self.by_hand = True
        elif deed == "back":
            self.puts_back_by_hand()
            self.by_hand = False
        elif deed == "foreign":
            self.found = replace(self.found, is_changed=self.found.switched_to is not None)
        elif deed == "sleep":
            self.now += timedelta(hours=3)
        elif deed == "clock":
            self.now -= timedelta(minutes=20)


@settings(max_examples=300, deadline=None)
@given(TURNS)
def test_never_two_flips_within_the_hour_none_without_a_long_outage_and_none_against_the_user(
    turns: list[Turn],
) -> None:
    watcher = Watcher()
    for turn in turns:
        watcher.does(turn.deed)
        for _ in range(turn.minutes):
            watcher.minute_of(turn)


def test_a_failing_stand_in_gives_way_to_the_next_once_the_hour_is_over() -> None:
    story = Story().goes(6, anthropic=DOWN).goes(70, deepseek=DOWN)
    assert story.flips[1:] == [(65, Repoint("claude-code", "openrouter"))]


def test_putting_back_that_was_refused_is_tried_again_later() -> None:
    story = Story().goes(6, anthropic=DOWN).goes(59, anthropic=UP)
    before = story.policy.charge("claude-code")
    story.goes(1)
    assert story.flips[1:] == [(65, Restore("claude-code"))]
    story.points("deepseek")
    story.policy = failed(story.policy, Restore("claude-code"), before, story.now)
    assert was_refused(story.policy, Restore("claude-code"))
    assert story.goes(20).flips[2:] == [(76, Restore("claude-code"))]


def test_what_is_no_longer_fresh_counts_for_nothing() -> None:
    policy, now = Policy(), T0
    for _ in range(30):
        known = {"anthropic": verdict("anthropic", DOWN, stale=True), "deepseek": verdict("deepseek", UP)}
        flips, policy = step(policy, [CLAUDE], known, WISH, now)
        assert flips == ()
        now += MINUTE
