"""The steward: what the user asks for is done and told, and an outage that lasts points an agent elsewhere and back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

from tests.fakes import FakeClock, FakeJournal, FakeNotifier
from trayapp.decide.switch import Policy
from trayapp.herald import Herald
from trayapp.model.level import Cause, Level
from trayapp.model.picture import (
    DropPlan,
    Picture,
    Plan,
    PlanSwitch,
    Refresh,
    RestoreAgent,
    SwitchAgent,
)
from trayapp.model.ports import Refused
from trayapp.model.settings import FallbackSettings, NotificationSettings
from trayapp.model.switching import Candidate, Found
from trayapp.model.verdict import Case, Verdict
from trayapp.steward import Steward

CLAUDE = Found(
    "claude-code",
    "Claude Code",
    "Anthropic",
    "anthropic",
    "anthropic",
    targets=(Candidate("anthropic", "Anthropic"), Candidate("deepseek", "DeepSeek")),
)
ALLOWED = FallbackSettings(enabled=True, agents={"claude-code": ("deepseek",)})
UP, DOWN = Level.OPERATIONAL, Level.DOWN


class Files:
    """A machine with one agent; `refusal` makes it refuse."""

    def __init__(self) -> None:
        self.agent = CLAUDE
        self.refusal: str | None = None
        self.did: list[str] = []
        self.looks = 0
        self.is_changed = False

    async def found(self) -> tuple[Found, ...]:
        self.looks += 1
        self.is_changed = False
        return (self.agent,)

    async def changed(self) -> bool:
        return self.is_changed

    async def plan(self, agent: str, provider: str) -> Plan:
        return Plan(agent, provider, f"Switch {agent} to {provider}?")

    async def switch(self, agent: str, provider: str) -> str:
        self._check()
        self.did.append(f"{agent} -> {provider}")
        self.agent = replace(self.agent, uses=provider, provider=provider, switched_to=provider)
        return ""

    async def restore(self, agent: str) -> str:
        self._check()
        self.did.append(f"{agent} back")
        self.agent = CLAUDE
        return ""

    def _check(self) -> None:
        if self.refusal is not None:
            raise Refused(self.refusal)


class Story:
    """A steward on a clock that is moved."""

    def __init__(self, wishes: FallbackSettings | None = None, journal: FakeJournal | None = None) -> None:
        self.clock, self.journal, self.notifier = FakeClock(), journal or FakeJournal(), FakeNotifier()
        self.files, self.events = Files(), list[dict[str, Any]]()
        self.levels = {"anthropic": UP, "deepseek": UP}
        self.shown = 0
        self.herald = Herald(self.notifier, NotificationSettings())
        self.herald.listen(self.events.append)
        self.steward = Steward(self.files, self.clock, self.journal)
        self.steward.attach(self.herald, wishes or FallbackSettings(), self.verdicts, self.show)

    def verdicts(self) -> tuple[Verdict, ...]:
        now = self.clock.now()
        return tuple(Verdict(id, level, Cause.NONE, Case.WELL, now, now) for id, level in self.levels.items())

    def show(self) -> None:
        self.shown += 1

    def picture(self) -> Picture:
        return self.steward.adorned(Picture(UP, "", "tip"))

    @property
    def told(self) -> list[str]:
        return [notice.title for notice in self.notifier.shown]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Story]:
        tasks = [asyncio.create_task(self.steward.run()), asyncio.create_task(self.herald.run())]
        await self.clock.advance(0)
        try:
            yield self
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def goes(self, minutes: float, **levels: Level) -> None:
        self.levels |= levels
        await self.clock.advance(minutes * 60)


async def test_what_the_user_chose_is_done_told_and_can_be_undone() -> None:
    async with Story().running() as story:
        story.steward.obey(SwitchAgent("claude-code", "deepseek"))
        await story.goes(0)
        assert story.files.did == ["claude-code -> deepseek"] and story.picture().on_fallback
        notice = story.notifier.shown[0]
        assert notice.title == "Claude Code now uses DeepSeek" and notice.commands[0][0] == "Undo"
        story.steward.obey(notice.commands[0][1])
        await story.goes(0)
        assert story.told == ["Claude Code now uses DeepSeek", "Claude Code uses Anthropic again"]
        assert not story.picture().on_fallback
        assert [(e["event"], e["agent"], e["from"], e["to"]) for e in story.events] == [
            ("switch", "claude-code", "anthropic", "deepseek"),
            ("switch", "claude-code", "deepseek", "anthropic"),
        ]


async def test_a_refusal_is_told_with_its_reason() -> None:
    async with Story().running() as story:
        story.files.refusal = "settings.json, line 3: not JSON"
        story.steward.obey(SwitchAgent("claude-code", "deepseek"))
        await story.goes(0)
        notice = story.notifier.shown[0]
        assert (notice.title, notice.body) == ("Claude Code was left as it is", "settings.json, line 3: not JSON")
        assert notice.commands == () and not story.picture().on_fallback


async def test_a_plan_is_shown_until_it_is_decided() -> None:
    async with Story().running() as story:
        story.steward.obey(PlanSwitch("claude-code", "deepseek"))
        await story.goes(0)
        assert story.picture().plan == Plan("claude-code", "deepseek", "Switch claude-code to deepseek?")
        story.steward.obey(DropPlan())
        assert story.picture().plan is None and story.files.did == []
        story.steward.obey(PlanSwitch("claude-code", "deepseek"))
        await story.goes(0)
        story.steward.obey(SwitchAgent("claude-code", "deepseek"))
        assert story.picture().plan is None


async def test_it_looks_every_minute_and_sooner_when_a_file_changed_or_the_menu_is_opened() -> None:
    async with Story().running() as story:
        assert story.files.looks == 1
        await story.goes(5)
        assert story.files.looks == 6
        story.files.is_changed = True
        await story.goes(0.1)
        assert story.files.looks == 7
        story.steward.obey(Refresh())
        await story.goes(0)
        assert story.files.looks == 8


async def test_what_another_program_switched_is_shown_and_told_of_as_an_event() -> None:
    async with Story().running() as story:
        story.files.agent = replace(CLAUDE, provider="deepseek", switched_to="deepseek")
        await story.goes(1)
        assert story.picture().on_fallback and [event["to"] for event in story.events] == ["deepseek"]
        assert story.told == []


async def test_by_itself_nothing_happens_unless_it_was_asked_for() -> None:
    async with Story().running() as story:
        await story.goes(300, anthropic=DOWN)
        assert story.files.did == []
        assert story.steward.offer is not None


async def test_by_itself_it_goes_after_five_minutes_and_comes_back_when_the_hour_is_over() -> None:
    async with Story(ALLOWED).running() as story:
        await story.goes(7, anthropic=DOWN)
        assert story.files.did == ["claude-code -> deepseek"]
        await story.goes(50, anthropic=UP)
        assert len(story.files.did) == 1
        await story.goes(20)
        assert story.files.did == ["claude-code -> deepseek", "claude-code back"]
        assert story.told == ["Claude Code now uses DeepSeek", "Claude Code uses Anthropic again"]


async def test_quiet_is_kept_for_what_nobody_asked_for() -> None:
    async with Story(ALLOWED).running() as story:
        story.herald.pause(None, story.clock.now())
        await story.goes(7, anthropic=DOWN)
        assert story.files.did and story.told == []
        story.steward.obey(RestoreAgent("claude-code"))
        await story.goes(0)
        assert story.told == ["Claude Code uses Anthropic again"]


async def test_a_refused_switch_by_itself_is_tried_again_later_and_told_once() -> None:
    async with Story(ALLOWED).running() as story:
        story.files.refusal = "DeepSeek did not answer"
        await story.goes(29, anthropic=DOWN)
        assert story.told == ["Claude Code was left as it is"]
        story.files.refusal = None
        await story.goes(10)
        assert story.files.did == ["claude-code -> deepseek"]


async def test_a_file_that_something_else_changed_ends_it_with_a_word() -> None:
    async with Story(ALLOWED).running() as story:
        await story.goes(7, anthropic=DOWN)
        story.files.agent = replace(story.files.agent, is_changed=True)
        await story.goes(200, anthropic=UP)
        assert story.files.did == ["claude-code -> deepseek"]
        assert story.told[1:] == ["Claude Code is left alone from now on"]


async def test_a_restart_neither_forgets_what_was_done_nor_does_anything() -> None:
    async with Story(ALLOWED).running() as first:
        await first.goes(7, anthropic=DOWN)
    kept = first.journal.texts["fallback"]
    second = Story(ALLOWED, first.journal)
    second.files.agent = first.files.agent
    async with second.running():
        assert second.files.did == [] and second.told == [] and second.journal.texts["fallback"] == kept
        await second.goes(80)
        assert second.files.did == ["claude-code back"]


async def test_what_was_kept_and_is_damaged_is_begun_anew() -> None:
    journal = FakeJournal()
    journal.texts["fallback"] = json.dumps([1, 2])
    async with Story(ALLOWED, journal).running() as story:
        assert story.steward._policy == replace(Policy(), at=story.steward._policy.at, well=story.steward._policy.well)
