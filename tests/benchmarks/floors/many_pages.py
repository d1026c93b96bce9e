"""A server of thirty status pages and APIs on loopback; writes its port. The pages have no validators: all is sent."""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_COMPONENTS = [
    {"id": f"c{n}", "name": f"Component {n}", "status": "operational", "group": False, "description": "What it does"}
    for n in range(40)
]
_UPDATES = [{"id": f"u{n}", "status": "identified", "body": "We are looking into it. " * 20} for n in range(8)]
_INCIDENTS = [
    {
        "id": f"i{n}",
        "name": "Some requests fail",
        "status": "monitoring",
        "impact": "minor",
        "incident_updates": _UPDATES,
        "components": [],
    }
    for n in range(3)
]
PAGE = json.dumps({"page": {"id": "p"}, "components": _COMPONENTS, "incidents": _INCIDENTS}).encode()
MODELS = json.dumps({"object": "list", "data": [{"id": f"model-{n}", "object": "model"} for n in range(40)]}).encode()


class Handler(BaseHTTPRequestHandler):
    """Answers by the path, and with 401 to who shows no key."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer."""
        is_page = self.path.endswith(".json")
        refused = not is_page and "authorization" not in self.headers
        body = PAGE if is_page else b'{"error": {"type": "authentication_error"}}' if refused else MODELS
        self.send_response(401 if refused else 200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
sys.stdout.write(f"{server.server_port}\n")
sys.stdout.flush()
server.serve_forever()
