"""kill -9 of the sequencer and of PostgreSQL: nothing lost, nothing twice, never a fork."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from uuid import UUID

import psycopg
import pytest

import stadtwart_audit
from gis.postgis.audit.fsck import findings
from gis.postgis.cluster import Cluster
from gis.postgis.migrate import migrate
from tests.governance.log.city_log import CityLog
from tests.postgres import private_cluster

ROOT = Path(__file__).parents[2]
KILLS = 4
WAIT_S = 180
SERVER_KILLS = 2
RESTART_S = 120  # a busy machine; the goal of 10 s is measured by tests.bench.kills


@pytest.fixture
def log(database_url: str, tmp_path: Path) -> CityLog:
    """A city without a log yet."""
    return CityLog(database_url, tmp_path)


class Writer:
    """The application: tells events until stopped, and remembers which were acknowledged."""

    def __init__(self, log: CityLog) -> None:
        self._log, self._is_stopped = log, threading.Event()
        self.acknowledged: list[UUID] = []
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self._is_stopped.is_set():
            try:
                self.acknowledged += self._log.tell(20)
            except psycopg.OperationalError:
                time.sleep(0.05)
            time.sleep(0.01)

    def __enter__(self) -> Writer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_stopped.set()
        self._thread.join()


@contextmanager
def sequencers(log: CityLog, count: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Real processes that sequence the same database."""
    running = [start(log) for _ in range(count)]
    try:
        yield running
    finally:
        for process in running:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()


def start(log: CityLog) -> subprocess.Popen[bytes]:
    # as the CLI does, with the test's year and base; migrated already
    program = (
        "import sys, logging; from pathlib import Path;"
        "from tests.governance.log.city_log import CityLog;"
        "logging.basicConfig(level=logging.INFO);"
        "CityLog(sys.argv[1], Path(sys.argv[2])).service().run(is_stopped=lambda: False)"
    )
    with (log.folder / "sequencers.log").open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-c", program, log.url, str(log.folder)],
            stdout=output,
            stderr=output,
            cwd=ROOT,
        )


def wait_for_more(log: CityLog, more: int) -> None:
    """Wait until so many more events are in the log; somebody must be writing meanwhile."""
    (size,) = log.rows("SELECT max(seq) FROM audit_entry")[0]
    _wait(log, f"{more} more", "SELECT max(seq) > %s FROM audit_entry", size + more)


def wait_until_signed(log: CityLog) -> None:
    """Wait until no event waits for its place in the log."""
    _wait(log, "all", "SELECT count(*) = 0 FROM audit_pending")


def _wait(log: CityLog, what: str, question: str, *values: int) -> None:
    deadline = time.monotonic() + WAIT_S
    while True:
        with suppress(psycopg.OperationalError):
            if log.rows(question, *values)[0][0]:
                return
        said = (log.folder / "sequencers.log").read_text()[-2000:]
        assert time.monotonic() < deadline, f"not {what} within {WAIT_S} s\n{said}"
        time.sleep(0.05)


def holder(log: CityLog) -> int:
    """How many connections hold the sequencer's lock."""
    return int(
        log.rows(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database "
            "WHERE locktype = 'advisory' AND granted AND datname = current_database()"
        )[0][0]
    )


def require_sound(log: CityLog, acknowledged: list[UUID]) -> None:
    """Every acknowledged event is in the log once, and the auditor agrees with all of it."""
    log.sequence()
    logged = [event_id for (event_id,) in log.rows("SELECT event_id FROM audit_entry")]
    assert len(logged) == len(set(logged)), "nothing twice"
    assert set(acknowledged) <= set(logged), "nothing lost"
    with psycopg.connect(log.url) as connection:
        assert list(findings(connection, log.place)) == []
    assert [row[0] for row in log.rows("SELECT origin FROM audit_log")] == [
        "halle.example/ki-protokoll/2027"
    ]
    policy = log.folder / "policy.txt"
    policy.write_text(f"log {(log.published() / 'log.vkey').read_text()}quorum none\n")
    assert stadtwart_audit.main(["verify", str(log.published()), "--policy", str(policy)]) == 0


def test_of_three_sequencers_one_works_and_each_kill_hands_over_without_a_fork(
    log: CityLog,
) -> None:
    random = Random(12)
    log.sequence()
    pinned = log.checkpoint()
    with Writer(log) as writer, sequencers(log, 3) as running:
        for _ in range(KILLS):
            wait_for_more(log, 20)
            assert holder(log) == 1
            time.sleep(random.uniform(0, 0.2))
            # whoever works is killed sooner or later: any of the three, and another one begins
            victim = running.pop(random.randrange(len(running)))
            victim.kill()
            victim.wait()
            running.append(start(log))
    (log.folder / "pinned").write_text(pinned)
    require_sound(log, writer.acknowledged)
    assert len(writer.acknowledged) >= 20 * KILLS


@pytest.fixture
def durable() -> Iterator[Cluster]:
    """A cluster that keeps its promises across a kill, as a city's does."""
    with private_cluster(durable=True) as cluster:
        migrate(cluster.url())
        yield cluster


def test_postgres_killed_while_events_are_written_and_sequenced(
    durable: Cluster, tmp_path: Path
) -> None:
    log = CityLog(durable.url(), tmp_path)
    log.sequence()
    restarts_s: list[float] = []
    with Writer(log) as writer, sequencers(log, 1):
        for _ in range(SERVER_KILLS):
            wait_for_more(log, 100)
            kill_server(durable)
            began = time.monotonic()
            durable.start()
            wait_for_more(log, 1)
            restarts_s.append(time.monotonic() - began)
    require_sound(log, writer.acknowledged)
    assert max(restarts_s) < RESTART_S, "server and sequencer are back"


def kill_server(cluster: Cluster) -> None:
    """kill -9 of PostgreSQL's first process and all its children."""
    pid = int((cluster.data / "postmaster.pid").read_text().split("\n")[0])
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for one in (pid, *map(int, children)):
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
