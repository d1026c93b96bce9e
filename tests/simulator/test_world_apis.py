"""The stand-in APIs, asked over HTTP: the vendors' real ways of answering, and what breaks when."""

from __future__ import annotations

import asyncio
import json
import socket
import tomllib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fakes import FakeClock
from tests.until import until
from trayapp.model.configuration import read_settings
from trayapp.model.ports import Refused
from trayapp.model.provider import ProbeKind
from trayapp.model.secret import Secret
from trayapp.simulator.scenario import Scenario, calm, load, scenario
from trayapp.simulator.world import World

RESOURCES = Path(__file__).parents[2] / "resources" / "providers"
NOON = datetime(2026, 9, 15, 12, tzinfo=UTC)
KEY = "sk-valid-4242424242"
VERSION = {"anthropic-version": "2023-06-01"}
CLAUDE = {**VERSION, "x-api-key": KEY}
BEARER = {"authorization": f"Bearer {KEY}"}
GEMINI = {"x-goog-api-key": KEY}
HI = {"model": "claude-haiku-4-5", "max_tokens": 1, "messages": [{"role": "user", "content": "hi"}]}
CHAT = {"model": "gpt-5-nano", "messages": []}
GENERATE = "/v1beta/models/gemini-2.5-flash-lite:generateContent"


@asynccontextmanager
async def world(told: Scenario | None = None) -> AsyncIterator[tuple[World, FakeClock, httpx.AsyncClient]]:
    told = told or calm(NOON)
    clock = FakeClock(told.start)
    async with (
        World(told, clock, Secret(KEY)) as made,
        httpx.AsyncClient(verify=False, trust_env=False, timeout=5) as client,
    ):
        yield made, clock, client


@pytest.mark.parametrize(
    ("provider", "path", "headers", "status", "said"),
    [
        ("anthropic", "/v1/models", {}, 400, {"type": "invalid_request_error", "message": "anthropic-version: header is required"}),
        ("anthropic", "/v1/models", VERSION, 401, {"type": "authentication_error", "message": "x-api-key header is required"}),
        ("anthropic", "/v1/models", {**VERSION, "x-api-key": "no"}, 401, {"type": "authentication_error", "message": "invalid x-api-key"}),
        ("anthropic", "/v1/nothing", CLAUDE, 404, {"type": "not_found_error"}),
        ("openai", "/v1/models", {}, 401, {"type": "invalid_request_error", "code": None}),
        ("openai", "/v1/models", {"authorization": "Bearer no"}, 401, {"type": "invalid_request_error", "code": "invalid_api_key"}),
        ("openai", "/v1/models", {"authorization": f"Basic {KEY}"}, 401, {"code": None}),
        ("openai", "/v1/models/none", BEARER, 404, {"code": "model_not_found"}),
        ("google", "/v1beta/models", {}, 403, {"status": "PERMISSION_DENIED", "code": 403}),
        ("google", "/v1beta/models", {"x-goog-api-key": "no"}, 400, {"status": "INVALID_ARGUMENT"}),
        ("google", "/v1beta/nothing", GEMINI, 404, {"status": "NOT_FOUND"}),
        ("local", "/nothing", {}, 404, {"type": "invalid_request_error"}),
    ],
)  # fmt: skip
async def test_each_api_refuses_in_its_own_words(
    provider: str, path: str, headers: dict[str, str], status: int, said: dict[str, Any]
) -> None:
    async with world() as (made, _, client):
        answer = await client.get(made.api(provider).url + path, headers=headers)
        assert answer.status_code == status
        assert said.items() <= answer.json()["error"].items()


@pytest.mark.parametrize(
    ("provider", "path", "headers", "names"),
    [
        ("anthropic", "/v1/models?limit=1", CLAUDE, ("data", "id")),
        ("anthropic", "/v1/models", {**VERSION, **BEARER}, ("data", "id")),
        ("openai", "/v1/models", BEARER, ("data", "id")),
        ("google", "/v1beta/models?pageSize=1", GEMINI, ("models", "name")),
        ("google", f"/v1beta/models?key={KEY}", {}, ("models", "name")),
        ("local", "/v1/models", {}, ("data", "id")),
    ],
)
async def test_a_valid_key_gets_the_models(
    provider: str, path: str, headers: dict[str, str], names: tuple[str, str]
) -> None:
    async with world() as (made, _, client):
        answer = await client.get(made.api(provider).url + path, headers=headers)
        assert answer.status_code == 200
        assert all(row[names[1]] for row in answer.json()[names[0]])


async def test_each_request_to_anthropic_has_an_id_in_header_and_body() -> None:
    async with world() as (made, _, client):
        first, second = [await client.get(made.api("anthropic").url + "/v1/models", headers=VERSION) for _ in range(2)]
        assert first.json()["request_id"] == first.headers["request-id"] != second.headers["request-id"]
        assert first.json()["type"] == "error" and first.headers["request-id"].startswith("req_")


async def test_googles_answer_to_a_wrong_key_names_the_reason() -> None:
    async with world() as (made, _, client):
        answer = await client.get(made.api("google").url + "/v1beta/models", headers={"x-goog-api-key": "no"})
        assert answer.json()["error"]["details"][0]["reason"] == "API_KEY_INVALID"


@pytest.mark.parametrize(
    ("provider", "path", "headers", "body", "events"),
    [
        ("anthropic", "/v1/messages", CLAUDE, HI, ["message_start", "content_block_start", "ping", "content_block_delta",
                                                   "content_block_stop", "message_delta", "message_stop"]),
        ("openai", "/v1/chat/completions", BEARER, CHAT, ["chat.completion.chunk"]),
        ("openai", "/v1/responses", BEARER, {"model": "gpt-5-nano", "input": "hi", "max_output_tokens": 16},
         ["response.created", "response.output_text.delta", "response.completed"]),
        ("google", "/v1beta/models/gemini-2.5-flash-lite:streamGenerateContent?alt=sse", GEMINI, {"contents": []}, [None]),
    ],
)  # fmt: skip
async def test_generation_is_streamed(
    provider: str, path: str, headers: dict[str, str], body: Mapping[str, Any], events: list[str | None]
) -> None:
    async with world() as (made, _, client):
        url = made.api(provider).url + path
        answer = await client.post(url, headers=headers, json={**body, "stream": True})
        assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/event-stream")
        data = [line.removeprefix("data: ") for line in answer.text.splitlines() if line.startswith("data: ")]
        documents = [json.loads(each) for each in data if each != "[DONE]"]
        assert [each.get("type", each.get("object")) for each in documents] == events
        plain = await client.post(url.replace("?alt=sse", ""), headers=headers, json=body)
        assert plain.status_code == 200 and plain.headers["content-type"].startswith("application/json")
        whole = await client.post(
            url.replace(":streamGenerateContent?alt=sse", ":generateContent"), headers=headers, json=body
        )
        assert whole.status_code == 200 and "Hi" in whole.text


@pytest.mark.parametrize(
    ("provider", "path", "headers", "body", "status", "said"),
    [
        ("anthropic", "/v1/messages", CLAUDE, {}, 400, "invalid_request_error"),
        ("anthropic", "/v1/messages", CLAUDE, {**HI, "model": "gpt-5"}, 404, "not_found_error"),
        ("anthropic", "/v1/messages", CLAUDE, {**HI, "max_tokens": None}, 400, "max_tokens"),
        (
            "openai",
            "/v1/responses",
            BEARER,
            {"model": "gpt-5-nano", "max_output_tokens": 1},
            400,
            "integer_below_min_value",
        ),
        ("openai", "/v1/chat/completions", BEARER, {}, 400, "invalid_request_error"),
        ("google", GENERATE, GEMINI, {}, 400, "INVALID_ARGUMENT"),
    ],
)
async def test_a_wrong_request_is_told_so(
    provider: str, path: str, headers: dict[str, str], body: Any, status: int, said: str
) -> None:
    async with world() as (made, _, client):
        answer = await client.post(made.api(provider).url + path, headers=headers, json=body)
        assert answer.status_code == status and said in answer.text
        broken = await client.post(made.api(provider).url + path, headers=headers, content=b"[" * 100_000)
        assert broken.status_code == 400


async def test_counting_tokens_is_free_and_passes_no_inference() -> None:
    async with world(broken("anthropic", "inference", "status = 529")) as (made, _, client):
        answer = await client.post(made.api("anthropic").url + "/v1/messages/count_tokens", headers=CLAUDE, json=HI)
        assert (answer.status_code, list(answer.json())) == (200, ["input_tokens"])
    async with world(broken("google", "inference", "status = 503")) as (made, _, client):
        url = made.api("google").url + GENERATE.replace("generateContent", "countTokens")
        answer = await client.post(url, headers=GEMINI, json={"contents": []})
        assert (answer.status_code, list(answer.json())) == (200, ["totalTokens"])


def broken(provider: str, path: str, fault: str) -> Scenario:
    return load(f"""title = "Broken"
start = 2026-01-01T10:00:00Z
end = 2026-01-01T12:00:00Z
[[incident]]
id = "one"
provider = "{provider}"
name = "Broken"
path = "{path}"
from = 2026-01-01T10:00:00Z
to = 2026-01-01T11:00:00Z
{fault}
""")


async def statuses(made: World, client: httpx.AsyncClient) -> list[int]:
    """What a request without a key, one with a wrong key, one with the key, and generation with two models get."""
    url = made.api("anthropic").url
    sonnet = {**HI, "model": "claude-sonnet-5"}
    wrong = {**VERSION, "x-api-key": "no"}
    asked = [await client.get(f"{url}/v1/models", headers=headers) for headers in (VERSION, wrong, CLAUDE)]
    asked += [await client.post(f"{url}/v1/messages", headers=CLAUDE, json=body) for body in (HI, sonnet)]
    return [answer.status_code for answer in asked]


@pytest.mark.parametrize(
    ("path", "fault", "seen"),
    [
        ("edge", "status = 500", [500, 500, 500, 500, 500]),
        ("sign_in", "status = 500", [401, 401, 500, 500, 500]),
        ("inference", "status = 529", [401, 401, 200, 529, 529]),
        ("model", 'status = 529\nmodels = ["haiku"]', [401, 401, 200, 529, 200]),
        ("log_in", "", [401, 401, 200, 200, 200]),
        ("page", "status = 503", [401, 401, 200, 200, 200]),
    ],
)
async def test_a_request_meets_only_what_is_broken_on_its_own_way(path: str, fault: str, seen: list[int]) -> None:
    async with world(broken("anthropic", path, fault)) as (made, clock, client):
        assert await statuses(made, client) == seen
        clock.jump(3600)
        assert await statuses(made, client) == [401, 401, 200, 200, 200]


@pytest.mark.parametrize(
    ("provider", "path", "headers", "code", "where"),
    [
        ("openai", "/v1/chat/completions", BEARER, "server_error", "type"),
        ("google", GENERATE, GEMINI, "UNAVAILABLE", "status"),
    ],
)
async def test_inference_breaks_with_the_other_vendors_too(
    provider: str, path: str, headers: dict[str, str], code: str, where: str
) -> None:
    told = broken(provider, "inference", f'status = 503\ncode = "{code}"\nmessage = "Gone for now"')
    async with world(told) as (made, _, client):
        answer = await client.post(made.api(provider).url + path, headers=headers, json={**CHAT, "contents": []})
        assert answer.status_code == 503
        assert (answer.json()["error"][where], answer.json()["error"]["message"]) == (code, "Gone for now")


async def test_in_april_the_valid_key_is_refused_from_1734_to_1852() -> None:
    async with world(scenario("april_28_2026")) as (made, clock, client):
        seen = []
        for when in ("17:33:59", "17:34:00", "18:51:59", "18:52:00"):
            clock.jump((datetime.fromisoformat(f"2026-04-28T{when}+00:00") - clock.now()).total_seconds())
            seen.append((await statuses(made, client))[:3])
            keyed = await client.get(made.api("anthropic").url + "/v1/models", headers=CLAUDE)
            if keyed.status_code == 401:
                assert keyed.json()["error"] == {"type": "authentication_error", "message": "invalid x-api-key"}
        assert seen == [[401, 401, 200], [401, 401, 401], [401, 401, 401], [401, 401, 200]]
        other = await client.get(made.api("openai").url + "/v1/models", headers=BEARER)
        assert other.status_code == 200


async def test_a_share_of_the_requests_fails_and_the_same_ones_each_time() -> None:
    async def run() -> list[int]:
        async with world(broken("anthropic", "edge", "status = 500\nshare = 0.3")) as (made, _, client):
            url = made.api("anthropic").url + "/v1/models"
            return [(await client.get(url, headers=VERSION)).status_code for _ in range(200)]

    first = await run()
    assert first == await run()
    assert 40 <= first.count(500) <= 80


async def test_an_edge_without_a_code_shows_its_own_page() -> None:
    async with world(broken("anthropic", "edge", "status = 522")) as (made, _, client):
        answer = await client.get(made.api("anthropic").url + "/v1/models", headers=CLAUDE)
        assert (answer.status_code, answer.headers["content-type"]) == (522, "text/html; charset=UTF-8")


@pytest.mark.parametrize(("manner", "raised"), [("hang", httpx.ReadTimeout), ("drop", httpx.TransportError)])
async def test_a_scenario_may_give_no_answer(manner: str, raised: type[Exception]) -> None:
    async with world(broken("anthropic", "edge", f'manner = "{manner}"')) as (made, _, client):
        with pytest.raises(raised):
            await client.get(made.api("anthropic").url + "/v1/models", timeout=0.2)


@pytest.mark.parametrize(
    ("status", "code"), [(500, "api_error"), (529, "overloaded_error"), (429, "rate_limit_error"), (401, "authentication_error")]
)  # fmt: skip
async def test_by_hand_an_api_fails_in_its_own_words(status: int, code: str) -> None:
    async with world() as (made, _, client):
        made.api("anthropic").fail(status, headers={"retry-after": "7"})
        answer = await client.get(made.api("anthropic").url + "/v1/models")
        assert (answer.status_code, answer.json()["error"]["type"]) == (status, code)
        assert answer.headers["retry-after"] == "7"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"error": {"code": "x"}}, "application/json; charset=utf-8"),
        ("<html>Sign in</html>", "text/html; charset=utf-8"),
        (b'{"cut', "application/json"),
        ("Rate exceeded", "text/plain; charset=utf-8"),
    ],
)
async def test_by_hand_an_api_answers_anything(body: Any, kind: str) -> None:
    async with world() as (made, _, client):
        made.api("openai").fail(200, body)
        answer = await client.get(made.api("openai").url + "/v1/models")
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
        await made.api("openai").work()
        assert (await client.get(made.api("openai").url + "/v1/models")).status_code == 401


async def test_by_hand_a_server_hangs_drops_and_is_slow() -> None:
    async with world() as (made, _, client):
        api, url = made.api("google"), made.api("google").url + "/v1beta/models"
        api.hang()
        async with httpx.AsyncClient(verify=False, trust_env=False) as impatient:
            with pytest.raises(httpx.ReadTimeout):
                await impatient.get(url, timeout=0.1)
        api.drop()
        with pytest.raises(httpx.TransportError):
            await client.get(url)
        await api.work()
        api.slow(0.05)
        answer = await client.get(url)
        assert answer.status_code == 403 and answer.elapsed.total_seconds() >= 0.05


async def test_by_hand_a_server_refuses_connections_and_comes_back_on_its_port() -> None:
    async with world() as (made, _, client):
        url = made.api("local").url + "/v1/models"
        assert (await client.get(url)).status_code == 200
        await made.api("local").refuse()
        await made.api("local").refuse()
        with pytest.raises(httpx.ConnectError):
            await client.get(url)
        await made.api("local").work()
        assert (await client.get(url)).status_code == 200
        await made.api("local").refuse()
        await made.close()
        with socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            free.bind(("127.0.0.1", port(url.removesuffix("/v1/models"))))


async def test_the_neutral_site_answers_204_until_a_portal_stands_before_it() -> None:
    async with world() as (made, _, client):
        url = made.neutral.url + "/generate_204"
        answer = await client.get(url)
        assert (answer.status_code, answer.content) == (204, b"")
        assert (await client.get(made.neutral.url)).status_code == 404
        made.neutral.fail(200, "<html>Welcome to the hotel</html>")
        assert (await client.get(url)).status_code == 200


async def test_requests_are_remembered_without_the_key() -> None:
    async with world() as (made, _, client):
        await client.get(made.api("google").url + f"/v1beta/models?key={KEY}")
        await client.get(made.page("anthropic").url + "/api/v2/summary.json")
        await client.get(made.api("anthropic").url + "/v1/models", headers={"x-api-key": KEY})
        assert [(asked.role, asked.method, asked.path, asked.is_keyed) for asked in made.requests] == [
            ("google.api", "GET", "/v1beta/models", True),
            ("anthropic.page", "GET", "/api/v2/summary.json", False),
            ("anthropic.api", "GET", "/v1/models", True),
        ]
        assert KEY not in repr(made.requests) + repr(vars(made))


async def test_the_overrides_point_at_every_server() -> None:
    async with world() as (made, _, client):
        document = tomllib.loads(made.overrides())
        assert set(document["providers"]) == {"anthropic", "openai", "google", "local"}
        assert document["providers"]["anthropic"] == {
            "allow_private": True,
            "feed": {"url": made.page("anthropic").url},
            "api": {"base_url": made.api("anthropic").url},
        }
        assert "feed" not in document["providers"]["local"]
        (target,) = document["monitor"]["connectivity_targets"]
        assert (await client.get(target)).status_code == 204
        few = tomllib.loads(made.overrides(["openai"]))
        assert (few["monitor"]["watch"], list(few["providers"])) == (["openai"], ["openai"])


async def test_uptray_can_be_pointed_at_the_world_with_the_provider_files_as_they_are() -> None:
    files = {file.stem: (file.name, file.read_text(encoding="utf-8")) for file in RESOURCES.glob("*.toml")}
    async with world() as (made, _, client):
        settings = read_settings(made.overrides(["anthropic", "openai", "google", "local"]), "config.toml", files)
        assert settings.warnings == () and len(settings.watch) == 4
        for provider in settings.watch:
            for kind, key in ((ProbeKind.KEYLESS, {}), (ProbeKind.FREE, {**CLAUDE, **BEARER, **GEMINI})):
                probe = provider.probe(kind)
                if provider.api is not None and probe is not None:
                    url = provider.api.base_url + probe.path
                    answer = await client.request(probe.method, url, headers={**provider.api.headers, **key})
                    assert answer.status_code in probe.alive
            if provider.feed is not None and provider.feed.path is not None:
                assert (await client.get(provider.feed.url + provider.feed.path)).status_code == 200
            paid = provider.probe(ProbeKind.PAID)
            if provider.api is not None and paid is not None:
                url = provider.api.base_url + paid.path.replace("{model}", paid.models[0])
                body = (paid.body or "").replace("{model}", paid.models[0])
                headers = {**provider.api.headers, **CLAUDE, **BEARER, **GEMINI, "content-type": "application/json"}
                answer = await client.post(url, headers=headers, content=body)
                assert answer.status_code in paid.alive and answer.headers["content-type"].startswith(
                    "text/event-stream"
                )


async def test_a_port_in_use_is_refused_in_one_line_and_nothing_stays_open() -> None:
    async with world() as (made, _, _client):
        first = port(made.page("anthropic").url)
        with pytest.raises(Refused, match=rf"^port {first} of 127.0.0.1 is in use$"):
            await World(calm(NOON), FakeClock(NOON), Secret(KEY), first_port=first).start()
        # The second of its ports is taken: the first must be given back.
        with pytest.raises(Refused, match=rf"^port {first} of 127.0.0.1 is in use$"):
            await World(calm(NOON), FakeClock(NOON), Secret(KEY), first_port=first - 1).start()
        with socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            free.bind(("127.0.0.1", first - 1))


async def test_given_ports_are_taken_one_after_the_other() -> None:
    for first in range(41_000, 60_000, 20):
        made = World(calm(NOON), FakeClock(NOON), Secret(KEY), first_port=first)
        try:
            await made.start()
        except Refused:
            continue
        urls = [made.page("anthropic").url, made.api("anthropic").url, made.page("openai").url]
        await made.close()
        assert [port(url) for url in urls] == [first, first + 1, first + 2]
        return
    raise AssertionError("no eight ports in a row were free")


def port(url: str) -> int:
    return int(url.rpartition(":")[2])


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /" + b"a" * 20_000,
        b"POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: 9000000\r\n\r\n" + b"a" * 1_200_000,
    ],
)
async def test_what_is_no_request_is_cut_off_and_hurts_nobody(raw: bytes) -> None:
    async with world() as (made, _, client):
        reader, writer = await asyncio.open_connection("127.0.0.1", port(made.api("anthropic").url))
        writer.write(raw)
        with suppress(ConnectionError):
            assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()
        assert (await client.get(made.api("anthropic").url + "/v1/models", headers=CLAUDE)).status_code == 200


async def test_a_connection_serves_many_requests_without_delay() -> None:
    async with world() as (made, _, client):
        answers = [await client.get(made.page("anthropic").url + "/api/v2/summary.json") for _ in range(5)]
        assert len({answer.extensions["network_stream"].get_extra_info("client_addr") for answer in answers}) == 1
        # Nagle's delay together with the client's delayed acknowledgement is 40 ms an answer.
        assert min(answer.elapsed.total_seconds() for answer in answers) < 0.03


async def test_closing_cuts_idle_and_hanging_clients_at_once_and_in_silence() -> None:
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    async with world() as (made, _, client):
        await client.get(made.api("local").url)
        made.api("openai").hang()
        hanging = asyncio.create_task(client.get(made.api("openai").url, timeout=60))
        await asyncio.to_thread(until, lambda: len(made.requests) == 2)
        await asyncio.wait_for(made.close(), 2)
        with pytest.raises(httpx.TransportError):
            await hanging
    assert complaints == []


async def test_too_many_connections_are_turned_away() -> None:
    async with world() as (made, _, _client):
        open_ones = [await asyncio.open_connection("127.0.0.1", port(made.neutral.url)) for _ in range(201)]
        reader, _ = open_ones[-1]
        assert await asyncio.wait_for(reader.read(), 5) == b""
        for _, writer in open_ones:
            writer.close()
