"""Which of what a page says is about this user: components that count, incidents that touch them, models they use."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from trayapp.model.level import Level, worst
from trayapp.model.provider import Provider
from trayapp.model.reading import Component, Incident, Maintenance, Page
from trayapp.model.settings import Scope

#: Of an incident that names no component only these are taken for the user's own: such posts are often about
#: documents, billing or a single plan.
_GRAVE = ("major", "critical")

#: In these phases the page itself holds that something is still broken; "monitoring" with components that are
#: operational again is over for the user.
_BROKEN = ("investigating", "identified")

#: Of a page with a component for each model this share must fail before the service does; auto-monitors of such pages
#: have one or two of twenty down on an ordinary day (Together, Hugging Face in 2026).
_ROSTER_SHARE = 0.3

_SIGN_IN = re.compile(r"auth|log[ -]?in|sign[ -]?in|credential|api key|\b40[13]\b|permission|access token")


def counting(provider: Provider, scope: Scope, page: Page) -> tuple[tuple[Component, ...], tuple[str, ...]]:
    """Return the components that count for this user, and what was asked for and is not on the page.

    A user's entry is an id, a name, or a name without its bracket ("Claude API" for "Claude API (api.anthropic.com)").
    Without a wish of the user's the provider file's presets decide, those the user chose or all; a file that names no
    component counts them all.
    """
    known = provider.feed.components if provider.feed else ()
    presets = set(scope.presets)
    wanted = scope.components or tuple(c.id for c in known if (presets.intersection(c.scope) if presets else c.scope))
    if not wanted:
        return page.components, ()
    found = tuple(c for c in page.components if any(_is(c, wish) for wish in wanted))
    lost = tuple(wish for wish in wanted if not any(_is(c, wish) for c in page.components))
    return found, lost


def _is(component: Component, wish: str) -> bool:
    name, wish = component.name.casefold(), wish.strip().casefold()
    return component.id.casefold() == wish or name == wish or name.startswith(f"{wish} (")


def incident_counts(incident: Incident, components: Iterable[Component], scope: Scope) -> bool:
    """True when an open incident is about this user's components and, if it names any, about this user's models."""
    if not incident.is_open or _is_about_other_models(incident, scope):
        return False
    if not incident.components:
        return incident.impact in _GRAVE
    return any(component.id in incident.components for component in components)


def _is_about_other_models(incident: Incident, scope: Scope) -> bool:
    wanted = {model.casefold() for model in scope.models}
    return bool(wanted and incident.models) and not any(
        wish in named or named in wish for wish in wanted for named in incident.models
    )


def maintenance_counts(maintenance: Maintenance, components: Iterable[Component]) -> bool:
    """True when announced work is about this user's components, or about none by name."""
    return not maintenance.components or any(c.id in maintenance.components for c in components)


def page_level(
    page: Page, components: tuple[Component, ...], scope: Scope, now: datetime, *, roster: bool = False
) -> Level:
    """Return what the page says about the components that count; UNKNOWN when none of them is on it.

    The page-wide indicator is never used: four of six components in partial outage were "minor" in it, and a single
    beta product was "major". An open incident that is posted without touching a component is seen here all the same.
    """
    if not components:
        return Level.UNKNOWN
    levels = [_own_level(component, page, scope) for component in components]
    if roster and not scope.components:
        levels = [_of_roster(levels)]
    if any(i.status in _BROKEN and incident_counts(i, components, scope) for i in page.incidents):
        levels.append(Level.DEGRADED)
    if any(m.is_under_way(now) and maintenance_counts(m, components) for m in page.maintenances):
        levels.append(Level.MAINTENANCE)
    return worst(levels)


def _of_roster(levels: list[Level]) -> Level:
    """Return the level of a page with a component a model: a few that fail are not the service."""
    known = [level for level in levels if level is not Level.UNKNOWN]
    if not known:
        return Level.UNKNOWN
    if 2 * sum(level is Level.DOWN for level in known) > len(known):
        return Level.DOWN
    bad = sum(level in (Level.DEGRADED, Level.DOWN) for level in known)
    return Level.DEGRADED if bad >= _ROSTER_SHARE * len(known) else Level.OPERATIONAL


def speaks_of_sign_in(incident: Incident) -> bool:
    """True when an incident is about who may come in: then a refused key is explained by it (R6)."""
    return _SIGN_IN.search(f"{incident.name} {incident.latest}".casefold()) is not None


def _own_level(component: Component, page: Page, scope: Scope) -> Level:
    """Return the component's level, well when every open incident on it is about models that the user does not use."""
    if component.level not in (Level.DEGRADED, Level.DOWN):
        return component.level
    about = [i for i in page.incidents if i.is_open and component.id in i.components]
    if about and all(_is_about_other_models(i, scope) for i in about):
        return Level.OPERATIONAL
    return component.level
