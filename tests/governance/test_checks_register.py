"""Rule 10 fails when the register forgets how to work without a model."""

from __future__ import annotations

from typing import Any

from gis.postgis.governance import register
from governance.audit_event import Actor
from governance.check_result import Status
from tests.governance.conftest import Connection, checked, faults

ADMIN = Actor("person", "admin:token")


def newest(connection: Connection, record_id: str) -> dict[str, Any]:
    """Return the newest version of a record."""
    row = connection.execute(
        "SELECT body FROM register_version WHERE record_id = %s ORDER BY version DESC LIMIT 1",
        [record_id],
    ).fetchone()
    assert row is not None
    body: dict[str, Any] = row[0]
    return body


def test_a_model_whose_record_states_no_way_back_fails_rule_10(approved: Connection) -> None:
    assert checked(approved, "fallback").status is Status.PASS
    record = newest(approved, "watering")
    record["rollback"] = {"de": "", "en": ""}
    register.write(approved, record, actor=ADMIN)
    result = checked(approved, "fallback")
    assert result.status is Status.FAIL
    assert "does not state rollback" in faults(result)[0]
