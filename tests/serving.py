"""The real service on a real socket, in a thread of the test."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import psycopg
import uvicorn

from api.app import create_app
from api.settings import Settings
from api.tokens import ROLES, Role, Tokens

START_TIMEOUT_S = 120  # a busy machine; a quiet one needs a tenth of a second
MERGE_TIMEOUT_S = 120


@dataclass(frozen=True)
class CityServer:
    """A running service and what a test needs to talk to it."""

    url: str
    tokens: Tokens
    database_url: str

    def client(self, role: Role | None = None) -> httpx.Client:
        """Return a client that speaks for a role, or for nobody."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}"} if role else {}
        return httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=120)

    def send(self, batch: dict[str, Any]) -> httpx.Response:
        """Upload a batch as a truck."""
        with self.client("vehicle") as truck:
            return truck.post("/batches", json=batch)

    def wait_for_merge(self) -> None:
        """Return once every sighting is merged or quarantined."""
        deadline = time.monotonic() + MERGE_TIMEOUT_S
        while self.rows("SELECT count(*) FROM sighting WHERE state = 'new'") != [(0,)]:
            if time.monotonic() > deadline:
                raise TimeoutError(f"not merged within {MERGE_TIMEOUT_S} s")
            time.sleep(0.02)

    def rows(self, statement: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """Look into the database as its owner."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(statement.encode(), values).fetchall()


@contextmanager
def serving(
    database_url: str, *, port: int = 0, judge: Any = None, **settings: Any
) -> Iterator[CityServer]:
    """Serve the city on a free port, or the one named, until the block ends.

    `judge` is a second detector in place of the installed one; the rest are settings.
    """
    tokens: Tokens = {role: f"test-token-of-the-role-{role}-0123456789" for role in ROLES}
    chosen = Settings(
        port=port, **{"merge_pause_s": 0.02, "judge_pause_s": 0.02, "pool_wait_s": 2.0} | settings
    )
    app = create_app(chosen, database_url=database_url, tokens=tokens, judge=judge)
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield CityServer(f"http://127.0.0.1:{_port(server)}", tokens, database_url)
    finally:
        server.should_exit = True
        thread.join(timeout=START_TIMEOUT_S)


def _port(server: uvicorn.Server) -> int:
    deadline = time.monotonic() + START_TIMEOUT_S
    while not server.started:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the service did not start within {START_TIMEOUT_S} s")
        time.sleep(0.01)
    port: int = server.servers[0].sockets[0].getsockname()[1]
    return port
