"""The database's disk is full: trucks are told to wait, no fork, and afterwards all goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from gis.postgis.cluster import Cluster
from gis.postgis.load_city import load_city
from gis.postgis.migrate import migrate
from tests.faults.test_audit_killed import require_sound, sequencers, wait_until_signed
from tests.governance.log.city_log import CityLog
from tests.messages import batch, moved
from tests.serving import CityServer, serving
from tests.small_city import write_small_city

SIZE_MB = 500
WAIT_S = 60


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of its own for the database, of a few hundred megabytes."""
    folder = Path(tempfile.mkdtemp(prefix="sw-"))
    folder.chmod(0o755)
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=755", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("this machine lets nobody mount a disk of limited size")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        shutil.rmtree(folder, ignore_errors=True)


class Disk:
    """Filling the disk with a file, and freeing it again."""

    def __init__(self, folder: Path) -> None:
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Take every free byte."""
        with suppress(OSError), self._ballast.open("wb") as file:
            while True:
                file.write(bytes(1 << 16))
                file.flush()

    def free(self) -> None:
        """Give them back."""
        self._ballast.unlink(missing_ok=True)


class Truck:
    """Sends batches and remembers what was acknowledged and how it was refused."""

    def __init__(self, city: CityServer) -> None:
        self._client = city.client("vehicle")
        self.acknowledged: list[str] = []
        self.refused: list[httpx.Response] = []

    def send(self) -> bool:
        """Send one batch of 50."""
        sent: dict[str, Any] = batch(*(moved(at * 10) for at in range(50)))
        answer = self._client.post("/batches", json=sent)
        if answer.status_code == 202:
            self.acknowledged.append(sent["batch_id"])
        else:
            self.refused.append(answer)
        return answer.status_code == 202

    def send_until(self, wanted: bool) -> None:
        """Send until the city takes batches again, or no more."""
        deadline = time.monotonic() + WAIT_S
        while self.send() is not wanted:
            assert time.monotonic() < deadline, f"still the same after {WAIT_S} s"
            if wanted:
                time.sleep(0.1)

    def close(self) -> None:
        """Hang up."""
        self._client.close()


@pytest.mark.timeout(300)
def test_a_full_disk_stops_ingest_with_503_and_nothing_else_is_lost(
    small_disk: Path, tmp_path: Path
) -> None:
    cluster = Cluster(small_disk / "pg")
    url = cluster.start()
    try:
        migrate(url)
        load_city(url, write_small_city(tmp_path / "city"))
        log = CityLog(url, tmp_path)
        log.sequence()
        disk = Disk(small_disk)
        with serving(url) as city, sequencers(log, 1):
            truck = Truck(city)
            for _ in range(5):
                assert truck.send()
            wait_until_signed(log)
            disk.fill()
            truck.send_until(False)
            for _ in range(20):
                truck.send()
            assert {one.status_code for one in truck.refused} == {503}
            assert {one.headers["Retry-After"] for one in truck.refused} == {"5"}
            kinds = {one.json()["type"].rsplit(":", 1)[1] for one in truck.refused}
            assert kinds <= {"database-full", "database-away"}, "away: it fell over its own log"
            disk.free()
            cluster.start()  # as the city's service manager would, had it fallen over
            truck.send_until(True)
            truck.close()
            wait_until_signed(log)
        stored = {str(one) for (one,) in log.rows("SELECT batch_id FROM batch")}
        assert set(truck.acknowledged) <= stored, "nothing acknowledged was lost"
        events = log.rows(
            "SELECT event_id, subject_id FROM audit_outbox WHERE kind = 'batch.accepted'"
        )
        assert {subject for _, subject in events} == stored, "each stored batch with its event"
        require_sound(log, [UUID(str(event_id)) for event_id, _ in events])
        assert os.statvfs(small_disk).f_bavail > 0
    finally:
        with suppress(psycopg.OperationalError):
            cluster.stop()
