"""How long an acknowledged batch waits for its signature while trucks send as fast as they can.

Real HTTP, the real server with the sequencer it brings along. The clock of one batch runs from
its 202 to the moment a checkpoint over its event is committed, seen by asking every 10 ms.
"""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import httpx
import psycopg

from gis.postgis.load_city import load_city
from gis.postgis.migrate import migrate
from tests.flows.processes import (
    HOST,
    environment,
    free_port,
    kill_9,
    start,
    wait_until_healthy,
)
from tests.messages import batch, moved
from tests.postgres import private_cluster
from tests.small_city import write_small_city

TRUCKS = 8
SIGHTINGS = 100
LOOK_EVERY_S = 0.01


def measure_ingest_lag(folder: Path, *, load_s: float) -> dict[str, object]:
    """Load the city for some seconds; return batches, sightings and lags."""
    with private_cluster(durable=True) as cluster:
        url = cluster.url()
        migrate(url)
        load_city(url, write_small_city(folder / "city"))
        port = free_port()
        environ = environment(folder, DATABASE_URL=url, API_NIGHT_HOUR="-1")
        server = start(
            "api", "serve", "--port", str(port), environ=environ, log=folder / "server.log"
        )
        try:
            wait_until_healthy(f"http://{HOST}:{port}")
            token = json.loads((folder / "tokens.json").read_text())["vehicle"]
            return _measure(url, f"http://{HOST}:{port}/api/v1/batches", token, load_s)
        finally:
            kill_9(server)


def _measure(url: str, address: str, token: str, load_s: float) -> dict[str, object]:
    acknowledged: dict[str, float] = {}
    ends = time.monotonic() + load_s
    trucks = [
        threading.Thread(target=_send, args=(address, token, ends, acknowledged))
        for _ in range(TRUCKS)
    ]
    for truck in trucks:
        truck.start()
    signed: list[tuple[int, float]] = []
    with psycopg.connect(url, autocommit=True) as connection:
        while True:
            row = connection.execute("SELECT max(size) FROM audit_checkpoint").fetchone()
            size = int(row[0] or 0) if row else 0
            if not signed or signed[-1][0] < size:
                signed.append((size, time.monotonic()))
            is_over = time.monotonic() > ends and not any(one.is_alive() for one in trucks)
            waiting = connection.execute("SELECT count(*) FROM audit_pending").fetchone()
            if is_over and waiting == (0,):
                break
            time.sleep(LOOK_EVERY_S)
        places = connection.execute(
            "SELECT subject_id, seq FROM audit_entry JOIN audit_outbox USING (event_id) "
            "WHERE kind = 'batch.accepted'"
        ).fetchall()
    row_size: dict[str, int] = dict(places)
    lags_s = sorted(
        max(next(at for size, at in signed if size > row_size[one]) - told, 0.0)
        for one, told in acknowledged.items()
    )
    return {
        "batches": len(acknowledged),
        "sightings_per_s": round(len(acknowledged) * SIGHTINGS / load_s),
        "checkpoints": len(signed),
        "lag_p50_ms": round(lags_s[len(lags_s) // 2] * 1000, 1),
        "lag_p99_ms": round(lags_s[len(lags_s) * 99 // 100] * 1000, 1),
        "lag_max_ms": round(lags_s[-1] * 1000, 1),
    }


def _send(address: str, token: str, ends: float, acknowledged: dict[str, float]) -> None:
    with httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        while time.monotonic() < ends:
            sent = batch(*(moved(at * 9) for at in range(SIGHTINGS)))
            if client.post(address, json=sent).status_code == 202:
                acknowledged[sent["batch_id"]] = time.monotonic()
