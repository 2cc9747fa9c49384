"""A city of its own for a benchmark: private PostGIS, the real server, nothing of the real data."""

from __future__ import annotations

import csv
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from api.demo import SAMPLE_CITY
from api.tokens import Tokens, ensure_tokens
from gis.postgis.cluster import Cluster
from gis.postgis.load_city import load_city
from gis.postgis.migrate import migrate

START_TIMEOUT_S = 120


class BenchError(Exception):
    """The benchmark cannot run here; the message names the remedy."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Hall:
    """A running city."""

    url: str
    database_url: str
    tokens: Tokens
    city: Path
    pid: int

    def client(self, role: str) -> httpx.AsyncClient:
        """Return a client that speaks for a role."""
        known = {str(name): token for name, token in self.tokens.items()}
        headers = {"Authorization": f"Bearer {known[role]}"}
        return httpx.AsyncClient(base_url=f"{self.url}/api/v1", headers=headers, timeout=60)


@contextmanager
def running(folder: Path, *, trees: int) -> Iterator[Hall]:
    """Serve Musterstadt, with its register repeated up to `trees`, until the block ends."""
    if not (SAMPLE_CITY / "city.toml").is_file():
        raise BenchError(f"{SAMPLE_CITY} is missing: run from a checkout")
    folder.chmod(0o755)  # the database's own user must be able to enter
    city = _with_trees(folder / "city", trees)
    cluster = Cluster(folder / "pg")
    try:
        database_url = cluster.start()
        migrate(database_url)
        load_city(database_url, city)
        tokens = ensure_tokens(folder / "tokens.json")
        with _served(folder, database_url) as (url, pid):
            yield Hall(url, database_url, tokens, city, pid)
    finally:
        cluster.stop()


def _with_trees(folder: Path, trees: int) -> Path:
    """Copy the sample city; repeat its trees, each a little other than its model."""
    shutil.copytree(SAMPLE_CITY, folder, ignore=shutil.ignore_patterns("drive", "truth*"))
    register = folder / "trees.csv"
    if not register.is_file():
        return folder
    with register.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    with register.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=";", lineterminator="\n")
        writer.writeheader()
        for number in range(trees):
            row = dict(rows[number % len(rows)])
            turn = number // len(rows)
            if turn:
                row["baum_nr"] = f"{row['baum_nr']}-{turn}"
                row["laenge"] = f"{float(row['laenge']) + 1e-6 * turn:.7f}"
                row["baumscheibe_m2"] = str(1 + (number * 7919) % 110 / 10)
            writer.writerow(row)
    return folder


@contextmanager
def _served(folder: Path, database_url: str) -> Iterator[tuple[str, int]]:
    port = free_port()
    environ = os.environ | {
        "DATABASE_URL": database_url,
        "STADTWART_DATA": str(folder),
        "API_TOKENS_FILE": str(folder / "tokens.json"),
    }
    command = [sys.executable, "-m", "api", "serve", "--port", str(port)]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
    try:
        _wait(f"http://127.0.0.1:{port}", process, folder / "server.log")
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise BenchError(f"the server ended at once: {log.read_text()[-400:]}")
        try:
            if httpx.get(f"{url}/api/v1/health").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise BenchError(f"the server did not answer within {START_TIMEOUT_S} s")


def free_port() -> int:
    """Return a port nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
