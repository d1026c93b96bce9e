"""A real web server on loopback, in a thread, that answers each path as it is told to."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered, and with which headers beside the length."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class PageServer:
    """Paths that are not in `replies` are answered by `otherwise`, which is 404 unless it is changed."""

    url: str
    replies: dict[str, Reply] = field(default_factory=dict)
    otherwise: Reply = Reply(b"", 404)
    #: Method, path and headers (in lower case) of each request, in the order of arrival.
    heard: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


@contextmanager
def page_server(tls: ssl.SSLContext | None = None) -> Iterator[PageServer]:
    """Serve until the block ends."""
    told: list[PageServer] = []

    class Pages(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Else the kernel holds the body back until the head is confirmed.
        wbufsize = -1

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            [page] = told
            page.heard.append((self.command, self.path, {name.lower(): value for name, value in self.headers.items()}))
            reply = page.replies.get(self.path, page.otherwise)
            self.send_response(reply.status)
            for name, value in {**reply.headers, "content-length": str(len(reply.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        do_POST = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing: the test's output is not a log."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Say nothing of clients that hang up, which is what they do at a wrong certificate."""

    with Server(("127.0.0.1", 0), Pages) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        told.append(PageServer(f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield told[0]
        finally:
            server.shutdown()
            thread.join()
