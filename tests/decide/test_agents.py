"""What is shown of the coding agents, and what is offered while a provider is not well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from tests.worlds import at, ping
from trayapp.decide.agents import adorned, asked, offer, rows
from trayapp.decide.tidings import offered, planned, restored, stopped, switched, unplanned
from trayapp.model.effect import Notify
from trayapp.model.level import Cause, Level
from trayapp.model.picture import Offer, Picture, RestoreAgent, SwitchAgent
from trayapp.model.pointing import Hindrance, Pickup
from trayapp.model.switching import Candidate, Found
from trayapp.model.verdict import Case, Verdict

DEEPSEEK, OPENROUTER, MIRROR = (
    Candidate("deepseek", "DeepSeek"),
    Candidate("openrouter", "OpenRouter"),
    Candidate("mirror", "Mirror", same_upstream=True),
)
ANTHROPIC = Candidate("anthropic", "Anthropic")


def verdict(
    provider: str, level: Level = Level.OPERATIONAL, ms: int = 320, *, stale: bool = False, suspect: bool = False
) -> Verdict:
    probes = (replace(ping(0, provider=provider), seconds=ms / 1000),)
    made = Verdict(provider, level, Cause.NONE, Case.WELL, at(0), at(0), probes=probes)
    return replace(made, stale=stale, suspect=suspect)


def verdicts(*each: Verdict) -> Mapping[str, Verdict]:
    return {one.provider: one for one in each}


def claude(*targets: Candidate) -> Found:
    able = targets or (ANTHROPIC, DEEPSEEK, OPENROUTER)
    return Found("claude-code", "Claude Code", "Anthropic", "anthropic", "anthropic", targets=able)


DOWN = verdict("anthropic", Level.DOWN)
WELL = verdict("anthropic")
#: Where a switch of ours has put it.
SWITCHED = replace(claude(), uses="DeepSeek", provider="deepseek", switched_to="deepseek")


def test_the_first_that_works_is_offered_with_its_latency() -> None:
    made = offer([claude()], verdicts(DOWN, verdict("deepseek")), {})
    assert made == Offer(
        "claude-code",
        "deepseek",
        "Switch Claude Code to DeepSeek (works, 320 ms)",
        "Switch Claude Code to DeepSeek",
        "anthropic",
    )
    assert asked(made) == SwitchAgent("claude-code", "deepseek")


@pytest.mark.parametrize(
    ("wishes", "slow", "chosen"),
    [
        ((), "deepseek", "openrouter"),
        ((), "openrouter", "deepseek"),
        (("deepseek", "openrouter"), "deepseek", "deepseek"),
        (("openrouter",), "openrouter", "openrouter"),
    ],
)
def test_the_users_order_goes_before_latency(wishes: Sequence[str], slow: str, chosen: str) -> None:
    both = [verdict(id, ms=900 if id == slow else 100) for id in ("deepseek", "openrouter")]
    made = offer([claude()], verdicts(DOWN, *both), {"claude-code": wishes})
    assert made is not None and made.provider == chosen


def test_one_of_the_list_that_is_down_is_passed_over() -> None:
    known = verdicts(DOWN, verdict("deepseek", Level.DOWN), verdict("openrouter"))
    made = offer([claude()], known, {"claude-code": ["deepseek", "openrouter"]})
    assert made is not None and made.provider == "openrouter"


def test_another_name_for_the_same_comes_last_of_all() -> None:
    found = claude(MIRROR, DEEPSEEK)
    known = verdicts(DOWN, verdict("deepseek", ms=2000), verdict("mirror", ms=10))
    made = offer([found], known, {"claude-code": ["mirror"]})
    assert made is not None and made.provider == "deepseek"
    made = offer([claude(MIRROR)], known, {})
    assert made is not None and made.provider == "mirror"


@pytest.mark.parametrize(
    "known",
    [
        verdicts(WELL, verdict("deepseek")),
        verdicts(DOWN, verdict("deepseek", Level.DEGRADED)),
        verdicts(DOWN, verdict("deepseek", stale=True)),
        verdicts(DOWN, verdict("deepseek", suspect=True)),
        verdicts(DOWN),
        verdicts(verdict("anthropic", Level.OFFLINE), verdict("deepseek")),
        verdicts(verdict("anthropic", Level.DOWN, stale=True), verdict("deepseek")),
        verdicts(verdict("deepseek")),
    ],
)
def test_nothing_is_offered_without_need_or_without_anything_that_is_known_to_work(
    known: Mapping[str, Verdict],
) -> None:
    assert offer([claude()], known, {}) is None


def test_an_agent_that_cannot_be_switched_gets_no_offer_and_says_why() -> None:
    found = replace(claude(), watch_only="Its vendor does not allow it.")
    known = verdicts(DOWN, verdict("deepseek"))
    assert offer([found], known, {}) is None
    assert rows([found], known, {})[0].watch_only == "Its vendor does not allow it."


def test_the_agent_that_is_worst_off_comes_first() -> None:
    other = Found("codex", "Codex", "OpenAI", "openai", "openai", targets=(DEEPSEEK,))
    known = verdicts(verdict("openai", Level.DEGRADED), DOWN, verdict("deepseek"))
    made = offer([other, claude()], known, {})
    assert made is not None and made.agent == "claude-code"


def test_what_was_switched_is_offered_back_once_its_own_provider_works() -> None:
    found = SWITCHED
    assert offer([found], verdicts(DOWN, verdict("deepseek")), {}) is None
    made = offer([found], verdicts(WELL, verdict("deepseek")), {})
    assert made is not None and made.text == "Put Claude Code back to Anthropic (works, 320 ms)"
    assert asked(made) == RestoreAgent("claude-code")


def test_a_failing_stand_in_goes_back_home_if_that_works() -> None:
    made = offer([SWITCHED], verdicts(WELL, verdict("deepseek", Level.DOWN), verdict("openrouter")), {})
    assert made is not None and made.is_back


def test_a_row_says_what_is_known_of_each_provider() -> None:
    (row,) = rows([claude()], verdicts(DOWN, verdict("deepseek", Level.DEGRADED)), {})
    assert (row.uses, row.uses_level, row.provider) == ("Anthropic", Level.DOWN, "anthropic")
    assert [(each.name, each.word, each.level) for each in row.targets] == [
        ("OpenRouter", "not watched", Level.UNKNOWN),
        ("DeepSeek", "degraded", Level.DEGRADED),
        ("Anthropic", "down", Level.DOWN),
    ]


def test_a_running_session_that_keeps_what_it_has_is_told_of() -> None:
    assert rows([replace(claude(), pickup=Pickup.NEW_SESSION)], {}, {})[0].pickup.startswith("A running session keeps")


def test_the_picture_is_marked_until_everything_is_put_back() -> None:
    plain = Picture(Level.OPERATIONAL, "All work", "Anthropic: works")
    marked = adorned(plain, [SWITCHED], {}, {})
    assert marked.on_fallback and marked.tooltip == "Anthropic: works\nOn fallback: Claude Code"
    assert not adorned(plain, [claude()], {}, {}).on_fallback


@pytest.mark.parametrize("name", ["Claude Code", "x" * 300])
def test_the_mark_leaves_the_tooltip_within_its_bounds(name: str) -> None:
    full = Picture(Level.DOWN, "", "\n".join(["Anthropic: down", *["Beta: works"] * 8])[:127])
    found = Found("claude-code", name, "DeepSeek", switched_to="deepseek")
    tooltip = adorned(full, [found], {}, {}).tooltip
    assert len(tooltip) <= 127 and tooltip.startswith("Anthropic: down\n") and "\nOn fallback: " in tooltip


def test_the_notice_of_an_outage_carries_the_offer_and_names_the_menu_where_it_cannot() -> None:
    made = offer([claude()], verdicts(DOWN, verdict("deepseek")), {})
    notice = offered(Notify("anthropic", "Claude API is down", "It fails."), made)
    assert notice.commands == (("Switch Claude Code to DeepSeek", SwitchAgent("claude-code", "deepseek")),)
    assert notice.text(has_buttons=True) == "It fails."
    assert notice.text(has_buttons=False) == "It fails. In Uptray's menu: Switch Claude Code to DeepSeek."
    assert offered(Notify("openai", "OpenAI is down", ""), made).commands == ()


def test_a_switch_can_be_undone_from_its_notice() -> None:
    notice = switched(claude(), "deepseek", "")
    assert notice.title == "Claude Code now uses DeepSeek"
    assert notice.commands == (("Undo", RestoreAgent("claude-code")),)
    assert restored(claude(), "").title == "Claude Code uses Anthropic again"


def test_a_plan_says_what_is_done_first_and_when_it_is_seen() -> None:
    limit = Hindrance("the models are fixed in the project", stops=False)
    plan = planned(("codex", "Codex"), ("deepseek", "DeepSeek"), Pickup.LIVE, ["--- a\n+b", "--- c"], [limit])
    assert plan.title == "Switch Codex to DeepSeek?" and plan.diff == ("--- a", "+b", "", "--- c", "")
    assert plan.remarks == (
        "the models are fixed in the project.",
        "DeepSeek is first asked for one answer.",
        "Running sessions see it at once.",
    )
    assert plan.refusal == ""


def test_a_plan_that_would_have_no_effect_cannot_be_accepted() -> None:
    plan = planned(("codex", "Codex"), ("deepseek", "DeepSeek"), Pickup.LIVE, [], [Hindrance("a company's file wins")])
    assert plan.refusal == "It would have no effect: a company's file wins."
    assert unplanned("codex", "deepseek", "not JSON").refusal == "not JSON"


def test_what_stopped_the_automatism_is_told_without_a_button() -> None:
    assert stopped(claude()).title == "Claude Code is left alone from now on"
    assert stopped(claude()).commands == ()


def test_a_ping_that_is_checked_again_is_called_so() -> None:
    (row,) = rows([claude(DEEPSEEK)], verdicts(verdict("deepseek", suspect=True)), {})
    assert row.targets[0].word == "checking again"
