"""What a status page shows at one moment, before any platform's own form: components, notices, announced work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from trayapp.model.reading import Maintenance
from trayapp.simulator.scenario import Incident, Post
from trayapp.simulator.vendors import Vendor


@dataclass(frozen=True, slots=True)
class Notice:
    """An incident as the page tells it so far: at least one post, oldest first."""

    id: str
    name: str
    posts: tuple[Post, ...]

    @property
    def status(self) -> str:
        """The newest word."""
        return self.posts[-1].status

    @property
    def impact(self) -> str:
        """The newest word."""
        return self.posts[-1].impact

    @property
    def started_at(self) -> datetime:
        """When the page first spoke."""
        return self.posts[0].at

    @property
    def updated_at(self) -> datetime:
        """When the page last spoke."""
        return self.posts[-1].at

    @property
    def resolved_at(self) -> datetime | None:
        """When the page called it over, None while it is open."""
        return self.updated_at if self.status == "resolved" else None

    @property
    def components(self) -> tuple[str, ...]:
        """Ids of all components that a post named, in the order of their first naming."""
        return tuple(dict.fromkeys(id for post in self.posts for id in post.components))


@dataclass(frozen=True, slots=True)
class Board:
    """The page at one moment. `components` has the state of every component."""

    components: Mapping[str, str]
    #: When the page, and when each component, last changed.
    changed_at: datetime
    component_changed_at: Mapping[str, datetime]
    notices: tuple[Notice, ...] = ()
    maintenances: tuple[Maintenance, ...] = ()

    @property
    def open(self) -> tuple[Notice, ...]:
        """The notices that are not over, newest first."""
        return tuple(notice for notice in reversed(self.notices) if notice.resolved_at is None)


@dataclass(slots=True)
class Extra:
    """What was put on a page by hand, over what its scenario says."""

    components: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)
    maintenances: dict[str, tuple[datetime, Maintenance]] = field(default_factory=dict)

    @property
    def is_touched(self) -> bool:
        """True when there is anything."""
        return bool(self.components or self.notices or self.maintenances)


def board(vendor: Vendor, began: datetime, incidents: Iterable[Incident], extra: Extra, now: datetime) -> Board:
    """Return what `vendor`'s page shows at `now`; all was well when the world `began`."""
    told = (Notice(each.id, each.name, tuple(post for post in each.posts if post.at <= now)) for each in incidents)
    notices = sorted((notice for notice in (*told, *extra.notices.values()) if notice.posts), key=_age)
    posts = sorted((post for notice in notices for post in notice.posts), key=lambda post: post.at)
    changes = [(post.at, id, state) for post in posts for id, state in post.components.items()]
    changes += [(at, id, state) for id, (at, state) in extra.components.items()]
    states, times = dict.fromkeys(vendor.components, "operational"), dict.fromkeys(vendor.components, began)
    for at, id, state in changes:
        states[id], times[id] = state, at
    moments = [*times.values(), *(post.at for post in posts), *(at for at, _ in extra.maintenances.values())]
    return Board(
        components=states,
        changed_at=max(moments, default=began),
        component_changed_at=times,
        notices=tuple(notices),
        maintenances=tuple(work for _, work in extra.maintenances.values()),
    )


def _age(notice: Notice) -> datetime:
    return notice.started_at


def posted(extra: Extra, id: str, name: str, post: Post) -> None:
    """Put a post on the page, under the notice with this id or a new one."""
    known = extra.notices.get(id)
    extra.notices[id] = replace(known, name=name, posts=(*known.posts, post)) if known else Notice(id, name, (post,))
    # What was said last holds, by hand or by post.
    for component in post.components:
        extra.components.pop(component, None)
