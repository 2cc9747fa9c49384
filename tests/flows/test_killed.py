"""Truck, server and database are killed during a drive: nothing is lost, nothing doubled."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import pytest

from gis.postgis.cluster import Cluster
from gis.postgis.load_city import load_city
from gis.postgis.migrate import migrate
from tests.flows.processes import (
    HOST,
    MUSTERSTADT,
    Running,
    data_folder,
    environment,
    free_port,
    kill_9,
    run,
    start,
    wait_until_healthy,
)

ROUNDS = 2  # of each of the three kills; tests.bench.kills does a hundred
FRAMES = 48  # of the sample drive: half of it, with most of its potholes
WAIT_S = 180


class City:
    """The database and the server of a city that is killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cluster = Cluster(folder / "postgres")
        self.database_url = self.cluster.start()
        migrate(self.database_url)
        load_city(self.database_url, MUSTERSTADT)
        self.url = f"http://{HOST}:{free_port()}"
        self.server: Running | None = None

    def serve(self) -> None:
        port = self.url.rsplit(":", 1)[1]
        self.server = start(
            "api",
            "serve",
            "--port",
            port,
            environ=environment(self.folder, DATABASE_URL=self.database_url),
            log=self.folder / "server.log",
        )
        wait_until_healthy(self.url)

    def kill_server(self) -> None:
        assert self.server is not None
        kill_9(self.server)

    def kill_database(self) -> None:
        pid = int((self.cluster.data / "postmaster.pid").read_text().split("\n")[0])
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)
        self.cluster.start()

    def close(self) -> None:
        if self.server is not None:
            kill_9(self.server)
        self.cluster.stop()


def half_drive(folder: Path) -> Path:
    """The first half of the sample drive."""
    shutil.copytree(MUSTERSTADT / "drive", folder)
    for picture in sorted((folder / "frames").iterdir())[FRAMES:]:
        picture.unlink()
    return folder


def truck(city: City, drive: Path, spool: Path) -> tuple[list[str], dict[str, str]]:
    tokens = json.loads((city.folder / "tokens.json").read_text())
    token_file = city.folder / "vehicle.token"
    token_file.write_text(tokens["vehicle"])
    arguments = ["run", "--drive", str(drive), "--spool", str(spool)]
    arguments += ["--url", city.url, "--token-file", str(token_file), "--json"]
    quick = {"EDGE_BACKOFF_FIRST_S": "0.1", "EDGE_BACKOFF_LIMIT_S": "0.5"}
    quick |= {"EDGE_CHECKPOINT_FRAMES": "5", "EDGE_BATCH_SIGHTINGS": "5"}
    return arguments, environment(city.folder, **quick)


def wait_for_work(driving: Running, spool: Path, steps: int) -> None:
    """Wait until the truck has written to its spool so many times, or is through with the drive."""
    journal = spool.with_name(spool.name + "-wal")
    stamps: set[int] = set()
    deadline = time.monotonic() + WAIT_S
    while len(stamps) <= steps and driving.poll() is None:
        assert time.monotonic() < deadline, f"the truck did nothing for {WAIT_S} s"
        with suppress(FileNotFoundError):
            stamps.add(journal.stat().st_mtime_ns)
        time.sleep(0.005)


def ids_in_spool(spool: Path) -> list[str]:
    with closing(sqlite3.connect(spool)) as database:
        return [row[0] for row in database.execute("SELECT sighting_id FROM sighting")]


@pytest.mark.timeout(600)
def test_a_drive_survives_every_kill() -> None:
    dice = random.Random(7)
    with data_folder() as folder:
        undisturbed = folder / "undisturbed.sqlite"
        drive = half_drive(folder / "drive")
        alone = ["run", "--drive", str(drive), "--spool", str(undisturbed), "--no-upload"]
        run("edge", *alone, environ=environment(folder))
        expected = ids_in_spool(undisturbed)
        assert len(expected) > 10

        city = City(folder)
        try:
            city.serve()
            spool = folder / "spool.sqlite"
            arguments, environ = truck(city, drive, spool)
            for round_number in range(ROUNDS * 3):
                driving = start("edge", *arguments, environ=environ, log=folder / "edge.log")
                wait_for_work(driving, spool, steps=dice.randint(1, 4))
                time.sleep(dice.uniform(0, 0.2))
                kill = ("truck", "server", "database")[round_number % 3]
                if kill == "truck":
                    kill_9(driving)
                    continue
                if kill == "server":
                    city.kill_server()
                    city.serve()
                else:
                    city.kill_database()
                    wait_until_healthy(city.url)
                time.sleep(dice.uniform(0.2, 1.0))
                kill_9(driving)
            summary = json.loads(run("edge", *arguments, environ=environ))

            assert (summary["waiting"], summary["parked"]) == (0, 0)
            with psycopg.connect(city.database_url) as database:
                stored = [
                    str(row[0]) for row in database.execute("SELECT sighting_id FROM sighting")
                ]
                announced, pictures = database.execute(
                    "SELECT count(DISTINCT picture_sha256), (SELECT count(*) FROM picture)"
                    " FROM sighting"
                ).fetchone() or (None, None)
                batches, events = database.execute(
                    "SELECT count(*), (SELECT count(*) FROM audit_outbox"
                    " WHERE convert_from(body, 'UTF8')::jsonb ->> 'type' = 'batch.accepted')"
                    " FROM batch"
                ).fetchone() or (None, None)
            assert sorted(stored) == sorted(expected), "lost or doubled sightings"
            assert announced == pictures, "a picture was announced and never came"
            assert batches == events, "a batch without its audit event"
        finally:
            city.close()
