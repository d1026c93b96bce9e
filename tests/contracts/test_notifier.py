"""What every notifier promises, whoever shows the notices: run on the real ones and on the fake."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.fakes import FakeNotifier
from trayapp.adapters.notifiers._first import FirstThatWorks
from trayapp.adapters.notifiers.nothing import Nothing
from trayapp.model.effect import Notify, Urgency
from trayapp.model.ports import Capability, Notifier

PAGE = ("Status page", "https://status.example.com/")
DOWN = Notify("acme", "Acme is down", "It fails for you", Urgency.CRITICAL, PAGE)
OTHER = Notify("other", "Other is down", "It fails as well")


class NotifierContract:
    """Subclass it, give `make` and `count`; a Test class then inherits the promises."""

    def make(self) -> Notifier:
        raise NotImplementedError

    def count(self) -> int | None:
        """Return how many notices the user sees now, None when that cannot be known."""
        raise NotImplementedError

    @contextlib.asynccontextmanager
    async def started(self) -> AsyncIterator[Notifier]:
        notifier = self.make()
        try:
            await notifier.start()
            yield notifier
        finally:
            await notifier.close()

    async def test_it_has_a_name_for_the_doctor(self) -> None:
        async with self.started() as notifier:
            assert notifier.name

    async def test_it_is_able_only_to_what_the_port_knows(self) -> None:
        async with self.started() as notifier:
            assert notifier.capabilities <= frozenset(Capability)

    async def test_one_key_is_one_notice_where_it_can_replace(self) -> None:
        async with self.started() as notifier:
            for body in ("first", "second", "third"):
                await notifier.notify(Notify("acme", "Acme is down", body))
            await notifier.notify(OTHER)
            if Capability.REPLACE in notifier.capabilities:
                assert self.count() == 2

    async def test_a_withdrawn_notice_is_gone_where_it_can_withdraw(self) -> None:
        async with self.started() as notifier:
            await notifier.notify(DOWN)
            await notifier.notify(OTHER)
            await notifier.withdraw("acme")
            if Capability.WITHDRAW in notifier.capabilities:
                assert self.count() == 1

    async def test_withdrawing_what_is_not_shown_is_no_fault(self) -> None:
        async with self.started() as notifier:
            await notifier.withdraw("never shown")
            await notifier.notify(DOWN)
            await notifier.withdraw("acme")
            await notifier.withdraw("acme")

    async def test_a_notice_can_come_back_after_it_was_withdrawn(self) -> None:
        async with self.started() as notifier:
            await notifier.notify(DOWN)
            await notifier.withdraw("acme")
            await notifier.notify(DOWN)
            if Capability.WITHDRAW in notifier.capabilities:
                assert self.count() == 1

    async def test_no_text_is_too_much_for_it(self) -> None:
        async with self.started() as notifier:
            for text in ("", "-x --help", "<b>&\"'\0\ud800\u202e\n\ufffe", "🧑\u200d🚀" * 5000):
                await notifier.notify(Notify("acme", text, text, action=(text, "https://status.example.com/")))

    async def test_starting_and_closing_twice_is_no_fault(self) -> None:
        async with self.started() as notifier:
            await notifier.start()
            await notifier.close()


class TestNothing(NotifierContract):
    def make(self) -> Notifier:
        return Nothing()

    def count(self) -> int | None:
        return None

    def test_it_says_that_it_can_do_nothing(self) -> None:
        assert self.make().capabilities == frozenset()


class TestFakeNotifier(NotifierContract):
    def make(self) -> Notifier:
        self.fake = FakeNotifier()
        return self.fake

    def count(self) -> int | None:
        return len(self.fake.live)


class TestFirstThatWorks(NotifierContract):
    def make(self) -> Notifier:
        self.fake = FakeNotifier()
        return FirstThatWorks([FakeNotifier("never here"), self.fake, Nothing()])

    def count(self) -> int | None:
        return len(self.fake.live)


class TestFreedesktopOnDunst(NotifierContract):
    @pytest.fixture(autouse=True)
    def dunst(self, request: pytest.FixtureRequest) -> Iterator[None]:
        self.desktop = request.getfixturevalue("desktop")
        self.desktop.stop("notifications")
        self.desktop.start_notifications()
        yield
        self.desktop.stop("notifications")

    def make(self) -> Notifier:
        from trayapp.adapters.notifiers.freedesktop import Freedesktop

        return Freedesktop(lambda url: None, self.desktop.env["DBUS_SESSION_BUS_ADDRESS"])

    def count(self) -> int | None:
        return int(self.desktop.displayed())
