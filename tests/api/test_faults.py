"""The database goes away in the middle: nothing acknowledged is lost, nothing is there twice."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from gis.postgis.cluster import Cluster
from gis.postgis.load_city import load_city
from gis.postgis.migrate import migrate
from tests.messages import batch, moved
from tests.postgres import private_cluster
from tests.serving import CityServer, serving

KILLS = 3
BATCHES_A_TRUCK = 15
TRUCKS = 3


@pytest.fixture
def own_cluster(small_city: Path) -> Iterator[Cluster]:
    """A cluster of this test alone, durable as in a city, with the small city in it."""
    with private_cluster(durable=True) as cluster:
        migrate(cluster.url())
        load_city(cluster.url(), small_city)
        yield cluster


def kill(cluster: Cluster) -> None:
    """Kill the database server the hard way."""
    pid = int((cluster.data / "postmaster.pid").read_text().split("\n")[0])
    os.kill(pid, signal.SIGKILL)


def test_without_a_database_the_city_says_when_to_come_back(own_cluster: Cluster) -> None:
    with serving(own_cluster.url(), pool_wait_s=1.0) as city:
        assert city.send(batch(moved(20))).status_code == 202
        city.wait_for_merge()
        own_cluster.stop()
        late = batch(moved(60))
        with city.client("road") as road, city.client("vehicle") as truck:
            for answer in (
                truck.post("/batches", json=late),
                road.get("/damages"),
                road.get("/summary"),
                road.get("/tiles/damages/8/136/85.mvt"),
                road.post("/session", json={"token": city.tokens["road"]}),
            ):
                assert answer.status_code == 503, answer.text
                assert answer.headers["retry-after"] == "5"
                assert answer.headers["content-type"] == "application/problem+json"
            health = road.get("/health")
            assert (health.status_code, health.json()["status"]) == (503, "degraded")
            own_cluster.start()
            _until_ok(road)
            assert truck.post("/batches", json=late).status_code == 202
        city.wait_for_merge()
        assert city.rows("SELECT count(*) FROM damage") == [(2,)]


def _until_ok(client: httpx.Client) -> None:
    deadline = time.monotonic() + 120
    while client.get("/damages").status_code != 200:
        assert time.monotonic() < deadline, "the service did not find the database again"
        time.sleep(0.2)


def test_kill_9_of_the_database_loses_nothing_acknowledged_and_doubles_nothing(
    own_cluster: Cluster,
) -> None:
    with serving(own_cluster.url(), pool_wait_s=1.0) as city:
        acknowledged: set[str] = set()
        statuses: set[int] = set()
        trucks = [
            threading.Thread(target=_drive, args=(city, number, acknowledged, statuses))
            for number in range(TRUCKS)
        ]
        for truck in trucks:
            truck.start()
        for _ in range(KILLS):
            time.sleep(0.4)
            kill(own_cluster)
            own_cluster.start()
        for truck in trucks:
            truck.join(timeout=120)
        city.wait_for_merge()
        stored = {str(row[0]) for row in city.rows("SELECT sighting_id FROM sighting")}
        assert statuses <= {202, 503}
        assert len(acknowledged) == TRUCKS * BATCHES_A_TRUCK * 2
        assert stored == acknowledged
        batches = TRUCKS * BATCHES_A_TRUCK
        assert city.rows("SELECT count(*) FROM batch") == [(batches,)]
        accepted = "SELECT count(*) FROM audit_outbox WHERE kind = 'batch.accepted'"
        assert city.rows(accepted) == [(batches,)]
        assert city.rows("SELECT sum(sightings) FROM damage") == [(len(acknowledged),)]


def _drive(city: CityServer, number: int, acknowledged: set[str], statuses: set[int]) -> None:
    """Send batches like a truck: again and again until the city has each."""
    with city.client("vehicle") as truck:
        for step in range(BATCHES_A_TRUCK):
            sent = batch(moved(20 * step + number), moved(20 * step + number + 1))
            while True:
                status = truck.post("/batches", json=sent).status_code
                statuses.add(status)
                if status == 202:
                    break
                time.sleep(0.1)
            acknowledged |= {one["sighting_id"] for one in sent["sightings"]}
            time.sleep(0.05)
