"""A log of a million entries in the database: sequencing still as fast, one proof, one export."""

from __future__ import annotations

import random
import time
from pathlib import Path
from uuid import UUID

import psycopg

from gis.postgis.audit.place import Place
from gis.postgis.audit.prove import prove
from gis.postgis.audit.publish import publish
from gis.postgis.audit.sequencer import OpenLog, connect, open_log, sequence_once, try_lock
from gis.postgis.migrate import migrate
from governance.log.checkpoint import read_checkpoint
from governance.log.proofs import verify_inclusion
from governance.log.tlog_proof import read_proof
from governance.log.tree import leaf_hash
from tests.postgres import private_cluster

PROOFS = 300
AT_ONCE = 1000
TELL = """
INSERT INTO audit_outbox (event_id, body, kind, subject_kind, subject_id)
SELECT (lpad(to_hex(n), 12, '0') || '70008000000000000000')::uuid, -- ordered by time, as ours are
    convert_to(format('{"n":%%s,"data":"%%s"}', n, repeat('x', 360)), 'UTF8'), 'x', 'x', n::text
FROM generate_series(%s::bigint, %s::bigint) AS n
"""


def measure_million(folder: Path, *, entries: int) -> dict[str, object]:
    """Fill a log, then measure on top of it."""
    with private_cluster(durable=True) as cluster:
        url = cluster.url()
        migrate(url)
        place = Place(folder / "keys", folder / "public")
        with connect(url) as connection, psycopg.connect(url, autocommit=True) as writer:
            if not try_lock(connection):
                raise RuntimeError("somebody else sequences the bench's own database")
            log = open_log(connection, place, base="bench.example/log", year=2027)
            rates: list[float] = []
            for first in range(0, entries, 100_000):
                writer.execute(TELL, [first + 1, min(first + 100_000, entries)])
                began, before = time.monotonic(), log.frontier.size
                log = _drain(log, place)
                rates.append((log.frontier.size - before) / (time.monotonic() - began))
            proofs_s = _proofs(url, place)
            began = time.monotonic()
            files = publish(log.store, log.note, folder / "stick")
            exported_s = time.monotonic() - began
    return {
        "entries": log.frontier.size,
        "sequenced_each_100k_per_s": [round(one) for one in rates],
        "database_proof_p50_ms": round(proofs_s[PROOFS // 2] * 1000, 2),
        "database_proof_p99_ms": round(proofs_s[PROOFS * 99 // 100] * 1000, 2),
        "exported_files": files,
        "exported_s": round(exported_s, 1),
    }


def _drain(log: OpenLog, place: Place) -> OpenLog:
    while moved := sequence_once(log, place, at_most=AT_ONCE):
        log = moved
    return log


def _proofs(url: str, place: Place) -> list[float]:
    """Proofs of events at random places, each made from the database and verified, untimed."""
    taken: list[float] = []
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT max(seq) FROM audit_entry").fetchone()
        last = int(row[0]) if row else 0
        for _ in range(PROOFS):
            wanted = [random.randrange(last)]
            found = connection.execute("SELECT event_id FROM audit_entry WHERE seq = %s", wanted)
            (event_id,) = found.fetchone() or (UUID(int=0),)
            began = time.perf_counter()
            text, body = prove(connection, place, event_id)
            taken.append(time.perf_counter() - began)
            proof = read_proof(text)
            signed = read_checkpoint(proof.checkpoint)
            verify_inclusion(
                leaf_hash(body),
                index=proof.index,
                size=signed.size,
                proof=proof.path,
                root=signed.root,
            )
    return sorted(taken)
