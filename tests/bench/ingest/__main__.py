"""Sightings a second over real HTTP, beside raw COPY: `python -m tests.bench.ingest`.

One process serves, this one sends batches of 100 over 8 kept-alive connections. COPY writes
the same rows into a copy of the table (same columns, defaults, checks and indexes) in one
transaction. The ratio of the two is the figure; absolute numbers depend on the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx
import msgspec
import psycopg

from api.tokens import ROLES
from gis.postgis.load_city import load_city
from gis.postgis.migrate import migrate
from tests.bench.ingest.cpu import cpu_s
from tests.bench.ingest.rows import COPY_COLUMNS, copy_row, make_batches
from tests.postgres import private_cluster
from tests.small_city import write_small_city

CONNECTIONS = 8
TOKENS = {role: f"bench-token-of-the-role-{role}-0123456789" for role in ROLES}
Result = dict[str, float | int]
_HEAD = (
    "POST /api/v1/batches HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
    f"Authorization: Bearer {TOKENS['vehicle']}\r\nContent-Length: %d\r\n\r\n"
).encode()


def main(argv: list[str] | None = None) -> int:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batches", type=int, default=200, help="of 100 sightings, a round")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--merging", action="store_true", help="merge while batches arrive")
    given = parser.parse_args(argv)
    with private_cluster(durable=True) as cluster, TemporaryDirectory() as name:
        url, folder = cluster.url(), Path(name)
        migrate(url)
        load_city(url, write_small_city(folder / "city"))
        database = int((cluster.data / "postmaster.pid").read_text().split("\n")[0])
        with _server(url, folder, is_merging=given.merging) as (address, server):
            pids = {"server": server, "database": database, "client": os.getpid()}
            rounds = [_round(url, address, pids, given.batches) for _ in range(given.rounds + 1)]
    print(json.dumps(_summary(rounds[1:], given.batches), indent=1))
    return 0


def _summary(rounds: list[Result], batches: int) -> dict[str, object]:
    middle = {key: round(median(one[key] for one in rounds), 3) for key in rounds[0]}
    note = "medians of the rounds; the first round is a warm-up and left out"
    return {
        "batches": batches,
        "connections": CONNECTIONS,
        **middle,
        "rounds": rounds,
        "note": note,
    }


def _round(url: str, address: str, pids: dict[str, int], number: int) -> Result:
    """Measure COPY and HTTP with the same rows, one right after the other."""
    batches = make_batches(number)
    rows = [copy_row(batch, sighting) for batch in batches for sighting in batch.sightings]
    bodies = [msgspec.json.encode(one) for one in batches]
    began = _used(pids)
    copy_s = _copy(url, rows)
    between = _used(pids)
    http_s, waits_ms = asyncio.run(_send(address, bodies))
    ended = _used(pids)
    with psycopg.connect(url) as connection:
        stored = connection.execute(
            "SELECT count(*) FROM sighting WHERE batch_id = ANY (%s)",
            [[batch.batch_id for batch in batches]],
        ).fetchone()
    if stored != (len(rows),):
        raise RuntimeError(f"{len(rows)} sent but {stored} stored")
    waits_ms.sort()
    return {
        "http_per_s": round(len(rows) / http_s),
        "copy_per_s": round(len(rows) / copy_s),
        "ratio": round(copy_s / http_s, 3),
        "p50_ms": round(waits_ms[len(waits_ms) // 2], 1),
        "p99_ms": round(waits_ms[int(len(waits_ms) * 0.99)], 1),
        "load": round(os.getloadavg()[0], 1),
        **{f"http_{name}_cpu_us": _each(ended[name] - between[name], rows) for name in pids},
        **{f"copy_{name}_cpu_us": _each(between[name] - began[name], rows) for name in pids},
    }


def _used(pids: dict[str, int]) -> dict[str, float]:
    used = {name: cpu_s(pid) for name, pid in pids.items()}
    return used | {"client": time.process_time()}


def _each(seconds: float, rows: list[tuple[object, ...]]) -> float:
    """Microseconds for each sighting."""
    return round(1e6 * seconds / len(rows), 1)


def _copy(url: str, rows: list[tuple[object, ...]]) -> float:
    """COPY into an empty table of the same kind, in one transaction."""
    with psycopg.connect(url) as connection:
        connection.execute("DROP TABLE IF EXISTS copied")
        connection.execute("CREATE TABLE copied (LIKE sighting INCLUDING ALL)")
        connection.commit()
        started = time.perf_counter()
        with connection.cursor().copy(f"COPY copied ({COPY_COLUMNS}) FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)
        connection.commit()
        return time.perf_counter() - started


async def _send(address: str, bodies: list[bytes]) -> tuple[float, list[float]]:
    """Send all bodies over 8 kept-alive connections; return seconds and each wait in ms."""
    waiting = iter(bodies)
    waits_ms: list[float] = []

    async def one_truck() -> None:
        host, port = address.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        for body in waiting:
            began = time.perf_counter()
            writer.write(_HEAD % len(body) + body)
            await _read_answer(reader)
            waits_ms.append(1000 * (time.perf_counter() - began))
        writer.close()
        await writer.wait_closed()

    started = time.perf_counter()
    await asyncio.gather(*(one_truck() for _ in range(CONNECTIONS)))
    return time.perf_counter() - started, waits_ms


async def _read_answer(reader: asyncio.StreamReader) -> None:
    """Read one answer of known length; a plain socket costs a tenth of an HTTP client here."""
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 202"):
        raise RuntimeError(head.decode())
    length = head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]
    await reader.readexactly(int(length))


@contextmanager
def _server(url: str, folder: Path, *, is_merging: bool) -> Iterator[tuple[str, int]]:
    """Serve in a process of its own, as a city would."""
    tokens = folder / "tokens.json"
    tokens.touch(mode=0o600)
    tokens.write_text(json.dumps(TOKENS))
    port = 18_471
    environ = os.environ | {
        "DATABASE_URL": url,
        "API_TOKENS_FILE": str(tokens),
        "API_PORT": str(port),
        "API_MERGE_PAUSE_S": "0.5" if is_merging else "60",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "api", "serve"], env=environ, stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(address: str) -> None:
    for _ in range(100):
        try:
            if httpx.get(f"{address}/api/v1/health").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"{address} did not answer within 10 s")


if __name__ == "__main__":
    sys.exit(main())
