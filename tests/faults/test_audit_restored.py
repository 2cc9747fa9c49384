"""A restore from an older backup: never signed over what was published; a new log says so."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

import stadtwart_audit
from gis.postgis import server_programs
from gis.postgis.audit.errors import ForkError
from gis.postgis.audit.fsck import findings
from gis.postgis.audit.publish import publish
from gis.postgis.audit.sequencer import connect, reopen
from gis.postgis.cluster import Cluster
from governance.log.checkpoint import read_checkpoint
from tests.governance.log.city_log import CityLog
from tests.governance.log.test_sequencer import entries
from tests.postgres import fresh_database


@pytest.fixture
def log(database_url: str, tmp_path: Path) -> CityLog:
    """A city without a log yet."""
    return CityLog(database_url, tmp_path)


def restore(log: CityLog, dump: Path, url: str) -> CityLog:
    """Restore a dump into another database; keys and published files stay as they are."""
    programs = server_programs.find_programs()
    subprocess.run(
        [str(programs / "pg_restore"), "--clean", "--if-exists", "-d", url, str(dump)],
        check=True,
        capture_output=True,
    )
    return replace(log, url=url)


def test_a_restored_database_is_refused_and_a_new_log_holds_the_last_known_checkpoint(
    log: CityLog, postgres: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log.tell(300)
    log.sequence()
    dump = tmp_path / "backup.dump"
    programs = server_programs.find_programs()
    subprocess.run([str(programs / "pg_dump"), "-Fc", "-f", str(dump), log.url], check=True)
    log.tell(400, first=300)
    log.sequence()
    ahead = log.checkpoint()
    with fresh_database(postgres) as url:
        restored = restore(log, dump, url)
        restored.tell(50, first=1000)
        for _ in range(3):
            with pytest.raises(ForkError, match=r"701 entries .* the database holds 301"):
                restored.sequence()
        assert restored.checkpoint() == ahead, "nothing was signed, nothing published"

        with connect(url) as connection:
            opened = reopen(
                connection, restored.place, base=None, year=2027, reason="restored from backup"
            )
            publish(opened.store, opened.note, restored.published("2027-2"))
        restored.sequence()
        first, *rest = entries(restored.published("2027-2"))
        assert ahead in json.loads(first)["data"]["previous_checkpoint"]
        assert len(rest) == 50
        with psycopg.connect(url) as connection:
            found = list(findings(connection, restored.place))
        assert len(found) == 1, "what the restore lost stays visible"
        assert "701 entries of halle.example/ki-protokoll/2027 are published" in found[0]

    policy = tmp_path / "policy.txt"
    policy.write_text(
        "".join(
            f"log {(log.published(name) / 'log.vkey').read_text()}" for name in ("2027", "2027-2")
        )
        + "quorum none\n"
    )
    for name, size in (("2027", 701), ("2027-2", 51)):
        folder = log.published(name)
        assert stadtwart_audit.main(["verify", str(folder), "--policy", str(policy)]) == 0
        assert f"entries  {size}" in capsys.readouterr().out
    assert read_checkpoint(log.checkpoint("2027-2")).origin.endswith("/2027-2")
