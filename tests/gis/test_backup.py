"""A backup is restored and counted, forgets within its cycle, and keeps keys for a shorter time."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from psycopg import AsyncConnection

from gis.postgis.__main__ import main
from gis.postgis.backup.commands import drill, restore_into
from gis.postgis.backup.folder import BackupError, backups
from gis.postgis.backup.make import Cycle, forget_old, make_backup
from gis.postgis.backup.programs import environment
from gis.postgis.cluster import Cluster
from gis.postgis.person_reference import reference
from gis.postgis.server_programs import find_programs
from tests.governance.log.city_log import CityLog
from tests.postgres import private_cluster

NOW = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
ERIKA = UUID(int=7)


@pytest.fixture
def log(database_url: str, tmp_path: Path) -> CityLog:
    """A city with some events in its log, some waiting, and a person with a reference."""
    city = CityLog(database_url, tmp_path)
    city.tell(300)
    city.sequence()
    city.tell(5, first=300)

    async def refer() -> None:
        async with await AsyncConnection.connect(database_url, autocommit=True) as connection:
            await reference(connection, ERIKA, 2027)

    asyncio.run(refer())
    return city


def receipts(log: CityLog, kind: str) -> list[dict[str, Any]]:
    rows = log.rows("SELECT body FROM audit_outbox WHERE kind = %s ORDER BY event_id", kind)
    return [json.loads(bytes(row[0]))["data"] for row in rows]


def test_a_backup_is_restored_aside_counted_and_its_log_checked(
    log: CityLog, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    backup = make_backup(log.url, folder, now=NOW)
    log.tell(50, first=1000)  # after the backup: not in it, and no finding
    told = drill(log.url, folder, None)
    assert told["findings"] == []
    assert (told["log_entries"], told["with_keys"]) == (301, True)
    assert told["rows"] == sum(backup.manifest.rows.values())
    assert backup.manifest.rows["audit_outbox"] == 306
    assert backup.manifest.rows["person_key"] == 1
    assert receipts(log, "backup.made")[0]["rows"] == told["rows"]
    (drilled,) = receipts(log, "backup.restored")
    assert (drilled["is_drill"], drilled["is_sound"]) == (True, True)
    assert log.rows("SELECT count(*) FROM pg_database WHERE datname LIKE 'stadtwart_drill%%'") == [
        (0,)
    ]
    assert stat.S_IMODE(backup.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_dump_itself_holds_no_key_that_leads_to_a_person(log: CityLog, tmp_path: Path) -> None:
    backup = make_backup(log.url, tmp_path / "backups", now=NOW)
    restore = [str(find_programs() / "pg_restore"), "--data-only", "-f", "-"]
    without = subprocess.run([*restore, str(backup.file)], capture_output=True, check=True)
    keys = backup.keys_file
    assert keys is not None
    alone = subprocess.run([*restore, str(keys)], capture_output=True, check=True)
    assert str(ERIKA).encode() not in without.stdout
    assert str(ERIKA).encode() in alone.stdout


def test_keys_are_forgotten_first_and_dumps_after_their_cycle_each_with_a_receipt(
    log: CityLog, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    for days in (40, 20, 1):
        make_backup(log.url, folder, now=NOW - timedelta(days=days))
    gone = forget_old(log.url, folder, now=NOW, cycle=Cycle(days=30, key_days=7))
    assert len(gone) == 3
    kept = [
        ((NOW - one.manifest.made_at).days, one.keys_file is not None) for one in backups(folder)
    ]
    assert kept == [(20, False), (1, True)]
    assert [one["age_days"] for one in receipts(log, "backup.deleted")] == [40]
    assert drill(log.url, folder, backups(folder)[0].file)["with_keys"] is False
    assert forget_old(log.url, folder, now=NOW, cycle=Cycle()) == []


def test_a_damaged_backup_is_refused_and_a_changed_row_is_found(
    log: CityLog, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    log.as_superuser(
        "UPDATE audit_outbox SET body = 'x' WHERE event_id = "
        "(SELECT event_id FROM audit_entry WHERE seq = 7)"
    )
    backup = make_backup(log.url, folder, now=NOW)
    findings = drill(log.url, folder, backup.file)["findings"]
    assert isinstance(findings, list)
    assert "entry 7" in findings[0]
    raw = bytearray(backup.file.read_bytes())
    raw[len(raw) // 2] ^= 1
    backup.file.write_bytes(bytes(raw))
    with pytest.raises(BackupError, match="was changed or is damaged"):
        drill(log.url, folder, backup.file)
    backup.manifest_file.unlink()
    with pytest.raises(BackupError, match="has no manifest"):
        drill(log.url, folder, backup.file)


def test_a_city_is_never_overwritten_and_a_new_machine_gets_everything(
    log: CityLog, tmp_path: Path
) -> None:
    backup = make_backup(log.url, tmp_path / "backups", now=NOW)
    with pytest.raises(BackupError, match="already holds a city"):
        restore_into(log.url, backup.file)
    with private_cluster() as other:  # without our roles
        told = restore_into(other.url(), backup.file)
        assert told["findings"] == []
        restored = CityLog(other.url(), tmp_path / "elsewhere")
        assert restored.rows("SELECT count(*) FROM audit_entry") == [(301,)]
        (one,) = receipts(restored, "backup.restored")
        assert one["is_drill"] is False


def test_the_address_of_the_database_is_not_shown_to_other_users_of_the_machine() -> None:
    found = environment("postgresql://city:secret@db.example:5433/stadtwart?sslmode=require")
    assert (found["PGHOST"], found["PGPASSWORD"], found["PGSSLMODE"]) == (
        "db.example",
        "secret",
        "require",
    )
    with pytest.raises(BackupError, match="target_session_attrs"):
        environment("postgresql:///x?target_session_attrs=any")


def test_the_commands_back_up_list_and_drill(
    log: CityLog,
    postgres: Cluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert postgres.is_running()
    monkeypatch.setenv("DATABASE_URL", log.url)
    monkeypatch.setenv("STADTWART_DATA", str(tmp_path))
    assert main(["drill"]) == 4
    assert "`stadtwart db backup` makes one" in capsys.readouterr().err
    assert main(["backup"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert Path(made["file"]).parent == tmp_path / "backups"
    assert (made["kept_days"], made["deleted"]) == (30, [])
    assert main(["backups"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["with_keys"] is True
    assert main(["drill"]) == 0
    assert os.environ["DATABASE_URL"] == log.url
