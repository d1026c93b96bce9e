"""What `uptray watch` prints of an agent that uses another provider now."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.worlds import T0
from trayapp.cli.watch import line
from trayapp.decide.tidings import switch_event
from trayapp.model.switching import Found

BEFORE = Found("claude-code", "Claude Code", "Anthropic", "anthropic", "anthropic")
AFTER = Found("claude-code", "Claude Code", "DeepSeek", "deepseek", "anthropic", "deepseek")


@pytest.mark.parametrize(
    ("old", "new", "said"), [(BEFORE, AFTER, "anthropic -> deepseek"), (AFTER, BEFORE, "deepseek -> anthropic")]
)
def test_a_switch_is_one_line(old: Found, new: Found, said: str) -> None:
    event = switch_event(old, new, T0 + timedelta(minutes=1))
    assert line(event).endswith(f"claude-code: {said}")
    assert (event["event"], event["at"]) == ("switch", "2026-04-28T17:01:00Z")
