"""A router of models, as OpenRouter is: what its own traffic to each vendor saw, published for everybody.

The document is https://openrouter.ai/docs/api/api-reference/endpoints/list-endpoints, without the fields that nobody
reads here. Its numbers are the truth of the scenario over the last minutes, with the small failures of every day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from trayapp.simulator.exchange import Answer, Ask, json_answer
from trayapp.simulator.scenario import Incident, Path, Scenario

HOST = "openrouter.ai"

#: What the router's traffic goes through; how people log in with the vendor is not its affair.
_PATHS = (Path.EDGE, Path.SIGN_IN, Path.INFERENCE, Path.MODEL)
#: Per cent that fail on any day.
_USUAL = 1.5
_OTHERS = ("amazon-bedrock", "google-vertex", "azure")


@dataclass(frozen=True, slots=True)
class Listed:
    """A model as the router lists it ("author/model"), and the vendor's own endpoint there."""

    provider: str
    model: str
    endpoint: str


class RouterService:
    """Answers for the models that it lists."""

    def __init__(self, scenario: Scenario, listed: Iterable[Listed]) -> None:
        self._incidents = tuple(each for each in scenario.incidents if each.path in _PATHS)
        self._listed: Mapping[str, Listed] = {f"/api/v1/models/{each.model}/endpoints": each for each in listed}
        self._dice = Random(f"{scenario.id}.router")

    def answer(self, ask: Ask, now: datetime) -> Answer:
        """Answer one request."""
        listed = self._listed.get(ask.path)
        if listed is None:
            return json_answer({"error": {"code": 404, "message": "Not Found"}}, 404)
        own = _row(listed.endpoint, self._uptime(listed, now, 5), self._uptime(listed, now, 30))
        others = [_row(name, 100 - self._dice.uniform(0, _USUAL), 99.5) for name in _OTHERS]
        return json_answer({"data": {"id": listed.model, "endpoints": [own, *others]}})

    def _uptime(self, listed: Listed, now: datetime, minutes: float) -> float:
        """Return the per cent that succeeded in the last `minutes`."""
        span = timedelta(minutes=minutes)
        lost = sum(
            each.share * (max(timedelta(), min(each.end, now) - max(each.start, now - span)) / span)
            for each in self._incidents
            if each.provider == listed.provider and _concerns(each, listed.model)
        )
        return max(0.0, 100 * (1 - min(lost, 1.0)) - self._dice.uniform(0, _USUAL))


def _concerns(incident: Incident, model: str) -> bool:
    return incident.path is not Path.MODEL or any(piece.lower() in model.lower() for piece in incident.models)


def _row(tag: str, short: float, long: float) -> dict[str, object]:
    return {"tag": tag, "provider_name": tag, "uptime_last_5m": round(short, 2), "uptime_last_30m": round(long, 2)}
