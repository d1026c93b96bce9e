"""From a provider's file to a Provider: which keys there are, what each may hold, and what they mean together."""

from __future__ import annotations

import json
import re
from typing import Any

from trayapp.model import address
from trayapp.model.forms import Form, Unfit, flag, line, matching, number, one_of, status
from trayapp.model.provider import Answer, Api, Elsewhere, Feed, FeedComponent, Probe, ProbeKind, Provider, Route
from trayapp.model.reading import Symptom
from trayapp.model.refused import Refused
from trayapp.model.source import Source
from trayapp.model.table import Table

#: Ways to present a key that agents know too …
ROUTE_AUTHS = ("bearer", "x-api-key", "x-goog-api-key", "api-key")
#: … and all that the fetcher knows: "xi-api-key" is ElevenLabs' header, "sigv4" signs with a key pair of AWS.
AUTHS = (*ROUTE_AUTHS, "xi-api-key", "sigv4")
#: Ways in which agents talk to a model.
PROTOCOLS = ("anthropic", "responses", "chat", "gemini")
#: Third parties that publish how well they are served.
ELSEWHERE = ("openrouter",)

ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")
_ID: Form[str] = matching(ID.pattern, "small letters, digits, - and _")
_WORD: Form[str] = matching(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", "a word of letters, digits, '.', '-' and '_'")
_PLATFORM: Form[str] = matching(r"[a-z][a-z0-9]{0,49}", "the name of a status-page platform")
#: A path is joined to a host: without its slash "@elsewhere" would change the host.
_PATH: Form[str] = matching(r"/[!-\[\]-~]{0,499}", 'a path that begins with "/"')
_MODEL: Form[str] = matching(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,99}", "the name of a model")
#: Two words of a path, and nothing that would leave it.
_LISTED: Form[str] = matching(
    r"[a-z0-9][a-z0-9._-]{0,63}/[a-z0-9][a-z0-9._:-]{0,99}", '"author/model" as it is listed there'
)
_VARIABLE: Form[str] = matching(r"[A-Za-z_][A-Za-z0-9_]{0,99}", "the name of an environment variable")
_HEADER_VALUE: Form[str] = matching(r"[ -~]{1,500}", "visible ASCII characters")

#: Headers that carry a key, or that only the HTTP library may set.
_NO_HEADERS = {
    *("authorization", "proxy-authorization", "cookie", "x-api-key", "x-goog-api-key", "api-key", "xi-api-key"),
    *("host", "connection", "content-length", "transfer-encoding"),
}


def read_provider(id: str, text: str, where: str) -> Provider:
    """Return the provider that a file declares; `id` is the file's name, `where` its name for messages.

    Raises Refused: one line with file, line, key and what was expected.
    """
    return provider(id, Table.of(Source(where, text)))


def provider(id: str, table: Table) -> Provider:
    """Return the provider in `table`; afterwards `table.warnings()` tells of its unknown keys. Raises Refused."""
    if not ID.fullmatch(id):
        raise Refused(f"a provider file named by small letters, digits, - and _ was expected, got {id[:50]!a}")
    private = table.get("allow_private", flag, False)
    made = Provider(
        id=id,
        name=table.need("name", line(60)),
        feed=_feed(table.table("feed"), private) if table.has("feed") else None,
        api=_api(table.table("api"), private) if table.has("api") else None,
        probes=tuple(_probe(each) for each in table.tables("probe", most=10)),
        answers=tuple(_answer(each) for each in table.tables("answer")),
        routes=tuple(_route(each, private) for each in table.tables("route", most=20)),
        formerly=table.each("formerly", _ID, most=20),
        local=table.get("local", flag, False),
        allow_private=private,
        note=table.get("note", line(500), ""),
        elsewhere=_elsewhere(table.table("elsewhere")) if table.has("elsewhere") else None,
    )
    if made.feed is None and made.api is None:
        raise table.refusal("feed", "a [feed] or an [api] table")
    if made.probes and made.api is None:
        raise table.refusal("api", "an [api] table for the probes")
    return made


def _feed(table: Table, private: bool) -> Feed:
    return Feed(
        platform=table.need("platform", _PLATFORM),
        url=table.need("url", address.base(private)),
        fallbacks=table.each("fallbacks", address.base(private), most=5),
        path=table.get("path", _PATH, None),
        page=table.get("page", address.link(private), None),
        components=tuple(
            FeedComponent(each.need("id", line(100)), each.need("name", line(100)), each.each("scope", _ID, most=20))
            for each in table.tables("component")
        ),
        roster=table.get("roster", flag, False),
    )


def _api(table: Table, private: bool) -> Api:
    base_url = table.need("base_url", address.base(private))
    own = address.host_of(base_url)
    hosts = table.each("hosts", address.host, most=20) or (own,)
    if own not in hosts:
        raise table.refusal("base_url", f"an address on one of api.hosts, {', '.join(hosts)},")
    return Api(
        base_url=base_url,
        hosts=hosts,
        auth=table.get("auth", one_of(AUTHS), "bearer"),
        headers=table.mapping("headers", _header_name, _HEADER_VALUE, most=20),
        key_env=table.get("key_env", _VARIABLE, None),
        key_page=table.get("key_page", address.link(private), None),
        name=table.get("name", line(60), ""),
    )


def _probe(table: Table) -> Probe:
    kind = ProbeKind(table.need("kind", one_of([kind.value for kind in ProbeKind])))
    paths = {method: table.get(method.lower(), _PATH, None) for method in ("GET", "POST")}
    made = [(method, path) for method, path in paths.items() if path is not None]
    if len(made) != 1:
        raise table.refusal("get", "either get or post with a path")
    method, path = made[0]
    prices = table.each("usd_per_million", number(0, 1_000_000, "US dollars"), least=2, most=2)
    probe = Probe(
        kind=kind,
        method=method,
        path=path,
        alive=table.each("alive", status, least=1, most=20) or (200,),
        body=table.get("body", _json, None),
        models=table.each("models", _MODEL, most=20),
        usd_per_million=(prices[0], prices[1]) if prices else (0.0, 0.0),
    )
    if "{model}" in f"{probe.path}{probe.body}" and not probe.models:
        raise table.refusal("models", "a list of models to put in place of {model}")
    # Without a price the monthly cap would never be reached.
    if kind is ProbeKind.PAID and not prices:
        raise table.refusal("usd_per_million", "the price of a paid probe")
    return probe


def _answer(table: Table) -> Answer:
    text = table.get("text", line(), None)
    answer = Answer(
        means=Symptom(table.need("means", one_of([symptom.value for symptom in Symptom]))),
        status=table.get("status", status, None),
        code=table.get("code", _WORD, None),
        text=text.lower() if text else None,
    )
    if answer.status is None and answer.code is None and answer.text is None:
        raise table.refusal("status", "a status, a code or a text to know the answer by")
    return answer


def _route(table: Table, private: bool) -> Route:
    return Route(
        protocol=table.need("protocol", one_of(PROTOCOLS)),
        base_url=table.need("base_url", address.base(private)),
        auth=table.get("auth", one_of(ROUTE_AUTHS), "bearer"),
        models=table.mapping("models", _WORD, _MODEL),
    )


def _elsewhere(table: Table) -> Elsewhere:
    return Elsewhere(
        source=table.need("source", one_of(ELSEWHERE)),
        model=table.need("model", _LISTED),
        endpoint=table.need("endpoint", line(60)),
    )


def _header_name(value: Any) -> str:
    name = _WORD(value).lower()
    if name in _NO_HEADERS:
        raise Unfit("a header that carries no key and that is not the connection's own")
    return name


def _json(value: Any) -> str:
    if isinstance(value, str) and len(value) <= 4000:
        try:
            json.loads(value)
        except (ValueError, RecursionError):
            pass
        else:
            return value
    raise Unfit("a JSON text")
