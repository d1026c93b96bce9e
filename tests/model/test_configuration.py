"""config.toml: defaults, wishes, overrides of provider files, and the one line for each mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trayapp.model.configuration import read_catalogue, read_each, read_settings
from trayapp.model.ports import Refused
from trayapp.model.provider import ProbeKind, Provider
from trayapp.model.settings import (
    DEFAULT_WATCH,
    FallbackSettings,
    MonitorSettings,
    NotificationSettings,
    Scope,
    Settings,
)

RESOURCES = Path(__file__).parents[2] / "resources"

ACME = """
name = "Acme"
formerly = ["acme-old"]
[feed]
platform = "statuspage"
url = "https://status.acme.example"
fallbacks = ["https://acme.statuspage.io"]
path = "/x.json"
[[feed.component]]
id = "c1"
name = "API"
scope = ["api"]
[api]
base_url = "https://api.acme.example"
hosts = ["api.acme.example", "eu.acme.example"]
headers = { version = "1" }
[[probe]]
kind = "keyless"
get = "/v1/models"
[[probe]]
kind = "paid"
post = "/v1/say"
usd_per_million = [1, 2]
models = ["small"]
[[route]]
protocol = "chat"
base_url = "https://api.acme.example/v1"
[[route]]
protocol = "anthropic"
base_url = "https://api.acme.example/anthropic"
"""
PLAIN = 'name = "Plain"\n[api]\nbase_url = "https://plain.example"\n'
FILES = {"acme": ("acme.toml", ACME), "plain": ("plain.toml", PLAIN), "openai": ("openai.toml", PLAIN)}


def read(text: str, detected: tuple[str, ...] = ("acme",)) -> Settings:
    return read_settings(text, "config.toml", FILES, detected)


def acme(wishes: str) -> Provider:
    return read(f"[providers.acme]\n{wishes}").watch[0]


def ids(settings: Settings) -> list[str]:
    return [provider.id for provider in settings.watch]


def test_without_a_word_everything_is_at_its_default() -> None:
    settings = read("")
    assert (settings.monitor, settings.notifications) == (MonitorSettings(), NotificationSettings())
    assert (settings.scopes, settings.warnings) == ({}, ())


def test_the_shipped_template_says_exactly_the_defaults() -> None:
    files = {file.stem: (file.name, file.read_text(encoding="utf-8")) for file in RESOURCES.glob("providers/*.toml")}
    template = (RESOURCES / "config.toml").read_text(encoding="utf-8")
    default = read_settings("", "config.toml", files)
    assert tuple(provider.id for provider in default.watch) == DEFAULT_WATCH
    assert read_settings(template, "config.toml", files) == default
    lines = (
        line[1:] if line.startswith("#") and line[1:2] not in ("", " ", "#") else line for line in template.split("\n")
    )
    spoken = read_settings("\n".join(lines), "config.toml", files)
    assert spoken.monitor == default.monitor
    assert spoken.notifications == default.notifications
    assert spoken.warnings == ()
    assert spoken.watch == default.watch


def test_what_is_found_in_use_is_watched_when_the_user_names_nobody() -> None:
    assert ids(read("", detected=("plain", "elsewhere", "acme"))) == ["plain", "acme"]
    assert ids(read("", detected=())) == ["openai"]


def test_the_users_own_list_is_kept_in_order_once_each_and_by_former_names_too() -> None:
    text = '[monitor]\nwatch = ["plain", "acme-old", "acme", "plain"]\n'
    assert ids(read(text)) == ["plain", "acme"]


def test_every_key_of_the_monitor_arrives() -> None:
    monitor = read(
        """[monitor]
        feed_interval_s = 300
        feed_interval_trouble_s = 30
        probe_interval_s = 90.5
        probe_interval_saving_s = 600
        paid_interval_s = 900
        recheck_after_s = [0, 1]
        paid_probes = true
        paid_cap_usd_per_month = 0
        connectivity_targets = ["http://127.0.0.1:1/a|b"]"""
    ).monitor
    assert monitor == MonitorSettings(300, 30, 90.5, 600, 900, (0, 1), True, 0, ("http://127.0.0.1:1/a|b",))


def test_trouble_never_slows_us_down_and_saving_never_speeds_us_up() -> None:
    monitor = read("[monitor]\nfeed_interval_s = 20\nprobe_interval_s = 400").monitor
    assert (monitor.feed_interval_trouble_s, monitor.probe_interval_saving_s) == (20, 400)


def test_empty_lists_are_wishes_too() -> None:
    settings = read("[monitor]\nrecheck_after_s = []\nconnectivity_targets = []\n[notifications]\nabout = []")
    assert (settings.monitor.recheck_after_s, settings.monitor.connectivity_targets) == ((), ())
    assert settings.notifications.about == ()


def test_notifications_are_what_the_user_says() -> None:
    text = '[notifications]\nenabled = false\nabout = ["down"]\nmute = ["acme-old"]'
    assert read(text).notifications == NotificationSettings(False, ("down",), ("acme",))


def test_components_and_models_that_count_are_the_users_scope_under_the_current_id() -> None:
    settings = read('[providers.acme-old]\ncomponents = ["API"]\nmodels = ["small"]\n[providers.plain]\napi.name = "P"')
    assert settings.scopes == {"acme": Scope(("API",), ("small",))}
    assert settings.warnings == ()


def test_another_status_page_replaces_its_fallbacks_too() -> None:
    feed = acme('feed.url = "http://127.0.0.1:8001"\nallow_private = true').feed
    assert feed is not None
    assert (feed.bases, feed.path) == (("http://127.0.0.1:8001",), "/x.json")
    feed = acme('feed.url = "https://a.example"\nfeed.fallbacks = ["https://b.example"]').feed
    assert feed is not None
    assert feed.bases == ("https://a.example", "https://b.example")


def test_another_api_address_takes_the_vendors_hosts_away() -> None:
    api = acme('api.base_url = "https://proxy.example:8443/acme"').api
    assert api is not None
    assert (api.base_url, api.hosts) == ("https://proxy.example:8443/acme", ("proxy.example:8443",))
    api = acme('api.base_url = "https://a.example"\napi.hosts = ["a.example", "b.example"]').api
    assert api is not None
    assert api.hosts == ("a.example", "b.example")


def test_any_key_of_a_providers_file_can_be_another() -> None:
    made = acme(
        """name = "My Acme"
        api.headers.extra = "2"
        route.anthropic.base_url = "https://r.example"
        route.gemini = { base_url = "https://g.example" }
        probe.paid.models = ["tiny"]
        feed.component.c1.scope = ["api"]
        feed.component.c2.name = "Two"
        answer = [{ status = 418, means = "ok" }]"""
    )
    assert made.name == "My Acme"
    assert made.api is not None
    assert made.api.headers == {"version": "1", "extra": "2"}
    assert [(r.protocol, r.base_url) for r in made.routes] == [
        ("chat", "https://api.acme.example/v1"),
        ("anthropic", "https://r.example"),
        ("gemini", "https://g.example"),
    ]
    paid = made.probe(ProbeKind.PAID)
    assert paid is not None
    assert (paid.models, paid.usd_per_million) == (("tiny",), (1.0, 2.0))
    assert made.feed is not None
    assert [(c.id, c.name, c.scope) for c in made.feed.components] == [("c1", "API", ("api",)), ("c2", "Two", ())]
    assert made.answers[0].status == 418


def test_wishes_under_the_old_name_and_the_new_are_joined() -> None:
    made = read('[providers.acme]\nname = "New"\n[providers.acme-old]\nnote = "Old."').watch[0]
    assert (made.name, made.note) == ("New", "Old.")


def test_overriding_leaves_the_files_as_they_are() -> None:
    before = read_catalogue("", "config.toml", FILES)
    changed = read_catalogue('[providers.acme]\nfeed.url = "https://a.example"', "config.toml", FILES)
    assert changed["acme"] != before["acme"]
    assert changed["plain"] == before["plain"]
    assert read_catalogue("", "config.toml", FILES) == before
    assert list(before) == ["acme", "plain", "openai"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('# c\n[monitor]\n\nfeed_interval_s = "fast"',
         'line 4: monitor.feed_interval_s: a number of seconds from 5 to 86400 was expected, got "fast"'),
        ("monitor.feed_interval_s = 4.9", "line 1: monitor.feed_interval_s: a number of seconds from 5 to 86400 was expected, got 4.9"),
        ("monitor.probe_interval_s = 86401", "line 1: monitor.probe_interval_s: a number of seconds from 5 to 86400 was expected, got 86401"),
        ("monitor.paid_interval_s = inf", "line 1: monitor.paid_interval_s: a number of seconds from 5 to 86400 was expected, got inf"),
        ("monitor.recheck_after_s = [-1]", "line 1: monitor.recheck_after_s: a number of seconds from 0 to 86400 was expected, got -1"),
        (f"monitor.recheck_after_s = {[1] * 11}", "line 1: monitor.recheck_after_s: a list of 0 to 10 values was expected, got 11 values"),
        ("monitor.recheck_after_s = 5", "line 1: monitor.recheck_after_s: a list of 0 to 10 values was expected, got 5"),
        ("monitor.paid_cap_usd_per_month = -0.1", "line 1: monitor.paid_cap_usd_per_month: US dollars from 0 to 1000000 was expected, got -0.1"),
        ("monitor.paid_probes = 1", "line 1: monitor.paid_probes: true or false was expected, got 1"),
        ("monitor = 3", "line 1: monitor: a table was expected, got 3"),
        ('[monitor]\nwatch = [\n"acne"]', 'line 2: monitor.watch: the id of a known provider (perhaps "acme") was expected, got "acne"'),
        ('monitor.watch = ["zzz"]', 'line 1: monitor.watch: the id of a known provider was expected, got "zzz"'),
        ("monitor.watch = [3]", "line 1: monitor.watch: the id of a provider was expected, got 3"),
        ("monitor.watch = []", "line 1: monitor.watch: a list of 1 to 100 values was expected, got 0 values"),
        ('monitor.connectivity_targets = ["ping"]',
         'line 1: monitor.connectivity_targets: "URL" or "URL|TEXT", with an http or https URL was expected, got a text of 4 characters'),
        ("monitor.connectivity_targets = [3]",
         'line 1: monitor.connectivity_targets: "URL" or "URL|TEXT", with an http or https URL was expected, got 3'),
        ('[notifications]\nabout = ["recover"]',
         'line 2: notifications.about: one of down, degraded, blocked, recovered, network (perhaps "recovered") was expected, got "recover"'),
        ('[notifications]\nmute = ["plan"]', 'line 2: notifications.mute: the id of a known provider (perhaps "plain") was expected, got "plan"'),
        ("fallback = 1", "line 1: fallback: a table was expected, got 1"),
        ("providers = []", "line 1: providers: a table was expected, got a list"),
        ("providers.acme = 1", "line 1: providers.acme: a table was expected, got 1"),
        ("[providers.acme]\ncomponents = 1", "line 2: providers.acme.components: a list of 0 to 100 values was expected, got 1"),
        ('[providers.acme]\nfeed.url = "http://127.0.0.1:8001"',
         "line 2: providers.acme.feed.url: an https address (plain http needs allow_private = true) was expected, got a text of 21 characters"),
        ('\n[providers.acme.api]\nbase_url = "https://localhost"',
         "line 3: providers.acme.api.base_url: a public address (a private one needs allow_private = true) was expected, got a text of 17 characters"),
        ('[providers.acme]\nroute.anthropc.base_url = "https://a.example"',
         'line 2: providers.acme.route.anthropc.protocol: one of anthropic, responses, chat, gemini (perhaps "anthropic") was expected, got "anthropc"'),
        ("[providers.acme]\nroute.chat = 3", "line 2: providers.acme.route.chat: a table was expected, got 3"),
        ("[providers.acme]\nprobe.free = {}", "line 2: providers.acme.probe.free.get: either get or post with a path was expected, got nothing"),
        ("[providers.acme]\nfeed = 3", "line 2: providers.acme.feed: a table was expected, got 3"),
        ("[providers.plain]\napi.auth = 'none'",
         'line 2: providers.plain.api.auth: one of bearer, x-api-key, x-goog-api-key, api-key, xi-api-key, sigv4 was expected, got "none"'),
        ("a = [", "line 1: TOML was expected: Invalid value"),
    ],
)  # fmt: skip
def test_each_mistake_is_one_line_with_file_line_key_and_what_was_expected(text: str, complaint: str) -> None:
    with pytest.raises(Refused) as refused:
        read(text)
    assert str(refused.value) == f"config.toml, {complaint}"


def test_a_mistake_that_an_override_meets_in_the_file_names_the_file() -> None:
    files = {"x": ("providers/x.toml", 'name = "X"\nroute = 3\n[api]\nbase_url = "ftp://x.example"')}
    with pytest.raises(Refused, match=r"^providers/x\.toml, line 4: api\.base_url: an https address"):
        read_settings('[providers.x]\nroute.chat.base_url = "https://x.example"', "config.toml", files)


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("[monitr]", "config.toml, line 1: monitr is not a known key; did you mean monitor?"),
        ("[monitor]\nfeed_intervall_s = 1", "config.toml, line 2: monitor.feed_intervall_s is not a known key; did you mean feed_interval_s?"),
        ("[notifications]\n\nzzz = 1", "config.toml, line 3: notifications.zzz is not a known key"),
        ("[providers.acne]\nx = 1", "config.toml, line 1: providers.acne is not a known key; did you mean acme?"),
        ("[providers.acme]\napi.headrs = 1", "config.toml, line 2: providers.acme.api.headrs is not a known key; did you mean headers?"),
        ("[providers.acme]\nprobe.paid.modls = 1", "config.toml, line 2: providers.acme.probe.paid.modls is not a known key; did you mean models?"),
    ],
)  # fmt: skip
def test_an_unknown_key_is_a_warning_with_the_nearest_known_one(text: str, warning: str) -> None:
    assert read(text).warnings == (warning,)


def test_an_unknown_key_of_a_provider_file_is_a_warning_that_names_that_file() -> None:
    files = {"plain": ("plain.toml", PLAIN + "nam = 1\n")}
    warnings = read_settings("", "config.toml", files, ("plain",)).warnings
    assert warnings == ("plain.toml, line 4: api.nam is not a known key; did you mean name?",)


def test_many_unknown_keys_are_cut() -> None:
    warnings = read("\n".join(f"k{n} = 1" for n in range(50))).warnings
    assert len(warnings) == 21
    assert warnings[-1] == "… and 30 more unknown keys"


def test_nothing_is_switched_by_itself_unless_asked() -> None:
    assert read("").fallback == FallbackSettings()
    assert not FallbackSettings().enabled


def test_who_stands_in_for_whom_is_read_with_the_providers_known() -> None:
    text = """[fallback]
enabled = true
after_s = 60
blocked = true
[fallback.agents]
claude-code = ["plain", "acme", "plain"]
"""
    assert read(text).fallback == FallbackSettings(
        enabled=True, after_s=60, blocked=True, agents={"claude-code": ("plain", "acme")}
    )
    with pytest.raises(Refused, match=r"fallback\.agents\.codex: the id of a known provider"):
        read('[fallback.agents]\ncodex = ["nobody"]')


@pytest.mark.parametrize(("enabled", "warned"), [("true", True), ("false", False)])
def test_a_stand_in_that_is_not_watched_is_warned_of_once_it_matters(enabled: str, warned: bool) -> None:
    lists = '[fallback.agents]\ncodex = ["acme", "plain"]\nclaude-code = ["plain"]'
    warnings = read(f'monitor.watch = ["acme"]\nfallback.enabled = {enabled}\n{lists}').warnings
    assert [warning for warning in warnings if "plain is not watched" in warning] == list(warnings)
    assert len(warnings) == warned


def test_more_than_one_change_an_hour_cannot_be_asked_for() -> None:
    with pytest.raises(Refused, match=r"cool_down_s: a number of seconds from 3600"):
        read("fallback.cool_down_s = 60")


def test_a_provider_that_is_not_watched_is_checked_when_the_user_speaks_of_it() -> None:
    with pytest.raises(Refused, match=r"providers\.plain\.name"):
        read("[providers.plain]\nname = 1")


LINES = st.sampled_from(
    [
        "[monitor]",
        'watch = ["acme", "plain"]',
        'watch = ["x"]',
        "feed_interval_s = 10",
        "recheck_after_s = [1, 2]",
        "[notifications]",
        'about = ["down"]',
        "[providers.acme]",
        "[providers.acme-old]",
        "[[providers.acme]]",
        'feed.url = "https://a.example"',
        'api.base_url = "http://[::1]:1"',
        "allow_private = true",
        "feed = 1",
        "api = []",
        "route.chat = 1",
        'route.chat.base_url = "https://a.example"',
        "probe = {}",
        "probe.keyless.alive = [401]",
        "components = []",
        "feed.component = [3]",
        "feed.component.c1 = {}",
        "x.y.z = 1",
        '"" = ""',
        "a = 1979-05-27T07:32:00",
    ]
)


@given(st.lists(LINES, max_size=15).map("\n".join) | st.text())
def test_any_text_gives_settings_or_is_refused(text: str) -> None:
    try:
        settings = read(text)
    except Refused as refused:
        assert str(refused).startswith(("config.toml, line ", "acme.toml, line "))
        assert "\n" not in str(refused)
    else:
        assert settings.watch
        assert all("\n" not in warning for warning in settings.warnings)


def test_a_preset_is_one_of_the_provider_s_own() -> None:
    assert read('[providers.acme]\npresets = ["api"]').scopes["acme"].presets == ("api",)
    with pytest.raises(Refused, match=r"presets: a list of api was expected"):
        read('[providers.acme]\npresets = ["gardening"]')


def test_one_wrong_file_takes_nothing_from_the_others() -> None:
    files = {**FILES, "broken": ("broken.toml", "name = "), "odd": ("odd.toml", 'name = "Odd"')}
    found, watched = read_each('[monitor]\nwatch = ["broken", "acme"]', "config.toml", files)
    assert watched == ("broken", "acme")
    assert isinstance(found["acme"], Provider)
    assert "broken.toml" in str(found["broken"])
    assert "odd.toml" in str(found["odd"])
