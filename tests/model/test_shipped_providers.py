"""The shipped provider files agree with themselves and with what pings may cost."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from trayapp.model.address import host_of
from trayapp.model.catalogue import read_provider
from trayapp.model.configuration import read_settings
from trayapp.model.provider import Probe, ProbeKind, Provider
from trayapp.model.reading import Symptom

FOLDER = Path(__file__).parents[2] / "resources" / "providers"
PROVIDERS = {
    file.stem: read_provider(file.stem, file.read_text(encoding="utf-8"), file.name) for file in FOLDER.glob("*.toml")
}
EACH = pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
PAID = [(p, probe) for p in PROVIDERS.values() for probe in p.probes if probe.kind is ProbeKind.PAID]

#: Families that think before they answer, as their vendors say. A ping of one token gets nothing from them, or a 400.
THINKING = re.compile(
    r"(^|/)(o\d|gpt-5|gpt-oss|deepseek-(r|v\d|flash)|grok-[34](?!.*non-reasoning)|kimi-k2\.[5-9]|kimi-k[3-9]|kimi-k2-thinking"
    r"|magistral|qwq|qwen3|qwen-(flash|plus|max)|glm-|minimax-m|gemini-(2\.5|[3-9])|sonar-reasoning|claude-(opus|fable))"
    r"|thinking|-reasoner",
    re.IGNORECASE,
)
#: How a request says that the model shall not think.
UNTHINKING: tuple[dict[str, object], ...] = (
    {"thinking": {"type": "disabled"}},
    {"enable_thinking": False},
    {"thinkingConfig": {"thinkingBudget": 0}},
)
#: One API, judged by two pages.
SHARED_KEYS = {"GEMINI_API_KEY": {"google", "ai-studio"}}

WANTED = {
    *("anthropic", "openai", "google", "ai-studio", "vertex", "bedrock", "azure-openai", "deepseek", "qwen", "mistral"),
    *("xai", "moonshot", "zai", "minimax", "openrouter", "groq", "cohere", "together", "fireworks", "perplexity"),
    *("huggingface", "replicate", "cerebras", "github-copilot", "cursor", "ollama-cloud", "elevenlabs", "cloudflare"),
    *("local", "ollama", "vllm", "lmstudio", "llamacpp"),
}


def holds(document: object, part: dict[str, object]) -> bool:
    if not isinstance(document, dict):
        return False
    return part.items() <= document.items() or any(holds(value, part) for value in document.values())


def is_thinking(probe: Probe, model: str) -> bool:
    body = json.loads(probe.body or "{}")
    return THINKING.search(model) is not None and not any(holds(body, part) for part in UNTHINKING)


def test_nobody_is_missing_and_nobody_is_unexpected() -> None:
    assert set(PROVIDERS) == WANTED
    names = [provider.name for provider in PROVIDERS.values()]
    assert len(names) == len(set(names))


@EACH
def test_a_provider_without_a_feed_says_why(provider: Provider) -> None:
    assert provider.feed is not None or "status page" in provider.note or provider.id == "local"


@EACH
def test_every_address_is_https_and_the_keys_own(provider: Provider) -> None:
    api = provider.api
    assert api is not None
    addresses = [api.base_url, *(route.base_url for route in provider.routes)]
    assert {host_of(address) for address in addresses} <= set(api.hosts)
    assert all(address.startswith("http://127.0.0.1" if provider.local else "https://") for address in addresses)
    assert api.key_page is None or api.key_page.startswith("https://")
    if provider.feed is not None:
        assert all(base.startswith("https://") for base in (*provider.feed.bases, provider.page or ""))


@EACH
def test_a_keyed_ping_comes_with_a_variable_and_a_page_for_the_key(provider: Provider) -> None:
    assert provider.api is not None
    if any(probe.kind is not ProbeKind.KEYLESS for probe in provider.probes):
        assert provider.api.key_env
        assert provider.api.key_page
    kinds = [probe.kind for probe in provider.probes]
    assert len(kinds) == len(set(kinds))


@EACH
def test_a_front_door_is_only_looked_at_or_asked_for_nothing(provider: Provider) -> None:
    door = provider.probe(ProbeKind.KEYLESS)
    assert door is not None
    assert (door.method, door.body) in (("GET", None), ("POST", "{}"))
    assert door.method == "GET" or 200 not in door.alive


@EACH
def test_only_a_paid_ping_chooses_among_models(provider: Provider) -> None:
    for probe in provider.probes:
        assert ("{model}" in f"{probe.path}{probe.body}") is bool(probe.models) is (probe.kind is ProbeKind.PAID)


def test_two_providers_share_a_key_only_where_it_is_meant() -> None:
    users: dict[str, set[str]] = {}
    for provider in PROVIDERS.values():
        if provider.api and provider.api.key_env:
            users.setdefault(provider.api.key_env, set()).add(provider.id)
    assert {variable: ids for variable, ids in users.items() if len(ids) > 1} == SHARED_KEYS


@pytest.mark.parametrize(("provider", "probe"), PAID, ids=[provider.id for provider, _ in PAID])
def test_a_paid_ping_is_the_smallest_and_never_to_a_model_that_thinks(provider: Provider, probe: Probe) -> None:
    assert probe.models
    assert not [model for model in probe.models if is_thinking(probe, model)]
    assert re.search(r'"(max_tokens|maxTokens|maxOutputTokens|max_output_tokens)": (1|16)\b', probe.body or "")
    assert 0 < sum(probe.usd_per_million) <= 10


@pytest.mark.parametrize("model", ["o4-mini", "gpt-5-nano", "deepseek-reasoner", "grok-4-fast-reasoning", "MiniMax-M2", "glm-5.3", "qwen3.6-flash"])  # fmt: skip
def test_a_model_that_thinks_is_known_as_one(model: str) -> None:
    bare = Probe(ProbeKind.PAID, "POST", "/", (200,), '{"max_tokens": 1}', (model,), (1.0, 1.0))
    assert is_thinking(bare, model)


@pytest.mark.parametrize("model", ["grok-4-fast-non-reasoning", "gpt-4.1-nano", "claude-haiku-4-5", "ministral-3b-latest"])  # fmt: skip
def test_a_model_that_does_not_is_not(model: str) -> None:
    bare = Probe(ProbeKind.PAID, "POST", "/", (200,), '{"max_tokens": 1}', (model,), (1.0, 1.0))
    assert not is_thinking(bare, model)


@EACH
def test_no_ping_loads_a_local_model(provider: Provider) -> None:
    if provider.local:
        assert [probe.method for probe in provider.probes] == ["GET"]
        assert provider.feed is None


@EACH
def test_a_route_names_the_models_that_its_agents_ask_for(provider: Provider) -> None:
    for route in provider.routes:
        names = {"opus", "sonnet", "haiku"} if route.protocol == "anthropic" else {"default", "small"}
        assert not route.models or set(route.models) == names
        assert provider.local or route.models or route.protocol == "gemini"
    protocols = [route.protocol for route in provider.routes]
    assert len(protocols) == len(set(protocols))


@EACH
def test_no_answer_is_told_twice(provider: Provider) -> None:
    rows = [(answer.status, answer.code, answer.text) for answer in provider.answers]
    assert len(rows) == len(set(rows))
    assert all(answer.means is not Symptom.SKIPPED for answer in provider.answers)


FILES = {file.stem: (file.name, file.read_text(encoding="utf-8")) for file in FOLDER.glob("*.toml")}


@pytest.mark.parametrize(
    ("id", "wish", "host"),
    [
        ("vertex", 'api.base_url = "https://us-central1-aiplatform.googleapis.com"', "us-central1-aiplatform.googleapis.com"),
        ("bedrock", 'api.base_url = "https://bedrock-runtime.eu-west-1.amazonaws.com"\napi.auth = "sigv4"', "bedrock-runtime.eu-west-1.amazonaws.com"),
        ("azure-openai", 'api.base_url = "https://name.openai.azure.com"\nprobe.free.get = "/openai/v1/models"', "name.openai.azure.com"),
        ("qwen", 'api.base_url = "https://dashscope.aliyuncs.com"', "dashscope.aliyuncs.com"),
        ("moonshot", 'api.base_url = "https://api.moonshot.cn"\nroute.chat.base_url = "https://api.moonshot.cn/v1"', "api.moonshot.cn"),
        ("zai", 'api.base_url = "https://open.bigmodel.cn"', "open.bigmodel.cn"),
        ("minimax", 'api.base_url = "https://api.minimaxi.com"\nfeed.url = "https://status.minimaxi.com"', "api.minimaxi.com"),
        ("vllm", 'api.base_url = "http://127.0.0.1:9000"', "127.0.0.1:9000"),
    ],
)  # fmt: skip
def test_a_region_or_resource_is_set_as_the_note_says(id: str, wish: str, host: str) -> None:
    settings = read_settings(f'[monitor]\nwatch = ["{id}"]\n[providers.{id}]\n{wish}', "config.toml", FILES)
    [provider] = settings.watch
    assert settings.warnings == ()
    assert provider.api is not None
    assert provider.api.hosts == (host,)
