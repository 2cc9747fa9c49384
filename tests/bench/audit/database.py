"""Events a second from the outbox into signed checkpoints, beside plain INSERTs; and the lag."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import psycopg

from gis.postgis import outbox
from gis.postgis.audit.place import Place
from gis.postgis.audit.publisher import Publisher
from gis.postgis.audit.sequencer import OpenLog, connect, open_log, sequence_once, try_lock
from gis.postgis.migrate import migrate
from governance.audit_event import Actor, Subject, event
from governance.log.checkpoint import read_checkpoint
from tests.bench.ingest.cpu import cpu_s
from tests.postgres import private_cluster

A_TRANSACTION = 50
AT_ONCE = 1000
ACTOR = Actor("person", "3f1c0f7b2a9d4e55")
INSERT = (
    "INSERT INTO {} (event_id, body, kind, subject_kind, subject_id) SELECT * FROM unnest("
    "%(event_id)b::uuid[], %(event_body)b::bytea[], %(event_kind)s::text[], "
    "%(event_subject_kind)s::text[], %(event_subject_id)s::text[])"
)
Rows = dict[str, list[Any]]
Found = dict[str, object]


def measure_database(folder: Path, *, events: int, load_s: float) -> Found:
    """Measure throughput, then lag, on a durable cluster of its own."""
    with private_cluster(durable=True) as cluster:
        url = cluster.url()
        migrate(url)
        server = int((cluster.data / "postmaster.pid").read_text().split("\n")[0])
        place = Place(folder / "keys", folder / "public")
        with connect(url) as connection:
            if not try_lock(connection):
                raise RuntimeError("somebody else sequences the bench's own database")
            log = open_log(connection, place, base="bench.example/log", year=2027)
            log, rates = _throughput(url, server, log, place, events)
            lag = _lag(url, log, place, load_s)
    return {"events": events, "batch": AT_ONCE, "a_transaction": A_TRANSACTION, **rates, **lag}


def _throughput(
    url: str, server: int, log: OpenLog, place: Place, events: int
) -> tuple[OpenLog, Found]:
    """Three rounds, medians: plain table, outbox, sequencer, one right after the other."""
    names = ("plain_insert", "outbox_insert", "sequenced")
    rounds: dict[str, list[float]] = {name: [] for name in names}
    used: dict[str, list[float]] = {name: [] for name in names}
    with psycopg.connect(url, autocommit=True) as writer:
        writer.execute(
            "CREATE TABLE plain (LIKE audit_outbox INCLUDING DEFAULTS INCLUDING CONSTRAINTS "
            "INCLUDING INDEXES)"
        )
        for _ in range(3):
            packets = [_rows(A_TRANSACTION) for _ in range(events // 3 // A_TRANSACTION)]
            count = len(packets) * A_TRANSACTION

            def drain() -> None:
                nonlocal log
                while moved := sequence_once(log, place, at_most=AT_ONCE):
                    log = moved

            steps: dict[str, Callable[[], None]] = {
                "plain_insert": partial(_insert, writer, "plain", packets),
                "outbox_insert": partial(_insert, writer, "audit_outbox", packets),
                "sequenced": drain,
            }
            for name, step in steps.items():
                cpu, began = cpu_s(server) + time.process_time(), time.monotonic()
                step()
                rounds[name].append(count / (time.monotonic() - began))
                used[name].append((cpu_s(server) + time.process_time() - cpu) / count * 1e6)
    found: Found = {f"{name}_per_s": round(median(rounds[name])) for name in names}
    found |= {f"{name}_cpu_us": round(median(used[name]), 1) for name in names}
    plain, outboxed, sequenced = (median(rounds[name]) for name in names)
    found["sequenced_to_plain_insert"] = round(sequenced / plain, 2)
    found["outbox_to_plain_insert"] = round(outboxed / plain, 2)
    found["rounds_per_s"] = {name: [round(one) for one in rounds[name]] for name in names}
    return log, found


def _insert(connection: psycopg.Connection[Any], table: str, packets: list[Rows]) -> None:
    """One transaction for each packet."""
    for packet in packets:
        connection.execute(INSERT.format(table).encode(), packet)


def _rows(count: int) -> Rows:
    made = [
        outbox.parameters(
            event(
                "verdict.given",
                actor=ACTOR,
                subject=Subject("damage", str(number)),
                model="9b" * 32,
                data={"verdict": "confirmed", "seconds_spent": 7, "state_after": "confirmed"},
            )
        )
        for number in range(count)
    ]
    return {key: [one[key] for one in made] for key in made[0]}


def _lag(url: str, log: OpenLog, place: Place, load_s: float) -> Found:
    """Time from an event's commit to the commit of the first signed checkpoint that holds it."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    writer = context.Process(target=_write_steadily, args=(url, load_s, queue))
    writer.start()
    first = read_checkpoint(log.note).size
    signed: list[tuple[int, float]] = []  # size, when it was committed
    until: float | None = None
    committed: dict[UUID, float] = {}
    publisher = Publisher(connect(url), place, (), every_s=1)  # beside it, as in the service
    publisher.start()
    while until is None or time.monotonic() < until:
        publisher.check()
        moved = sequence_once(log, place, at_most=AT_ONCE)
        if moved:
            log = moved
            signed.append((log.frontier.size, time.monotonic()))
        else:
            time.sleep(0.05)  # the service's own pause
        if until is None and not queue.empty():
            committed = queue.get()
            until = time.monotonic() + 1
    writer.join()
    publisher.end()
    entries = log.store.entries(first, log.frontier.size)
    lags_s: list[float] = []
    at = 0
    for entry in entries:
        while signed[at][0] <= entry.seq:
            at += 1
        lags_s.append(max(signed[at][1] - committed[entry.event_id], 0))
    lags_s.sort()
    return {
        "lag_events": len(lags_s),
        "lag_events_per_s": round(len(lags_s) / load_s),
        "lag_checkpoints": len(signed),
        "lag_p50_ms": round(lags_s[len(lags_s) // 2] * 1000, 1),
        "lag_p99_ms": round(lags_s[len(lags_s) * 99 // 100] * 1000, 1),
    }


def _write_steadily(url: str, load_s: float, queue: Any) -> None:
    """Write 10 events a transaction, about 100 transactions a second, as a busy city does."""
    committed: dict[UUID, float] = {}
    with psycopg.connect(url, autocommit=True) as connection:
        ends = time.monotonic() + load_s
        while time.monotonic() < ends:
            packet = _rows(10)
            connection.execute(INSERT.format("audit_outbox").encode(), packet)
            now = time.monotonic()
            committed |= dict.fromkeys(packet["event_id"], now)
            time.sleep(0.01)
    queue.put(committed)
