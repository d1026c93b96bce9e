"""What may interrupt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.worlds import T0, acme, at, incident
from trayapp.decide.notify import Announced, effects
from trayapp.model.effect import Effect, Notify, Urgency, Withdraw
from trayapp.model.level import Cause, Level
from trayapp.model.provider import Feed
from trayapp.model.reading import NetworkState
from trayapp.model.settings import NotificationSettings
from trayapp.model.verdict import Case, NetworkTransition, Transition, Verdict

WISHES = NotificationSettings()


def verdict(level: Level, seconds: float = 0, case: Case = Case.SILENT_PAGE) -> Verdict:
    return Verdict("acme", level, Cause.PROVIDER, case, at(seconds), at(seconds), failed=3, tried=3)


class Tale:
    """Changes told one after the other."""

    def __init__(self, wishes: NotificationSettings = WISHES, provider: object = None) -> None:
        self.announced = Announced()
        self.wishes = wishes
        self.last = verdict(Level.OPERATIONAL)
        self.provider = acme()

    def turns(
        self,
        level: Level,
        seconds: float = 0,
        *,
        baseline: bool = False,
        paused: bool = False,
        case: Case = Case.SILENT_PAGE,
    ) -> tuple[Effect, ...]:
        after = verdict(level, seconds, case)
        change = Transition(self.last, after, baseline)
        self.last = after
        told, self.announced = effects(change, self.provider, self.announced, self.wishes, paused=paused)
        return told

    def network(self, after: NetworkState, *, baseline: bool = False, paused: bool = False) -> tuple[Effect, ...]:
        change = NetworkTransition(T0, NetworkState.ONLINE, after, "none of 3 sites answers", baseline)
        told, self.announced = effects(change, None, self.announced, self.wishes, paused=paused)
        return told


def titles(told: tuple[Effect, ...]) -> list[str]:
    return [effect.title if isinstance(effect, Notify) else f"withdraw {effect.key}" for effect in told]


@pytest.mark.parametrize(
    ("level", "title"),
    [
        (Level.DOWN, "Acme API is down"),
        (Level.DEGRADED, "Acme API works badly"),
        (Level.BLOCKED, "Acme API refuses you"),
    ],
)
def test_trouble_is_told_with_a_button_to_the_status_page(level: Level, title: str) -> None:
    [notice] = Tale().turns(level)
    assert isinstance(notice, Notify)
    assert (notice.key, notice.title, notice.urgency) == ("acme", title, Urgency.NORMAL)
    assert notice.action == ("Status page", "https://status.acme.test")
    assert notice.body.startswith("Acme API")


def test_only_when_nothing_works_a_notice_is_critical() -> None:
    change = Transition(verdict(Level.OPERATIONAL), verdict(Level.DOWN))
    [notice], _ = effects(change, acme(), Announced(), WISHES, paused=False, all_down=True)
    assert isinstance(notice, Notify)
    assert notice.urgency is Urgency.CRITICAL


def test_one_episode_is_one_notice_brought_up_to_date_in_place() -> None:
    tale = Tale()
    told = [*tale.turns(Level.BLOCKED), *tale.turns(Level.DOWN, 60), *tale.turns(Level.OPERATIONAL, 4680)]
    assert {effect.key for effect in told} == {"acme"}
    assert titles(tuple(told)) == ["Acme API refuses you", "Acme API is down", "Acme API works again (1 h 18 min)"]


def test_what_was_so_at_start_alarms_nobody_and_its_end_is_only_cleaned_up() -> None:
    tale = Tale()
    assert tale.turns(Level.DOWN, baseline=True) == ()
    assert tale.turns(Level.OPERATIONAL, 60) == ()


def test_trouble_that_ended_while_asleep_is_taken_away_silently() -> None:
    tale = Tale()
    tale.turns(Level.DOWN)
    assert tale.turns(Level.OPERATIONAL, 3600, baseline=True) == (Withdraw("acme"),)


def test_a_report_that_does_not_reach_this_user_is_not_told() -> None:
    assert Tale().turns(Level.DEGRADED, case=Case.REPORTED_WORKS) == ()


def test_what_works_here_again_is_told_though_the_page_still_reports_it_and_not_twice() -> None:
    tale = Tale()
    tale.turns(Level.DOWN)
    assert titles(tale.turns(Level.DEGRADED, 4680, case=Case.REPORTED_WORKS)) == ["Acme API works again (1 h 18 min)"]
    assert tale.turns(Level.OPERATIONAL, 5000) == ()


def test_unknown_and_well_are_no_news_of_their_own() -> None:
    tale = Tale()
    assert tale.turns(Level.UNKNOWN) == ()
    assert tale.turns(Level.OPERATIONAL) == ()


def test_an_outage_behind_an_unknown_stretch_still_ends_with_one_word() -> None:
    tale = Tale()
    tale.turns(Level.DOWN)
    tale.turns(Level.UNKNOWN, 300)
    assert titles(tale.turns(Level.OPERATIONAL, 600)) == ["Acme API works again (10 min)"]


def test_while_paused_nothing_is_told_and_nothing_stale_stays() -> None:
    tale = Tale()
    assert tale.turns(Level.DOWN, paused=True) == ()
    assert tale.turns(Level.DEGRADED) != ()
    assert tale.turns(Level.OPERATIONAL, 60, paused=True) == (Withdraw("acme"),)


@pytest.mark.parametrize(
    "wishes",
    [
        replace(WISHES, enabled=False),
        replace(WISHES, about=("recovered",)),
        replace(WISHES, mute=("acme",)),
    ],
)
def test_the_users_wishes_are_kept(wishes: NotificationSettings) -> None:
    assert Tale(wishes).turns(Level.DOWN) == ()


def test_the_users_own_network_is_one_notice_that_goes_when_it_is_back() -> None:
    tale = Tale()
    [notice] = tale.network(NetworkState.CAPTIVE_PORTAL)
    assert isinstance(notice, Notify)
    assert notice.title == "Your network wants you to log in first"
    assert notice.body == "None of 3 sites answers. Your providers are unknown until it is back."
    assert tale.network(NetworkState.ONLINE) == (Withdraw("network"),)
    assert tale.network(NetworkState.ONLINE) == ()


def test_a_network_that_was_down_at_start_alarms_nobody() -> None:
    assert Tale().network(NetworkState.OFFLINE, baseline=True) == ()
    assert Tale().network(NetworkState.OFFLINE, paused=True) == ()
    assert Tale(replace(WISHES, about=())).network(NetworkState.OFFLINE) == ()


def test_an_unwatched_provider_is_nobodys_news() -> None:
    change = Transition(verdict(Level.OPERATIONAL), verdict(Level.DOWN))
    assert effects(change, None, Announced(), WISHES, paused=False) == ((), Announced())


def test_a_page_that_is_not_https_gets_no_button() -> None:
    provider = acme(feed=Feed("statuspage", "http://127.0.0.1:8001"))
    [notice], _ = effects(
        Transition(verdict(Level.OPERATIONAL), verdict(Level.DOWN)), provider, Announced(), WISHES, paused=False
    )
    assert isinstance(notice, Notify)
    assert notice.action is None


def test_r10_a_relapse_within_half_an_hour_is_not_told_again() -> None:
    tale = Tale()
    told = [*tale.turns(Level.DOWN), *tale.turns(Level.OPERATIONAL, 600)]
    assert len(told) == 2
    assert tale.turns(Level.DOWN, 1500) == ()
    assert tale.turns(Level.DEGRADED, 1560) == ()
    assert tale.turns(Level.OPERATIONAL, 1800) == ()
    assert titles(tale.turns(Level.DOWN, 7200)) == ["Acme API is down"]


def test_r10_a_relapse_of_what_nobody_was_told_of_is_told() -> None:
    tale = Tale()
    tale.turns(Level.DOWN, paused=True)
    tale.turns(Level.OPERATIONAL, 600)
    assert titles(tale.turns(Level.DOWN, 900)) == ["Acme API is down"]


def test_r11_a_provider_is_spoken_of_three_times_a_day_and_the_last_time_is_kept_for_an_outage() -> None:
    tale = Tale()
    told: list[str] = []
    for hour in range(10):
        told += titles(tale.turns(Level.DEGRADED, hour * 7200))
        told += titles(tale.turns(Level.OPERATIONAL, hour * 7200 + 600))
    assert told[:2] == ["Acme API works badly", "Acme API works again (10 min)"]
    assert [title for title in told[2:] if not title.startswith("withdraw")] == []
    assert titles(tale.turns(Level.DOWN, 80_000)) == ["Acme API is down"]
    assert titles(tale.turns(Level.DEGRADED, 90_000)) != []


def test_r11_what_is_unstable_is_not_told() -> None:
    assert Tale().turns(Level.DEGRADED, case=Case.UNSTABLE) == ()


@pytest.mark.parametrize(("impact", "told"), [("minor", 0), ("major", 1), ("critical", 1)])
def test_a_report_beside_an_accepted_key_is_told_when_it_is_grave(impact: str, told: int) -> None:
    after = replace(verdict(Level.DEGRADED, case=Case.REPORTED_ACCEPTED), incident=incident("api", impact=impact))
    notices, _ = effects(Transition(verdict(Level.OPERATIONAL), after), acme(), Announced(), WISHES, paused=False)
    assert len(notices) == told
