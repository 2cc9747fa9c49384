"""What the city exports is read by an independent reader, at every awkward size."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

import stadtwart_audit
from gis.postgis.audit.publish import publish
from gis.postgis.audit.sequencer import connect
from tests.governance.log.bundles import event_bodies, write_bundle
from tests.governance.log.c2sp_reader import read_bundle
from tests.governance.log.city_log import CityLog

MANY = """
INSERT INTO audit_outbox (event_id, body, kind, subject_kind, subject_id)
SELECT gen_random_uuid(), convert_to(format('{"n":%%s}', n), 'UTF8'), 'x', 'x', n::text
FROM generate_series(1, %s) AS n
"""


def tell_many(log: CityLog, count: int) -> None:
    """Write events in one statement, for logs that cross a level of tiles."""
    with psycopg.connect(log.url, autocommit=True) as connection:
        connection.execute(MANY, [count])


def export(log: CityLog, folder: Path) -> Path:
    """Write the stick."""
    with connect(log.url) as connection:
        store = log.store(connection)
        last = store.last_checkpoint()
        assert last is not None
        publish(store, last[1], folder)
    return folder


def verify(log: CityLog, folder: Path) -> int:
    policy = log.folder / "policy.txt"
    policy.write_text(f"log {(log.published() / 'log.vkey').read_text()}quorum none\n")
    return stadtwart_audit.main(["verify", str(folder), "--policy", str(policy)])


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 513])
def test_the_independent_reader_accepts_logs_of_every_shape(size: int, tmp_path: Path) -> None:
    entries = event_bodies(size)
    assert read_bundle(write_bundle(tmp_path, entries)) == entries


def test_a_stick_that_grows_with_the_log_is_read_at_each_visit(
    log: CityLog, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    log.sequence()
    for more in (0, 1, 253, 1, 1, 256, 300):  # 1, 2, 255, 256, 257, 513, 813 entries
        tell_many(log, more)
        log.sequence()
        entries = read_bundle(export(log, stick))
        assert len(entries) == log.rows("SELECT count(*) FROM audit_entry")[0][0]
        assert verify(log, stick) == 0
    assert len(entries) == 813
    fresh = export(log, tmp_path / "fresh")
    assert read_bundle(fresh) == entries, "a new stick holds the same as one that grew"


def test_the_third_level_of_tiles_begins_at_65_536_entries(log: CityLog, tmp_path: Path) -> None:
    tell_many(log, 65_535)
    log.sequence(at_most=5000)
    first = export(log, tmp_path / "stick")
    assert len(read_bundle(first)) == 65_536, "with the log's own first word"
    assert (first / "tile/2/000.p/1").exists()
    assert (first / "tile/1/000").exists()
    tell_many(log, 300)
    log.sequence()
    assert len(read_bundle(export(log, first))) == 65_836
    assert verify(log, first) == 0


@pytest.mark.parametrize("length", [1, 255, 256, 257, 65_535])
def test_an_entry_of_any_allowed_length_is_exported_whole(
    length: int, log: CityLog, tmp_path: Path
) -> None:
    with psycopg.connect(log.url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO audit_outbox (event_id, body, kind, subject_kind, subject_id) "
            "VALUES (gen_random_uuid(), %s, 'x', 'x', 'x')",
            [b"\x00" * length],
        )
    log.sequence()
    assert len(read_bundle(export(log, tmp_path / "stick"))[-1]) == length
    assert verify(log, tmp_path / "stick") == 0
