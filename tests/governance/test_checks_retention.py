"""Rule 7 fails when something lies longer than its period."""

from __future__ import annotations

from governance.check_result import Status
from tests.governance.conftest import Connection, checked, faults


def test_a_picture_kept_too_long_fails_rule_7(here: Connection) -> None:
    assert checked(here, "retention").status is Status.PASS
    here.execute(
        "INSERT INTO picture (sha256, jpeg, width_px, height_px, stored_at) "
        "VALUES (repeat('a', 64), '', 1, 1, now() - interval '9 years')"
    )
    result = checked(here, "retention")
    assert result.status is Status.FAIL
    assert "stadtwart retention run" in faults(result)[0]
    assert here.execute("SELECT count(*) FROM picture").fetchone() == (1,), "only rehearsed"
