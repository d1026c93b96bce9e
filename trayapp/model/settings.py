"""What the user wishes, as config.toml says it. Every duration is in seconds and in a name that ends in `_s`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trayapp.model.default_watch import DEFAULT_WATCH as DEFAULT_WATCH
from trayapp.model.provider import Provider

#: Plain-http addresses that operating systems and browsers use for the same question; two of three must agree.
#: "URL" is well when it answers 204 without a body, "URL|TEXT" when it answers 200 with exactly that text.
DEFAULT_TARGETS = (
    "http://www.gstatic.com/generate_204",
    "http://www.msftconnecttest.com/connecttest.txt|Microsoft Connect Test",
    "http://detectportal.firefox.com/success.txt|success\n",
)


#: While something is wrong with the provider; in calm too, seldom; not at all.
ELSEWHERE_WHEN = ("trouble", "always", "never")


@dataclass(frozen=True, slots=True)
class Scope:
    """What of one provider counts for this user: names or ids of components, model families, and presets.

    A preset is a word of the provider file's `scope`: "api", "claude-code", "codex" …
    """

    components: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    presets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotificationSettings:
    """What may interrupt."""

    enabled: bool = True
    #: Levels that may be told of: any of "down", "degraded", "blocked", "recovered", "network".
    about: tuple[str, ...] = ("down", "degraded", "blocked", "recovered", "network")
    #: Providers never told of.
    mute: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MonitorSettings:
    """How often we look, and by what we judge our own network."""

    feed_interval_s: float = 120.0
    #: In place of `feed_interval_s` while the provider is not operational.
    feed_interval_trouble_s: float = 60.0
    probe_interval_s: float = 60.0
    #: In place of `probe_interval_s` on battery or a metered line.
    probe_interval_saving_s: float = 120.0
    paid_interval_s: float = 300.0
    recheck_after_s: tuple[float, ...] = (5.0, 15.0, 30.0)
    paid_probes: bool = False
    paid_cap_usd_per_month: float = 1.0
    connectivity_targets: tuple[str, ...] = DEFAULT_TARGETS
    #: When a third party is asked how it is served: a word of `ELSEWHERE_WHEN`.
    elsewhere: str = "trouble"
    #: Whether the error records of coding agents on this machine are watched for.
    passive: bool = False


#: At most one change an hour of what an agent uses is made by itself.
LEAST_COOL_DOWN_S = 3600.0


@dataclass(frozen=True, slots=True)
class FallbackSettings:
    """Which provider stands in for which agent, and when that may happen by itself."""

    enabled: bool = False
    #: So long what the agent uses has to be down without a break.
    after_s: float = 300.0
    #: So long what the agent used before has to be well again.
    back_after_s: float = 900.0
    #: So long after one change of an agent the next one waits; never less than `LEAST_COOL_DOWN_S`.
    cool_down_s: float = LEAST_COOL_DOWN_S
    #: Also when the provider refuses just this user: a rate limit, no credit.
    blocked: bool = False
    #: Agent id to the ids of the providers that stand in for what it uses, first choice first.
    agents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the user wishes, with the watched providers resolved: files, own files and overrides joined."""

    monitor: MonitorSettings = field(default_factory=MonitorSettings)
    notifications: NotificationSettings = field(default_factory=NotificationSettings)
    #: The watched providers, in the user's order.
    watch: tuple[Provider, ...] = ()
    scopes: Mapping[str, Scope] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    fallback: FallbackSettings = field(default_factory=FallbackSettings)
