"""`stadtwart governance` from the command line: what it prints and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gis.postgis.cluster import Cluster
from gis.postgis.governance.__main__ import main
from governance.guideline import read_guideline
from tests.governance.conftest import Connection


@pytest.fixture
def told(ready: Connection, postgres: Cluster, monkeypatch: pytest.MonkeyPatch) -> Connection:
    """A city that the command finds by DATABASE_URL."""
    monkeypatch.setenv("DATABASE_URL", postgres.url(ready.info.dbname))
    return ready


def test_a_check_prints_each_rule_with_evidence_and_ends_well(
    told: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    before = told.execute("SELECT count(*) FROM guideline_run").fetchone()
    assert main(["check", "--json", "--dry-run"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["rule"] for one in found] == [rule.rule_id for rule in read_guideline().rules]
    assert all(one["evidence"] for one in found)
    assert told.execute("SELECT count(*) FROM guideline_run").fetchone() == before


def test_a_broken_hard_rule_ends_with_1_and_is_named(
    told: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    told.execute("ALTER TABLE verdict DISABLE TRIGGER append_only")
    assert main(["check"]) == 1
    said = capsys.readouterr().out
    assert "FAIL    hard  A person decides last" in said
    assert "trigger append_only on verdict is missing" in said
    told.execute("ALTER TABLE verdict ENABLE TRIGGER append_only")
    assert main(["check"]) == 0
    kinds = told.execute("SELECT count(*) FROM audit_outbox WHERE kind = 'guideline.checked'")
    assert kinds.fetchone() == (3,), "each run is an event"


def test_a_check_that_cannot_look_is_unknown_and_stops_too(
    told: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    told.execute("DROP VIEW tree_today CASCADE")
    assert main(["check"]) == 1
    assert "unknown hard  Not driven means unknown" in capsys.readouterr().out
    stops = told.execute("SELECT guideline_stops('publication')").fetchall()
    assert ("fair-coverage",) in stops


def test_the_export_writes_register_and_papers(
    told: Connection, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told.info.dbname
    assert main(["export", "--out", str(tmp_path / "out")]) == 0
    names = {Path(line).name for line in capsys.readouterr().out.splitlines()}
    assert names == {"algoritmeregister.json", "atrs.csv", "README.md", "bom.cdx.json"}
