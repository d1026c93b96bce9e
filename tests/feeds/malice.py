"""Documents made to hurt, and what may come of reading any: a page, or BadFeed."""

from __future__ import annotations

import json
from collections.abc import Callable
from xml.etree import ElementTree

from tests.feeds.recorded import FOLDER, acme, read
from trayapp.feeds import BadFeed, platforms, requests
from trayapp.model.level import Level
from trayapp.model.reading import Page

JSON = sorted(platform for platform in platforms() if any((FOLDER / platform).glob("*.json")))
XML = sorted(set(platforms()) - set(JSON))


def attempt(platform: str, *sent: bytes) -> Page | None:
    """Return the page, None for BadFeed; anything else that is raised fails the test.

    One body is the answer to each of the platform's requests.
    """
    asked = len(requests(acme(platform), "https://status.acme.test"))
    try:
        return read(platform, *(sent * asked if len(sent) == 1 else sent))
    except BadFeed as error:
        assert str(error)
        assert len(str(error)) < 300
        assert "\n" not in str(error)
        return None


def well(page: Page) -> set[str]:
    return {component.id for component in page.components if component.level is Level.OPERATIONAL}


def is_titled_feed(body: bytes) -> bool:
    """True for what is a feed by the least that its form demands."""
    atom = "{http://www.w3.org/2005/Atom}"
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError, LookupError):
        return False
    channels = root.findall("channel") if root.tag == "rss" else [root] if root.tag == f"{atom}feed" else []
    return len(channels) == 1 and bool(channels[0].findtext("title") or channels[0].findtext(f"{atom}title"))


def _many(shape: Callable[[str], object]) -> bytes:
    """Return a 2 MB document of rows with a text that is costly to read."""
    text = "<a " * 300 + "**" * 300 + "&#x3c" * 300 + "gemini flash, " * 300
    return json.dumps(shape(text)).encode()


HUGE = {
    "brackets": b"[" * 2_000_000,
    "objects": b'{"components":' * 150_000,
    "deep but closed": b'{"components":' + b"[" * 900 + b"]" * 900 + b"}",
    "markup without end": b"<" * 2_000_000,
    "digits": b"9" * 2_000_000,
    "spaces": b" " * 2_000_000,
    "one text": b'"' + b"a" * 2_000_000 + b'"',
    "statuspage": _many(
        lambda text: {
            "components": [{"id": str(n), "name": text[:40], "status": "operational"} for n in range(1000)],
            "incidents": [{"id": str(n), "name": text, "status": "x", "impact": "none"} for n in range(280)],
        }
    ),
    "googlecloud": _many(
        lambda text: [
            {"id": str(n), "external_desc": text, "status_impact": "x", "affected_products": [{"id": "api"}]}
            for n in range(280)
        ]
    ),
    "datadog": _many(
        lambda text: {
            "components": [{"type": "ComponentGroup", "components": [{"id": "a", "name": text, "status": "degraded"}]}],
            "incidents": [
                {"id": str(n), "title": text, "currentStatus": "x", "timeline": [{"description": text}]}
                for n in range(140)
            ],
        }
    ),
    "betterstack": _many(
        lambda text: {
            "data": {},
            "included": [
                {"id": n, "type": "status_report", "attributes": {"title": text, "aggregate_state": "x"}}
                for n in range(280)
            ],
        }
    ),
    "flashduty": _many(
        lambda text: {
            "data": {
                "page": {"components": []},
                "active_changes": [
                    {
                        "change_id": n,
                        "type": "incident",
                        "status": "x",
                        "title": text,
                        "updates": [{"description": text}],
                    }
                    for n in range(140)
                ],
            }
        }
    ),
    "rootly": _many(
        lambda text: {
            "page": {"name": text},
            "status": {"indicator": "none"},
            "incidents": [
                {"id": n, "name": "", "status": "x", "incident_updates": [{"body": text}, {"body": text}]}
                for n in range(140)
            ],
        }
    ),
    "awshealth": _many(
        lambda text: [
            {
                "service": "bedrock-us-east-1",
                "date": str(n),
                "status": "2",
                "summary": text,
                "event_log": [{"message": text, "status": 1}],
            }
            for n in range(140)
        ]
    ),
    "alibaba": _many(
        lambda text: {"success": True, "data": [{"id": n, "title": text, "products": [text]} for n in range(140)]}
    ),
    "instatus": _many(
        lambda text: {
            "page": {"status": "UP"},
            "components": [{"id": str(n), "name": text[:40], "status": "OPERATIONAL"} for n in range(1000)],
            "activeIncidents": [{"id": str(n), "name": text, "status": "INVESTIGATING"} for n in range(140)],
        }
    ),
    "aistudio": _many(
        lambda text: [[[[str(n), text, 1, [[1, "", ["1795428000"], text]], 1, [1]] for n in range(140)]]]
    ),
    "onlineornot": _many(
        lambda text: {
            "success": True,
            "result": {
                "status_page": {"name": text, "custom_domain": "status.acme.test"},
                "components": [{"id": str(n), "name": text[:40], "status": "OPERATIONAL"} for n in range(1000)],
                "active_incidents": [{"id": str(n), "title": text, "impact": "x"} for n in range(140)],
            },
        }
    ),
    "xml": b"<rss><channel><title>Acme</title>"
    + b"".join(
        b"<item><title>[api] x</title><guid>%d</guid><description><![CDATA[<h3>Resolved</h3>%s]]></description></item>"
        % (n, b"<a " * 300 + b"**" * 300 + b"&#x3c" * 300 + b"gemini flash, " * 300)
        for n in range(260)
    )
    + b"</channel></rss>",
    "xml updates": b"<rss><channel><title>Acme</title>"
    + b"".join(
        b"<item><title>[api] x</title><guid>%d</guid><description><![CDATA[<h3>Investigating</h3><hr>%s]]></description></item>"
        % (n, b"<strong>Mon, 23 Nov 2026</strong>" * 200 + b"<hr " * 200 + b"<li>a" * 200 + b"severity: " * 200)
        for n in range(180)
    )
    + b"</channel></rss>",
    "xml nested": b"<rss><channel><title>Acme</title><image>"
    + b"<a>" * 200_000
    + b"</a>" * 200_000
    + b"</image></channel></rss>",
}
