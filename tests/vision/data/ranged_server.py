"""A file server on loopback that knows Range, and cuts the line when told to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class Shelf:
    """What is served, and how it misbehaves."""

    folder: Path
    url: str = ""
    cut_after_bytes: list[int] = field(default_factory=list)  # one entry per answer
    statuses: list[int] = field(default_factory=list)  # answered first, in this order
    knows_range: bool = True
    ranges: list[str | None] = field(default_factory=list)  # as asked for


@contextmanager
def ranged_server(folder: Path) -> Iterator[Shelf]:
    """Serve a folder on a free port."""
    shelf = Shelf(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("range")
            shelf.ranges.append(asked)
            if shelf.statuses:
                self._empty(shelf.statuses.pop(0))
                return
            file = folder / self.path.lstrip("/")
            if not file.is_file():
                self._empty(404)
                return
            data = file.read_bytes()
            first = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
            if first >= len(data) and asked:
                self._empty(416)
                return
            rest = data[first:] if shelf.knows_range else data
            self.send_response(206 if asked and shelf.knows_range else 200)
            self.send_header("content-length", str(len(rest)))
            self.end_headers()
            if shelf.cut_after_bytes:
                self.wfile.write(rest[: shelf.cut_after_bytes.pop(0)])
                self.close_connection = True
                return
            self.wfile.write(rest)

        def _empty(self, status: int) -> None:
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    shelf.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield shelf
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
