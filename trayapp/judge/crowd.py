"""Who fails together: one provider alone is its own trouble, all at once are the way there (rule R5).

Two signs. Unrelated providers that none can be reached at, while nobody of the others gets through, are cut off by
something between us and them, though neutral sites answer: a company's filter, a VPN, a country's. And providers that
answer with errors of one network that stands before them all (Cloudflare, 18 November 2025) share that network's day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from trayapp.judge.gate import NO_WAY_THROUGH, is_private
from trayapp.judge.kin import KIN, Kin
from trayapp.model.address import host_of
from trayapp.model.provider import Provider
from trayapp.model.reading import PageReading, ProbeReading, Symptom

#: A failure this old says nothing about now, and what is meant by "at once".
_SPAN = timedelta(seconds=150)
#: So many pages of one platform, and this share of them, fail when the platform does.
_PAGES, _SHARE = 3, 0.7


class Member(Protocol):
    """What is asked of a watched provider here."""

    @property
    def provider(self) -> Provider:
        """The provider."""

    @property
    def newest(self) -> Collection[ProbeReading]:
        """Its newest unbilled pings."""

    @property
    def look(self) -> PageReading | None:
        """The last look at its page."""


class Crowd(NamedTuple):
    """Providers by what they share: none can be reached, or one edge answers for all with errors."""

    cut_off: frozenset[str] = frozenset()
    edge: frozenset[str] = frozenset()

    def beside(self, provider: str) -> tuple[str, ...]:
        """Return the others that share this provider's fate."""
        shared = next((group for group in self if provider in group), frozenset())
        return tuple(sorted(shared - {provider}))


NOBODY = Crowd()


def crowd(members: Iterable[Member], now: datetime) -> Crowd:
    """Return who fails together at `now`."""
    remote = [(member.provider, last) for member in members if _is_remote(member.provider) and (last := _last(member))]
    recent = [(provider, last) for provider, last in remote if now - last.at <= _SPAN]
    lost = [(provider, last) for provider, last in recent if last.symptom in NO_WAY_THROUGH]
    edge = [provider for provider, last in recent if last.symptom is Symptom.EDGE_ERROR and last.edge]
    return Crowd(_cut_off(lost, recent), frozenset(each.id for each in edge) if _are_unrelated(edge) else frozenset())


def pages_down(members: Iterable[Member], platform: str) -> str:
    """Return in words how many pages of the platform fail at once, "" when they are not most of them."""
    looks = [m.look for m in members if m.provider.feed and m.provider.feed.platform == platform and m.look]
    bad = sum(look.error is not None for look in looks)
    return f"{bad} of {len(looks)} {platform} pages fail" if bad >= _PAGES and bad >= _SHARE * len(looks) else ""


def _cut_off(lost: list[tuple[Provider, ProbeReading]], recent: list[tuple[Provider, ProbeReading]]) -> frozenset[str]:
    if not _are_unrelated([provider for provider, _ in lost]):
        return frozenset()
    begun = min(reading.at for _, reading in lost)
    got_through = any(reading.at >= begun and reading.symptom not in NO_WAY_THROUGH for _, reading in recent)
    return frozenset() if got_through else frozenset(provider.id for provider, _ in lost)


def _is_remote(provider: Provider) -> bool:
    """A server of the user's own says nothing about the way to the world."""
    if provider.api is None or provider.local:
        return False
    return not is_private(host_of(provider.api.base_url).partition(":")[0])


def _last(member: Member) -> ProbeReading | None:
    heard = [reading for reading in member.newest if KIN[reading.symptom] is not Kin.NOTHING]
    return max(heard, key=lambda reading: reading.at, default=None)


def _are_unrelated(providers: Iterable[Provider]) -> bool:
    """True for two or more that are not of one house: the ends of their hosts' names differ."""
    ends = {".".join(host_of(each.api.base_url).split(".")[-2:]) for each in providers if each.api}
    return len(ends) >= 2
