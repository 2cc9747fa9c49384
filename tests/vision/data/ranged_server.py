"""A file server on loopback that knows Range and ETag; cuts the line or stalls when told to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class Shelf:
    """What is served, and how it misbehaves."""

    folder: Path
    url: str = ""
    cut_after_bytes: list[int] = field(default_factory=list)  # one entry per answer
    stall_after_bytes: list[int] = field(default_factory=list)  # likewise; then silence
    missing: set[str] = field(default_factory=set)  # answered with 404, by path
    changed: dict[str, bytes] = field(default_factory=dict)  # served instead, by path
    statuses: list[int] = field(default_factory=list)  # answered first, in this order
    knows_range: bool = True
    ranges: list[str | None] = field(default_factory=list)  # as asked for


@contextmanager
def ranged_server(folder: Path) -> Iterator[Shelf]:
    """Serve a folder on a free port."""
    shelf = Shelf(folder)
    over = threading.Event()  # ends every silence

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("range") if shelf.knows_range else None
            shelf.ranges.append(self.headers.get("range"))
            if shelf.statuses:
                self._empty(shelf.statuses.pop(0))
                return
            file = folder / self.path.lstrip("/")
            if not file.is_file() or self.path.lstrip("/") in shelf.missing:
                self._empty(404)
                return
            data = shelf.changed.get(self.path.lstrip("/"), file.read_bytes())
            etag = f'"{sha256(data).hexdigest()}"'
            if self.headers.get("if-range", etag) != etag:
                asked = None
            first = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
            if first >= len(data) and asked:
                self._empty(416)
                return
            rest = data[first:]
            self.send_response(206 if asked else 200)
            self.send_header("content-length", str(len(rest)))
            self.send_header("etag", etag)
            if asked:
                self.send_header("content-range", f"bytes {first}-{len(data) - 1}/{len(data)}")
            self.end_headers()
            self.close_connection = bool(shelf.cut_after_bytes or shelf.stall_after_bytes)
            if shelf.cut_after_bytes:
                self.wfile.write(rest[: shelf.cut_after_bytes.pop(0)])
            elif shelf.stall_after_bytes:
                self.wfile.write(rest[: shelf.stall_after_bytes.pop(0)])
                self.wfile.flush()
                over.wait(60)
            else:
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
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()
