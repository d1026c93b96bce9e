"""What is to be said of a status page beside its level: that it is another's, or that nobody seems to tend it.

Neither changes a level. A page whose date stands still may just have nothing to tell (OpenAI's did for two months in
2026), and a page on which nothing that counts is found is unknown already.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from trayapp.decide.tongue import _

if TYPE_CHECKING:
    from trayapp.model.verdict import FeedView

#: Pages were left behind for as long when their owners moved: deepseek.statuspage.io went on saying that all is well.
STANDS_STILL = timedelta(days=90)
#: Ids that one line names.
_NAMED = 5


def foreign(view: FeedView) -> str | None:
    """Return why the page, though it could be read, says nothing about this provider; None when it does."""
    page = view.reading.page if view.reading else None
    if view.error is not None or page is None or not view.lost:
        return None
    if any(component.id in view.counts for component in page.components):
        return None
    shown = ", ".join(view.lost[:_NAMED]) + (_(" and {n} more").format(n=rest) if (rest := _surplus(view)) else "")
    return _("none of the components that count is on this page: {ids}").format(ids=shown)


def _surplus(view: FeedView) -> int:
    return max(0, len(view.lost) - _NAMED)


def abandoned(changed_at: datetime | None, now: datetime) -> str | None:
    """Return one sentence about a page on which nothing has moved for long, None for one that moves or has no date."""
    if changed_at is None or now - changed_at <= STANDS_STILL:
        return None
    return _("Nothing on this page has changed for {days} days: it may be abandoned.").format(
        days=(now - changed_at).days
    )
