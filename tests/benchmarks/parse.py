"""What reading a status page costs, beside what its bytes cost to decode at all: `python3 dev.py bench parse`.

Each platform's own page of the tests, grown to hundreds of incidents with texts as long as vendors write them. The
floor is `json.loads` of the same bytes, and for feeds in XML the parser alone. Goal: at most twice the floor.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from defusedxml.ElementTree import fromstring

from tests.benchmarks._measure import Row, show
from tests.feeds.recorded import FOLDER, NOW, acme, answer, bodies
from trayapp import feeds

GOAL = 2.0
_ROWS, _ROUNDS = 200, 7
#: Characters of one update's text; the median of the incidents of 2026 that we have at hand is of this order.
_TEXT = 400
_PROSE = (
    "The team is still looking into the cause of this, and has found that some requests are answered late or with an "
    "error. Work that was under way is not lost and may be tried again. Another part of the service is not touched by "
    "it as far as is known now. What else is found will be posted here within the next hour, and those who have a "
    "contract with support are told by mail as well, as they always are in such a case. Thank you for bearing with it."
)
#: Where the rows that a page grows by stand in its document, and in which of its documents.
_ROWS_AT: dict[str, tuple[int, tuple[str | int, ...]]] = {
    "aistudio": (0, (0, 0)),
    "alibaba": (0, ("data",)),
    "awshealth": (0, ()),
    "betterstack": (0, ("included",)),
    "datadog": (0, ("incidents",)),
    "flashduty": (0, ("data", "active_changes")),
    "googlecloud": (0, ()),
    "incidentio": (0, ("summary", "ongoing_incidents")),
    "instatus": (0, ("activeIncidents",)),
    "onlineornot": (0, ("result", "active_incidents")),
    "rootly": (0, ("incidents",)),
    "statuspage": (0, ("incidents",)),
}
_IDS = ("id", "change_id", "date")


@dataclass(frozen=True, slots=True)
class Grown:
    """A page of many rows."""

    platform: str
    documents: Sequence[bytes]

    @property
    def megabytes(self) -> float:
        """The size of what is decoded."""
        return sum(map(len, self.documents)) / 1e6


def main() -> None:
    """Measure every platform and print the table."""
    rows = []
    for platform in feeds.platforms():
        page = _grown(platform)
        floor = _ms(partial(_decoded, page))
        ours = _ms(partial(feeds.read, acme(platform), answer(*page.documents), NOW))
        name = f"{platform} ({page.megabytes * 1000:.0f} KB)"
        rows.append(Row(name, ours / page.megabytes, floor / page.megabytes, GOAL))
    show("milliseconds a megabyte", rows)


def _decoded(page: Grown) -> list[object]:
    return [fromstring(body) if body.lstrip().startswith(b"<") else json.loads(body) for body in page.documents]


def _ms(call: Callable[[], object]) -> float:
    times = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        call()
        times.append((time.process_time() - began) * 1000)
    return min(times)


def _grown(platform: str) -> Grown:
    documents = bodies(FOLDER / platform / "component_degraded.expected.toml")
    if documents[0].lstrip().startswith(b"<"):
        return Grown(platform, [_grown_xml(documents[0])])
    index, path = _ROWS_AT[platform]
    decoded = [json.loads(body) for body in documents]
    holder: Any = decoded[index]
    for step in path:
        holder = holder[step]
    holder += [_copy(row, n) for n in range(_ROWS) for row in list(holder)[:1]]
    return Grown(platform, [json.dumps(each).encode() for each in decoded])


def _copy(row: Any, number: int) -> Any:
    """Return the row under another id, with its texts at the length that texts have."""
    row = _long(row)
    if isinstance(row, list):
        return [f"{row[0]}{number}", *row[1:]]
    return row | {name: f"{row[name]}{number}" for name in _IDS if isinstance(row.get(name), str)}


def _long(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _long(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_long(each) for each in value]
    if isinstance(value, str) and value.count(" ") > 1:
        return f"{value} {_PROSE}"[:_TEXT]
    return value


def _grown_xml(body: bytes) -> bytes:
    text = body.decode()
    entry = re.search(r"<(item|entry)>.*?</\1>", text, re.DOTALL)
    assert entry is not None
    many = "".join(
        re.sub(r"(<guid[^>]*>|<id>)([^<]*)", rf"\g<1>\g<2>{n}", entry[0]).replace("take long.", f"take long. {_PROSE}")
        for n in range(_ROWS)
    )
    return text.replace(entry[0], many).encode()


if __name__ == "__main__":
    main()
