"""A small city on loopback: keeps what it accepts, and misbehaves when told to."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec

from contracts.batch import Batch, Receipt
from contracts.coverage import Coverage, CoverageReceipt
from contracts.heartbeat import Heartbeat

TOKEN = "vehicle-token"
QUESTIONS = ("/api/v1/models", "/api/v1/streets")


@dataclass
class LoopbackCity:
    """What the city has, and how it misbehaves."""

    url: str = ""
    token: str = TOKEN
    sightings: dict[str, dict[str, object]] = field(default_factory=dict)
    batches: dict[str, bytes] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    heartbeats: dict[str, Heartbeat] = field(default_factory=dict)
    coverage: dict[str, Coverage] = field(default_factory=dict)
    streets: bytes = b""  # the street map; none: this city knows no such page
    approved: list[str] | None = None  # detectors; None: this city knows no such page
    requests: list[str] = field(default_factory=list)  # uploads
    refused_ids: set[str] = field(default_factory=set)  # sightings answered with 422
    statuses: list[int] = field(default_factory=list)  # answered first, in this order
    cuts: int = 0  # so many answers are cut off after the commit
    portal_pages: int = 0  # so many answers are 200 with a web page
    retry_after: str | None = None
    other_bodies: int = 0  # batches repeated with other bytes
    lock: threading.Lock = field(default_factory=threading.Lock)

    def announced(self) -> set[str]:
        """Return the pictures that stored sightings announce."""
        receipts = [one.get("picture") for one in self.sightings.values()]
        return {one["picture_sha256"] for one in receipts if isinstance(one, dict)}

    def accept_batch(self, body: bytes) -> tuple[int, bytes]:
        """Store a batch once."""
        batch = msgspec.json.decode(body, type=Batch)
        name = str(batch.batch_id)
        if self.batches.get(name, body) != body:
            self.other_bodies += 1
            return 409, problem("known batch, other body")
        ids = [str(one.sighting_id) for one in batch.sightings]
        if self.refused_ids & set(ids):
            return 422, problem("longitude_deg out of range")
        self.batches[name] = body
        new = [one for one in batch.sightings if str(one.sighting_id) not in self.sightings]
        for one in new:
            self.sightings[str(one.sighting_id)] = msgspec.to_builtins(one)
        wanted = sorted(self.announced() - set(self.pictures))
        receipt = Receipt(
            batch_id=batch.batch_id,
            stored=len(new),
            known=len(ids) - len(new),
            pictures_wanted=wanted,
        )
        return 202, msgspec.json.encode(receipt)

    def accept_picture(self, name: str, body: bytes) -> tuple[int, bytes]:
        """Store a picture that was announced."""
        if name not in self.announced():
            return 404, problem("nobody announced it")
        if sha256(body).hexdigest() != name:
            return 422, problem("other hash")
        is_new = name not in self.pictures
        self.pictures[name] = body
        return (201 if is_new else 200), b""

    def accept_heartbeat(self, body: bytes) -> tuple[int, bytes]:
        """Keep a sign of life."""
        heartbeat = msgspec.json.decode(body, type=Heartbeat)
        self.heartbeats[str(heartbeat.heartbeat_id)] = heartbeat
        return 202, b""

    def accept_coverage(self, body: bytes) -> tuple[int, bytes]:
        """Keep sums once."""
        sent = msgspec.json.decode(body, type=Coverage)
        name = str(sent.coverage_id)
        is_new = name not in self.coverage
        if not is_new and self.coverage[name] != sent:
            self.other_bodies += 1
            return 409, problem("known coverage, other body")
        self.coverage[name] = sent
        stored = len(sent.segments) if is_new else 0
        receipt = CoverageReceipt(coverage_id=sent.coverage_id, stored=stored, unknown=0)
        return 202, msgspec.json.encode(receipt)

    def tell(self, path: str) -> tuple[int, bytes]:
        """Answer what a truck asks before a drive."""
        if path == "/api/v1/streets" and self.streets:
            return 200, self.streets
        if path == "/api/v1/models" and self.approved is not None:
            items = [
                {"model_sha256": one, "system": "detector", "active": True, "name": "for people"}
                for one in self.approved
            ]
            return 200, json.dumps({"items": items}).encode()
        return 404, problem("no such page")

    def answer(self, method: str, path: str, token: str, body: bytes) -> tuple[int, bytes]:
        """Answer like the city's service."""
        with self.lock:
            self.requests.append(f"{method} {path}")
            if self.statuses:
                return self.statuses.pop(0), problem("as told")
            if token != f"Bearer {self.token}":
                return 401, problem("wrong token")
            last = path.rsplit("/", 1)[-1]
            act: dict[str, Callable[[], tuple[int, bytes]]] = {
                "POST /api/v1/batches": lambda: self.accept_batch(body),
                f"PUT /api/v1/pictures/{last}": lambda: self.accept_picture(last, body),
                "POST /api/v1/heartbeats": lambda: self.accept_heartbeat(body),
                "POST /api/v1/coverage": lambda: self.accept_coverage(body),
                "GET /api/v1/health": lambda: (200, b'{"status":"ok"}'),
            }
            return act.get(f"{method} {path}", lambda: (404, problem("no such page")))()


def problem(detail: str) -> bytes:
    """Write an RFC 9457 problem."""
    return json.dumps({"type": "about:blank", "title": "refused", "detail": detail}).encode()


@contextmanager
def loopback_city() -> Iterator[LoopbackCity]:
    """Open a city on a free port."""
    city = LoopbackCity()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self._serve()

        def do_PUT(self) -> None:
            self._serve()

        def do_GET(self) -> None:
            self._serve()

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            token = self.headers.get("authorization", "")
            if self.path in QUESTIONS:
                self._reply(*city.tell(self.path), "application/json")
                return
            if city.portal_pages > 0:
                city.portal_pages -= 1
                self._reply(200, b"<html>please log in</html>", "text/html")
                return
            status, answer = city.answer(self.command, self.path, token, body)
            if city.cuts > 0 and 200 <= status < 300:
                city.cuts -= 1
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self._reply(status, answer, "application/json")

        def _reply(self, status: int, answer: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(answer)))
            if status == 503 and city.retry_after is not None:
                self.send_header("retry-after", city.retry_after)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Stay quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A killed truck hangs up in the middle: that is what is tested."""

    server = Server(("127.0.0.1", 0), Handler)
    city.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield city
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
