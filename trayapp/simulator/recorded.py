"""Incidents as they were recorded: a JSON file whose rows have times, and as much of the symptoms as is known.

`{"incidents": [{"provider", "title", "components", "start", "impact_end", "status_first_post", "identified",
"monitoring", "resolved", "symptoms", "impact_level"}, …]}`, times in ISO 8601 or null. What a row does not say is read
from its words: which path broke, how many requests failed and how. `path`, `share`, `status`, `code`, `manner` and
`models` may say so outright, in the words of a scenario file. Where the words leave it open the path is inference,
which an unbilled ping does not see: a record must not flatter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from trayapp.model.ports import Refused
from trayapp.simulator.exchange import Manner
from trayapp.simulator.scenario import Fault, Incident, Path, Post, Scenario
from trayapp.simulator.vendors import VENDORS, Vendor

#: Quiet before an incident, so that what works is known to work, and after it.
_BEFORE, _AFTER = timedelta(minutes=45), timedelta(minutes=45)
_MOST_ROWS = 5000
_EARLIEST, _LATEST = 2000, 2100
#: What lasts longer is no outage but a state of affairs, and would take minutes to replay.
_LONGEST = timedelta(days=30)
_STATES = {"minor": "degraded_performance", "major": "partial_outage", "critical": "major_outage"}
_SHARES = {"critical": 1.0, "major": 0.5, "minor": 0.2, "none": 0.2}
_SIGN_IN = re.compile(r"\bauth|\b401\b|\blog-?in|\bsign|\boauth")
_MODELS = re.compile(r"\b(opus|sonnet|haiku|fable|gpt-[\w.]+|davinci\S*|curie|o[1-5])\b")
_GENERATION = re.compile(r"\b529\b|overload|\bmodels?\b|latency|degraded|elevated")
_WHOLE = re.compile(r"100 ?%|\bdown\b|unavailable|not available|outage|\b5xx\b|\b5[0-3]\d\b|connection|complete")
#: Statuses that only an edge gives.
_EDGE = re.compile(r"\b5[23]0\b|load balancer")
_LATE = re.compile(r"\btimeouts?\b|\bstall|\b499\b")
_STATUS = re.compile(r"\b(4(?:00|01|03|29)|5[0-3]\d)\b")
_PERCENT = re.compile(r"\b(\d{1,3}) ?%")


@dataclass(frozen=True, slots=True)
class Record:
    """One row: a scenario of its own, or the reason why there is none."""

    title: str
    provider: str
    scenario: Scenario | None = None
    reason: str = ""


def read(text: str, where: str) -> tuple[Record, ...]:
    """Return the rows of a file. Raises Refused: one line with the file and the place."""
    try:
        document = json.loads(text)
    except ValueError as error:
        place = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise Refused(f"{where}{place}: JSON was expected") from None
    except RecursionError:
        raise Refused(f"{where}: JSON of reasonable depth was expected") from None
    rows = document.get("incidents") if isinstance(document, dict) else None
    if not isinstance(rows, list) or len(rows) > _MOST_ROWS:
        raise Refused(f"{where}: incidents: a list of at most {_MOST_ROWS} rows was expected")
    return tuple(_record(row, f"{where}: incidents[{number}]", number) for number, row in enumerate(rows))


def _record(row: Any, where: str, number: int) -> Record:
    if not isinstance(row, dict):
        raise Refused(f"{where}: a table was expected")
    provider, title = _words(row, "provider", where), _words(row, "title", where)
    start, end = _time(row, "start", where), _time(row, "impact_end", where) or _time(row, "resolved", where)
    vendor = {each.id: each for each in VENDORS if each.platform and each.dialect}.get(provider)
    if vendor is None:
        return Record(title, provider, reason="the simulator does not play this provider")
    if start is None or end is None or start >= end:
        return Record(title, provider, reason="its true start and end are not known")
    if end - start > _LONGEST:
        return Record(title, provider, reason=f"it lasts longer than {_LONGEST.days} days")
    incident = Incident(
        id=f"recorded-{number}",
        provider=provider,
        name=title,
        path=(path := _path(row, where)),
        start=start,
        end=end,
        fault=_fault(row, path, where),
        share=_share(row, where),
        models=_models(row) if path is Path.MODEL else (),
        posts=_posts(row, vendor, where),
    )
    last = min(max((end, *(post.at for post in incident.posts))), end + _LONGEST)
    return Record(title, provider, Scenario(incident.id, title, start - _BEFORE, last + _AFTER, (incident,)))


def _text(row: Mapping[str, Any]) -> str:
    return f"{row.get('title') or ''} {row.get('symptoms') or ''}".lower()


def _components(row: Mapping[str, Any]) -> list[str]:
    named = row.get("components")
    return [name.lower() for name in named[:50] if isinstance(name, str)] if isinstance(named, list) else []


def _path(row: Mapping[str, Any], where: str) -> Path:
    if row.get("path") is not None:
        try:
            return Path(row["path"])
        except ValueError:
            raise Refused(f"{where}: path: one of {', '.join(Path)} was expected") from None
    components = " ".join(_components(row))
    if "status page" in components:
        return Path.PAGE
    return _path_of_api(row) if _is_about_api(components, _text(row)) else Path.LOG_IN


def _is_about_api(components: str, text: str) -> bool:
    named = re.search(r"\bapi\b|codex|claude code|playground|unmapped", components)
    return bool(named or (not components and re.search(r"\bapi\b|model|endpoint|davinci|500s", text)))


def _path_of_api(row: Mapping[str, Any]) -> Path:
    text = _text(row)
    if _EDGE.search(text):
        return Path.EDGE
    if _SIGN_IN.search(text):
        return Path.SIGN_IN
    if _models(row):
        return Path.MODEL
    return Path.EDGE if _WHOLE.search(text) and not _GENERATION.search(text) else Path.INFERENCE


def _models(row: Mapping[str, Any]) -> tuple[str, ...]:
    if isinstance(row.get("models"), list):
        return tuple(str(name)[:60] for name in row["models"][:20])
    return tuple(dict.fromkeys(_MODELS.findall(str(row.get("title") or "").lower())))


def _share(row: Mapping[str, Any], where: str) -> float:
    if row.get("share") is not None:
        share = row["share"]
        if isinstance(share, int | float) and not isinstance(share, bool) and 0 < share <= 1:
            return float(share)
        raise Refused(f"{where}: share: a number above 0 and at most 1 was expected")
    percents = [int(found) / 100 for found in _PERCENT.findall(_text(row)) if 0 < int(found) <= 100]
    if percents:
        return max(percents)
    if re.search(r"\ball (?:api )?requests\b|\bcomplete(?:ly)?\b|\bunavailable\b", _text(row)):
        return 1.0
    return _SHARES.get(str(row.get("impact_level")), 0.5)


def _fault(row: Mapping[str, Any], path: Path, where: str) -> Fault:
    manner, status = row.get("manner"), row.get("status")
    if manner is not None and manner not in tuple(Manner):
        raise Refused(f"{where}: manner: one of {', '.join(Manner)} was expected")
    if status is not None and (not isinstance(status, int) or not 400 <= status <= 599):
        raise Refused(f"{where}: status: an HTTP status from 400 to 599 was expected")
    text = _text(row)
    if manner not in (None, "error") or (manner is None and status is None and _LATE.search(text)):
        return Fault(Manner(manner or "hang"))
    found = _STATUS.search(text)
    number = status or (int(found[1]) if found else {Path.SIGN_IN: 401, Path.EDGE: 503}.get(path, 500))
    code = row.get("code")
    usual = None if path is Path.EDGE and number >= 502 else ""
    return Fault(status=number, code=str(code)[:60] if code else usual)


def _posts(row: Mapping[str, Any], vendor: Vendor, where: str) -> tuple[Post, ...]:
    first, impact = _time(row, "status_first_post", where), str(row.get("impact_level") or "minor")
    impact = impact if impact in ("none", *_STATES) else "minor"
    red = dict.fromkeys(_touched(row, vendor), _STATES.get(impact, "operational"))
    turns: tuple[tuple[datetime | None, str, dict[str, str]], ...] = (
        (first, "investigating", red),
        (_time(row, "identified", where), "identified", {}),
        (_time(row, "monitoring", where), "monitoring", {}),
        (_time(row, "resolved", where), "resolved", dict.fromkeys(red, "operational")),
    )
    posts = [Post(at, status, impact, states) for at, status, states in turns if at is not None and first is not None]
    return tuple(sorted(posts, key=lambda post: post.at)) if posts and posts[0].at == first else ()


def _touched(row: Mapping[str, Any], vendor: Vendor) -> tuple[str, ...]:
    """Return the vendor's components that the row's words mean; "API" means all that have it in their name."""
    words = _components(row)
    found = [
        id
        for id, name in vendor.components.items()
        for word in words
        if word in name.lower() or name.lower() in word or (word == "api" and _is_api(name, vendor))
    ]
    return tuple(dict.fromkeys(found))


def _is_api(name: str, vendor: Vendor) -> bool:
    return vendor.id == "openai" and name in ("Chat Completions", "Responses", "Embeddings")


def _words(row: Mapping[str, Any], name: str, where: str) -> str:
    value = row.get(name)
    if isinstance(value, str) and value.strip() and value.isprintable():
        return " ".join(value.split())[:200]
    raise Refused(f"{where}: {name}: one line of text was expected")


def _time(row: Mapping[str, Any], name: str, where: str) -> datetime | None:
    value = row.get(name)
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value)
        at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        raise Refused(f"{where}: {name}: a time in ISO 8601 was expected") from None
    if not _EARLIEST <= at.year <= _LATEST:
        raise Refused(f"{where}: {name}: a year from {_EARLIEST} to {_LATEST} was expected")
    return at
