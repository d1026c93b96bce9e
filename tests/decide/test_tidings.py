"""What is told of agents."""

from __future__ import annotations

from dataclasses import replace

from tests.worlds import at
from trayapp.decide import tidings
from trayapp.model.switching import Found

CODEX = Found("codex", "Codex", "OpenAI", provider="openai", home="openai")


def test_a_refusal_names_the_agent_and_the_reason() -> None:
    notice = tidings.refused("Codex", "codex", "config.toml, line 3: it is broken")
    assert (notice.title, notice.body) == ("Codex was left as it is", "config.toml, line 3: it is broken")


def test_an_agent_that_uses_another_provider_is_an_event() -> None:
    after = replace(CODEX, provider="acme", switched_to="acme")
    event = tidings.switch_event(CODEX, after, at(0))
    assert (event["event"], event["at"], event["agent"]) == ("switch", "2026-04-28T17:00:00Z", "codex")
    assert (event["from"], event["to"]) == ("openai", "acme")
