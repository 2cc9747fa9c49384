"""The city's real service on a free port, for the browser to talk to."""

from __future__ import annotations

import hashlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec
import uvicorn

from api.app import create_app
from api.settings import Settings
from api.tokens import Role, Tokens, ensure_tokens
from contracts.batch import Batch
from tests.web.town import Seen, batch_of

PATIENCE_S = 90.0


@dataclass(frozen=True, slots=True)
class City:
    """A running city: its address, its tokens, and what a truck or a test may ask of it."""

    url: str
    tokens: Tokens

    def login_link(self, role: Role = "road", query: str = "") -> str:
        """Return the address `stadtwart demo` would print."""
        return f"{self.url}/{query}#token={self.tokens[role]}"

    def ask(
        self,
        method: str,
        path: str,
        *,
        role: Role = "road",
        message: object = None,
        content: bytes | None = None,
    ) -> Any:
        """Call the API with a role's token and return its JSON; a refusal fails the test."""
        kind = "application/json" if content is None else "image/jpeg"
        answer = httpx.request(
            method,
            f"{self.url}/api/v1{path}",
            headers={"Authorization": f"Bearer {self.tokens[role]}", "Content-Type": kind},
            content=msgspec.json.encode(message) if content is None else content,
            timeout=PATIENCE_S,
        )
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def drive_by(self, *seen: Seen, pictures: list[bytes] | None = None) -> Batch:
        """Upload sightings and pictures as a truck does, and wait until they are damages."""
        before = self.count()
        batch = batch_of(*seen, pictures=pictures)
        self.ask("POST", "/batches", role="vehicle", message=batch)
        for jpeg in pictures or []:
            name = hashlib.sha256(jpeg).hexdigest()
            self.ask("PUT", f"/pictures/{name}", role="vehicle", content=jpeg)
        wait_until(lambda: self.count() == before + len(seen))
        return batch

    def count(self) -> int:
        """Count the damages of the city."""
        return int(self.ask("GET", "/damages")["total"])

    def damage_on(self, street: str) -> dict[str, Any]:
        """Return the one damage of a street."""
        items = self.ask("GET", "/damages")["items"]
        found: list[dict[str, Any]] = [item for item in items if item["street"] == street]
        return found[0]

    def event_types(self) -> list[str]:
        """Return the types of all audit events, newest first."""
        events = self.ask("GET", "/audit/events?limit=100", role="auditor")["items"]
        return [str(event["type"]) for event in events]


def wait_until(is_so: Callable[[], bool]) -> None:
    """Ask again until it is so; a test that waits in vain fails."""
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until, f"not so after {PATIENCE_S:.0f} s"
        time.sleep(0.05)


@contextmanager
def running_city(database_url: str, folder: Path) -> Iterator[City]:
    """Serve the city on a free port of this machine until the test is over."""
    tokens = ensure_tokens(folder / "tokens.json")
    settings = Settings(tokens_file=folder / "tokens.json", merge_pause_s=0)
    app = create_app(settings, database_url=database_url, tokens=tokens)
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", lifespan="on", timeout_graceful_shutdown=3)
    )
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        wait_until(lambda: server.started)
        yield City(f"http://127.0.0.1:{listener.getsockname()[1]}", tokens)
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)
        assert not thread.is_alive(), "the service did not stop"
        listener.close()
