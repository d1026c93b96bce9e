"""Shared material of the tests: providers, readings and pages in one line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from trayapp.model.level import Level
from trayapp.model.provider import Api, Feed, FeedComponent, Probe, ProbeKind, Provider
from trayapp.model.reading import Component, ElsewhereReading, Incident, Page, PageReading, ProbeReading, Symptom

T0 = datetime.fromisoformat("2026-04-28T17:00:00+00:00")

DOOR = Probe(ProbeKind.KEYLESS, "GET", "/v1/models", (401,))
FREE = Probe(ProbeKind.FREE, "GET", "/v1/models?limit=1", (200,))
PAID = Probe(ProbeKind.PAID, "POST", "/v1/messages", (200,), '{"model": "{model}"}', ("small", "large"), (1.0, 5.0))


def acme(**changes: object) -> Provider:
    """Return a provider with a page of two components, one of which counts."""
    values: dict[str, object] = {
        "feed": Feed(
            "statuspage",
            "https://status.acme.test",
            components=(FeedComponent("api", "Acme API", ("api",)), FeedComponent("docs", "Docs")),
        ),
        "api": Api("https://api.acme.test", ("api.acme.test",), "bearer", name="Acme API"),
        "probes": (DOOR, FREE),
    }
    values.update(changes)
    return Provider("acme", "Acme", **values)  # type: ignore[arg-type]  # keyword soup is fine in a fixture


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def ping(
    seconds: float,
    symptom: Symptom = Symptom.OK,
    kind: str = "keyless",
    *,
    provider: str = "acme",
    detail: str = "",
    beside: bool = False,
    retry_after_s: float | None = None,
) -> ProbeReading:
    return ProbeReading(
        provider, kind, at(seconds), symptom, None, 0.1, detail, beside=beside, retry_after_s=retry_after_s
    )


def page(
    seconds: float,
    levels: Mapping[str, Level] | None = None,
    incidents: Sequence[Incident] = (),
    *,
    provider: str = "acme",
    error: str | None = None,
) -> PageReading:
    if error is not None:
        return PageReading(provider, at(seconds), "https://status.acme.test", error=error)
    chosen = {"api": Level.OPERATIONAL, "docs": Level.OPERATIONAL, **(levels or {})}
    names = {"api": "Acme API (api.acme.test)", "docs": "Docs"}
    components = tuple(Component(id, names.get(id, id), level.value, level) for id, level in chosen.items())
    return PageReading(provider, at(seconds), "https://status.acme.test", Page(components, tuple(incidents)))


def elsewhere(seconds: float, uptime: float, *, provider: str = "acme") -> ElsewhereReading:
    """Return what a third party saw, with other companies that it reaches well as its controls."""
    level = Level.OPERATIONAL if uptime >= 97 else Level.DOWN
    detail = f"{uptime:.1f} % of requests in 5 minutes"
    url = "https://openrouter.ai/acme/small"
    return ElsewhereReading(provider, at(seconds), "openrouter", level, uptime, detail, url, peers=(99.0, 100.0))


def incident(
    *components: str, status: str = "investigating", impact: str = "minor", models: Sequence[str] = ()
) -> Incident:
    return Incident("i1", "Elevated errors", status, impact, components=components, models=tuple(models))
