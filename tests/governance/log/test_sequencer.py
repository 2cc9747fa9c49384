"""The sequencer: each event once, in order, signed; never two directions, never two at work."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from gis.postgis.audit.errors import AuditError, ForkError, TamperedError
from gis.postgis.audit.fsck import cross_findings, findings
from gis.postgis.audit.place import read_key
from gis.postgis.audit.publish import publish
from gis.postgis.audit.sequencer import connect, reopen, try_lock
from gis.postgis.audit.service import Service
from governance.log.checkpoint import Checkpoint, open_checkpoint, read_checkpoint, sign
from governance.log.note import read_verifier_key
from governance.log.tiles import Tile, decode_entries, decode_hashes, tiles_of
from tests.governance.log import rfc9162
from tests.governance.log.city_log import CityLog


def entries(folder: Path) -> list[bytes]:
    """Every published entry, read as any reader of tiles would."""
    size = read_checkpoint((folder / "checkpoint").read_text()).size
    found: list[bytes] = []
    for tile in tiles_of(size):
        if tile.level == 0:
            found += decode_entries((folder / tile.entries_path).read_bytes())
    return found


def test_every_event_is_published_once_in_the_order_it_was_told(log: CityLog) -> None:
    told = log.tell(600)
    log.sequence(at_most=250)
    told += log.tell(40, first=600)
    log.sequence(at_most=250)
    bodies = [json.loads(body) for body in entries(log.published())]
    assert bodies[0]["type"] == "log.opened"
    assert [body["id"] for body in bodies[1:]] == [str(one) for one in told]


def test_the_published_checkpoint_is_signed_and_its_root_is_the_standards(log: CityLog) -> None:
    log.tell(300)
    log.sequence()
    key = read_verifier_key((log.published() / "log.vkey").read_text())
    checkpoint = open_checkpoint(log.checkpoint(), key)
    bodies = entries(log.published())
    assert checkpoint.origin == "halle.example/ki-protokoll/2027"
    assert checkpoint.size == len(bodies) == 301
    assert checkpoint.root == rfc9162.mth(bodies)


def test_exactly_the_files_of_the_specification_are_published(log: CityLog) -> None:
    log.tell(299)
    log.sequence()
    folder = log.published()
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    wanted = {Tile(0, 0, 256).path, Tile(0, 1, 44).path, Tile(1, 0, 1).path}
    wanted |= {Tile(0, 0, 256).entries_path, Tile(0, 1, 44).entries_path}
    assert found >= wanted | {"checkpoint", "log.vkey"}
    partial = {name for name in found - wanted if ".p/" in name}
    assert not any(name.startswith("tile/0/000.p") for name in partial), "full tiles replace them"
    assert len(decode_hashes((folder / Tile(0, 1, 44).path).read_bytes())) == 44


def test_the_key_is_made_for_its_owner_alone_and_refused_when_others_may_read_it(
    log: CityLog,
) -> None:
    log.sequence()
    path = log.place.key_file("halle.example/ki-protokoll/2027")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    with pytest.raises(AuditError, match="chmod 600"):
        log.sequence()


def test_a_lost_key_stops_the_log_until_a_person_begins_a_new_one(log: CityLog) -> None:
    log.tell(3)
    log.sequence()
    log.place.key_file("halle.example/ki-protokoll/2027").unlink()
    with pytest.raises(AuditError, match="is missing"):
        log.sequence()
    with connect(log.url) as connection:
        reopen(connection, log.place, base=None, year=2027, reason="key lost")
    log.tell(2)
    log.sequence()
    opened = json.loads(entries(log.published("2027-2"))[0])
    assert read_checkpoint(opened["data"]["previous_checkpoint"]).size == 4
    assert len(entries(log.published("2027-2"))) == 3


def test_a_new_year_seals_the_old_log_and_each_names_the_other(log: CityLog) -> None:
    log.tell(5)
    log.sequence()
    later = replace(log, year=2028)
    later.tell(4)
    later.sequence()
    sealed = json.loads(entries(log.published("2027"))[-1])
    opened = json.loads(entries(log.published("2028"))[0])
    assert sealed["type"] == "log.sealed"
    assert sealed["data"]["next_origin"] == "halle.example/ki-protokoll/2028"
    assert sealed["data"]["next_vkey"] == (log.published("2028") / "log.vkey").read_text().strip()
    closing = read_checkpoint(opened["data"]["previous_checkpoint"])
    assert closing == read_checkpoint(log.checkpoint("2027"))
    assert len(entries(log.published("2028"))) == 5
    with connect(log.url) as connection:
        assert list(findings(connection, log.place)) == []


def test_a_log_is_not_continued_when_more_was_published_than_the_database_holds(
    log: CityLog,
) -> None:
    log.tell(300)
    log.sequence()
    log.as_superuser(
        "DELETE FROM audit_entry WHERE seq >= 200",
        "DELETE FROM audit_tile",
        "DELETE FROM audit_checkpoint WHERE size > 0",
    )
    log.tell(1)
    with pytest.raises(TamperedError, match="200 entries, 0 of them signed"):
        log.sequence()


def test_a_running_sequencer_notices_that_something_else_was_published(log: CityLog) -> None:
    log.tell(3)
    log.sequence()
    other = replace(log, folder=log.folder / "other")
    before = log.checkpoint()
    log.tell(3)
    log.sequence()
    ahead = log.checkpoint()
    assert read_checkpoint(before).size < read_checkpoint(ahead).size
    log.as_superuser(
        "DELETE FROM audit_entry WHERE seq >= 4", "DELETE FROM audit_checkpoint WHERE size > 4"
    )
    with pytest.raises(ForkError, match=r"7 entries .* are published, the database holds 4"):
        log.sequence()
    assert log.checkpoint() == ahead, "what is published stays"
    assert not other.folder.exists()


def test_a_log_is_not_continued_over_other_entries_than_the_published_ones(log: CityLog) -> None:
    """As many entries or more, but not the same: size alone would not show it."""
    log.tell(10)
    log.sequence()
    key = read_key(log.place, "halle.example/ki-protokoll/2027")
    for size in (5, 11):
        other = Checkpoint(key.name, size, rfc9162.mth([b"other"] * size))
        (log.published() / "checkpoint").write_text(sign(other, key))
        log.tell(1)
        with pytest.raises(ForkError, match="are not the published ones"):
            log.sequence()
    assert log.rows("SELECT count(*) FROM audit_entry") == [(11,)]


def test_published_files_that_are_gone_stop_the_log(log: CityLog) -> None:
    log.sequence()
    (log.published() / "checkpoint").unlink()
    with pytest.raises(AuditError, match="put the published files back"):
        log.sequence()


def test_a_folder_of_another_log_is_not_overwritten(log: CityLog, tmp_path: Path) -> None:
    log.tell(3)
    log.sequence()
    target = tmp_path / "stick"
    with connect(log.url) as connection:
        publish(log.store(connection), log.checkpoint(), target)
        first = (target / "checkpoint").read_bytes()
        reopen(connection, log.place, base=None, year=2027, reason="new key")
        fresh = log.store(connection)
        last = fresh.last_checkpoint()
        assert last is not None
        with pytest.raises(TamperedError, match="not this log's"):
            publish(fresh, last[1], target)
    assert (target / "checkpoint").read_bytes() == first


def test_only_one_sequencer_works_at_a_time(log: CityLog) -> None:
    with connect(log.url) as first, connect(log.url) as second:
        assert try_lock(first)
        assert not try_lock(second)
    with connect(log.url) as third:
        assert try_lock(third), "the lock ends with its connection"


def test_the_sequencer_may_add_and_nothing_else(log: CityLog) -> None:
    log.tell(2)
    log.sequence()
    with connect(log.url) as connection:
        for table in ("audit_log", "audit_entry", "audit_tile", "audit_checkpoint", "audit_outbox"):
            for verb in ("DELETE FROM {}", "TRUNCATE {}"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(SQL(verb).format(Identifier(table)))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE audit_entry SET seq = seq")


def test_even_the_owner_cannot_change_the_log_by_mistake(log: CityLog) -> None:
    log.sequence()
    with psycopg.connect(log.url, autocommit=True) as connection:
        for table in ("audit_log", "audit_entry", "audit_tile", "audit_checkpoint"):
            for verb in ("DELETE FROM {}", "TRUNCATE {} CASCADE"):
                with pytest.raises(psycopg.Error, match="append-only"):
                    connection.execute(SQL(verb).format(Identifier(table)))


def test_the_application_cannot_take_an_event_out_of_the_queue(log: CityLog) -> None:
    log.tell(1)
    with psycopg.connect(log.url, autocommit=True) as connection:
        connection.execute("SET ROLE stadtwart_app")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM audit_pending")
    assert log.rows("SELECT count(*) FROM audit_pending") == [(1,)]


def test_an_event_too_long_for_the_log_is_refused_with_its_effect(log: CityLog) -> None:
    with (
        psycopg.connect(log.url, autocommit=True) as connection,
        pytest.raises(psycopg.errors.CheckViolation),
    ):
        connection.execute(
            "INSERT INTO audit_outbox (event_id, body, kind, subject_kind, subject_id) "
            "VALUES (gen_random_uuid(), %s, 'x', 'x', 'x')",
            [b"x" * 65_536],
        )


def test_an_event_that_commits_late_is_not_missed(log: CityLog) -> None:
    with psycopg.connect(log.url) as slow:
        slow.execute(
            "INSERT INTO audit_outbox (event_id, body, kind, subject_kind, subject_id) "
            "VALUES ('00000000-0000-7000-8000-000000000000', 'late', 'x', 'x', 'x')"
        )
        log.tell(3)
        log.sequence()
        slow.commit()
    log.sequence()
    assert entries(log.published())[-1] == b"late"


def test_a_sound_log_has_no_findings_and_each_damage_to_it_is_named(log: CityLog) -> None:
    told = log.tell(700)
    log.sequence(at_most=100)

    def found() -> list[str]:
        with psycopg.connect(log.url) as connection:
            return list(findings(connection, log.place))

    assert found() == []
    log.as_superuser(
        "UPDATE audit_outbox SET body = 'never happened' WHERE event_id = %s", event_id=told[400]
    )
    assert found() == [
        f"halle.example/ki-protokoll/2027: entry 401 (event {told[400]}) is not what was logged"
    ]
    log.as_superuser("DELETE FROM audit_outbox WHERE event_id = %s", event_id=told[300])
    assert "entry 301" in found()[0]
    log.as_superuser("DELETE FROM audit_entry WHERE seq = 100")
    assert "entry 100 is missing" in found()[0]


def test_swapped_entries_are_found_by_the_signed_root(log: CityLog) -> None:
    log.tell(20)
    log.sequence()
    log.as_superuser(
        "UPDATE audit_entry SET seq = 99 WHERE seq = 7",
        "UPDATE audit_entry SET seq = 7 WHERE seq = 8",
        "UPDATE audit_entry SET seq = 8 WHERE seq = 99",
    )
    with psycopg.connect(log.url) as connection:
        assert any("swapped" in one for one in findings(connection, log.place))
    with pytest.raises(TamperedError, match="not the signed ones"):
        log.sequence()


def test_an_event_nobody_logged_and_a_change_without_event_are_found(log: CityLog) -> None:
    log.tell(3)
    log.as_superuser(
        "DELETE FROM audit_pending WHERE pending_id = (SELECT min(pending_id) FROM audit_pending)",
        "INSERT INTO batch (batch_id, device_id, content_sha256, sightings, sent_at) "
        "VALUES ('00000000-0000-7000-8000-000000000001', 't', 'x', 0, now())",
        "INSERT INTO work_order (title, team, created_by) VALUES ('t', 't', 'r-1')",
        "INSERT INTO verdict (damage_id, verdict, decided_by) VALUES (1, 'confirmed', 'r-1')",
    )
    log.sequence()
    with psycopg.connect(log.url) as connection:
        assert any("neither in a log nor waiting" in one for one in findings(connection, log.place))
        missing = list(cross_findings(connection))
    assert [one.split()[0] for one in missing] == ["verdict", "work", "batch"]


def test_an_event_that_vanished_before_it_was_logged_stops_the_log(log: CityLog) -> None:
    told = log.tell(3)
    log.as_superuser("DELETE FROM audit_outbox WHERE event_id = %s", event_id=told[1])
    with pytest.raises(TamperedError, match="gone from the outbox"):
        log.sequence()


def test_a_service_without_a_database_says_so(tmp_path: Path) -> None:
    city = CityLog("postgresql:///none?host=/nonexistent", tmp_path)
    service: Service = city.service()
    with pytest.raises(psycopg.OperationalError):
        service.run(is_stopped=lambda: False, until_empty=True)
