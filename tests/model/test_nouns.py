"""What the nouns themselves promise."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import PurePosixPath

from trayapp.model.agent import FileEdit, Named, Switch
from trayapp.model.pointing import Hindrance, Session, Target
from trayapp.model.provider import Route
from trayapp.model.trail import Foreign

CANARY = "sk-canary"


def test_no_repr_shows_what_a_file_holds() -> None:
    named = Named(("env", "KEY"), f'"{CANARY}"', None)
    edit = FileEdit(PurePosixPath("/home/a/s.json"), CANARY.encode(), None, CANARY.encode(), (named,))
    shown = repr(Switch("a", "b", datetime(2026, 1, 1, tzinfo=UTC), (edit,)))
    assert CANARY not in shown
    assert "s.json" in shown
    assert repr(named) == "Named(('env', 'KEY'), …)"


def test_no_repr_shows_a_key_that_goes_to_an_agent() -> None:
    route = Route("chat", "https://api.acme.test/v1", models={"default": "large", "small": "tiny"})
    target = Target("acme", "Acme", route, clear_key=CANARY)
    assert CANARY not in repr(target)
    assert CANARY not in repr(Session(environ={"ACME_API_KEY": CANARY}))
    assert Hindrance("no").stops
    assert Foreign() == Foreign()


def test_a_target_has_a_model_for_every_role() -> None:
    route = Route("chat", "https://api.acme.test/v1", models={"default": "large", "small": "tiny"})
    assert [Target("acme", "Acme", route).model(role) for role in ("small", "opus", "default")] == [
        "tiny",
        "large",
        "large",
    ]
    only = Route("chat", "https://api.acme.test/v1", models={"opus": "big"})
    assert Target("acme", "Acme", only).model() == "big"
    assert Target("acme", "Acme", Route("chat", "https://api.acme.test/v1")).model() is None
