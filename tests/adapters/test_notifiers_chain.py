"""The best notifier that works is used, for each notice anew, and the doctor can say which and why."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.fakes import FakeNotifier
from trayapp.adapters import notifiers
from trayapp.adapters.notifiers._deadline import Stuck
from trayapp.adapters.notifiers._first import FirstThatWorks
from trayapp.adapters.notifiers.nothing import Nothing
from trayapp.model.effect import Notify
from trayapp.model.ports import Notifier

DOWN = Notify("acme", "Acme is down", "It fails for you")


class Named(FakeNotifier):
    def __init__(self, name: str, refusal: str | None = None, *, stuck: bool = False) -> None:
        super().__init__(refusal)
        self.name = name
        self.stuck = stuck
        self.asked = 0

    async def start(self) -> None:
        self.asked += 1
        if self.stuck:
            raise Stuck("does not answer")
        await super().start()


async def test_the_first_that_works_is_used_and_the_rest_is_left_alone() -> None:
    best, next_best = Named("best"), Named("next")
    first = FirstThatWorks([best, next_best, Nothing()])
    await first.start()
    await first.notify(DOWN)
    assert first.name == "best"
    assert (list(best.live), next_best.asked) == (["acme"], 0)


async def test_when_it_refuses_the_next_one_shows_the_notice() -> None:
    best, next_best = Named("best", "no bus"), Named("next")
    first = FirstThatWorks([best, next_best, Nothing()])
    await first.notify(DOWN)
    assert first.name == "next"
    assert list(next_best.live) == ["acme"]
    assert first.report()[0] == ("best", "no bus")
    assert first.report()[1][1].startswith("works (actions")


async def test_a_better_one_that_came_back_takes_the_notice_over() -> None:
    best, next_best = Named("best", "no bus"), Named("next")
    first = FirstThatWorks([best, next_best, Nothing()])
    await first.notify(DOWN)
    best.refusal = None
    await first.notify(DOWN)
    assert first.name == "best"
    assert (list(best.live), list(next_best.live)) == (["acme"], [])


async def test_a_stuck_one_is_not_asked_again_by_another_way() -> None:
    stuck, same_daemon = Named("stuck", stuck=True), Named("same daemon")
    first = FirstThatWorks([stuck, same_daemon, Nothing()])
    await first.notify(DOWN)
    assert same_daemon.asked == 0
    assert first.name == "nothing"


async def test_when_nothing_works_nobody_is_bothered() -> None:
    first = FirstThatWorks([Named("best", "no bus"), Nothing()])
    await first.start()
    await first.notify(DOWN)
    await first.withdraw("acme")
    assert first.report() == (("best", "no bus"), ("nothing", "works"))
    assert first.capabilities == frozenset()


async def test_a_notice_is_withdrawn_where_it_was_shown() -> None:
    best, next_best = Named("best", "no bus"), Named("next")
    first = FirstThatWorks([best, next_best, Nothing()])
    await first.notify(DOWN)
    best.refusal = None
    await first.withdraw("acme")
    assert next_best.live == {}


async def test_before_its_first_use_it_has_asked_nobody() -> None:
    best = Named("best")
    assert FirstThatWorks([best, Nothing()]).report() == (("best", "not needed"), ("nothing", "not needed"))
    assert best.asked == 0


@pytest.mark.parametrize(
    ("platform", "order"),
    [
        ("linux", ["freedesktop", "qt", "plyer", "nothing"]),
        ("win32", ["desktop-notifier", "plyer", "qt", "nothing"]),
        ("darwin", ["desktop-notifier", "plyer", "qt", "nothing"]),
        ("plan9", ["qt", "nothing"]),
    ],
)
def test_each_platform_has_its_order(platform: str, order: list[str]) -> None:
    made: Notifier = notifiers.chain([Named("qt")], lambda url: None, platform)
    assert isinstance(made, FirstThatWorks)
    assert [name for name, _ in made.report()] == order


def test_every_file_of_the_folder_is_found() -> None:
    assert [name.rpartition(".")[2] for name in notifiers.names()] == ["balloon", "freedesktop", "nothing", "toast"]


def test_making_the_chain_loads_no_heavy_library() -> None:
    code = (
        "import sys; from trayapp.adapters.notifiers import chain; chain((), print, sys.platform);"
        "print([name for name in ('dbus_fast', 'plyer', 'desktop_notifier', 'PySide6') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == "[]"
