"""kill -9 during ingest and sequencing: `python -m tests.bench kills` (100 kills).

Real processes: the city's server with its sequencer, PostgreSQL, trucks over HTTP that send the
same batch again until it is acknowledged. Each kill takes the server, the sequencer or the whole
of PostgreSQL, at a random moment. At the end: every acknowledged batch stored once with its event,
every event in the log once, and the auditor's tool says SOUND with the checkpoint from the start.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import httpx
import psycopg

import stadtwart_audit
from gis.postgis.audit.fsck import content_findings, cross_findings
from gis.postgis.cluster import Cluster
from gis.postgis.load_city import load_city
from gis.postgis.migrate import migrate
from tests.faults.test_audit_killed import kill_server
from tests.flows.processes import Running, data_folder, environment, free_port, kill_9, start
from tests.messages import batch, moved
from tests.small_city import write_small_city

TRUCKS = 4
WAIT_S = 180
Found = dict[str, Any]


def main(argv: list[str] | None = None) -> int:
    """Kill, look, print one JSON object; the exit code says whether anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=8)
    given = parser.parse_args(argv)
    with data_folder() as folder:
        city = City(folder)
        try:
            found = city.endure(given.kills, Random(given.seed))
        finally:
            city.close()
    print(json.dumps(found, indent=1))
    return 1 if found["lost"] or found["doubled"] or found["findings"] else 0


class City:
    """A city whose programs are killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cluster = Cluster(folder / "postgres")
        self.url = self.cluster.start()
        migrate(self.url)
        load_city(self.url, write_small_city(folder / "city"))
        self.port = free_port()
        self.server: Running | None = None
        self.trucks = [Truck(self.port, folder) for _ in range(TRUCKS)]

    def endure(self, kills: int, dice: Random) -> Found:
        """Kill again and again; return what was lost, what doubled, how long each return took."""
        self._serve()
        pinned = self._published_checkpoint()
        for truck in self.trucks:
            truck.start(self.folder)
        began, counted, back_s = time.monotonic(), Counter[str](), list[float]()
        ways: dict[str, Callable[[], None]] = {
            "server": self._kill_server,
            "sequencer": self._kill_sequencer,
            "postgres": self._kill_postgres,
        }
        for number in range(kills):
            time.sleep(dice.uniform(0.05, 0.6))  # the moment is what is tested
            way = dice.choice(list(ways))
            killed_at = time.monotonic()
            ways[way]()
            self._wait_for_more(f"signed after kill {number}")
            back_s.append(time.monotonic() - killed_at)
            counted[way] += 1
            print(f"kill {number + 1} {way} back after {back_s[-1]:.1f} s", file=sys.stderr)
        for truck in self.trucks:
            truck.end()
        self._wait(lambda: self._waiting() == 0, "everything signed")
        took_s = time.monotonic() - began
        return self._looked_at(pinned) | {
            "kills": dict(counted),
            "restart_p50_s": round(median(back_s), 2),
            "restart_max_s": round(max(back_s), 2),
            "seconds": round(took_s),
        }

    def _looked_at(self, pinned: str) -> Found:
        acknowledged = [one for truck in self.trucks for one in truck.acknowledged]
        with psycopg.connect(self.url) as connection:
            # one moment of a log that still grows: merging goes on after the last truck
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            stored = [str(one) for (one,) in connection.execute("SELECT batch_id FROM batch")]
            events = Counter(
                subject
                for (subject,) in connection.execute(
                    "SELECT subject_id FROM audit_entry JOIN audit_outbox USING (event_id) "
                    "WHERE kind = 'batch.accepted'"
                )
            )
            origins = connection.execute("SELECT count(*) FROM audit_log").fetchone()
            findings = [*content_findings(connection), *cross_findings(connection)]
        return {
            "acknowledged": len(acknowledged),
            "refused_or_cut": sum(truck.troubles for truck in self.trucks),
            "lost": len(set(acknowledged) - set(stored)) + len(set(stored) - set(events)),
            "doubled": sum(number - 1 for number in events.values()),
            "forks": (origins[0] if origins else 0) - 1,
            "findings": findings[:5],
            "entries": self._signed(),
            "auditor": self._auditor(pinned),
        }

    def _auditor(self, pinned: str) -> str:
        (bundle,) = (self.folder / "audit/public").iterdir()
        signed = self._signed()
        self._wait(
            lambda: int((bundle / "checkpoint").read_text().split("\n")[1]) == signed, "published"
        )
        (self.folder / "policy.txt").write_text(
            f"log {(bundle / 'log.vkey').read_text()}quorum none\n"
        )
        policy = stadtwart_audit.read_policy(self.folder / "policy.txt")
        try:
            stadtwart_audit.verify(bundle, policy, pinned)
        except (stadtwart_audit.Tampered, stadtwart_audit.CannotTell) as error:
            return str(error)
        return "sound"

    def _serve(self) -> None:
        self._start_server()
        self._wait(lambda: self._signed() > 0, "the first checkpoint")

    def _start_server(self) -> None:
        environ = environment(self.folder, DATABASE_URL=self.url, API_NIGHT_HOUR="-1")
        log = self.folder / "server.log"
        self.server = start("api", "serve", "--port", str(self.port), environ=environ, log=log)

    def _kill_server(self) -> None:
        """The server with everything it brought along, as when the machine's memory runs out."""
        if self.server is not None:
            kill_9(self.server)
        self._serve()

    def _kill_sequencer(self) -> None:
        """Only the sequencer: the server has to start it again."""
        if self.server is None:
            return
        children = Path(f"/proc/{self.server.pid}/task").glob("*/children")
        pids = {int(pid) for one in children for pid in one.read_text().split()}
        for pid in pids:
            with suppress(OSError):
                if b"gis.postgis.audit" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    os.kill(pid, signal.SIGKILL)

    def _kill_postgres(self) -> None:
        kill_server(self.cluster)
        self.cluster.start()

    def _published_checkpoint(self) -> str:
        (path,) = (self.folder / "audit/public").glob("*/checkpoint")
        return path.read_text()

    def _signed(self) -> int:
        return self._number("SELECT coalesce(max(size), 0) FROM audit_checkpoint")

    def _waiting(self) -> int:
        return self._number("SELECT count(*) FROM audit_pending")

    def _number(self, statement: str) -> int:
        try:
            with psycopg.connect(self.url, connect_timeout=5) as connection:
                row = connection.execute(statement.encode()).fetchone()
                return int(row[0]) if row else -1
        except psycopg.OperationalError:
            return -1

    def _wait_for_more(self, what: str) -> None:
        """Wait until something is signed that was sent after now."""
        self._wait(lambda: self._told() >= 0, what)
        told = self._told()
        self._wait(lambda: self._signed() > told, what)

    def _told(self) -> int:
        return self._number("SELECT count(*) FROM audit_outbox")

    def _wait(self, is_so: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + WAIT_S
        while not is_so():
            if self.server is not None and self.server.poll() is not None:
                self._start_server()  # as a service manager does
            if time.monotonic() > deadline:
                said = (self.folder / "server.log").read_text()[-3000:]
                raise TimeoutError(f"{what}: not within {WAIT_S} s\n{said}")
            time.sleep(0.02)

    def close(self) -> None:
        """End everything, whatever state it is in."""
        for truck in self.trucks:
            truck.end()
        if self.server is not None:
            kill_9(self.server)
        self.cluster.stop()


class Truck:
    """Sends batches; the same one again until it is acknowledged."""

    def __init__(self, port: int, folder: Path) -> None:
        self._url, self._folder = f"http://127.0.0.1:{port}/api/v1/batches", folder
        self.acknowledged: list[str] = []
        self.troubles = 0
        self._is_ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, folder: Path) -> None:
        """Begin to send."""
        token = json.loads((folder / "tokens.json").read_text())["vehicle"]
        self._thread = threading.Thread(target=self._run, args=(token,))
        self._thread.start()

    def end(self) -> None:
        """Stop; a batch nobody acknowledged does not count."""
        self._is_ending.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(headers=headers, timeout=10) as client:
            while not self._is_ending.is_set():
                sent = batch(*(moved(at * 10) for at in range(5)))
                while not (is_taken := self._is_taken(client, sent)):
                    self.troubles += 1
                    if self._is_ending.wait(0.05):
                        break
                if is_taken:
                    self.acknowledged.append(sent["batch_id"])
                time.sleep(0.01)

    def _is_taken(self, client: httpx.Client, sent: dict[str, Any]) -> bool:
        try:
            return client.post(self._url, json=sent).status_code == 202
        except httpx.TransportError:
            return False


if __name__ == "__main__":
    sys.exit(main())
