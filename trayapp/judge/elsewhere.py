"""What others see of a provider, without a key: OpenRouter publishes how its own traffic to each vendor fares.

The document is https://openrouter.ai/docs/api/api-reference/endpoints/list-endpoints: for each endpoint that serves a
model `provider_name`, `tag`, `status`, and the per cent of requests that succeeded in `uptime_last_5m`, `_30m` and
`_1d`. It answers without a key; any number may be null, and the latencies are null for whoever asks without one.

It is the traffic of one router. When the router is the trouble (17 and 19 February 2026), every vendor looks bad at
once, which `trustworthy` sees; so a reading never decides alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from trayapp.model.level import Level
from trayapp.model.provider import Elsewhere, Provider
from trayapp.model.reading import ElsewhereReading
from trayapp.model.request import Outcome, Request

_URL = "https://openrouter.ai/api/v1/models/{model}/endpoints"
_PAGE = "https://openrouter.ai/{model}"

#: Per cent of requests in five minutes. We know of no published bounds; these are ours. On an ordinary day the four
#: endpoints of Claude Sonnet 4.5 stood between 97.9 and 100 (asked on 15 August 2026), so less is out of the ordinary.
#: An agent's task takes dozens of requests: where more than three in ten fail it does not end.
WELL, DOWN = 97.0, 70.0
#: The last five minutes are a sixth of the last thirty, and so must their failures be, at an even flow. When not even
#: half of that shows there, the five minutes were a handful of requests.
_SHARE = 1 / 6 / 2
#: A model has a dozen endpoints or two.
_MOST = 200
#: Seconds for the whole answer; it is some ten KB and a cached document.
_TOTAL_S = 10.0


def request(provider: Provider) -> Request | None:
    """Return what to fetch, None when the provider declares nobody. It never carries a key."""
    asked = provider.elsewhere
    if asked is None:
        return None
    return Request(_URL.format(model=asked.model), headers={"accept": "application/json"}, total_s=_TOTAL_S)


def read(provider: Provider, outcome: Outcome, at: datetime) -> ElsewhereReading:
    """Return what the third party saw; whatever came back, nothing is raised and nothing is guessed.

    Raises ValueError for a provider that declares nobody: then there is nothing to read.
    """
    asked = provider.elsewhere
    if asked is None:
        raise ValueError(f"{provider.id} declares nobody to ask")
    url = _PAGE.format(model=asked.model)

    def unknown(why: str) -> ElsewhereReading:
        return ElsewhereReading(provider.id, at, asked.source, Level.UNKNOWN, None, "", url, error=why)

    if outcome.failure is not None:
        return unknown(outcome.detail or outcome.failure.value.replace("_", " "))
    if outcome.status != 200:
        return unknown(f"HTTP {outcome.status}")
    rows = _rows(outcome.body)
    if rows is None:
        return unknown("not the document it should be")
    own = [row for row in rows if _is_own(asked, row)]
    if not own:
        return unknown("the vendor's own endpoint is not listed there")
    best = max(own, key=_rank)
    level, detail = _seen(best)
    peers = tuple(sorted(up for row in rows if row not in own and (up := _per_cent(row, "uptime_last_5m")) is not None))
    return ElsewhereReading(
        provider.id, at, asked.source, level, _per_cent(best, "uptime_last_5m"), detail, url, peers=peers
    )


def trustworthy(readings: Iterable[ElsewhereReading]) -> bool:
    """True unless most of what the source sees looks bad at once: then it is the source that is in trouble.

    Give it the newest reading of every provider there is one of; each brings its peers as controls. Nothing seen is
    nothing to distrust; one bad number alone has no control and is not to be trusted.
    """
    known = [reading for reading in readings if reading.uptime is not None and reading.level is not Level.UNKNOWN]
    seen = [reading.uptime for reading in known if reading.uptime is not None]
    seen += [up for reading in known for up in reading.peers]
    bad = sum(up < WELL for up in seen)
    return 2 * bad <= len(seen)


def _rows(body: bytes) -> list[Mapping[str, Any]] | None:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    data = document.get("data") if isinstance(document, dict) else None
    rows = data.get("endpoints") if isinstance(data, dict) else None
    return [row for row in rows[:_MOST] if isinstance(row, dict)] if isinstance(rows, list) else None


def _is_own(asked: Elsewhere, row: Mapping[str, Any]) -> bool:
    """True for the vendor's endpoints: by the name, or by the tag, which may go on after a slash with a variant."""
    wanted = asked.endpoint.lower()
    tag, name = row.get("tag"), row.get("provider_name")
    by_tag = isinstance(tag, str) and tag.lower().partition("/")[0] == wanted
    return by_tag or (isinstance(name, str) and name.lower() == wanted)


def _rank(row: Mapping[str, Any]) -> float:
    """Of several endpoints of the vendor the best speaks for it: a worse one may be a region or a tier of its own."""
    up = _per_cent(row, "uptime_last_5m")
    return -1.0 if up is None else up


def _seen(row: Mapping[str, Any]) -> tuple[Level, str]:
    up, longer = _per_cent(row, "uptime_last_5m"), _per_cent(row, "uptime_last_30m")
    if up is None:
        return Level.UNKNOWN, "too few requests in the last 5 minutes"
    detail = f"{up:.1f} % of requests in 5 minutes" + (f", {longer:.1f} % in 30" if longer is not None else "")
    if up >= WELL:
        return Level.OPERATIONAL, detail
    if longer is not None and 100 - longer < (100 - up) * _SHARE:
        return Level.UNKNOWN, f"{detail}: too few to tell"
    return (Level.DEGRADED if up >= DOWN else Level.DOWN), detail


def _per_cent(row: Mapping[str, Any], name: str) -> float | None:
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= 100 else None
