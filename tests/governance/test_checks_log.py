"""Rule 5 fails when the log was changed, is left behind, or the service could rewrite it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis.postgis.audit.__main__ import main as audit
from gis.postgis.cluster import Cluster
from governance.check_result import Status
from tests.governance.conftest import Connection, checked, faults


@pytest.fixture
def sequenced(
    approved: Connection, postgres: Cluster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Connection:
    """The approved city with every event in the signed log."""
    monkeypatch.setenv("DATABASE_URL", postgres.url(approved.info.dbname))
    assert audit(["sequence", "--once"]) == 0
    assert (tmp_path / "audit/public").is_dir()
    return approved


def test_a_changed_entry_fails_rule_5(sequenced: Connection) -> None:
    assert checked(sequenced, "logged").status is Status.PASS
    sequenced.execute("ALTER TABLE audit_outbox DISABLE TRIGGER append_only")
    sequenced.execute(
        "UPDATE audit_outbox SET body = convert_to(replace(convert_from(body, 'UTF8'), "
        "'model.activated', 'model.retired'), 'UTF8')"
    )
    sequenced.execute("ALTER TABLE audit_outbox ENABLE TRIGGER append_only")
    result = checked(sequenced, "logged")
    assert result.status is Status.FAIL
    assert "is not what was logged" in faults(result)[0]


def test_a_service_that_may_delete_events_fails_rule_5(here: Connection) -> None:
    here.execute("GRANT DELETE ON audit_outbox TO stadtwart_app")
    assert faults(checked(here, "logged")) == ["the service may DELETE on audit_outbox"]


def test_events_that_nobody_brings_into_the_log_fail_rule_5(here: Connection) -> None:
    here.execute("ALTER TABLE audit_outbox DISABLE TRIGGER append_only")
    here.execute("UPDATE audit_outbox SET recorded_at = now() - interval '1 hour'")
    here.execute("ALTER TABLE audit_outbox ENABLE TRIGGER append_only")
    assert "does not run" in faults(checked(here, "logged"))[0]
