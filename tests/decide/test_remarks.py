"""What is said of a status page beside its level."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.worlds import T0, acme, page
from trayapp.decide import document as doc
from trayapp.decide.present import picture
from trayapp.decide.remarks import abandoned, foreign
from trayapp.model.level import Cause, Level
from trayapp.model.reading import PageReading
from trayapp.model.verdict import Case, FeedView, Verdict

READING = page(0, {"api": Level.OPERATIONAL})
VIEW = FeedView("statuspage", READING.url, Level.OPERATIONAL, T0, None, READING, frozenset({"api"}))


def verdict(view: FeedView) -> Verdict:
    return Verdict("acme", view.level, Cause.NONE, Case.PAGE_ONLY, T0, T0, feed=view)


def feed(view: FeedView) -> dict[str, object]:
    return dict(doc.document(verdict(view), acme(), "")["feed"])


def changed(at: datetime | None) -> FeedView:
    assert READING.page is not None
    return replace(VIEW, reading=PageReading("acme", T0, "u", replace(READING.page, changed_at=at)))


@pytest.mark.parametrize(("days", "is_said"), [(0, False), (-1, False), (90, False), (91, True), (900, True)])
def test_a_page_that_stands_still_for_more_than_ninety_days_may_be_abandoned(days: int, is_said: bool) -> None:
    said = abandoned(T0 - timedelta(days=days), T0)
    assert (said is not None) == is_said
    assert said is None or f"{days} days" in said


def test_a_page_without_any_date_is_not_called_abandoned() -> None:
    assert abandoned(None, T0) is None


def test_the_document_tells_when_the_page_last_changed_and_keeps_its_level() -> None:
    lately = feed(changed(T0 - timedelta(days=2)))
    assert (lately["changed_at"], lately["note"]) == ("2026-04-26T17:00:00Z", None)
    old = feed(changed(T0 - timedelta(days=140)))
    assert old["note"] == "Nothing on this page has changed for 140 days: it may be abandoned."
    assert (old["level"], old["error"]) == ("operational", None)


def test_the_window_has_a_line_about_a_page_that_stands_still() -> None:
    [row] = picture([verdict(changed(T0 - timedelta(days=140)))], {"acme": acme()}, T0).rows
    assert ["may be abandoned" in fact.value for fact in row.facts if fact.label == "About the page"] == [True]
    [row] = picture([verdict(VIEW)], {"acme": acme()}, T0).rows
    assert not [fact for fact in row.facts if fact.label == "About the page"]


def test_a_page_of_somebody_else_is_an_error_that_names_what_is_missing() -> None:
    strange = replace(VIEW, level=Level.UNKNOWN, counts=frozenset(), lost=("api", "chat"))
    said = "none of the components that count is on this page: api, chat"
    assert (feed(strange)["error"], feed(strange)["level"]) == (said, "unknown")
    [row] = picture([verdict(strange)], {"acme": acme()}, T0).rows
    assert said in [fact.value for fact in row.facts]


def test_of_many_missing_components_a_few_are_named() -> None:
    strange = replace(VIEW, counts=frozenset({"i1"}), lost=tuple("abcdefg"))
    assert foreign(strange) == "none of the components that count is on this page: a, b, c, d, e and 2 more"


def test_a_page_on_which_something_counts_or_that_could_not_be_read_is_not_called_anothers() -> None:
    assert foreign(replace(VIEW, lost=("chat",))) is None
    assert foreign(replace(VIEW, error="HTTP 503", lost=("api",), counts=frozenset())) is None
    assert foreign(replace(VIEW, reading=None, lost=("api",), counts=frozenset())) is None
