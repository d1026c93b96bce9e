"""incident.io status pages: the document that the page itself loads, `https://<host>/proxy/<host>`.

It is not documented by the vendor, but the only complete one: on status.openai.com the documents made after
Statuspage's hold 25 of 37 components, not always the same, and their incidents name none (seen in summer 2026).

A component's state is that of `affected_components`, and one that is not in there works. A page that leaves that list
out is therefore not read at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import quote, urlsplit

from trayapp.feeds._json import ACCEPT, Row, as_row, document
from trayapp.feeds._models import models_in
from trayapp.feeds._page import CLOCK_SLACK, MOST_COMPONENTS, level, page, title
from trayapp.feeds._text import BODY, hosts, link, moment
from trayapp.model.level import rank
from trayapp.model.provider import Feed
from trayapp.model.reading import Component, Incident, Maintenance, Page
from trayapp.model.request import Request

_WELL = "operational"
#: An incident has no impact here; these are the words of Statuspage for its worst component.
_IMPACTS = {"full_outage": "critical", "partial_outage": "major", "degraded_performance": "minor"}


def requests(feed: Feed, base: str) -> tuple[Request, ...]:
    """Return the request for the page's document. Its path names the declared host, whatever `base` is tried."""
    path = feed.path or f"/proxy/{urlsplit(feed.url).hostname}"
    return (Request(f"{base}{path}", headers=ACCEPT),)


def parse(feed: Feed, bodies: Sequence[bytes], at: datetime) -> Page:
    """Return what a summary says. Raises BadFeed."""
    summary = as_row(document(bodies[0])).row("summary")
    affected = summary.rows("affected_components")
    posts = (*summary.rows("ongoing_incidents"), *summary.rows_if_any("scheduled_maintenances"))
    words = _words(affected, posts)
    return page(
        at,
        (_component(row, words) for row in _shown(summary.row("structure"))),
        (_incident(feed, post, at) for post in posts if not _is_maintenance(post)),
        (
            _maintenance(feed, post)
            for post in posts
            if _is_maintenance(post) and post.word("status") != "maintenance_complete"
        ),
    )


def _words(affected: Sequence[Row], posts: Sequence[Row]) -> Mapping[str, str]:
    """Return the worst word now for each component that is not well, from the page's list and from each post's."""
    told = [(row.word("component_id"), row.word("status")) for row in affected]
    for post in posts:
        told += [
            (row.word("component_id"), row.word("current_status"))
            for row in post.rows_if_any("affected_components")
            if row.values.get("current_status") is not None
        ]
    worst: dict[str, str] = {}
    for id, word in told:
        worst[id] = min(worst.get(id, _WELL), word, key=lambda each: rank(level(each)))
    return worst


def _shown(structure: Row) -> Iterator[Row]:
    """Yield the components that the page shows. One that is listed elsewhere only is retired or internal."""
    for item in structure.rows("items", MOST_COMPONENTS + 1):
        if item.values.get("group") is not None:
            group = item.row("group")
            rows = () if group.is_set("hidden") else group.rows_if_any("components")
        else:
            rows = (item.row("component"),)
        yield from (row for row in rows if not row.is_set("hidden"))


def _component(row: Row, words: Mapping[str, str]) -> Component:
    id = row.word("component_id")
    word = words.get(id, _WELL)
    return Component(id, row.text("name") or id, word, level(word))


def _is_maintenance(post: Row) -> bool:
    return post.raw("type") == "maintenance" or post.word("status").startswith("maintenance")


def _incident(feed: Feed, post: Row, at: datetime) -> Incident:
    # Oldest first. "resolved" among them proves nothing: incidents are opened again. The post's own status counts.
    updates = post.rows_if_any("updates")
    newest = updates[-1].text("message_string", BODY) if updates else ""
    latest = at + CLOCK_SLACK
    told = [update.when("published_at", latest) for update in updates]
    begun = [*told, post.when("published_at", latest)]
    status = post.word("status")
    return Incident(
        id=post.word("id"),
        name=title(post.text("name"), newest),
        status=status,
        impact=_impact(post),
        started_at=min((each for each in begun if each is not None), default=None),
        updated_at=told[-1] if told else None,
        resolved_at=told[-1] if told and status == "resolved" else None,
        url=_url(feed, post),
        components=_touched(post),
        models=models_in(" \n".join([post.raw("name"), *(update.raw("message_string") for update in updates)])),
        latest=newest,
    )


def _maintenance(feed: Feed, post: Row) -> Maintenance:
    """Return announced work; its window spans the windows of all components."""
    impacts = post.rows_if_any("component_impacts")
    starts = [moment(impact.values.get("start_at")) for impact in impacts]
    ends = [moment(impact.values.get("end_at")) for impact in impacts]
    return Maintenance(
        id=post.word("id"),
        name=title(post.text("name"), ""),
        status=post.word("status"),
        starts_at=min((start for start in starts if start is not None), default=None),
        # With one window open nobody knows the end.
        ends_at=None if None in ends else max((end for end in ends if end is not None), default=None),
        components=_touched(post),
        url=_url(feed, post),
    )


def _impact(post: Row) -> str:
    words = [row.raw("status") for row in post.rows_if_any("affected_components")]
    return next((impact for word, impact in _IMPACTS.items() if word in words), "none")


def _touched(post: Row) -> tuple[str, ...]:
    rows = post.rows_if_any("affected_components") or post.rows_if_any("component_impacts")
    return tuple(dict.fromkeys(row.word("component_id") for row in rows))


def _url(feed: Feed, post: Row) -> str | None:
    return link(f"{feed.url}/incidents/{quote(post.word('id'), safe='')}", hosts(feed))
